"""Which store a database URL means."""

from pathlib import Path

from gateway.adapters.store_postgres import PostgresStore
from gateway.adapters.store_sqlite import SqliteStore

_SQLITE = "sqlite:///"


async def open_store(url: str, *, max_connections: int) -> SqliteStore | PostgresStore:
    """The store at `url`; whoever opens it closes it. `max_connections` is for PostgreSQL. StoreError."""
    if is_sqlite(url):
        return await SqliteStore.open(_path(url))
    return await PostgresStore.open(url, max_connections=max_connections)


async def visit_store(url: str) -> SqliteStore | PostgresStore:
    """The store at `url`, for one command, beside the gateways that serve from it; the caller closes it. StoreError."""
    if is_sqlite(url):
        return await SqliteStore.visit(_path(url))
    return await PostgresStore.open(url, max_connections=1)


def migrate(url: str) -> str | None:
    """The revision found, None in an empty database; now it is the newest. Not inside a loop. StoreError."""
    # Alembic and SQLAlchemy take longer to import than the gateway takes to start; serving needs neither.
    from gateway.adapters.migrations import upgrade  # noqa: PLC0415 - see above

    if is_sqlite(url):
        return upgrade.upgrade_sqlite(_path(url))
    return upgrade.upgrade_postgres(url)


def is_sqlite(url: str) -> bool:
    """Whether the store is a file of this process, with no other gateway beside it."""
    return url.startswith(_SQLITE)


def _path(url: str) -> Path:
    """`sqlite:///here.db` is relative to the working directory, `sqlite:////srv/here.db` is absolute."""
    return Path(url.removeprefix(_SQLITE))
