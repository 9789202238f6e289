"""What must be true of a file before the gateway keeps its sessions in it."""

import fcntl
import os
import sqlite3
from pathlib import Path
from typing import Self

from gateway.adapters.migrations import READ_REVISION, REMEDY, is_served_by
from gateway.ports.store import StoreError

_OLDEST_LIBRARY = (3, 37)  # STRICT tables


class ProcessLock:
    """The right to be the only process on a file; the system takes it back when the process dies.

    SQLite itself lets several processes in, but under load they starve each other of the write lock, and what
    one process keeps in memory the other does not know.
    """

    def __init__(self, path: Path) -> None:
        self._handle = os.open(path.with_name(f"{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)

    @classmethod
    def acquire(cls, path: Path) -> Self:
        """The lock of the database at `path`; StoreError when another process has it."""
        lock = cls(path)
        try:
            fcntl.flock(lock._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.release()
            raise StoreError(
                f"{path} is in use by another gateway; to run several, set GATEWAY_DATABASE_URL to PostgreSQL"
            ) from error
        return lock

    def release(self) -> None:
        """Let the next process in. The lock's file stays: removing it would let two in."""
        os.close(self._handle)


def check_library(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> None:
    """StoreError when the SQLite library of this Python is too old for our tables."""
    if version < _OLDEST_LIBRARY:
        found, needed = (".".join(map(str, numbers)) for numbers in (version, _OLDEST_LIBRARY))
        raise StoreError(
            f"this Python comes with SQLite {found}, which is older than {needed}; "
            "use a newer Python, or set GATEWAY_DATABASE_URL to PostgreSQL"
        )


def require_file(path: Path) -> None:
    """StoreError when nobody has migrated a database at `path` yet: SQLite would make an empty one."""
    if not path.is_file():
        raise StoreError(f"{path} does not exist: run `gateway db migrate` first")


class Identity:
    """The very file that a path leads to now: who deletes or replaces it leaves us with one that nobody else sees."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known = _file_number(path)

    def require(self) -> None:
        """StoreError when the path leads elsewhere: what is written would be lost with this process."""
        if _file_number(self._path) != self._known:
            raise StoreError(f"{self._path} was deleted or replaced: restart the gateway")


def _file_number(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def connect(path: Path, *, busy_timeout_seconds: float) -> sqlite3.Connection:
    """A connection that loses nothing it has committed; sqlite3.Error when there is no such file."""
    uri = f"{path.absolute().as_uri()}?mode=rw"
    connection = sqlite3.connect(uri, uri=True, timeout=busy_timeout_seconds, isolation_level=None)
    connection.row_factory = sqlite3.Row
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")  # what is removed must not stay readable in the file
        require_wal(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def connect_to_read(path: Path, *, busy_timeout_seconds: float) -> sqlite3.Connection:
    """A connection that changes nothing, of a database that this release can serve on."""
    connection = connect(path, busy_timeout_seconds=busy_timeout_seconds)
    try:
        require_revision(connection)
        connection.execute("PRAGMA query_only = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def require_wal(connection: sqlite3.Connection) -> None:
    """Readers must not wait for the writer, which SQLite cannot promise on a network file system."""
    mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if mode != "wal":
        raise StoreError(f"SQLite offers {mode} instead of its write-ahead log: put the file on a local disk")


def require_revision(connection: sqlite3.Connection) -> None:
    """StoreError that names the remedy when the tables are missing or too old."""
    try:
        row = connection.execute(READ_REVISION).fetchone()
    except sqlite3.OperationalError as error:
        raise StoreError(REMEDY) from error
    if not is_served_by(row and row[0]):
        raise StoreError(REMEDY)
