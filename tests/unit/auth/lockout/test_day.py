"""The day's limit: twenty-four wrong passwords in any 24 hours, whatever happens in between."""

from gateway.auth.lockout import Charged, Failed, InProgress, Permitted, RecreationOffered, Suspended
from gateway.domain.lockout import GuardRecord, Phase
from tests.unit.auth.lockout.door import BLOCK, DAY, INSTANT, NOON, Door


def test_right_password_forgives_wrong_ones_but_not_the_day(door: Door) -> None:
    """Counters go back to zero; the twenty-four of the day are not worn down by signing in in between."""
    door.guess_wrong(2)
    door.recreate(2)

    door.right(door.enter())

    assert (door.record.failures, door.record.recreations) == (0, 0)
    assert door.record.spent == (NOON, NOON)
    assert door.guess_wrong(2) == Failed()
    assert door.recreate(2) == Charged(blocks=False)


def test_twenty_five_wrong_passwords_a_day_are_not_checked(door: Door) -> None:
    """A day holds twenty-four; the next is checked when the first is a day old, to the microsecond."""
    door.spend_the_day()
    assert len(door.record.spent) == 24

    door.now = NOON + DAY - INSTANT
    assert door.ask() == Suspended(NOON + DAY)

    door.wait(INSTANT)
    assert isinstance(door.ask(), Permitted)


def test_day_rolls_and_does_not_start_anew(door: Door) -> None:
    """One a day old makes room for one, not for twenty-four: no window can be straddled."""
    door.spend_the_day()
    door.now = NOON + DAY
    assert door.guess_wrong(3) == RecreationOffered(door.now + BLOCK)

    assert door.wait(BLOCK).guess_wrong(3) == RecreationOffered(door.now + BLOCK)

    assert len(door.record.spent) == 24
    assert door.record.spent[0] == NOON + 2 * BLOCK


def test_right_password_does_not_end_the_day(door: Door) -> None:
    """Who guesses twice, signs in and guesses twice again is stopped at twenty-four all the same."""
    for _ in range(12):
        door.guess_wrong(2)
        if len(door.record.spent) < 24:
            door.right(door.enter())

    assert len(door.record.spent) == 24
    assert door.ask() == Suspended(NOON + DAY)


def test_last_of_the_day_is_checked_alone(door: Door) -> None:
    """With twenty-three wrong passwords in the day, a second guess waits for the first."""
    door.record = GuardRecord(spent=(NOON,) * 23, last=NOON)
    door.enter()

    assert door.ask() == InProgress()


def test_full_day_says_so_even_before_the_third_wrong_password(door: Door) -> None:
    """The day's limit comes first; nothing but time or a mailed link helps."""
    door.record = GuardRecord(failures=1, spent=(NOON,) * 24, last=NOON)

    assert door.ask() == Suspended(NOON + DAY)
    assert door.record.phase is Phase.OPEN
