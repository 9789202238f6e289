"""Whose turn it is, in this process: one lock for each subject that somebody waits for or works on, and no more."""

import asyncio
from weakref import WeakValueDictionary

from gateway.domain.lockout import Subject


class Turns:
    """Locks that are served in the order they were asked for. One that nobody holds or waits for is forgotten."""

    def __init__(self) -> None:
        self._locks = WeakValueDictionary[Subject, asyncio.Lock]()

    def __len__(self) -> int:
        return len(self._locks)

    def of(self, subject: Subject) -> asyncio.Lock:
        """The lock of the subject, for as long as the caller keeps it."""
        return self._locks.setdefault(subject, asyncio.Lock())
