"""The file must be fit to hold sessions, and ours alone; otherwise the start is refused with the remedy."""

import signal
import sqlite3
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from gateway.adapters.store_sqlite import SqliteStore
from gateway.adapters.store_sqlite.file import check_library, connect, connect_to_read, require_wal
from gateway.domain.lockout import UNKNOWN_DEVICES, GuardRecord
from gateway.ports.store import StoreError
from tests.ports.store_contract.values import PHONE, SUBJECT, SUSPENDED, item, request
from tests.ports.stores import NOON, account, sqlite_file
from tests.support import processes

pytestmark = pytest.mark.sqlite

_OTHER_PROCESS = """
import asyncio, sys
from pathlib import Path
from gateway.adapters.store_sqlite import SqliteStore
from gateway.domain.lockout import UNKNOWN_DEVICES
from tests.ports.store_contract.values import PHONE, SUBJECT, SUSPENDED
from tests.ports.stores import account

async def begin(tx):
    await tx.put_guard(UNKNOWN_DEVICES, SUSPENDED)
    await tx.save_account(account(password_hash="another"))
    print("open", flush=True)
    await asyncio.sleep(600)

async def main():
    store = await SqliteStore.open(Path(sys.argv[1]))
    await store.add_account(account())
    await store.transact(SUBJECT, lambda tx: tx.put_guard(PHONE, SUSPENDED))
    await store.transact(SUBJECT, begin)

asyncio.run(main())
"""


def open_elsewhere(path: Path, log: Path) -> processes.Child:
    """Another process that has added an account and suspended a telephone, and is in the middle of more."""
    child = processes.start([sys.executable, "-c", _OTHER_PROCESS, path], log=log)
    child.wait_until(lambda: log.read_text().endswith("open\n"))
    return child


def modes(directory: Path) -> dict[str, str]:
    """The permissions of every file in `directory`, octal, by name."""
    return {path.name: oct(path.stat().st_mode & 0o777) for path in directory.iterdir()}


async def test_a_second_process_is_refused_until_the_first_is_gone(tmp_path: Path) -> None:
    """The sentence says what to set for several processes; a killed process does not keep the file."""
    path = sqlite_file(tmp_path)
    first = open_elsewhere(path, tmp_path / "log")

    with pytest.raises(StoreError, match=r"store\.db is in use by another gateway; .*GATEWAY_DATABASE_URL"):
        await SqliteStore.open(path)

    first.stop(polite_signal=signal.SIGKILL)
    second = await SqliteStore.open(path)
    await second.close()


async def test_what_was_committed_outlives_a_killed_process(tmp_path: Path) -> None:
    """SIGKILL right after the answer loses nothing; in the middle of a transaction, it leaves nothing of that."""
    path = sqlite_file(tmp_path)

    open_elsewhere(path, tmp_path / "log").stop(polite_signal=signal.SIGKILL)

    store = await SqliteStore.open(path)
    assert await store.account("12345") == account()
    assert await store.transact(SUBJECT, lambda tx: tx.guard(PHONE)) == SUSPENDED
    assert await store.transact(SUBJECT, lambda tx: tx.guard(UNKNOWN_DEVICES)) == GuardRecord()
    await store.close()


async def test_the_same_process_is_refused_as_well(tmp_path: Path) -> None:
    """Two gateways in one process are two."""
    path = sqlite_file(tmp_path)
    store = await SqliteStore.open(path)

    with pytest.raises(StoreError, match="in use by another gateway"):
        await SqliteStore.open(path)

    await store.close()


async def test_what_is_removed_does_not_stay_readable_in_the_file(tmp_path: Path) -> None:
    """Neither a row that is removed nor a value that is replaced, however the library was built."""
    path = sqlite_file(tmp_path)
    removed, replaced = b"a letter to nobody else", b"what somebody wrote"
    store = await SqliteStore.open(path)
    await store.transact(SUBJECT, lambda tx: tx.promise(item(sealed=removed)))
    await store.transact(SUBJECT, lambda tx: tx.add_assistance(request(sealed=replaced)))
    await store.close()
    before = path.read_bytes()

    store = await SqliteStore.open(path)
    await store.finish("o-1")
    await store.purge(now=NOON + timedelta(days=30), audit_before=NOON - timedelta(days=365))
    await store.close()

    assert [removed in before, replaced in before] == [True, True]
    after = path.read_bytes()
    assert [removed in after, replaced in after] == [False, False]


