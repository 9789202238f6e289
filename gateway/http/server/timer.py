"""One thing that a connection waits for."""

import asyncio
from collections.abc import Callable


class Timer:
    """Calls an action later, unless it is stopped or set again before."""

    __slots__ = ("_handle", "_loop")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._handle: asyncio.TimerHandle | None = None

    @property
    def is_set(self) -> bool:
        """Whether something is waited for."""
        return self._handle is not None

    def set(self, seconds: float, action: Callable[[], None]) -> None:
        """Calls `action` in so many seconds, and nothing else."""
        self.stop()
        self._handle = self._loop.call_later(seconds, self._ring, action)

    def stop(self) -> None:
        """Calls nothing."""
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def _ring(self, action: Callable[[], None]) -> None:
        self._handle = None
        action()
