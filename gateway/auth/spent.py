"""What may be used once: remembered until it would be refused for its age anyway."""

from collections.abc import Callable
from datetime import datetime


class Spent:
    """Names that were used. Of this process alone: replicas share nothing, so whoever relies on it says why that does.

    Names are only worth a place here after they were found genuine, so that a stranger cannot fill the memory.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._until: dict[str, datetime] = {}

    def holds(self, name: str) -> bool:
        """Whether `name` was used, and is still remembered."""
        self._forget_expired()
        return name in self._until

    def spend(self, name: str, *, until: datetime) -> bool:
        """Whether `name` is used for the first time; it is remembered until `until`."""
        is_first = not self.holds(name)
        self._until.setdefault(name, until)
        return is_first

    def _forget_expired(self) -> None:
        now = self._clock()
        for name in [name for name, until in self._until.items() if until <= now]:
            del self._until[name]
