"""A pool of connections that never makes anybody wait for long."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Self, TypeAlias, TypeVar

import asyncpg

from gateway.adapters.migrations import READ_REVISION, REMEDY, is_served_by
from gateway.adapters.store_postgres.verbs import Rows
from gateway.ports.store import StoreError, StoreUnreachableError

T = TypeVar("T")
Connection: TypeAlias = "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"

FAILED = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)
"""What the driver raises when a statement fails, or nobody can say whether it did."""

# The driver's internal error is what it raises when it sends on a connection whose end it has half noticed.
STALE = (
    asyncpg.AdminShutdownError,
    asyncpg.ConnectionDoesNotExistError,
    asyncpg.InternalClientError,
    ConnectionError,
)
"""What it raises on a connection that ended while it lay in the pool."""

ABSENT = (OSError, asyncpg.CannotConnectNowError, asyncpg.TooManyConnectionsError)
"""What it raises when there is no server, or one that is still starting or has no place left."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds that each step may take. Whatever hangs, nobody waits longer than `answer`."""

    connect: float = 2.0
    lock: float = 2.0
    statement: float = 3.0
    answer: float = 5.0


class Connections:
    """Statements, each a transaction of its own, and connections for those who need several in one.

    Somebody who stops waiting does not stop the statement: it is carried to its end in a task that this
    object owns, because a cancelled statement is committed at times, and cancelling a hung one takes seconds.
    """

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", limits: Limits) -> None:
        self._pool = pool
        self._limits = limits
        self._running: set[asyncio.Task[Any]] = set()

    @classmethod
    async def open(cls, url: str, *, max_connections: int, limits: Limits) -> Self:
        """Connections to a database that this release can serve on. StoreError, StoreUnreachableError."""
        try:
            pool = await _pool(url, max_connections=max_connections, limits=limits)
        except ABSENT as error:
            raise StoreUnreachableError(_sentence(error)) from error
        except FAILED as error:
            raise store_error(error) from error
        connections = cls(pool, limits)
        try:
            await connections._require_revision()
        except StoreError:
            await connections.close()
            raise
        return connections

    async def read(self, statement: str, *arguments: object) -> Rows:
        """The rows that `statement` returns; it changes nothing, since it may be sent twice. StoreError."""
        return await self._answered(self._fetch_again_if_stale(statement, arguments))

    async def write(self, statement: str, *arguments: object) -> Rows:
        """The rows that `statement` has changed, when it ends in RETURNING. Sent once. StoreError."""
        return await self._answered(self._fetch(statement, arguments))

    async def supervise(self, work: Coroutine[Any, Any, T]) -> T:
        """What `work` returns or raises. It is cancelled when that takes longer than `answer` seconds, a StoreError,
        or when nobody waits for it any more; what it does then is not waited for.
        """
        task = self._own(work)
        try:
            await asyncio.wait([task], timeout=self._limits.answer)
        finally:
            is_late = not task.done()
            task.cancel()
        if is_late:
            raise store_error(TimeoutError())
        return task.result()

    async def take(self) -> Connection:
        """A connection of one's own, to be given back. Raises one of FAILED."""
        return await self._pool.acquire(timeout=self._limits.connect)

    async def give_back(self, connection: Connection) -> None:
        """Lets others use it; one that has ended, or does so now, is replaced."""
        with suppress(*FAILED):
            await self._pool.release(connection)

    async def close(self) -> None:
        """Finishes what runs, then disconnects; a server that hangs is left after `answer` seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._limits.answer):
                await self._pool.close()

    async def _answered(self, work: Coroutine[Any, Any, Rows]) -> Rows:
        task = self._own(work)
        try:
            async with asyncio.timeout(self._limits.answer):
                return await asyncio.shield(task)
        except FAILED as error:
            raise store_error(error) from error

    def _own(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._forget)
        return task

    def _forget(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        with suppress(asyncio.CancelledError):
            task.exception()  # looked at, lest asyncio report the failure of a task that nobody waits for

    async def _fetch_again_if_stale(self, statement: str, arguments: tuple[object, ...]) -> Rows:
        try:
            return await self._fetch(statement, arguments)
        except STALE:
            return await self._fetch(statement, arguments)

    async def _fetch(self, statement: str, arguments: tuple[object, ...]) -> Rows:
        async with self._pool.acquire(timeout=self._limits.connect) as connection:
            return await connection.fetch(statement, *arguments)

    async def _require_revision(self) -> None:
        try:
            found = await self.read(READ_REVISION)
        except StoreError as error:
            if isinstance(error.__cause__, asyncpg.UndefinedTableError):
                raise StoreError(REMEDY) from error
            raise
        if not is_served_by(found[0]["version_num"] if found else None):
            raise StoreError(REMEDY)


def store_error(error: Exception) -> StoreError:
    """The class of the error and PostgreSQL's code for it; its sentence may repeat a row, or the URL."""
    return StoreError(_sentence(error))


def _sentence(error: Exception) -> str:
    code = getattr(error, "sqlstate", None)
    return f"PostgreSQL does not answer: {type(error).__name__}{f' ({code})' if code else ''}"


async def _pool(url: str, *, max_connections: int, limits: Limits) -> "asyncpg.Pool[asyncpg.Record]":
    return await asyncpg.create_pool(
        url,
        min_size=1,
        max_size=max_connections,
        timeout=limits.connect,
        command_timeout=limits.statement,
        reset=_leave_as_it_is,
        server_settings={
            "application_name": "gateway",
            "timezone": "UTC",
            # Whoever waited for a lock sees what its holder did, and what was answered outlives a crash,
            # whatever the database was told to do for others.
            "default_transaction_isolation": "read committed",
            "synchronous_commit": "on",
            "lock_timeout": _milliseconds(limits.lock),
            "statement_timeout": _milliseconds(limits.statement),
            "idle_in_transaction_session_timeout": _milliseconds(limits.answer),
        },
    )


async def _leave_as_it_is(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Our statements leave nothing behind; asking the server to forget it would double the round trips."""


def _milliseconds(seconds: float) -> str:
    return str(round(seconds * 1000))
