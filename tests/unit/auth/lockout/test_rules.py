"""Rules that are changed between two starts, and rules that are none."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.auth.lockout import Accepted, InProgress, RecreationOffered
from gateway.domain.lockout import LockoutRules
from tests.unit.auth.lockout.door import BLOCK, NOON, Door


def test_stricter_rules_leave_nobody_waiting_for_ever() -> None:
    """A record made under looser rules gets one more password; wrong, it blocks by the rules of now."""
    door = Door(rules=LockoutRules(sign_in_failures=5))
    door.guess_wrong(4)
    door.rules = LockoutRules()

    permitted = door.enter()

    assert door.ask() == InProgress()
    assert door.wrong(permitted) == RecreationOffered(NOON + BLOCK)


def test_success_under_stricter_rules_does_not_reopen() -> None:
    """A permit from looser days that comes back right while a new password is offered leaves that as it is."""
    door = Door(rules=LockoutRules(sign_in_failures=5))
    door.guess_wrong(2)
    right, wrong = door.enter(), door.enter()
    door.rules = LockoutRules()
    door.wrong(wrong)
    closed = door.record

    assert door.right(right) == Accepted()
    assert door.record == replace(closed, permits=())


@pytest.mark.parametrize(
    "make",
    [
        lambda: LockoutRules(sign_in_failures=0),
        lambda: LockoutRules(recreation_failures=-1),
        lambda: LockoutRules(daily_failures=0),
        lambda: LockoutRules(consecutive_failures=0),
        lambda: LockoutRules(block=timedelta(0)),
        lambda: LockoutRules(decay=timedelta(seconds=-1)),
        lambda: LockoutRules(permit=timedelta(0)),
    ],
    ids=[
        "sign_in_failures",
        "recreation_failures",
        "daily_failures",
        "consecutive_failures",
        "block",
        "decay",
        "permit",
    ],
)
def test_rules_that_guard_nothing_are_refused(make: Callable[[], LockoutRules]) -> None:
    """No number is zero or negative."""
    with pytest.raises(ValueError, match="every number of the lockout is positive"):
        make()


@pytest.mark.parametrize(
    "make",
    [
        lambda: LockoutRules(permit=timedelta(minutes=10, microseconds=1)),
        lambda: LockoutRules(block=timedelta(hours=24, microseconds=1)),
    ],
    ids=["permit", "block"],
)
def test_rules_that_forget_too_early_are_refused(make: Callable[[], LockoutRules]) -> None:
    """A permit is not longer than a block, nor a block than the day."""
    with pytest.raises(ValueError, match="a permit lasts at most as long as a block"):
        make()
