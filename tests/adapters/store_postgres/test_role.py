"""The gateway serves with the few rights that the documentation asks for, and can do no more with them."""

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import asyncpg
import pytest

from gateway.adapters import store_postgres
from gateway.ports.store import Store, StoreError, Transaction
from tests.adapters.store_postgres.every_verb import entry, use_every_verb
from tests.adapters.store_postgres.servers import beside, opened
from tests.ports.stores import NOON
from tests.support.postgres import Database, Postgres

pytestmark = pytest.mark.postgres

GRANTS = [line.strip() for line in (store_postgres.__doc__ or "").splitlines() if line.strip().startswith("GRANT")]

_FORGET_ALL_BUT_THE_TRAILS = "; ".join(
    f"DELETE FROM {table}"  # noqa: S608 - tables of ours
    for table in ("session", "online_account", "guard", "hold", "account_link", "outbox", "assistance")
)


@pytest.fixture
def modest_url(postgres: Postgres, own_database: Database) -> Iterator[str]:
    """The database, opened by a role that has the documented rights only."""
    role, password = f"gateway_test_{secrets.token_hex(4)}", secrets.token_hex(8)
    server = Postgres(own_database.url)
    server.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{password}'")
    for grant in GRANTS:
        server.execute(grant.replace("TO gateway", f"TO {role}"))
    address = urlsplit(own_database.url)
    yield address._replace(netloc=f"{role}:{password}@{address.hostname}:{address.port}").geturl()
    server.execute(f"DROP OWNED BY {role}")
    server.execute(f"DROP ROLE {role}")


async def test_the_documented_rights_are_enough(modest_url: str) -> None:
    """Every verb of the port works."""
    verbs = {name for port in (Store, Transaction) for name in dir(port) if not name.startswith("_")}

    async with opened(modest_url) as store:
        assert await use_every_verb(store) == verbs


async def test_every_documented_right_is_needed(own_database: Database, modest_url: str) -> None:
    """Without any one of them some verb is refused: there is none to spare."""
    role = urlsplit(modest_url).username
    rights = [right for grant in GRANTS for right in _each(grant)]
    needless = []

    async with beside(own_database) as owner:
        for right in rights:
            await owner.execute(f"REVOKE {right} FROM {role}")
            if await _suffices(modest_url):
                needless.append(right)
            await owner.execute(f"GRANT {right} TO {role}; {_FORGET_ALL_BUT_THE_TRAILS}")

    assert len(rights) == 39
    assert needless == []


def _each(grant: str) -> list[str]:
    rights, _, tables = grant.removeprefix("GRANT ").removesuffix(" TO gateway").partition(" ON ")
    return [f"{right} ON {table}" for right in rights.split(", ") for table in tables.split(", ")]


async def _suffices(url: str) -> bool:
    try:
        async with opened(url) as store:
            await use_every_verb(store)
    except StoreError as error:
        if not isinstance(error.__cause__, asyncpg.InsufficientPrivilegeError):
            raise
        return False
    return True


async def test_whoever_steals_the_password_cannot_do_more(modest_url: str) -> None:
    """Neither change or shorten what tells of them, nor change the tables."""
    async with opened(modest_url) as store:
        await store.append_audit(entry(datetime.now(UTC)))
    connection = await asyncpg.connect(modest_url)

    for statement in (
        "UPDATE audit SET outcome = 'another'",
        "DELETE FROM audit",
        "TRUNCATE audit",
        "ALTER TABLE audit DISABLE TRIGGER ALL",
        "DROP TRIGGER audit_is_not_shortened ON audit",
        "SET session_replication_role = replica",
        "CREATE OR REPLACE FUNCTION keep_audit() RETURNS trigger LANGUAGE sql AS 'SELECT NULL'",
        "SELECT * FROM download",
        "UPDATE download SET document = 'another'",
        "DELETE FROM download",
        "TRUNCATE guard",
        "DELETE FROM staff_grant",
        "UPDATE hold SET since = now()",
        "UPDATE alembic_version SET version_num = '9999'",
        "ALTER TABLE session ADD COLUMN token text",
        "DROP TABLE session",
        "CREATE TABLE mine (id text)",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)

    await connection.close()


async def test_the_purge_removes_old_lines_of_the_audit_trail_and_no_others(modest_url: str) -> None:
    """A line may go after 180 days; a purge that asks for later ones is refused."""
    now = datetime.now(UTC)
    old, young = (entry(now - timedelta(days=days)) for days in (181, 179))
    async with opened(modest_url) as store:
        for line in (old, young):
            await store.append_audit(line)

        purged = await store.purge(now=NOON, audit_before=now - timedelta(days=180))

        assert purged["audit"] == 1
        with pytest.raises(StoreError, match=r"\(42501\)"):
            await store.purge(now=NOON, audit_before=now)
        assert await store.audit_of("pseudonym", first=10) == (young,)


async def test_missing_rights_are_not_taken_for_missing_tables(own_database: Database, modest_url: str) -> None:
    """The remedy differs."""
    role = urlsplit(modest_url).username
    Postgres(own_database.url).execute(f"REVOKE ALL ON alembic_version FROM {role}")

    with pytest.raises(StoreError, match=r"InsufficientPrivilegeError \(42501\)"):
        await store_postgres.PostgresStore.open(modest_url, max_connections=1)
