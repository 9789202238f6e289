"""Months of rent and Paris time."""

from datetime import UTC, datetime, time, timedelta, timezone

import pytest

from gateway.domain.period import YearMonth, paris_date, paris_instant
from tests.unit.domain.samples import at, month, on


def test_a_month_is_read_and_written_alike() -> None:
    """`2021-03` is March 2021."""
    assert month("2021-03") == YearMonth(2021, 3)
    assert str(YearMonth(2021, 3)) == "2021-03"
    assert str(YearMonth(33, 12)) == "0033-12"


@pytest.mark.parametrize(
    "text", ["", "2021-3", "2021-13", "2021-00", "0000-01", "2021-03-01", "２０２１-03", " 2021-03"]
)
def test_anything_else_is_no_month(text: str) -> None:
    """Not a day, not the thirteenth month, not the year 0."""
    with pytest.raises(ValueError, match="month"):
        YearMonth.parse(text)


@pytest.mark.parametrize(
    ("months", "expected"), [(0, "2021-03"), (1, "2021-04"), (10, "2022-01"), (-3, "2020-12"), (-15, "2019-12")]
)
def test_months_are_counted_across_years(months: int, expected: str) -> None:
    """Forward and back."""
    assert month("2021-03").plus(months) == month(expected)


def test_no_month_lies_beyond_the_calendar() -> None:
    """January of year 1 has none before it."""
    with pytest.raises(ValueError, match="not a calendar month"):
        YearMonth(1, 1).plus(-1)


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2026-12", "2026-12-01", "2026-12-31"),
        ("9999-12", "9999-12-01", "9999-12-31"),
    ],
)
def test_a_month_has_a_first_and_a_last_day(period: str, first: str, last: str) -> None:
    """Leap years and the end of the calendar included."""
    assert (month(period).first_day, month(period).last_day) == (on(first), on(last))
    assert YearMonth.of(on(last)) == month(period)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (at("2026-03-01T22:59"), "2026-03-01"),
        (at("2026-03-01T23:00"), "2026-03-02"),
        (at("2026-07-01T21:59"), "2026-07-01"),
        (at("2026-07-01T22:00"), "2026-07-02"),
        (at("9999-12-31T23:30"), "9999-12-31"),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))), "0001-01-01"),
    ],
)
def test_a_day_begins_at_midnight_in_paris(instant: datetime, day: str) -> None:
    """An hour before Greenwich in winter, two in summer; the ends of the calendar stay days."""
    assert paris_date(instant) == on(day)


@pytest.mark.parametrize(
    ("day", "wall_clock", "instant"),
    [
        ("2026-03-02", time(8, 30), at("2026-03-02T07:30")),
        ("2026-07-01", time(8, 30), at("2026-07-01T06:30")),
        ("2026-10-25", time(2, 30), at("2026-10-25T00:30")),
        ("0001-01-01", time(0, 0), at("0001-01-01T00:00")),
    ],
)
def test_a_time_on_a_paris_wall_is_an_instant(day: str, wall_clock: time, instant: datetime) -> None:
    """The first of two on 25 October 2026."""
    found = paris_instant(on(day), wall_clock)

    assert (found, found.tzinfo) == (instant, UTC)