async def test_a_refused_start_leaves_the_file_to_others(tmp_path: Path) -> None:
    """After a start that failed for another reason, the next one may succeed."""
    path = sqlite_file(tmp_path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0000'")
    with pytest.raises(StoreError, match="older than revision 0002: run `gateway db migrate`"):
        await SqliteStore.open(path)

    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0002'")

    store = await SqliteStore.open(path)
    await store.close()


async def test_a_missing_file_is_not_made(tmp_path: Path) -> None:
    """An operator who mistypes the path does not get an empty database."""
    path = tmp_path / "typo.db"

    with pytest.raises(StoreError, match=r"typo\.db does not exist: run `gateway db migrate` first"):
        await SqliteStore.open(path)

    assert modes(tmp_path) == {}


async def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    """No database, a database of others, an empty one of ours: each names what is wrong."""
    path = tmp_path / "store.db"

    path.write_bytes(b"not a database" * 512)
    with pytest.raises(StoreError, match="SQLITE_NOTADB"):
        await SqliteStore.open(path)
    path.write_bytes(b"")
    with pytest.raises(StoreError, match="run `gateway db migrate` first"):
        await SqliteStore.open(path)


async def test_a_newer_database_is_served(tmp_path: Path) -> None:
    """The next release may have migrated already: its tables still suit this one."""
    path = sqlite_file(tmp_path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0003'")

    store = await SqliteStore.open(path)

    assert await store.account("12345") is None
    await store.close()


def test_a_database_without_any_revision_is_refused(tmp_path: Path) -> None:
    """An interrupted copy, for example."""
    path = sqlite_file(tmp_path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM alembic_version")

    with pytest.raises(StoreError, match="run `gateway db migrate` first"):
        connect_to_read(path, busy_timeout_seconds=1)


def test_an_old_sqlite_library_is_refused() -> None:
    """Red Hat Enterprise Linux 9 ships 3.34, which lacks STRICT tables."""
    check_library((3, 37, 0))

    with pytest.raises(StoreError, match=r"SQLite 3\.34\.1, which is older than 3\.37; .*PostgreSQL"):
        check_library((3, 34, 1))


def test_a_place_without_a_write_ahead_log_is_refused() -> None:
    """SQLite answers with the mode it fell back to, on a network file system as for a database in memory."""
    connection = sqlite3.connect(":memory:")

    with closing(connection), pytest.raises(StoreError, match="SQLite offers memory instead of its write-a"):
        require_wal(connection)


def test_what_is_committed_is_on_the_disk(tmp_path: Path) -> None:
    """Write-ahead log, synchronous in full, foreign keys checked, 5 seconds of patience with a lock."""
    with closing(connect(sqlite_file(tmp_path), busy_timeout_seconds=5)) as connection:
        values = {
            name: connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }

    assert values == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}


def test_the_reading_connection_cannot_write(tmp_path: Path) -> None:
    """Writes have one way in."""
    connection = connect_to_read(sqlite_file(tmp_path), busy_timeout_seconds=1)

    with closing(connection), pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("DELETE FROM session")


def test_values_of_the_wrong_type_do_not_get_in(tmp_path: Path) -> None:
    """STRICT tables: a text is no instant."""
    connection = connect(sqlite_file(tmp_path), busy_timeout_seconds=1)

    with closing(connection), pytest.raises(sqlite3.IntegrityError, match="cannot store TEXT value in INT"):
        connection.execute("INSERT INTO download (at, session_id, document) VALUES ('noon', 's', 'd')")


async def test_only_the_owner_can_read_what_is_beside_the_file(tmp_path: Path) -> None:
    """The log and the lock are as private as the database."""
    path = sqlite_file(tmp_path)
    path.chmod(0o600)

    store = await SqliteStore.open(path)
    await store.add_account(account())

    names = ("store.db", "store.db-wal", "store.db-shm", "store.db.lock")
    assert modes(tmp_path) == dict.fromkeys(names, "0o600")
    await store.close()
