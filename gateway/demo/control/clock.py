"""A clock that can be set and still runs: real time plus an offset."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def _real_now() -> datetime:
    return datetime.now(UTC)


class VirtualClock:
    """The time a simulator believes in. Every instant is aware and in UTC."""

    def __init__(self, *, real_now: Callable[[], datetime] = _real_now) -> None:
        self._real_now = real_now
        self._first_offset = timedelta()
        self._offset = timedelta()

    @classmethod
    def starting_on(cls, day: date, *, real_now: Callable[[], datetime] = _real_now) -> "VirtualClock":
        """A clock showing the present time of day on the Paris date `day`; `reset` comes back to this."""
        clock = cls(real_now=real_now)
        now = real_now()
        moved = datetime.combine(day, now.astimezone(PARIS).time(), PARIS)
        clock._first_offset = clock._offset = moved.astimezone(UTC) - now
        return clock

    def now(self) -> datetime:
        """The instant it shows, in UTC."""
        return self._real_now() + self._offset

    def paris_now(self) -> datetime:
        """The same instant with Paris's offset: its date is the landlord's today."""
        return self.now().astimezone(PARIS)

    def set_to(self, instant: datetime) -> None:
        """Make it `instant`; a naive instant raises ValueError."""
        if instant.tzinfo is None:
            raise ValueError("an instant needs its offset, for example 2026-03-14T10:00:00+01:00")
        self._offset = instant.astimezone(UTC) - self._real_now()

    def advance(self, step: timedelta) -> None:
        """Move by `step`; a negative one goes back."""
        self._offset += step

    def reset(self) -> None:
        """Show again what it would show had nobody moved it."""
        self._offset = self._first_offset
