"""The balance of a rental account (solde), explained line by line.

One invariant: the lines and the unexplained difference add up to what is due, to the cent. A figure of the
source that its entries do not explain is told as such; it is never spread over other lines.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import accumulate
from typing import NamedTuple

from gateway.domain.ledger import ChargeKind, Direction, LedgerEntry, LedgerExtract, StoredBalance
from gateway.domain.money import ZERO, Money, total
from gateway.domain.period import YearMonth
from gateway.domain.source import DataQualityCode, DataQualityIssue


class BalanceState(StrEnum):
    """Situation of an account, so that nobody has to interpret a sign."""

    SETTLED = "SETTLED"
    DUE = "DUE"
    OVERDUE = "OVERDUE"
    IN_CREDIT = "IN_CREDIT"


class BalanceLineKind(StrEnum):
    """Groups of lines, in the order in which they follow each other within a month."""

    BROUGHT_FORWARD = "BROUGHT_FORWARD"
    NOTICE = "NOTICE"
    HOUSING_BENEFIT = "HOUSING_BENEFIT"
    ADJUSTMENT = "ADJUSTMENT"
    PAYMENTS = "PAYMENTS"


@dataclass(frozen=True, slots=True)
class BalanceLine:
    """One line of a balance.

    `amount` is signed as a balance is, and equals the sum of `entries` except when brought forward. `period`
    is None for the balance brought forward only. `charge` is what all the entries are for on lines of
    housing benefit and adjustments, which hold one kind of charge each; None on the others.
    """

    kind: BalanceLineKind
    amount: Money
    period: YearMonth | None
    charge: ChargeKind | None
    entries: tuple[LedgerEntry, ...]


@dataclass(frozen=True, slots=True)
class Balance:
    """A balance struck at the end of `on`. Amounts signed: positive is owed by the tenant.

    `overdue` lies between zero and `due`; None for a past day, of which the books no longer tell it.
    `pending` are online payments that the books do not show yet. `unexplained_difference` is what the
    source's total has above its own entries, None when they agree. `later_entries` were posted after the
    source closed this balance: they are not in it.
    """

    due: Money
    state: BalanceState
    on: date
    overdue: Money | None
    next_due_on: date | None
    pending: Money
    composition: tuple[BalanceLine, ...]
    unexplained_difference: Money | None = None
    later_entries: tuple[LedgerEntry, ...] = ()
    issues: tuple[DataQualityIssue, ...] = ()

    @property
    def due_after_pending(self) -> Money:
        """What will remain once the pending payments are posted."""
        return self.due - self.pending


def composition_since(on: date) -> date:
    """First day of the entries that explain a balance struck on `on`: its month and the three before."""
    if on.year == 1:  # Nothing is three months older than the calendar itself.
        return date.min
    return YearMonth.of(on).plus(-3).first_day


def running_balances(extract: LedgerExtract) -> tuple[Money, ...]:
    """The balance after each entry of `extract`, in the order of its entries."""
    amounts = (entry.signed for entry in extract.entries)
    return tuple(accumulate(amounts, initial=extract.opening))[1:]


def strike(  # noqa: PLR0913 - two views of the books and three facts about them, named at the call
    stored: StoredBalance,
    extract: LedgerExtract,
    *,
    as_of: datetime | None,
    on: date,
    pending: Money = ZERO,
) -> Balance:
    """The balance as the source stores it, explained by its entries.

    `as_of` is when the source closed the balance (aware; None when it does not say): entries posted after it
    are not part of it. `extract` covers from `composition_since(on)` to the end of the books. `pending` is
    never negative. What does not agree is told by an issue TOTAL_MISMATCH: the total with the entries, or the
    overdue part with the total.
    """
    counted = tuple(entry for entry in extract.entries if not _is_later(entry, as_of))
    explained = extract.opening + total(entry.signed for entry in counted)
    overdue = min(max(stored.overdue, ZERO), max(stored.total, ZERO))
    return Balance(
        due=stored.total,
        state=_state(stored.total, overdue),
        on=on,
        overdue=overdue,
        next_due_on=stored.next_due_on,
        pending=pending,
        composition=_composition(extract.opening, counted),
        unexplained_difference=stored.total - explained if stored.total != explained else None,
        later_entries=tuple(entry for entry in extract.entries if _is_later(entry, as_of)),
        issues=(*stored.issues, *_contradictions(stored, explained)),
    )


def strike_at(extract: LedgerExtract, *, on: date) -> Balance:
    """The balance at the end of a past day, from entries alone: the source stores no total of that day.

    Entries of a later value date are left out. What was overdue on that day is not known, nor is anything
    pending.
    """
    counted = tuple(entry for entry in extract.entries if entry.value_on <= on)
    due = extract.opening + total(entry.signed for entry in counted)
    return Balance(
        due=due,
        state=_state(due, ZERO),
        on=on,
        overdue=None,
        next_due_on=None,
        pending=ZERO,
        composition=_composition(extract.opening, counted),
    )


def _state(due: Money, overdue: Money) -> BalanceState:
    if due < ZERO:
        return BalanceState.IN_CREDIT
    if due == ZERO:
        return BalanceState.SETTLED
    return BalanceState.OVERDUE if overdue > ZERO else BalanceState.DUE


def _is_later(entry: LedgerEntry, as_of: datetime | None) -> bool:
    # Without both instants nothing tells that the stored total missed the entry.
    return as_of is not None and entry.posted_at is not None and entry.posted_at > as_of


def _contradictions(stored: StoredBalance, explained: Money) -> Iterable[DataQualityIssue]:
    if stored.total != explained:
        raw = f"total {stored.total.decimal}, entries {explained.decimal}"
        yield DataQualityIssue(DataQualityCode.TOTAL_MISMATCH, "due", raw)
    if not ZERO <= stored.overdue <= max(stored.total, ZERO):
        raw = f"overdue {stored.overdue.decimal}, total {stored.total.decimal}"
        yield DataQualityIssue(DataQualityCode.TOTAL_MISMATCH, "overdue", raw)


_KINDS = {
    ChargeKind.PAYMENT: BalanceLineKind.PAYMENTS,
    ChargeKind.HOUSING_BENEFIT: BalanceLineKind.HOUSING_BENEFIT,
    ChargeKind.HOUSING_BENEFIT_CORRECTION: BalanceLineKind.HOUSING_BENEFIT,
    **dict.fromkeys(
        (
            ChargeKind.RENT,
            ChargeKind.SERVICE_CHARGE_ADVANCE,
            ChargeKind.COLD_WATER_ADVANCE,
            ChargeKind.HOT_WATER_ADVANCE,
            ChargeKind.HEATING_ADVANCE,
            ChargeKind.WATER_ACTUAL,
            ChargeKind.RENT_REDUCTION,
            ChargeKind.RENT_SUPPLEMENT,
            ChargeKind.PARKING,
            ChargeKind.ANNEX,
            ChargeKind.INSURANCE,
            ChargeKind.VAT,
        ),
        BalanceLineKind.NOTICE,
    ),
}
_ORDER = {kind: place for place, kind in enumerate(BalanceLineKind)}


class _Group(NamedTuple):
    """What the entries of one line have in common."""

    period: YearMonth
    kind: BalanceLineKind
    charge: ChargeKind | None = None


def _composition(opening: Money, entries: Iterable[LedgerEntry]) -> tuple[BalanceLine, ...]:
    groups: dict[_Group, list[LedgerEntry]] = {}
    for entry in entries:
        groups.setdefault(_group(entry), []).append(entry)
    # The sort is stable: lines of a month that differ by their charge alone stay as their first entries.
    ordered = sorted(groups.items(), key=lambda item: (item[0].period, _ORDER[item[0].kind]))
    lines = tuple(_line(group, together) for group, together in ordered)
    if opening == ZERO:
        return lines
    return (BalanceLine(BalanceLineKind.BROUGHT_FORWARD, opening, None, None, ()), *lines)


def _line(group: _Group, entries: Sequence[LedgerEntry]) -> BalanceLine:
    amount = total(entry.signed for entry in entries)
    return BalanceLine(group.kind, amount, group.period, group.charge, tuple(entries))


def _group(entry: LedgerEntry) -> _Group:
    """Line of `entry`: notices and benefits by the month they are for, the rest by the month it came in."""
    kind = _line_kind(entry)
    booked_in = YearMonth.of(entry.value_on)
    match kind:
        case BalanceLineKind.NOTICE:
            return _Group(entry.period or booked_in, kind)
        case BalanceLineKind.HOUSING_BENEFIT:
            # The benefit of the month and corrections of earlier ones are never netted in one line.
            return _Group(entry.period or booked_in, kind, entry.kind)
        case BalanceLineKind.PAYMENTS:
            return _Group(booked_in, kind)
        case _:
            return _Group(booked_in, kind, entry.kind)


def _line_kind(entry: LedgerEntry) -> BalanceLineKind:
    is_debit = entry.direction is Direction.DEBIT
    if entry.kind is ChargeKind.OTHER and is_debit and entry.period is not None:
        return BalanceLineKind.NOTICE  # what is charged for a month is on the notice of that month
    if entry.kind is ChargeKind.PAYMENT and is_debit:
        return BalanceLineKind.ADJUSTMENT  # a payment taken back is not a payment received
    return _KINDS.get(entry.kind, BalanceLineKind.ADJUSTMENT)
