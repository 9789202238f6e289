"""The gateway serves with the few rights that the documentation asks for, and can do no more with them."""

import secrets
from collections.abc import Iterator
from urllib.parse import urlsplit

import asyncpg
import pytest

from gateway.adapters.store_postgres import PostgresStore
from gateway.domain.access import Download, OnlineAccountId, SessionId
from gateway.ports.store import StoreError
from tests.ports.stores import NOON, account, session, token
from tests.support.postgres import Database, Postgres

pytestmark = pytest.mark.postgres

GRANTS = (
    "GRANT SELECT, INSERT, UPDATE ON online_account, session TO {role}",
    "GRANT INSERT ON download TO {role}",
    "GRANT SELECT ON alembic_version TO {role}",
)


@pytest.fixture
def modest_url(postgres: Postgres, database: Database) -> Iterator[str]:
    """The database, opened by a role that has the documented rights only."""
    role, password = f"gateway_test_{secrets.token_hex(4)}", secrets.token_hex(8)
    server = Postgres(database.url)
    server.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{password}'")
    for grant in GRANTS:
        server.execute(grant.format(role=role))
    address = urlsplit(database.url)
    yield address._replace(netloc=f"{role}:{password}@{address.hostname}:{address.port}").geturl()
    server.execute(f"DROP OWNED BY {role}")
    server.execute(f"DROP ROLE {role}")


async def test_the_documented_rights_are_enough(modest_url: str) -> None:
    """Every verb works."""
    store = await PostgresStore.open(modest_url, max_connections=1)

    assert await store.add_account(account())
    assert await store.account("12345") == await store.account_by_id(OnlineAccountId("a-1")) == account()
    assert await store.open_session(session(), token_sha256=token())
    await store.touch_session(SessionId("s-1"), seen_at=NOON, idle_expires_at=NOON)
    assert await store.session(token(), now=NOON) == session()
    assert await store.sessions_of(OnlineAccountId("a-1"), now=NOON) == (session(),)
    assert await store.close_session(SessionId("s-1"), now=NOON)
    await store.record_download(Download(NOON, SessionId("s-1"), "D1"))
    await store.close()


async def test_whoever_steals_the_password_cannot_do_more(modest_url: str) -> None:
    """Neither shorten the log of downloads nor change the tables."""
    connection = await asyncpg.connect(modest_url)

    for statement in (
        "DELETE FROM download",
        "UPDATE download SET document = 'another'",
        "SELECT * FROM download",
        "DELETE FROM online_account",
        "UPDATE alembic_version SET version_num = '9999'",
        "ALTER TABLE session ADD COLUMN token text",
        "DROP TABLE session",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)

    await connection.close()


async def test_missing_rights_are_not_taken_for_missing_tables(database: Database, modest_url: str) -> None:
    """The remedy differs."""
    role = urlsplit(modest_url).username
    Postgres(database.url).execute(f"REVOKE ALL ON alembic_version FROM {role}")

    with pytest.raises(StoreError, match=r"InsufficientPrivilegeError \(42501\)"):
        await PostgresStore.open(modest_url, max_connections=1)
