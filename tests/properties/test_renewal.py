"""Whenever an account was created, it has one anniversary a year, from midnight to midnight in Paris."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.period import PARIS, paris_date, paris_instant
from gateway.domain.renewal import anniversary, due_on, renewal_due

pytestmark = pytest.mark.thorough

moments = st.datetimes(datetime(1975, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive, Hypothesis adds the zone
ages = st.timedeltas(timedelta(0), timedelta(days=4000))
graces = st.timedeltas(timedelta(0), timedelta(days=60))
INSTANT = timedelta(microseconds=1)


@given(moments)
def test_anniversaries_are_one_a_year_for_sixty_years(created_at: datetime) -> None:
    """Each later than the one before, in the next year, on the day of creation or the last of its February."""
    days = [anniversary(created_at, years=years) for years in range(61)]

    created_on = paris_date(created_at)
    assert all(earlier < later for earlier, later in pairwise(days))
    assert [day.year for day in days] == [created_on.year + years for years in range(61)]
    assert {(day.month, day.day) for day in days} <= {(created_on.month, created_on.day), (2, 28)}


@given(moments, st.integers(1, 60))
def test_a_password_becomes_due_at_midnight_in_paris(created_at: datetime, years: int) -> None:
    """Every year, if it was renewed the year before."""
    day = anniversary(created_at, years=years)
    midnight = paris_instant(day, time())
    renewed_at = created_at if years == 1 else paris_instant(anniversary(created_at, years=years - 1), time())

    def is_due(now: datetime) -> bool:
        return renewal_due(created_at, credential_set_at=renewed_at, now=now, grace=timedelta(days=30))

    assert not is_due(midnight - INSTANT)
    assert is_due(midnight)


@given(moments, ages, ages, graces)
def test_a_password_is_due_exactly_when_an_anniversary_has_come_that_it_is_too_old_for(
    created_at: datetime, set_after: timedelta, asked_after: timedelta, grace: timedelta
) -> None:
    """Against a list of all anniversaries."""
    set_at, now = created_at + set_after, created_at + asked_after
    days = [anniversary(created_at, years=years) for years in range(1, 15)]
    come = [day for day in days if paris_instant(day, time()) <= now]
    asked_for = [day for day in days if set_at < (datetime.combine(day, time(), PARIS) - grace).astimezone(UTC)]

    due = renewal_due(created_at, credential_set_at=set_at, now=now, grace=grace)
    shown = due_on(created_at, credential_set_at=set_at, now=now, grace=grace)

    assert due is bool(set(come) & set(asked_for))
    assert due is (shown <= paris_date(now))
    assert shown == (come[-1] if due else next(day for day in asked_for if day not in come))


@given(moments, ages)
def test_when_the_password_is_renewed_never_moves_the_day(created_at: datetime, set_after: timedelta) -> None:
    """The day shown is an anniversary of the creation."""
    set_at = created_at + set_after
    shown = due_on(created_at, credential_set_at=set_at, now=set_at, grace=timedelta(days=30))

    assert shown == anniversary(created_at, years=shown.year - paris_date(created_at).year)
