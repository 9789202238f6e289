"""The yearly renewal of the password, on the anniversary of the account's creation, in Paris.

Everything follows from two instants, when the account was created and when its password was set; both, like
`now`, are what a clock showed. A password set late does not move the anniversary.
"""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import count

from gateway.domain.period import PARIS, paris_date


class RenewalMode(StrEnum):
    """What happens on the anniversary: an invitation that may be put off, or an obligation."""

    INVITE = "INVITE"
    REQUIRE = "REQUIRE"


def anniversary(created_at: datetime, *, years: int) -> date:
    """The Paris date `years` after the creation; 28 February in common years for 29 February."""
    created_on = paris_date(created_at)
    year = created_on.year + years
    return date(year, created_on.month, min(created_on.day, monthrange(year, created_on.month)[1]))


def renewal_due(created_at: datetime, *, credential_set_at: datetime, now: datetime, grace: timedelta) -> bool:
    """Whether an anniversary has come, and the password had been set more than `grace` before it.

    It comes at midnight in Paris. `grace` is counted on the Paris calendar and clock.
    """
    passed = _anniversaries_passed(created_at, now=now)
    return passed > 0 and _asks_for(anniversary(created_at, years=passed), credential_set_at, grace)


def due_on(created_at: datetime, *, credential_set_at: datetime, now: datetime, grace: timedelta) -> date:
    """The anniversary on which the present password is due: the latest one if it is due, else the one to come.

    An anniversary within `grace` after the password was set is passed over: nobody will be asked that day.
    """
    first = max(1, _anniversaries_passed(created_at, now=now))
    days = (anniversary(created_at, years=years) for years in count(first))
    return next(day for day in days if _asks_for(day, credential_set_at, grace))


def _anniversaries_passed(created_at: datetime, *, now: datetime) -> int:
    """How many have come, none on the day of creation."""
    today = paris_date(now)
    years = max(0, today.year - paris_date(created_at).year)
    return max(0, years - (anniversary(created_at, years=years) > today))


def _asks_for(day: date, credential_set_at: datetime, grace: timedelta) -> bool:
    """Whether a password set at `credential_set_at` is old on the anniversary `day`."""
    return credential_set_at < (datetime.combine(day, time(), PARIS) - grace).astimezone(UTC)
