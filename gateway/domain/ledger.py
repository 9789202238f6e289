"""The rental account's books as the ERP keeps them: entries, and the balance it stores beside them."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from gateway.domain.identifiers import AccountId, EntryId, LeaseId
from gateway.domain.money import Money
from gateway.domain.period import YearMonth
from gateway.domain.source import DataQualityIssue


class Direction(StrEnum):
    """DEBIT increases what the tenant owes, CREDIT decreases it."""

    DEBIT = "DEBIT"
    CREDIT = "CREDIT"


class ChargeKind(StrEnum):
    """What an amount is for; the French terms are in the schema's descriptions."""

    RENT = "RENT"
    SERVICE_CHARGE_ADVANCE = "SERVICE_CHARGE_ADVANCE"
    COLD_WATER_ADVANCE = "COLD_WATER_ADVANCE"
    HOT_WATER_ADVANCE = "HOT_WATER_ADVANCE"
    HEATING_ADVANCE = "HEATING_ADVANCE"
    WATER_ACTUAL = "WATER_ACTUAL"
    CHARGE_SETTLEMENT = "CHARGE_SETTLEMENT"
    RENT_REDUCTION = "RENT_REDUCTION"
    RENT_SUPPLEMENT = "RENT_SUPPLEMENT"
    SURVEY_PENALTY = "SURVEY_PENALTY"
    HOUSING_BENEFIT = "HOUSING_BENEFIT"
    HOUSING_BENEFIT_CORRECTION = "HOUSING_BENEFIT_CORRECTION"
    PARKING = "PARKING"
    ANNEX = "ANNEX"
    INSURANCE = "INSURANCE"
    DEPOSIT = "DEPOSIT"
    REPAIR_RECHARGE = "REPAIR_RECHARGE"
    LEGAL_FEES = "LEGAL_FEES"
    PLAN_INSTALMENT = "PLAN_INSTALMENT"
    VAT = "VAT"
    PAYMENT = "PAYMENT"
    PAYMENT_RETURNED = "PAYMENT_RETURNED"
    REFUND = "REFUND"
    CORRECTION = "CORRECTION"
    OTHER = "OTHER"


class PaymentMethod(StrEnum):
    """Ways to pay rent in France."""

    CARD = "CARD"
    SEPA_DIRECT_DEBIT = "SEPA_DIRECT_DEBIT"
    BANK_TRANSFER = "BANK_TRANSFER"
    TIP_SEPA = "TIP_SEPA"
    CHEQUE = "CHEQUE"
    CASH = "CASH"
    THIRD_PARTY = "THIRD_PARTY"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One debit or credit.

    `amount` is never negative; `posted_at` is when the source recorded it (aware UTC).
    """

    id: EntryId
    value_on: date
    posted_at: datetime | None
    direction: Direction
    kind: ChargeKind
    label: str
    amount: Money
    period: YearMonth | None = None
    lease_id: LeaseId | None = None
    method: PaymentMethod | None = None
    reverses: EntryId | None = None
    issues: tuple[DataQualityIssue, ...] = ()

    def __post_init__(self) -> None:
        if self.amount.cents < 0:
            raise ValueError("a ledger entry's amount is never negative; its direction tells the sign")

    @property
    def signed(self) -> Money:
        """The amount as it moves the balance: positive for a debit."""
        return self.amount if self.direction is Direction.DEBIT else -self.amount


@dataclass(frozen=True, slots=True)
class LedgerExtract:
    """The entries of one account in a range of days, both ends included.

    `since` is None from the beginning, `until` is None to the end. `opening` is the sum of all entries
    before `since`; `entries` are oldest first, in the source's order within a day.
    """

    account_id: AccountId
    since: date | None
    until: date | None
    opening: Money
    entries: tuple[LedgerEntry, ...]


@dataclass(frozen=True, slots=True)
class StoredBalance:
    """The balance as the source itself closed it; it may lag behind the entries (see the origin's `as_of`).

    `total` is everything owed (positive) or in credit (negative); `overdue` is the part whose due date has
    passed, never negative; `disputed` is the part held apart in a doubtful account, None when the source
    does not tell.
    """

    account_id: AccountId
    total: Money
    overdue: Money
    next_due_on: date | None
    disputed: Money | None = None
    issues: tuple[DataQualityIssue, ...] = ()
