"""Time: passing in one step or in many, going back, and in the nights when clocks change."""

from datetime import UTC, datetime, timedelta

import pytest

from gateway.auth import lockout
from gateway.auth.lockout import Charged, Permitted, RecreationOffered, Suspended
from tests.unit.auth.lockout.door import BLOCK, INSTANT, NOON, Door


@pytest.mark.parametrize("steps", [1, 2, 7, 60])
def test_it_does_not_matter_who_looks_in_between(door: Door, steps: int) -> None:
    """Time passes in the same way in one step or in many: settling at t1 and then at t2 is settling at t2."""
    for pause in (0, 3, 8):
        door.wait(timedelta(seconds=pause)).enter()
    end = door.now + timedelta(hours=30)

    stepwise = door.record
    for step in range(1, steps + 1):
        stepwise = lockout.settle(stepwise, now=door.now + (end - door.now) * step / steps, rules=door.rules)

    assert stepwise == lockout.settle(door.record, now=end, rules=door.rules)
    assert stepwise == lockout.settle(stepwise, now=end, rules=door.rules)


def test_clock_set_back_opens_nothing(door: Door) -> None:
    """A block counted in the future lasts until the clock has come to its end again, and never longer."""
    door.guess_wrong(3)
    door.wait(timedelta(hours=-1))

    assert door.ask() == RecreationOffered(NOON + BLOCK)
    assert door.recreate(3) == Charged(blocks=True)
    assert door.ask() == Suspended(NOON + BLOCK)


def test_clock_set_back_loses_no_guess(door: Door) -> None:
    """A permit does not outlast a block, even if the clock goes back by more than that: it is counted all the same."""
    door.enter()
    door.wait(timedelta(hours=-1)).recreate(3)
    door.wait(BLOCK)

    assert door.ask() == Suspended(NOON + BLOCK)

    door.now = NOON + BLOCK
    door.ask()
    assert door.record.spent == (NOON + timedelta(seconds=15),)


def test_clock_set_back_keeps_the_instants_in_order(door: Door) -> None:
    """What happens afterwards is dated with the latest attempt."""
    door.guess_wrong()
    door.wait(timedelta(minutes=-5)).guess_wrong()

    assert door.record.spent == (NOON, NOON)


@pytest.mark.parametrize("night", [datetime(2026, 3, 29, 0, 55, tzinfo=UTC), datetime(2026, 10, 25, 0, 55, tzinfo=UTC)])
def test_ten_minutes_are_ten_minutes_in_the_nights_when_clocks_change(night: datetime) -> None:
    """Summer time begins and ends at 01:00 UTC; a block over that instant lasts 600 seconds."""
    door = Door(now=night)
    door.guess_wrong(3)
    door.recreate(3)

    assert door.wait(BLOCK - INSTANT).ask() == Suspended(night + timedelta(seconds=600))
    assert isinstance(door.wait(INSTANT).ask(), Permitted)
