"""Open, a new password offered, blocked: what leads from one to the other, when, and what changes nothing."""

from datetime import timedelta

import pytest

from gateway.auth import lockout
from gateway.auth.lockout import Accepted, Charged, Failed, Permitted, RecreationOffered, Suspended
from gateway.domain.lockout import Phase
from tests.unit.auth.lockout.door import BLOCK, DAY, INSTANT, NOON, Door


def test_first_attempt_is_permitted_for_fifteen_seconds(door: Door) -> None:
    """Who never tried may try, and is charged before the password is looked at."""
    permitted = door.enter()

    [permit] = door.record.permits
    assert (permitted.permit_id, permitted.epoch) == (permit.id, 0)
    assert permit.expires_at == NOON + timedelta(seconds=15)


def test_wrong_password_may_be_tried_again_twice(door: Door) -> None:
    """One or two wrong passwords change nothing for the next."""
    assert [door.guess_wrong(), door.guess_wrong()] == [Failed(), Failed()]

    assert isinstance(door.ask(), Permitted)


def test_third_wrong_password_offers_to_choose_a_new_one(door: Door) -> None:
    """After three wrong passwords none is checked, a right one neither, and a new one may be chosen."""
    assert door.guess_wrong(3) == RecreationOffered(NOON + BLOCK)

    assert door.record.phase is Phase.RECREATE
    assert door.ask() == RecreationOffered(NOON + BLOCK)


def test_three_wrong_passwords_cost_ten_minutes_to_the_microsecond(door: Door) -> None:
    """Whoever does not choose a new password may try again ten minutes after the third wrong one."""
    door.guess_wrong(3)

    assert door.wait(BLOCK - INSTANT).ask() == RecreationOffered(NOON + BLOCK)
    assert isinstance(door.wait(INSTANT).ask(), Permitted)


@pytest.mark.parametrize("wrong_passwords", [0, 3])
def test_third_attempt_to_choose_a_new_password_blocks_for_ten_minutes(door: Door, wrong_passwords: int) -> None:
    """It is still dealt with; the fourth is not. So it is with and without wrong passwords before."""
    if wrong_passwords:
        door.guess_wrong(wrong_passwords)
    door.wait(timedelta(minutes=4))

    assert [door.recreate(), door.recreate(), door.recreate()] == [
        Charged(blocks=False),
        Charged(blocks=False),
        Charged(blocks=True),
    ]

    until = NOON + timedelta(minutes=14)
    assert door.recreate() == door.ask() == Suspended(until)
    assert door.record.phase is Phase.LOCKED


def test_sixth_failure_is_the_one_that_blocks(door: Door) -> None:
    """Three wrong passwords and two failed attempts to choose a new one do not block."""
    door.guess_wrong(3)

    assert door.recreate(2) == Charged(blocks=False)
    assert door.ask() == RecreationOffered(NOON + BLOCK)
    assert door.recreate() == Charged(blocks=True)


def test_blocked_account_opens_by_itself_after_ten_minutes(door: Door) -> None:
    """A right password is refused unchecked at 599.999999 s, and accepted at 600 s."""
    door.guess_wrong(3)
    door.recreate(3)

    assert door.wait(BLOCK - INSTANT).ask() == Suspended(NOON + BLOCK)
    assert door.right(door.wait(INSTANT).enter()) == Accepted()


def test_everything_is_forgotten_but_the_day_when_a_block_ends(door: Door) -> None:
    """Three wrong passwords and two failed attempts to choose a new one: ten minutes later all three are free again."""
    door.guess_wrong(3)
    door.recreate(2)

    permitted = door.wait(BLOCK).enter()

    assert permitted.epoch == 1
    assert (door.record.phase, door.record.failures, door.record.recreations) == (Phase.OPEN, 0, 0)
    assert (door.record.until, door.record.spent) == (None, (NOON, NOON, NOON))


def test_attempts_to_choose_a_new_password_count_anew_after_three_wrong_ones(door: Door) -> None:
    """Two attempts from before do not shorten the three that follow three wrong passwords."""
    door.recreate(2)
    door.guess_wrong(3)

    assert door.recreate(2) == Charged(blocks=False)
    assert door.recreate() == Charged(blocks=True)


@pytest.mark.parametrize("recreations", [0, 3])
def test_denied_attempts_prolong_nothing_and_change_nothing(door: Door, recreations: int) -> None:
    """Five hundred knocks at a closed door leave it as it was."""
    door.guess_wrong(3)
    door.recreate(recreations)
    closed = door.record

    answers: set[object] = set()
    for _ in range(500):
        answers.add(door.wait(timedelta(seconds=1)).ask())
        if recreations:
            answers.add(door.recreate())

    assert door.record == closed
    assert answers == {(Suspended if recreations else RecreationOffered)(NOON + BLOCK)}


def test_three_errors_never_cost_more_than_six() -> None:
    """Whoever stops after three wrong passwords waits no longer than whoever goes on to be blocked."""
    patient, stubborn = Door(), Door()
    patient.guess_wrong(3)
    stubborn.guess_wrong(3)
    stubborn.recreate(3)

    assert patient.record.until is not None
    assert stubborn.record.until is not None
    assert patient.record.until <= stubborn.record.until


def test_failures_are_forgotten_a_day_after_the_last_charge(door: Door) -> None:
    """Two wrong passwords and two attempts at a new one weigh until 24 hours after the latest, to the microsecond."""
    door.guess_wrong(2)
    door.wait(timedelta(hours=1)).recreate(2)

    door.wait(DAY - INSTANT)
    assert lockout.settle(door.record, now=door.now, rules=door.rules).failures == 2

    door.wait(INSTANT)
    settled = lockout.settle(door.record, now=door.now, rules=door.rules)
    assert (settled.failures, settled.recreations) == (0, 0)
