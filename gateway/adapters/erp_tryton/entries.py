"""Ledger entries in Tryton: lines with the move they are part of."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time

import msgspec

from gateway.adapters.erp_tryton.conventions import JOURNALS
from gateway.adapters.erp_tryton.lines import POSTED, Line, MoveDate
from gateway.adapters.erp_tryton.values import Day
from gateway.adapters.erp_tryton.wire import Query
from gateway.domain.identifiers import AccountId, EntryId
from gateway.domain.ledger import ChargeKind, Direction, LedgerEntry, LedgerExtract, PaymentMethod
from gateway.domain.money import ZERO, total
from gateway.domain.period import PARIS, YearMonth
from gateway.domain.source import DataQualityCode, DataQualityIssue

_INVOICE = "account.invoice,"
_MONEY = "cash"
_CORRECTIONS = frozenset({"general", "write-off"})


class Journal(msgspec.Struct, frozen=True):
    """The journal of a move; `type` is Tryton's own, `code` the landlord's."""

    code: str | None
    type: str


class Source(msgspec.Struct, frozen=True):
    """What a move was made from: a record of any model, of which every one has this name."""

    rec_name: str


class Move(MoveDate, frozen=True):
    """A posted move; `origin` is the model and the id of `source`."""

    post_date: Day | None
    description: str | None
    origin: str | None
    journal: Journal = msgspec.field(name="journal.")
    source: Source | None = msgspec.field(name="origin.", default=None)

    @property
    def is_of_invoice(self) -> bool:
        """Whether it books a notice, or takes one back."""
        return (self.origin or "").startswith(_INVOICE)


class EntryLine(Line, frozen=True):
    """A line with what the ledger shows of it."""

    id: int
    description: str | None
    move: Move = msgspec.field(name="move.")

    @property
    def is_notice(self) -> bool:
        """Whether it is all that a notice charges."""
        return self.move.is_of_invoice and self.signed >= ZERO


def entry_lines(codes: Sequence[str], *, until: date | None) -> Query:
    """All lines of the parties with these codes, to the end of `until`."""
    to_the_end = () if until is None else (("move.date", "<=", Day.of(until)),)
    fields = (
        *("debit", "credit", "description", "party.code"),
        *("move.date", "move.post_date", "move.description", "move.origin", "move.origin.rec_name"),
        *("move.journal.code", "move.journal.type"),
    )
    return Query("account.move.line", (("party.code", "in", codes), *POSTED, *to_the_end), fields)


def read_extract(code: str, lines: Sequence[EntryLine], *, since: date | None, until: date | None) -> LedgerExtract:
    """The entries from `since` to `until`; `lines` are all those to `until`."""
    ordered = sorted(lines, key=lambda line: (line.move.date.value, line.id))
    begin = since or date.min
    return LedgerExtract(
        account_id=AccountId(code),
        since=since,
        until=until,
        opening=total(line.signed for line in ordered if line.move.date.value < begin),
        entries=tuple(_entry(line) for line in ordered if line.move.date.value >= begin),
    )


def _entry(line: EntryLine) -> LedgerEntry:
    move, (kind, method) = line.move, _nature(line)
    return LedgerEntry(
        id=EntryId(str(line.id)),
        value_on=move.date.value,
        # Tryton knows the day of posting and not the hour: its beginning is given.
        posted_at=datetime.combine(move.post_date.value, time(), PARIS).astimezone(UTC) if move.post_date else None,
        direction=Direction.CREDIT if line.signed < ZERO else Direction.DEBIT,
        kind=kind,
        label=_label(line),
        amount=max(line.signed, -line.signed),
        period=YearMonth.of(move.date.value) if line.is_notice else None,
        method=method,
        issues=tuple(_issues(line, kind, method)),
    )


def _issues(line: EntryLine, kind: ChargeKind, method: PaymentMethod | None) -> Iterator[DataQualityIssue]:
    if kind is ChargeKind.OTHER and not line.is_notice:
        yield DataQualityIssue(DataQualityCode.UNKNOWN_CODE, "kind", line.move.journal.code)
    if method is PaymentMethod.UNKNOWN:
        yield DataQualityIssue(DataQualityCode.UNKNOWN_CODE, "method", line.move.journal.code)


def _label(line: EntryLine) -> str:
    if line.is_notice and line.move.source is not None:
        return f"Avis d'échéance n° {line.move.source.rec_name}"
    return line.description or line.move.description or line.move.journal.code or ""


def _nature(line: EntryLine) -> tuple[ChargeKind, PaymentMethod | None]:
    """What a line is for. A notice is in one line, so that no kind of charge fits it but OTHER."""
    journal = line.move.journal
    if line.is_notice:
        return ChargeKind.OTHER, None
    if line.move.is_of_invoice or journal.type in _CORRECTIONS:
        return ChargeKind.CORRECTION, None
    if journal.type == _MONEY:
        method = JOURNALS.get(journal.code or "", PaymentMethod.UNKNOWN)
        return _money(line, method), method
    return ChargeKind.OTHER, None


def _money(line: EntryLine, method: PaymentMethod) -> ChargeKind:
    is_taken_back = line.signed > ZERO
    if method is PaymentMethod.THIRD_PARTY:
        return ChargeKind.HOUSING_BENEFIT_CORRECTION if is_taken_back else ChargeKind.HOUSING_BENEFIT
    return ChargeKind.PAYMENT_RETURNED if is_taken_back else ChargeKind.PAYMENT
