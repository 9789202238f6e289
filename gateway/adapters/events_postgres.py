"""Events through PostgreSQL's LISTEN and NOTIFY, on one connection of each process, which nothing else uses.

The driver does not look for a peer that is gone, and forgets all listeners with the connection
(https://github.com/MagicStack/asyncpg/issues/519). So the connection is asked for a sign of life every few seconds,
and another one takes its place.
"""
# ruff: noqa: D102 - the port documents publish and listen

import asyncio
import random
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Self, TypeAlias

import asyncpg
import structlog

from gateway.adapters.events_local import LocalEvents
from gateway.adapters.store_postgres.connections import FAILED
from gateway.ports.events import MAX_WAITING, Heard, Missed, Topic
from gateway.telemetry.metrics import Metrics

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

_NOTIFY = "SELECT pg_notify($1, $2)"
_ALIVE = "SELECT 1"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds: between signs of life, that any step may take, and between attempts to connect, growing and jittered."""

    alive: float = 5.0
    step: float = 2.0
    first_pause: float = 0.2
    longest_pause: float = 5.0

    def pause(self, attempt: int) -> float:
        """How long to wait after the failure number `attempt`, counted from 1, so that gateways do not come at once."""
        longest = min(self.longest_pause, self.first_pause * 2 ** min(attempt - 1, 16))
        return random.uniform(longest / 2, longest)  # noqa: S311 - spreads attempts, keeps no secret


class PostgresEvents:
    """Messages wait here until they are sent; what arrives is handed to the listeners of this process."""

    def __init__(self, url: str, metrics: Metrics, pace: Pace) -> None:
        self._url = url
        self._pace = pace
        self._lost = metrics.events_lost
        self._local = LocalEvents(metrics)
        self._unsent: deque[tuple[Topic, str]] = deque()
        self._rung = asyncio.Event()

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str, metrics: Metrics, *, pace: Pace | None = None) -> AsyncIterator[Self]:
        """Events in the database at `url`, until the block ends; a database that does not answer is waited for."""
        events = cls(url, metrics, pace or Pace())
        running = asyncio.create_task(events._run())
        try:
            yield events
        finally:
            running.cancel()
            await asyncio.wait([running])

    def publish(self, topic: Topic, text: str) -> None:
        if not self._local.may_send(topic, text):
            return
        if len(self._unsent) == MAX_WAITING:
            self._unsent.popleft()
            self._lost.labels("backlog").inc()
        self._unsent.append((topic, text))
        self._rung.set()

    def listen(self, topic: Topic) -> AbstractContextManager[AsyncIterator[Heard]]:
        return self._local.listen(topic)

    async def _run(self) -> None:
        attempt = 0
        while True:
            try:
                async with self._connected() as connection:
                    attempt = 0
                    await self._talk(connection)
            except Exception as error:  # whatever it was, the gateways must be able to talk again
                attempt += 1
                log.warning("events.disconnected", attempts=attempt, exc_info=error)
            await asyncio.sleep(self._pace.pause(attempt))

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[Connection]:
        """A connection that listens to all topics; whoever listens here learns that messages may be missing."""
        connection = await asyncpg.connect(
            self._url, timeout=self._pace.step, server_settings={"application_name": "gateway events"}
        )
        try:
            # What ends the connection wakes us, to look at it at once.
            connection.add_termination_listener(lambda _: self._rung.set())
            with self._in_time(connection):
                for topic in Topic:
                    await connection.add_listener(topic, self._hear)
            log.info("events.connected")
            for topic in Topic:
                self._local.tell(topic, Missed())
            yield connection
        finally:
            connection.terminate()

    async def _talk(self, connection: Connection) -> None:
        """Sends what waits, and asks for a sign of life when nothing does. Raises one of FAILED."""
        while True:
            while self._unsent:
                await self._send(connection, *self._unsent.popleft())
            self._rung.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._pace.alive):
                    await self._rung.wait()
            if not self._unsent:
                with self._in_time(connection):
                    await connection.fetchval(_ALIVE)

    async def _send(self, connection: Connection, topic: Topic, text: str) -> None:
        """Sends one message, once: it may have arrived when this fails."""
        try:
            with self._in_time(connection):
                await connection.fetchval(_NOTIFY, topic, text)
        except FAILED:
            self._lost.labels("disconnected").inc()
            raise

    @contextmanager
    def _in_time(self, connection: Connection) -> Iterator[None]:
        """Ends the connection when the block takes too long, which fails the statement in it.

        To cancel the statement instead would make the driver ask the same silent server to do so.
        """
        alarm = asyncio.get_running_loop().call_later(self._pace.step, connection.terminate)
        try:
            yield
        finally:
            alarm.cancel()

    def _hear(self, _connection: object, _pid: int, channel: str, payload: Any) -> None:
        self._local.tell(Topic(channel), payload)
