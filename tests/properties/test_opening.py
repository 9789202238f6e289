"""Opening hours against somebody who looks at the clock every minute."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.domain.directory import OpeningHours
from gateway.domain.opening import (
    is_open,
    next_opening,
    public_holidays,
    spans_on,
    special_with_holidays,
    weekly_groups,
)
from tests.properties import strategies

pytestmark = pytest.mark.thorough

PARIS = ZoneInfo("Europe/Paris")
MINUTE = timedelta(minutes=1)


def to_the_minute(instant: datetime) -> datetime:
    """Opening hours are told in minutes."""
    return instant.replace(second=0, microsecond=0)


# The clock changes between two and three in the morning of two Sundays a year; the examples of `tests/unit` are there.
ordinary_instants = strategies.current_instants.map(to_the_minute).filter(
    lambda instant: (
        instant.astimezone(PARIS).utcoffset()
        == (instant - timedelta(days=1)).astimezone(PARIS).utcoffset()
        == (instant + timedelta(days=1)).astimezone(PARIS).utcoffset()
    )
)


def shows_open(hours: OpeningHours, instant: datetime) -> bool:
    """What the sign on the door says to somebody who looks at a Paris clock."""
    now = instant.astimezone(PARIS)
    return any(span.opens <= now.time() < span.closes for span in spans_on(hours, now.date()))


@given(strategies.opening_hours, ordinary_instants)
def test_the_office_is_open_when_the_sign_says_so(hours: OpeningHours, instant: datetime) -> None:
    """At any minute of the year."""
    assert is_open(hours, instant) == shows_open(hours, instant)


@settings(max_examples=15)
@given(strategies.opening_hours, ordinary_instants)
def test_the_next_opening_is_the_first_minute_at_which_a_span_begins(hours: OpeningHours, after: datetime) -> None:
    """Found by waiting at the door for a day."""
    waited = (after + MINUTE * count for count in range(1, 24 * 60 + 1))
    opened = next((minute for minute in waited if begins_at(hours, minute)), None)

    found = next_opening(hours, after)

    if opened is not None:
        assert found == opened
    else:
        assert found is None or found > after + timedelta(days=1)


def begins_at(hours: OpeningHours, instant: datetime) -> bool:
    """Whether a span begins at that minute of a Paris clock."""
    now = instant.astimezone(PARIS)
    return any(span.opens == now.time() for span in spans_on(hours, now.date()))


@given(strategies.opening_hours, strategies.current_instants)
def test_the_office_is_open_at_its_next_opening(hours: OpeningHours, after: datetime) -> None:
    """On the nights of the clock too; in UTC, and never later than in a year."""
    found = next_opening(hours, after)

    if found is not None:
        assert is_open(hours, found)
        assert found.tzinfo is UTC
        assert after < found < after + timedelta(days=367)


@given(strategies.opening_hours)
def test_groups_of_days_tell_the_whole_week(hours: OpeningHours) -> None:
    """Read back day by day they are the usual week, and no two neighbours could be one."""
    groups = weekly_groups(hours)

    told = {day: group.spans for group in groups for day in range(group.first, group.last + 1)}
    assert [sorted(told.get(day, ()), key=str) for day in range(7)] == [
        sorted(spans, key=str) for spans in hours.regular
    ]
    assert all(before.last + 1 < after.first or before.spans != after.spans for before, after in pairwise(groups))


@given(strategies.opening_hours, strategies.current_days, st.integers(0, 60))
def test_exceptions_and_the_usual_week_tell_every_day(hours: OpeningHours, first_day: date, length: int) -> None:
    """Somebody who reads the week and its exceptions knows what `spans_on` knows."""
    last_day = first_day + timedelta(days=length)
    exceptions = special_with_holidays(hours, first_day=first_day, last_day=last_day)

    for day in (first_day + timedelta(days=count) for count in range(length + 1)):
        held = [one for one in exceptions if one.first_day <= day <= one.last_day]
        latest_first = sorted(held, key=lambda one: one.first_day, reverse=True)
        shortest = min(latest_first, key=lambda one: one.last_day - one.first_day, default=None)
        spans = shortest.spans if shortest else hours.regular[day.weekday()]
        assert sorted(spans_on(hours, day), key=str) == sorted(spans, key=str)


@given(st.integers(1990, 2100))
def test_every_year_has_thirteen_holidays_among_them_good_friday(year: int) -> None:
    """Two days before Easter, and the day after Christmas."""
    days = public_holidays(year)

    by_name = {name: day for day, name in days.items()}
    assert by_name["Lundi de Pâques"] - by_name["Vendredi saint"] == timedelta(days=3)
    assert date(year, 12, 26) in days
