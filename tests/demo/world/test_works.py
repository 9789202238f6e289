"""Works are told in the order they happened, and never on a weekend."""

from datetime import date

import pytest
from hypothesis import given, settings

from gateway.demo.world import household
from gateway.demo.world.model import Works
from tests.demo.world.strategies import TODAY, days, ordinary, seeds

pytestmark = pytest.mark.thorough


def all_works() -> list[Works]:
    """The works of two thousand ordinary households."""
    return [works for one in ordinary() for works in one.works]


@settings(deadline=None, max_examples=30)
@given(seed=seeds, today=days)
def test_works_begin_and_end_on_working_days(seed: int, today: date) -> None:
    """The law keeps works out of Saturdays and Sundays."""
    (works,) = household(seed, 6, today).works

    for day in (works.starts_on, works.expected_end_on):
        assert day is not None
        assert day.isoweekday() <= 5


def test_every_state_of_works_is_met() -> None:
    """Announced, under way, suspended, done and given up all occur; only what is done has an end."""
    found = all_works()

    assert {works.state for works in found} == {"ANNONCE", "EN_COURS", "SUSPENDU", "TERMINE", "ANNULE"}
    assert {works.state for works in found if works.ended_on is not None} == {"TERMINE"}


def test_states_agree_with_their_dates() -> None:
    """Announced works are ahead; those under way have begun and not ended; those done are past."""
    for works in all_works():
        assert works.starts_on is not None
        assert works.expected_end_on is not None
        match works.state:
            case "ANNONCE" | "ANNULE":
                assert works.starts_on > TODAY
            case "EN_COURS" | "SUSPENDU":
                assert works.starts_on < TODAY < works.expected_end_on
            case "TERMINE":
                assert works.expected_end_on == works.ended_on
                assert works.expected_end_on < TODAY


def test_news_on_works_is_told_in_order() -> None:
    """Updates come oldest first, and nothing was recorded before it happened or after last night."""
    for works in all_works():
        happened = [update.at for update in works.updates]

        assert happened == sorted(happened)
        assert all(update.at <= update.recorded_at for update in works.updates)
        assert all(update.recorded_at.date() < TODAY for update in works.updates)
