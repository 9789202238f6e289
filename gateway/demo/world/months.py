"""The landlord's calendar: which notices have gone out before a given day.

The books are closed every night: what the world shows on a day happened on the days before it.
Rent in arrears (terme échu) is asked for on the 26th of the month, to pay by the 10th of the next;
rent in advance (terme à échoir) on the 20th of the month before, to pay by the 5th.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

MONTHS_KEPT = 36
"""Three years: how long rent can be claimed, by either side."""

_BILLING_RUN = time(19, 30)
_BANK_RUN = time(20, 45)
_REISSUE_AFTER = timedelta(days=4)


@dataclass(frozen=True, slots=True)
class BillingMonth:
    """One month of the billing run (quittancement)."""

    period: str
    year: int
    month: int
    issued_on: date
    reissued_on: date
    due_on: date


@lru_cache(maxsize=64)
def billing_months(today: date, *, in_advance: bool) -> tuple[BillingMonth, ...]:
    """The last 36 months whose notice went out before `today`, oldest first."""
    newest = month_start(today, back=-1) if in_advance else month_start(today, back=0)
    months = [_billing_month(month_start(newest, back=back), in_advance=in_advance) for back in range(MONTHS_KEPT + 1)]
    issued = [month for month in months if month.issued_on < today]
    return tuple(reversed(issued[:MONTHS_KEPT]))


def month_start(day: date, *, back: int) -> date:
    """The first day of the month `back` months before the month of `day`; negative looks ahead."""
    months = day.year * 12 + day.month - 1 - back
    return date(months // 12, months % 12 + 1, 1)


def billing_run(day: date) -> datetime:
    """When the rents of a day are posted."""
    return datetime.combine(day, _BILLING_RUN, UTC)


def bank_run(day: date) -> datetime:
    """When the money of a day is posted: after the rents, before midnight in Paris."""
    return datetime.combine(day, _BANK_RUN, UTC)


def _billing_month(first: date, *, in_advance: bool) -> BillingMonth:
    before, after = month_start(first, back=1), month_start(first, back=-1)
    issued_on = before.replace(day=20) if in_advance else first.replace(day=26)
    return BillingMonth(
        period=f"{first.year:04d}-{first.month:02d}",
        year=first.year,
        month=first.month,
        issued_on=issued_on,
        reissued_on=issued_on + _REISSUE_AFTER,
        due_on=first.replace(day=5) if in_advance else after.replace(day=10),
    )
