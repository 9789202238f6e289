"""Stores for the tests: each implementation, empty, and those on databases with a way in beside the port."""

import asyncio
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import asyncpg

from gateway.adapters.store_postgres import PostgresStore
from gateway.adapters.store_sqlite import SqliteStore
from gateway.adapters.stores import migrate
from gateway.domain.access import Channel, OnlineAccount, OnlineAccountId, Role, Session, SessionId
from gateway.domain.identifiers import TenantId
from tests.support.memory_store import MemoryStore

NOON = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC)
TABLES = (
    "online_account",
    "session",
    "download",
    "staff_grant",
    "known_device",
    "guard",
    "hold",
    "account_link",
    "outbox",
    "audit",
    "assistance",
)

DatabaseStore: TypeAlias = SqliteStore | PostgresStore
AnyStore: TypeAlias = DatabaseStore | MemoryStore


def account(account_id: str = "a-1", **changes: Any) -> OnlineAccount:
    """The account 12345, created a second before noon."""
    values: dict[str, Any] = {
        "id": OnlineAccountId(account_id),
        "reference": "12345",
        "tenant_id": TenantId("T1"),
        "password_hash": "$argon2id$…",
        "created_at": NOON - timedelta(seconds=1),
        "credential_set_at": NOON - timedelta(seconds=1),
        "email": "louise@example.org",
    }
    return OnlineAccount(**(values | changes))


def session(session_id: str = "s-1", **changes: Any) -> Session:
    """A session of account a-1 on the web, opened at noon: idle for half an hour, twelve hours in all."""
    values: dict[str, Any] = {
        "id": SessionId(session_id),
        "role": Role.TENANT,
        "channel": Channel.WEB,
        "account_id": OnlineAccountId("a-1"),
        "tenant_id": TenantId("T1"),
        "staff_name": None,
        "device": "Chrome sur Windows",
        "started_at": NOON,
        "last_seen_at": NOON,
        "idle_expires_at": NOON + timedelta(minutes=30),
        "expires_at": NOON + timedelta(hours=12),
    }
    return Session(**(values | changes))


def token(number: int = 0) -> bytes:
    """The hash of a token."""
    return number.to_bytes(32)


@dataclass(slots=True)
class StandingClock:
    """Noon, until it is moved."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        """What time it is."""
        return self.now


@dataclass(slots=True)
class StoreUnderTest:
    """An empty store whose transactions go by `clock`."""

    store: AnyStore
    clock: StandingClock
    reopen: Callable[[], Awaitable[AnyStore]]

    async def restart(self) -> None:
        """A store that a new process would open, and that goes by its own clock."""
        self.store = await self.reopen()


@dataclass(slots=True)
class DatabaseUnderTest(StoreUnderTest):
    """A store on a database. `execute` runs SQL beside it and returns its rows; `everything` is all that it keeps."""

    store: DatabaseStore
    reopen: Callable[[], Awaitable[DatabaseStore]]
    execute: Callable[[str], Awaitable[list[tuple[object, ...]]]]
    everything: Callable[[], Awaitable[bytes]]

    async def count(self, table: str) -> int:
        """Rows in `table`."""
        return len(await self.execute(f"SELECT 1 FROM {table}"))  # noqa: S608 - a table of ours


@cache
def _migrated() -> bytes:
    with tempfile.TemporaryDirectory() as directory:
        migrate(f"sqlite:///{directory}/store.db")
        return Path(directory, "store.db").read_bytes()


def sqlite_file(directory: Path) -> Path:
    """A migrated, empty database file in `directory`."""
    path = directory / "store.db"
    path.write_bytes(_migrated())
    return path


def tested_memory() -> StoreUnderTest:
    """The store in memory, which forgets everything when it is opened anew."""
    clock = StandingClock()

    async def reopen() -> MemoryStore:
        return MemoryStore()

    return StoreUnderTest(MemoryStore(clock=clock), clock, reopen)


@asynccontextmanager
async def tested_sqlite(directory: Path) -> AsyncIterator[DatabaseUnderTest]:
    """The store on SQLite, in a file in `directory`."""
    path, clock = sqlite_file(directory), StandingClock()

    async def execute(statement: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("PRAGMA foreign_keys = ON")
            return connection.execute(statement).fetchall()

    def read_files() -> bytes:
        return b"".join(map(Path.read_bytes, directory.glob("store.db*")))

    async def everything() -> bytes:
        return await asyncio.to_thread(read_files)

    async def reopen() -> SqliteStore:
        await tested.store.close()
        return await SqliteStore.open(path)

    tested = DatabaseUnderTest(await SqliteStore.open(path, clock=clock), clock, reopen, execute, everything)
    yield tested
    await tested.store.close()


@asynccontextmanager
async def tested_postgres(url: str) -> AsyncIterator[DatabaseUnderTest]:
    """The store on PostgreSQL, in the migrated database at `url`, emptied."""
    clock = StandingClock()

    async def execute(statement: str) -> list[tuple[object, ...]]:
        connection = await asyncpg.connect(url)
        try:
            return [tuple(row) for row in await connection.fetch(statement)]
        finally:
            await connection.close()

    async def everything() -> bytes:
        rows = [await execute(f"SELECT t::text FROM {table} t") for table in TABLES]  # noqa: S608 - ours
        return repr(rows).encode()

    async def reopen() -> PostgresStore:
        await tested.store.close()
        return await PostgresStore.open(url, max_connections=4)

    await _empty(url)
    store = await PostgresStore.open(url, max_connections=4, clock=clock)
    tested = DatabaseUnderTest(store, clock, reopen, execute, everything)
    yield tested
    await tested.store.close()


async def _empty(url: str) -> None:
    """Only a superuser gets past the triggers that keep the audit trail. Small tables are deleted from faster."""
    connection = await asyncpg.connect(url)
    try:
        emptying = "; ".join(f"DELETE FROM {table}" for table in TABLES)  # noqa: S608 - tables of ours
        await connection.execute(f"SET session_replication_role = replica; {emptying}")
    finally:
        await connection.close()
