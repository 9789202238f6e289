"""Bring a database to the newest revision. Several processes may try at once: one works, the others wait.

On PostgreSQL this needs the role that owns the tables, which need not be the role the gateway serves with.
"""

import asyncio
import sqlite3
from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from gateway.adapters.migrations import is_served_by
from gateway.ports.store import StoreError

_LOCK = int.from_bytes(b"gateway")
_WAIT_SECONDS = 60.0


def upgrade_sqlite(path: Path) -> str | None:
    """The revision found, None in a file that is new. The file is created readable by its owner only."""
    try:
        path.touch(mode=0o600)
        with _sqlite(path).begin() as connection:
            return _upgrade(connection)
    except (OSError, SQLAlchemyError) as error:
        raise StoreError(f"{path} cannot be migrated: {_cause(error)}") from error


def _sqlite(path: Path) -> Engine:
    """An engine that leaves transactions to us: sqlite3 would commit before each CREATE TABLE."""
    engine = create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(path, timeout=_WAIT_SECONDS, isolation_level=None),
        poolclass=NullPool,
    )
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def upgrade_postgres(url: str) -> str | None:
    """The revision found, None in an empty database. Runs an event loop of its own."""
    try:
        return asyncio.run(_upgrade_postgres(url))
    except (OSError, SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise StoreError(f"PostgreSQL cannot be migrated: {_cause(error)}") from error


async def _upgrade_postgres(url: str) -> str | None:
    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=lambda: asyncpg.connect(url, timeout=_WAIT_SECONDS),
        poolclass=NullPool,
    )
    async with engine.begin() as connection:
        await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        return await connection.run_sync(_upgrade)


def _upgrade(connection: Connection) -> str | None:
    found = MigrationContext.configure(connection).get_current_revision()
    if not is_served_by(found):
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(Path(__file__).parent))
        command.upgrade(config, "head")
    return found


def _cause(error: Exception) -> str:
    """The driver's name for what went wrong; its sentence may repeat a row."""
    cause = getattr(error, "orig", None) or error
    cause = cause.__cause__ or cause
    return getattr(cause, "sqlite_errorname", None) or type(cause).__name__
