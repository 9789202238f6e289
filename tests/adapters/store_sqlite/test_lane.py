"""Whatever happens to the database or to those who wait for it, an answer is whole, or an error."""

import asyncio
import resource
import sqlite3
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from gateway.adapters.store_sqlite import SqliteStore
from gateway.adapters.store_sqlite.lane import Lane
from gateway.domain.lockout import UNKNOWN_DEVICES, GuardRecord
from gateway.ports.store import StoreError, Transaction
from tests.ports.store_contract.values import SUBJECT, SUSPENDED
from tests.ports.stores import NOON, account, session, sqlite_file, token

pytestmark = pytest.mark.sqlite


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A migrated database."""
    return sqlite_file(tmp_path)


@pytest.fixture
async def store(path: Path) -> AsyncIterator[SqliteStore]:
    """A store with the account a-1, impatient with locks."""
    store = await SqliteStore.open(path, busy_timeout_seconds=0.1)
    await store.add_account(account())
    yield store
    await store.close()


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Somebody else, a back-up for example, holds the write lock."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


@contextmanager
def full_disk(path: Path) -> Iterator[None]:
    """No file of this process may grow beyond the size of the database now."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    size = max(file.stat().st_size for file in path.parent.iterdir())
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_a_locked_database_is_an_error_and_nothing_is_kept(path: Path, store: SqliteStore) -> None:
    """Patience ends, and the answer is no answer; reading goes on meanwhile."""
    with locked(path):
        with pytest.raises(StoreError, match="SQLITE_BUSY"):
            await store.open_session(session(), token_sha256=token())
        assert await store.account("12345") == account()

    assert await store.session(token(), now=NOON) is None


async def test_a_full_disk_is_an_error_until_there_is_room_again(path: Path, store: SqliteStore) -> None:
    """Reading goes on; nothing half written is found afterwards."""
    big = session(device="x" * 200_000)
    with full_disk(path):
        with pytest.raises(StoreError, match=r"SQLITE_(FULL|IOERR)"):
            await store.open_session(big, token_sha256=token())
        assert await store.account("12345") == account()

    assert await store.session(token(), now=NOON) is None
    assert await store.open_session(big, token_sha256=token())
    assert await store.session(token(), now=NOON) == big


async def test_a_transaction_on_a_full_disk_leaves_nothing(path: Path, store: SqliteStore) -> None:
    """Neither its guard, which was small, nor its session; and the next one succeeds."""

    async def work(tx: Transaction) -> None:
        await tx.put_guard(UNKNOWN_DEVICES, SUSPENDED)
        await tx.open_session(session(device="x" * 200_000), token_sha256=token())

    with full_disk(path), pytest.raises(StoreError, match=r"SQLITE_(FULL|IOERR)"):
        await store.transact(SUBJECT, work)

    assert await store.transact(SUBJECT, lambda tx: tx.guard(UNKNOWN_DEVICES)) == GuardRecord()
    await store.transact(SUBJECT, work)
    assert await store.session(token(), now=NOON) is not None


async def test_a_transaction_on_a_locked_database_is_an_error_and_the_next_one_is_not(
    path: Path, store: SqliteStore
) -> None:
    """Nothing of it was done."""
    with locked(path), pytest.raises(StoreError, match="SQLITE_BUSY"):
        await store.transact(SUBJECT, lambda tx: tx.hold())

    assert await store.transact(SUBJECT, lambda tx: tx.is_held()) is False


async def test_what_runs_is_carried_to_its_end_when_nobody_waits_any_more(path: Path) -> None:
    """A statement under way is committed; one that still queued never happens."""
    began, may_go_on = threading.Event(), threading.Event()
    lane = await Lane.open("lane", connect=lambda: connection_that_pauses(path, began, may_go_on))
    running = asyncio.create_task(lane.fetch("UPDATE alembic_version SET version_num = pause()", {}))
    await asyncio.to_thread(began.wait)
    queued = asyncio.create_task(lane.fetch("UPDATE alembic_version SET version_num = 'queued'", {}))
    await asyncio.sleep(0)

    running.cancel()
    queued.cancel()
    await asyncio.wait([running, queued])
    may_go_on.set()

    assert [tuple(row) for row in await lane.fetch("SELECT version_num FROM alembic_version", {})] == [("ran",)]
    await lane.close()


def connection_that_pauses(path: Path, began: threading.Event, may_go_on: threading.Event) -> sqlite3.Connection:
    """A connection whose function `pause()` tells that a statement runs, and holds it."""

    def pause() -> str:
        began.set()
        may_go_on.wait()
        return "ran"

    connection = sqlite3.connect(path, isolation_level=None)
    connection.create_function("pause", 0, pause)
    return connection


async def test_a_failure_that_nobody_waits_for_harms_nobody(path: Path, store: SqliteStore) -> None:
    """Cancelled while it waits for the lock, it fails for itself alone."""
    with locked(path):
        opening = asyncio.create_task(store.open_session(session(), token_sha256=token()))
        await asyncio.sleep(0)
        opening.cancel()
        await asyncio.wait([opening])
        with pytest.raises(StoreError, match="SQLITE_BUSY"):
            await store.open_session(session(), token_sha256=token())

    assert await store.open_session(session(), token_sha256=token())


async def test_an_error_names_what_happened_and_no_value(store: SqliteStore) -> None:
    """What is logged must not repeat a row."""
    with pytest.raises(StoreError) as raised:
        await store.open_session(session(), token_sha256=b"too short to be a hash")

    assert str(raised.value) == "SQLite does not answer: SQLITE_CONSTRAINT_CHECK"
