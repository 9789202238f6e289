"""Permits: how many are out at once, what they are worth, and what becomes of those nobody reports."""

from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.auth import lockout
from gateway.auth.lockout import Accepted, Failed, InProgress, Permitted, RecreationOffered, Suspended, Void
from gateway.domain.lockout import GuardRecord, Phase
from tests.unit.auth.lockout.door import BLOCK, INSTANT, NOON, Door, Reporting


def test_three_passwords_are_checked_at_once_and_the_fourth_waits(door: Door) -> None:
    """A fourth could be a fourth wrong one, so it waits, and is not charged."""
    door.enter()
    door.enter()
    door.enter()
    three = door.record

    assert door.ask() == InProgress()
    assert door.record == three


def test_wrong_passwords_leave_fewer_to_be_checked_at_once(door: Door) -> None:
    """After two wrong passwords, one is checked at a time."""
    door.guess_wrong(2)
    door.enter()

    assert door.ask() == InProgress()


def test_who_waits_goes_on_when_a_right_password_is_reported(door: Door) -> None:
    """Eight right passwords at once are all accepted, three at a time."""
    accepted = []
    waiting = 8
    while waiting:
        permits: list[Permitted] = []
        while isinstance(answer := door.ask(), Permitted) and len(permits) < waiting:
            permits.append(answer)
        accepted += [door.right(permitted) for permitted in permits]
        waiting -= len(permits)

    assert accepted == [Accepted()] * 8
    assert door.record.spent == ()


def test_right_password_does_not_refund_others_that_are_being_checked(door: Door) -> None:
    """Two that were permitted before it still count when they turn out wrong, and only one more is let in."""
    first, second, third = door.enter(), door.enter(), door.enter()
    door.right(first)

    fourth = door.enter()

    assert door.ask() == InProgress()
    assert [door.wrong(second), door.wrong(third), door.wrong(fourth)] == [
        Failed(),
        Failed(),
        RecreationOffered(NOON + BLOCK),
    ]


def test_permit_without_a_report_is_a_failure_when_it_expires(door: Door) -> None:
    """A crash between the check and the report gives nobody a free guess; it counts at the instant it expires."""
    door.enter()
    expiry = NOON + timedelta(seconds=15)

    door.wait(timedelta(seconds=15) - INSTANT)
    assert lockout.settle(door.record, now=door.now, rules=door.rules) == door.record

    door.wait(INSTANT)
    settled = lockout.settle(door.record, now=door.now, rules=door.rules)
    assert (settled.permits, settled.failures, settled.spent, settled.last) == ((), 1, (expiry,), expiry)


def test_three_crashes_block_from_the_instant_of_the_third(door: Door) -> None:
    """Nobody needs to ask at that instant for the ten minutes to begin."""
    for _ in range(3):
        door.enter()
        door.wait(timedelta(seconds=2))
    until = NOON + timedelta(seconds=4 + 15) + BLOCK

    door.now = until - INSTANT
    assert door.ask() == RecreationOffered(until)

    door.wait(INSTANT)
    assert isinstance(door.ask(), Permitted)


def test_crashes_count_even_when_their_block_has_long_ended(door: Door) -> None:
    """Asked hours later, the day still knows of all three, and the account is open again."""
    for _ in range(3):
        door.enter()

    door.wait(timedelta(hours=5)).ask()

    assert door.record.spent == (NOON + timedelta(seconds=15),) * 3
    assert (door.record.phase, door.record.failures, door.record.epoch) == (Phase.OPEN, 0, 1)


@pytest.mark.parametrize("report", [Door.right, Door.wrong])
def test_report_that_comes_too_late_is_void(door: Door, report: Reporting) -> None:
    """A permit that expired was counted already: right or wrong, it opens nothing and is not counted twice."""
    permitted = door.enter()
    door.wait(timedelta(seconds=15))

    assert report(door, permitted) == Void()
    assert door.record.spent == (NOON + timedelta(seconds=15),)


@pytest.mark.parametrize("report", [Door.right, Door.wrong])
def test_report_is_taken_once(door: Door, report: Reporting) -> None:
    """The same permit reported twice is void the second time."""
    permitted = door.enter()
    door.right(permitted)
    reported = door.record

    assert report(door, permitted) == Void()
    assert door.record == reported


def test_right_password_after_a_re_creation_is_void(door: Door) -> None:
    """A guess at the old password that is still being checked opens nothing once a new one was chosen."""
    permitted = door.enter()
    door.record = GuardRecord()

    assert door.right(permitted) == Void()
    assert door.wrong(permitted) == Void()
    assert door.record == GuardRecord()


def test_permit_of_an_earlier_epoch_is_void(door: Door) -> None:
    """Even under the same id: a permit is worth something in its own epoch only."""
    permitted = door.enter()
    door.record = replace(door.record, epoch=1)

    assert door.right(permitted) == Void()


def test_permit_from_before_a_block_still_opens_once_and_ends_no_block(door: Door) -> None:
    """The holder who is signing in while others provoke the block gets in; for everybody else it stays."""
    permitted = door.enter()
    door.recreate(3)

    assert door.right(permitted) == Accepted()
    assert door.ask() == Suspended(NOON + BLOCK)


def test_permit_from_before_a_block_counts_when_it_was_wrong(door: Door) -> None:
    """It is told of the block, which it does not prolong; the day knows of it."""
    permitted = door.enter()
    door.recreate(3)

    assert door.wait(timedelta(seconds=3)).wrong(permitted) == Suspended(NOON + BLOCK)
    assert door.record.spent == (NOON + timedelta(seconds=3),)
