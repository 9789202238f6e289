"""Opening hours of offices."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.adapters.erp_soap.hours import read_spans, read_week
from gateway.domain.directory import OpeningSpan

MINUTES = st.lists(st.integers(0, 24 * 60 - 1), min_size=2, max_size=6, unique=True).filter(lambda it: len(it) % 2 == 0)


def written(minutes: list[int]) -> str:
    """Consecutive pairs of minutes since midnight as spans."""
    clock = [f"{minute // 60:02d}{minute % 60:02d}" for minute in sorted(minutes)]
    return "/".join(f"{opens}-{closes}" for opens, closes in zip(clock[::2], clock[1::2], strict=True))


@given(st.dictionaries(st.integers(1, 7), MINUTES, min_size=1))
def test_a_week_is_read_as_it_was_written(days: dict[int, list[int]]) -> None:
    """Each day has its spans, days left out are closed."""
    week = read_week(";".join(f"{day}:{written(minutes)}" for day, minutes in days.items()))

    for day in range(1, 8):
        edges = [edge.hour * 60 + edge.minute for span in week[day - 1] for edge in (span.opens, span.closes)]
        assert edges == sorted(days.get(day, []))


def test_the_example_of_the_note() -> None:
    """Monday morning and afternoon, Tuesday morning."""
    week = read_week("1:0830-1200/1330-1700;2:0830-1200")

    morning, afternoon = OpeningSpan(time(8, 30), time(12)), OpeningSpan(time(13, 30), time(17))
    assert week == ((morning, afternoon), (morning,), (), (), (), (), ())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0:0830-1200",
        "8:0830-1200",
        "1:0830-1200;1:1330-1700",
        "1:",
        "1:1200-0830",
        "1:0830-2500",
        "1:0830-1200/1100-1700",
        "1:8h30-12h",
        "lundi:0830-1200",
        "1:0830-1200;",
    ],
)
def test_hours_that_are_not_clear_are_refused(text: str) -> None:
    """Nobody is sent to a door that may be closed."""
    with pytest.raises(ValueError, match=r"."):
        read_week(text)


def test_no_spans_mean_closed() -> None:
    """A special day without spans is a day off."""
    assert read_spans("") == ()
