"""A store in the middle of what happens to servers: connections beside it, locks, disconnections."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import asyncpg

from gateway.adapters.store_postgres import PostgresStore
from gateway.adapters.store_postgres.connections import Limits
from gateway.ports.store import StoreError
from tests.support.postgres import Database, Postgres

T = TypeVar("T")


@asynccontextmanager
async def opened(url: str, *, limits: Limits | None = None, connections: int = 1) -> AsyncIterator[PostgresStore]:
    """An open store."""
    store = await PostgresStore.open(url, max_connections=connections, limits=limits)
    try:
        yield store
    finally:
        await store.close()


@asynccontextmanager
async def beside(database: Database) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """A connection beside the store."""
    connection = await asyncpg.connect(database.url)
    try:
        yield connection
    finally:
        await connection.close()


def disconnect_everybody(database: Database) -> None:
    """What a restart of the server does to its clients. Blocks the loop, so that they cannot notice yet."""
    Postgres(database.url).execute(
        "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


async def waiting_for_a_lock(other: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Returns when a connection of the store waits for a lock."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = $1"
    name = await other.fetchval("SELECT current_database()")
    async with asyncio.timeout(10):
        while not await other.fetchval(waiting, name):  # noqa: ASYNC110 - the event is in another process
            await asyncio.sleep(0.01)


async def once_it_answers(ask: Callable[[], Awaitable[T]], *, seconds: float = 10) -> T:
    """The first answer that is no error."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return await ask()
        except StoreError:
            if time.monotonic() > deadline:
                raise
