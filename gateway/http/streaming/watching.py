"""Whether those who listen still may: each session of which something is open is looked at every second.

Sessions are remembered for two seconds, so whoever wants to notice their end within two must look past that. All
streams of one session share one look, so their number costs nothing.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from gateway.domain.access import SessionId
from gateway.http.authentication import Shown
from gateway.http.reception import Reception, Standing
from gateway.http.streaming.ending import Ending
from gateway.ports.store import StoreError
from gateway.schema.views import View


@dataclass(slots=True)
class _Watch:
    """One session under watch, for so many `listeners`; `task` returns why it is over."""

    task: asyncio.Task[Ending]
    listeners: int = 0


@dataclass(frozen=True, slots=True)
class Watches:
    """Looks at sessions every `every_seconds`; what cannot be looked at goes on for `grace_seconds` more."""

    reception: Reception
    every_seconds: float = 1.0
    grace_seconds: float = 2.0
    _watches: dict[tuple[Shown, View], _Watch] = field(default_factory=dict)

    @asynccontextmanager
    async def watching(self, shown: Shown | None, standing: Standing) -> AsyncIterator["asyncio.Future[Ending]"]:
        """Why whoever showed that token may not listen any more, as soon as it is so; strangers always may."""
        if shown is None or standing.session is None:
            yield asyncio.get_running_loop().create_future()
            return
        key = (shown, standing.view)
        watch = self._watches.get(key)
        if watch is None or watch.task.done():
            watch = self._watches[key] = _Watch(
                asyncio.create_task(self._watch(shown, standing.view, standing.session.id))
            )
        watch.listeners += 1
        try:
            yield watch.task
        finally:
            watch.listeners -= 1
            if not watch.listeners:
                await self._end(key, watch)

    async def _end(self, key: tuple[Shown, View], watch: _Watch) -> None:
        if self._watches.get(key) is watch:
            del self._watches[key]
        watch.task.cancel()
        await asyncio.wait([watch.task])

    async def _watch(self, shown: Shown, view: View, session_id: SessionId) -> Ending:
        told_at = time.monotonic()
        while True:
            await asyncio.sleep(self.every_seconds)
            try:
                async with asyncio.timeout(self.grace_seconds):
                    ending = await self._judged(shown, view, session_id)
                told_at = time.monotonic()
            except (StoreError, TimeoutError):
                is_overdue = time.monotonic() - told_at > self.every_seconds + self.grace_seconds
                ending = Ending.UNCHECKED if is_overdue else None
            if ending is not None:
                return ending

    async def _judged(self, shown: Shown, view: View, session_id: SessionId) -> Ending | None:
        present = await self.reception.look(shown)
        if present is None:
            is_open = await self.reception.parts.sessions.is_open(session_id)
            return Ending.RENEWED if is_open else Ending.SESSION_ENDED
        return None if present.view is view else Ending.VIEW_CHANGED
