"""The virtual clock: real time plus an offset."""

from datetime import UTC, date, datetime, timedelta

import pytest

from gateway.demo.control import PARIS, VirtualClock

REAL = datetime(2026, 11, 22, 21, 30, tzinfo=UTC)


def _real_now() -> datetime:
    return REAL


def test_an_untouched_clock_shows_real_time() -> None:
    """Nobody moved it, so it is right."""
    assert VirtualClock(real_now=_real_now).now() == REAL


def test_it_runs_on_after_it_was_set() -> None:
    """Setting it moves it; it does not stop it."""
    passing = iter([REAL, REAL + timedelta(seconds=5)])
    clock = VirtualClock(real_now=lambda: next(passing))

    clock.set_to(datetime(2026, 3, 16, 11, 0, tzinfo=UTC))

    assert clock.now() == datetime(2026, 3, 16, 11, 0, 5, tzinfo=UTC)


def test_it_can_be_advanced_and_reset() -> None:
    """Steps add up until it is reset."""
    clock = VirtualClock(real_now=_real_now)

    clock.advance(timedelta(minutes=20))
    clock.advance(timedelta(minutes=-5))
    moved = clock.now()
    clock.reset()

    assert (moved, clock.now()) == (REAL + timedelta(minutes=15), REAL)


def test_an_instant_without_offset_is_refused() -> None:
    """Nobody can tell which of the world's noons is meant."""
    clock = VirtualClock(real_now=_real_now)

    with pytest.raises(ValueError, match="needs its offset"):
        clock.set_to(datetime(2026, 3, 16, 12, 0))  # noqa: DTZ001 - the point of the test

    assert clock.now() == REAL


def test_it_starts_on_another_day_at_the_same_time_of_day() -> None:
    """22:30 in Paris is 21:30 UTC in November and 20:30 UTC in July."""
    clock = VirtualClock.starting_on(date(2026, 7, 1), real_now=_real_now)

    assert clock.now() == datetime(2026, 7, 1, 20, 30, tzinfo=UTC)
    assert clock.paris_now().isoformat() == "2026-07-01T22:30:00+02:00"


def test_a_clock_that_starts_on_another_day_is_reset_to_that_day() -> None:
    """Reset undoes what the control plane did, not what the command line asked for."""
    clock = VirtualClock.starting_on(date(2026, 7, 1), real_now=_real_now)

    clock.set_to(REAL)
    clock.reset()

    assert clock.paris_now().date() == date(2026, 7, 1)


@pytest.mark.parametrize("real", [REAL, datetime(2026, 10, 25, 1, 30, tzinfo=UTC)])
def test_it_starts_today_at_exactly_the_real_time(real: datetime) -> None:
    """Also in the second of the two hours that are called two o'clock in October."""
    today = real.astimezone(PARIS).date()

    assert VirtualClock.starting_on(today, real_now=lambda: real).now() == real
