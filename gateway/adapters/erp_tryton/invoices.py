"""Notices in Tryton: customer invoices that were posted (see `conventions`)."""

from collections.abc import Iterator, Sequence
from datetime import date

import msgspec

from gateway.adapters.erp_tryton.conventions import PRODUCTS, read_lease_id
from gateway.adapters.erp_tryton.values import Amount, Day
from gateway.adapters.erp_tryton.wire import OfParty, Query
from gateway.domain.identifiers import AccountId, NoticeId
from gateway.domain.ledger import ChargeKind, Direction
from gateway.domain.money import ZERO, Money, total
from gateway.domain.notice import NoticeLine, NoticeState, RentNotice
from gateway.domain.notices import link
from gateway.domain.period import YearMonth
from gateway.domain.source import DataQualityCode, DataQualityIssue

# Posted once; what is a draft has no effect, and may still change.
_STATES = {"posted": NoticeState.ISSUED, "paid": NoticeState.ISSUED, "cancelled": NoticeState.CANCELLED}


class Product(msgspec.Struct, frozen=True):
    """What an invoice line charges for."""

    code: str | None


class InvoiceLine(msgspec.Struct, frozen=True):
    """A line of an invoice. Only those of type `line` charge something; the others are titles and sums."""

    type: str
    amount: Amount | None
    description: str | None
    note: str | None
    product: Product | None = msgspec.field(name="product.")

    def __post_init__(self) -> None:
        if self.charges and self.amount is None:
            raise ValueError("a line that charges something says how much")

    @property
    def charges(self) -> bool:
        """Whether it is more than text."""
        return self.type == "line"

    @property
    def code(self) -> str:
        """What it charges for; empty when that is no product."""
        return (self.product.code if self.product else None) or ""

    @property
    def money(self) -> Money:
        """The amount, negative when it is owed to the tenant."""
        return self.amount.money if self.amount else ZERO


class DueLine(msgspec.Struct, frozen=True):
    """A part of an invoice with its due date."""

    maturity_date: Day | None


class Record(msgspec.Struct, frozen=True):
    """A related record of which only its existence matters."""

    id: int


class Invoice(OfParty, frozen=True):
    """A customer invoice; one with `origins` takes others back."""

    id: int
    number: str | None
    reference: str | None
    state: str
    invoice_date: Day
    total_amount: Amount
    lines: tuple[InvoiceLine, ...] = msgspec.field(name="lines.")
    due_lines: tuple[DueLine, ...] = msgspec.field(name="lines_to_pay.")
    origins: tuple[Record, ...] = msgspec.field(name="origin_invoices.")

    @property
    def period(self) -> YearMonth:
        """The month it is for."""
        return YearMonth.of(self.invoice_date.value)

    @property
    def charges(self) -> list[InvoiceLine]:
        """Its lines without titles and sums."""
        return [line for line in self.lines if line.charges]


def invoices(codes: Sequence[str], *, since: date | None) -> Query:
    """All customer invoices of the parties with these codes, of `since` or later."""
    from_then_on = () if since is None else (("invoice_date", ">=", Day.of(since)),)
    posted = (("type", "=", "out"), ("state", "in", tuple(_STATES)))
    fields = (
        *("party.code", "number", "reference", "state", "invoice_date", "total_amount"),
        *("lines.type", "lines.amount", "lines.description", "lines.note", "lines.product.code"),
        *("lines_to_pay.maturity_date", "origin_invoices.id"),
    )
    return Query("account.invoice", (("party.code", "in", codes), *posted, *from_then_on), fields)


def read_notices(found: Sequence[Invoice], *, latest_months: int) -> tuple[RentNotice, ...]:
    """The notices of the latest months, newest month first, in each month the one in force first."""
    newest_first = sorted(found, key=lambda invoice: invoice.id, reverse=True)
    notices = link([_notice(invoice) for invoice in newest_first if not invoice.origins])
    months = list(dict.fromkeys(notice.period for notice in notices))[:latest_months]
    return tuple(notice for notice in notices if notice.period in months)


def _notice(invoice: Invoice) -> RentNotice:
    due_dates = [due.maturity_date.value for due in invoice.due_lines if due.maturity_date is not None]
    return RentNotice(
        id=NoticeId(str(invoice.id)),
        account_id=AccountId(invoice.key),
        number=invoice.number,
        period=invoice.period,
        state=_STATES[invoice.state],
        issued_on=invoice.invoice_date.value,
        due_on=min(due_dates, default=None),
        brought_forward=None,
        lines=tuple(_line(line, invoice) for line in invoice.charges),
        period_total=invoice.total_amount.money,
        # An invoice asks for its own amount: what stood before is on other invoices.
        amount_due=invoice.total_amount.money,
        issues=tuple(_issues(invoice)),
    )


def _line(line: InvoiceLine, invoice: Invoice) -> NoticeLine:
    return NoticeLine(
        kind=PRODUCTS.get(line.code, ChargeKind.OTHER),
        label=(line.description or "").strip(),
        direction=Direction.CREDIT if line.money < ZERO else Direction.DEBIT,
        amount=max(line.money, -line.money),
        lease_id=read_lease_id(line.note) or read_lease_id(invoice.reference),
    )


def _issues(invoice: Invoice) -> Iterator[DataQualityIssue]:
    for line in invoice.charges:
        if line.code not in PRODUCTS:
            yield DataQualityIssue(DataQualityCode.UNKNOWN_CODE, "lines", line.code or None)
    if total(line.money for line in invoice.charges) != invoice.total_amount.money:
        yield DataQualityIssue(DataQualityCode.TOTAL_MISMATCH, "period_total", invoice.total_amount.decimal)
