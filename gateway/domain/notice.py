"""Rent notices (avis d'échéance): they remind what falls due, and prove no payment."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gateway.domain.identifiers import AccountId, LeaseId, NoticeId
from gateway.domain.ledger import ChargeKind, Direction
from gateway.domain.money import Money
from gateway.domain.period import YearMonth
from gateway.domain.source import DataQualityIssue


class NoticeState(StrEnum):
    """State of a notice."""

    ISSUED = "ISSUED"
    REPLACED = "REPLACED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One line.

    `amount` is never negative; `quantity_litres` and `unit_price` for water billed on consumption.
    """

    kind: ChargeKind
    label: str
    direction: Direction
    amount: Money
    lease_id: LeaseId | None = None
    quantity_litres: int | None = None
    unit_price: Money | None = None

    @property
    def signed(self) -> Money:
        """The amount as it moves the balance: positive for a debit."""
        return self.amount if self.direction is Direction.DEBIT else -self.amount


@dataclass(frozen=True, slots=True)
class RentNotice:
    """A notice of one month.

    Amounts are the source's own; None when the source's figure cannot be read exactly.
    """

    id: NoticeId
    account_id: AccountId
    number: str | None
    period: YearMonth
    state: NoticeState
    issued_on: date | None
    due_on: date | None
    brought_forward: Money | None
    lines: tuple[NoticeLine, ...]
    period_total: Money | None
    amount_due: Money | None
    collection_on: date | None = None
    replaced_by: NoticeId | None = None
    corrects: NoticeId | None = None
    issues: tuple[DataQualityIssue, ...] = ()
