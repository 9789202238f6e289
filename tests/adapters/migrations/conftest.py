"""A database of each kind: empty, of an earlier revision, or migrated."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import asyncpg
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine
from sqlalchemy.ext.asyncio import create_async_engine

from gateway.adapters import migrations
from gateway.adapters.stores import migrate
from tests.support.postgres import Database, Postgres

SQLITE = pytest.param("sqlite", marks=pytest.mark.sqlite)
POSTGRES = pytest.param("postgres", marks=pytest.mark.postgres)


@pytest.fixture
def empty(postgres: Postgres) -> Iterator[Database]:
    """An empty database on PostgreSQL."""
    with postgres.database() as database:
        yield database


@pytest.fixture(params=[SQLITE, POSTGRES])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without anything in it."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/store.db"
    database: Database = request.getfixturevalue("empty")
    return database.url


@pytest.fixture
def migrated_url(url: str) -> str:
    """The URL of a migrated database."""
    migrate(url)
    return url


@pytest.fixture
def url_of_0001(url: str) -> str:
    """The URL of a database as release 0001 has left it, with the account 12345 and a session."""
    if url.startswith("sqlite"):
        engine = create_engine(url)
        with engine.begin() as connection:
            _upgrade_to_0001(connection)
        engine.dispose()
    else:
        asyncio.run(_upgrade_postgres_to_0001(url))
    add_account_as_0001(url, "a-1")
    run(
        url,
        f"""
        INSERT INTO session (id, token_sha256, role, channel, account_id, tenant_id, staff_name, device,
            started_at, last_seen_at, idle_expires_at, expires_at, credential_version)
        VALUES ('s-1', {hash_in(url)}, 'TENANT', 'WEB', 'a-1', 'T1', NULL, 'Chrome sur Windows',
            {noon_in(url)}, {noon_in(url)}, {noon_in(url, 30)}, {noon_in(url, 720)}, 1)
        """,  # noqa: S608 - values of ours
    )
    return url


async def _upgrade_postgres_to_0001(url: str) -> None:
    engine = create_async_engine("postgresql+asyncpg://", async_creator=lambda: asyncpg.connect(url))
    async with engine.begin() as connection:
        await connection.run_sync(_upgrade_to_0001)
    await engine.dispose()


def _upgrade_to_0001(connection: Connection) -> None:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    command.upgrade(config, "0001")


def add_account_as_0001(url: str, account_id: str) -> None:
    """Adds an account, created at noon, with the statement of release 0001."""
    run(
        url,
        f"""
        INSERT INTO online_account (id, reference, tenant_id, password_hash, created_at, credential_version, email)
        VALUES ('{account_id}', '12345-{account_id}', 'T1', '$argon2id$', {noon_in(url)}, 1, NULL)
        ON CONFLICT DO NOTHING RETURNING id
        """,  # noqa: S608 - values of ours
    )


def noon_in(url: str, minutes: int = 0) -> str:
    """Noon on 22 November 2026 UTC, or some minutes later, as SQL."""
    if url.startswith("sqlite"):
        return str((1_795_348_800 + minutes * 60) * 1_000_000)
    return f"timestamptz '2026-11-22 12:00Z' + interval '{minutes} minutes'"


def hash_in(url: str) -> str:
    """The hash of a token, 32 times the byte 1, as SQL."""
    return f"x'{'01' * 32}'" if url.startswith("sqlite") else f"'\\x{'01' * 32}'"


def run(url: str, statement: str) -> object:
    """The first value that `statement` returns, on either database."""
    if not url.startswith("sqlite"):
        return Postgres(url).execute(statement)
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection, connection:
        row = connection.execute(statement).fetchone()
        return row[0] if row else None
