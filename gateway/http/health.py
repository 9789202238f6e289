"""Is this process alive, and can it serve? About ourselves only: a silent ERP takes nobody out of service."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

import orjson
from starlette.requests import Request
from starlette.responses import Response

from gateway.http.server.draining import Draining
from gateway.http.server.sideline import Page
from gateway.http.shedding import Load
from gateway.ports.store import Store, StoreError

STUCK_SECONDS = 30.0
"""A loop that has not turned for so long will not by itself; whoever watches should start another process."""
_BEAT_SECONDS = 0.25
_LOOK_SECONDS = 1.0
_NOBODY = bytes(32)


class Heart:
    """Beats as long as the event loop turns; other threads may look."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._beat_at = clock()

    @property
    def silent_seconds(self) -> float:
        """Since the latest beat."""
        return self._clock() - self._beat_at

    async def beat(self, load: Load) -> None:
        """Until it is cancelled; `load` is told how late each beat was."""
        while True:
            await asyncio.sleep(_BEAT_SECONDS)
            load.note_lag(self.silent_seconds - _BEAT_SECONDS)
            self._beat_at = self._clock()

    def page(self) -> Page:
        """200 while the loop turns, 503 once it has been stuck for long."""
        silent = self.silent_seconds
        is_stuck = silent > STUCK_SECONDS
        status = {"status": "stuck" if is_stuck else "alive", "loopSilentSeconds": round(silent, 1)}
        return Page(orjson.dumps(status), 503 if is_stuck else 200)


async def alive(_: Request) -> Response:
    """200 while the process can answer at all."""
    return _response(Page(b'{"status":"alive"}'))


@dataclass(slots=True)
class Readiness:
    """Why nobody should be sent here, if there is a reason. `store` is None until it has been opened.

    `clock` tells the time of day, for the store.
    """

    clock: Callable[[], datetime]
    draining: Draining = field(default_factory=Draining)
    load: Load = field(default_factory=Load)
    store: Store | None = None
    _store_answers: bool = False

    @contextmanager
    def over(self, store: Store) -> Iterator[None]:
        """There is a store, as long as the context lasts."""
        self.store = store
        try:
            yield
        finally:
            self.store, self._store_answers = None, False

    async def __call__(self, _: Request) -> Response:
        """200 when requests can be sent here, 503 with the reasons otherwise."""
        await self.look()
        return _response(self.page())

    async def look(self) -> None:
        """Asks the store for a session that nobody has."""
        try:
            if self.store is not None:
                await self.store.session(_NOBODY, now=self.clock())
            self._store_answers = self.store is not None
        except StoreError:
            self._store_answers = False

    async def keep_looking(self) -> None:
        """Once a second until it is cancelled, so that `page` tells what is true now."""
        while True:
            await self.look()
            await asyncio.sleep(_LOOK_SECONDS)

    def page(self) -> Page:
        """What was seen at the latest look; from any thread."""
        reasons = [
            reason
            for reason, holds in (
                ("STORE", not self._store_answers),
                ("DRAINING", self.draining.has_begun),
                ("OVERLOADED", self.load.has_lasted),
            )
            if holds
        ]
        if reasons:
            return Page(orjson.dumps({"status": "unready", "reasons": reasons}), 503)
        return Page(b'{"status":"ready"}')


def _response(page: Page) -> Response:
    return Response(page.body, page.status, {"Cache-Control": "no-store"}, page.media_type)
