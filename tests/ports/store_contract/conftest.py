"""The contract's subjects: each store, empty and with one account."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from gateway.adapters.stores import migrate
from gateway.ports.store import Store
from tests.ports.stores import (
    DatabaseUnderTest,
    StandingClock,
    StoreUnderTest,
    account,
    tested_memory,
    tested_postgres,
    tested_sqlite,
)
from tests.support.postgres import Database, Postgres

_SQLITE = pytest.param("sqlite", marks=pytest.mark.sqlite)
_POSTGRES = pytest.param("postgres", marks=pytest.mark.postgres)


@pytest.fixture(scope="package")
def migrated(postgres: Postgres) -> Iterator[Database]:
    """A database with our tables."""
    with postgres.database() as database:
        migrate(database.url)
        yield database


@pytest.fixture(params=[_SQLITE, _POSTGRES])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Path | Database:
    """Where a database may keep its data; no PostgreSQL is started for SQLite."""
    if request.param == "sqlite":
        return tmp_path
    database: Database = request.getfixturevalue("migrated")
    return database


@pytest.fixture
async def database(disk: Path | Database) -> AsyncIterator[DatabaseUnderTest]:
    """An empty store on each kind of database, whose transactions take place at noon."""
    async with _tested_database(disk) as tested:
        yield tested


@pytest.fixture(params=["memory", _SQLITE, _POSTGRES])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | Database | None:
    """Where a store may keep its data; the one in memory needs no place."""
    match request.param:
        case "memory":
            return None
        case "sqlite":
            return tmp_path
    database: Database = request.getfixturevalue("migrated")
    return database


@pytest.fixture
async def tested(place: Path | Database | None) -> AsyncIterator[StoreUnderTest]:
    """An empty store of each kind, whose transactions take place at noon."""
    if place is None:
        yield tested_memory()
        return
    async with _tested_database(place) as tested:
        yield tested


def _tested_database(disk: Path | Database) -> AbstractAsyncContextManager[DatabaseUnderTest]:
    return tested_sqlite(disk) if isinstance(disk, Path) else tested_postgres(disk.url)


@pytest.fixture
async def store(tested: StoreUnderTest) -> Store:
    """The store, with the account a-1."""
    assert await tested.store.add_account(account())
    return tested.store


@pytest.fixture
def clock(tested: StoreUnderTest) -> StandingClock:
    """What the store's transactions take for now."""
    return tested.clock
