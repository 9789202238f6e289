"""Whatever happens to the server, or on the way to it, there is an answer in time, or an error."""

import asyncio
import gc
import time
from urllib.parse import urlsplit

import pytest

from gateway.adapters.migrations import REVISION
from gateway.adapters.store_postgres import PostgresStore
from gateway.adapters.store_postgres.connections import Connections, Limits
from gateway.ports.store import StoreError
from tests.adapters.store_postgres.proxy import cable
from tests.adapters.store_postgres.servers import (
    beside,
    disconnect_everybody,
    once_it_answers,
    opened,
    waiting_for_a_lock,
)
from tests.ports.stores import account, session, token
from tests.support import processes
from tests.support.postgres import Database, Postgres

pytestmark = pytest.mark.postgres

IMPATIENT = Limits(connect=0.3, lock=0.2, statement=0.3, answer=0.5)


async def test_reading_outlives_a_restart_of_the_server(database: Database) -> None:
    """Every connection of the pool is dead; nobody notices."""
    async with opened(database.url, connections=4) as store:
        await store.add_account(account())
        await asyncio.gather(*(store.account("12345") for _ in range(4)))

        disconnect_everybody(database)

        assert await asyncio.gather(*(store.account("12345") for _ in range(4))) == [account()] * 4


async def test_writing_is_never_sent_twice(database: Database) -> None:
    """A write that met a dead connection is an error; the next one succeeds."""
    async with opened(database.url) as store:
        disconnect_everybody(database)

        with pytest.raises(StoreError, match="PostgreSQL does not answer"):
            await store.add_account(account())

        assert await store.account("12345") is None
        assert await store.add_account(account())


async def test_a_server_that_hangs_is_an_error_in_time_and_forgiven(database: Database) -> None:
    """Neither reading nor writing waits longer than allowed, and both work again afterwards."""
    limits = Limits(connect=3, statement=3, answer=0.3)
    async with cable(database.url) as line, opened(line.url, limits=limits, connections=2) as store:
        await store.add_account(account())
        line.is_whole.clear()
        began = time.monotonic()

        answers = await asyncio.gather(
            store.account("12345"),
            store.open_session(session(), token_sha256=token()),
            *(store.account("12345") for _ in range(8)),
            return_exceptions=True,
        )

        assert {type(answer) for answer in answers} == {StoreError}
        assert time.monotonic() - began < 2
        line.is_whole.set()
        assert await once_it_answers(lambda: store.account("12345")) == account()


async def test_closing_does_not_wait_for_a_server_that_hangs(database: Database) -> None:
    """The gateway stops even if its database does not answer; whoever still waits gets an error."""
    limits = Limits(connect=3, statement=30, answer=0.5)
    async with cable(database.url) as line:
        store = await PostgresStore.open(line.url, max_connections=1, limits=limits)
        line.is_whole.clear()
        waiting = asyncio.create_task(store.account("12345"))
        await asyncio.sleep(0)
        began = time.monotonic()

        await store.close()

        assert time.monotonic() - began < 2
        with pytest.raises(StoreError):
            await waiting


async def test_a_locked_row_is_an_error(database: Database) -> None:
    """Patience with whoever holds the lock ends."""
    async with (
        opened(database.url, limits=IMPATIENT) as store,
        beside(database) as other,
        other.transaction(),
    ):
        await other.execute("LOCK TABLE online_account")

        with pytest.raises(StoreError, match=r"LockNotAvailableError \(55P03\)"):
            await store.add_account(account())


async def test_a_server_that_only_reads_is_an_error_for_who_writes(postgres: Postgres, own_database: Database) -> None:
    """A standby that has not taken over yet still tells who has an account."""
    async with opened(own_database.url) as store:
        await store.add_account(account())
    postgres.execute(f"ALTER DATABASE {own_database.name} SET default_transaction_read_only = on")

    async with opened(own_database.url) as store:
        with pytest.raises(StoreError, match=r"ReadOnlySQLTransactionError \(25006\)"):
            await store.open_session(session(), token_sha256=token())
        assert await store.account("12345") == account()


async def test_a_statement_is_carried_to_its_end_when_nobody_waits_any_more(database: Database) -> None:
    """A session whose opening was under way is there, although its client has gone."""
    async with opened(database.url) as store, beside(database) as other:
        await store.add_account(account())
        async with other.transaction():
            await other.execute("LOCK TABLE session")
            opening = asyncio.create_task(store.open_session(session(), token_sha256=token()))
            await waiting_for_a_lock(other)
            opening.cancel()
            await asyncio.wait([opening])
            assert opening.cancelled()

        await store.close()

        rows = await other.fetch("SELECT id FROM session")
        assert [row["id"] for row in rows] == ["s-1"]


async def test_a_failure_that_nobody_waits_for_harms_nobody(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """It ends by itself, and asyncio has nothing to complain about."""
    async with opened(database.url, limits=IMPATIENT) as store, beside(database) as other:
        async with other.transaction():
            await other.execute("LOCK TABLE online_account")
            adding = asyncio.create_task(store.add_account(account()))
            await waiting_for_a_lock(other)
            adding.cancel()
            await asyncio.wait([adding])
            await store.close()

        del adding  # it holds the failed task by its traceback
        gc.collect()
        assert caplog.text == ""
        assert await other.fetchval("SELECT count(*) FROM online_account") == 0


@pytest.mark.parametrize("change", ["UPDATE online_account SET credential_version = 2", "DELETE FROM online_account"])
async def test_a_change_of_password_under_way_is_waited_for(database: Database, change: str) -> None:
    """A session opened with the old password in the same instant does not slip through."""
    async with opened(database.url, connections=2) as store, beside(database) as other:
        await store.add_account(account())
        changing = other.transaction()
        await changing.start()
        await other.execute(change)
        opening = asyncio.create_task(store.open_session(session(), token_sha256=token()))
        await waiting_for_a_lock(other)

        await changing.commit()

        assert await opening is False
        assert await other.fetchval("SELECT count(*) FROM session") == 0


async def test_statements_run_in_utc_under_time_limits(database: Database) -> None:
    """Whatever the server's own settings are."""
    connections = await Connections.open(database.url, max_connections=1, limits=Limits())
    limits = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
    names = ("timezone", "synchronous_commit", *limits)

    rows = [await connections.read("SELECT current_setting($1)", name) for name in names]

    assert [row[0][0] for row in rows] == ["UTC", "on", "2s", "3s", "5s"]
    await connections.close()


async def test_a_connection_that_ends_while_it_is_given_back_is_replaced(database: Database) -> None:
    """What was done on it is done, so its end is nobody's error."""
    connections = await Connections.open(database.url, max_connections=1, limits=Limits())
    connection = await connections.take()

    giving = asyncio.create_task(connections.give_back(connection))
    asyncio.get_running_loop().call_soon(connection.terminate)
    await giving

    assert (await connections.read("SELECT 1"))[0][0] == 1
    await connections.close()


async def test_a_server_that_is_not_there_is_an_error(database: Database) -> None:
    """The sentence does not repeat the password."""
    address = urlsplit(database.url)
    nowhere = address._replace(netloc=f"gateway:hunter2@127.0.0.1:{processes.free_port()}").geturl()

    with pytest.raises(StoreError, match="ConnectionRefusedError") as raised:
        await PostgresStore.open(nowhere, max_connections=1)

    assert "hunter2" not in str(raised.value)


async def test_a_wrong_password_is_an_error(database: Database) -> None:
    """The sentence names PostgreSQL's code and nothing that was sent."""
    address = urlsplit(database.url)
    wrong = address._replace(netloc=f"gateway:hunter2@{address.hostname}:{address.port}").geturl()

    with pytest.raises(StoreError) as raised:
        await PostgresStore.open(wrong, max_connections=1)

    assert str(raised.value) == "PostgreSQL does not answer: InvalidPasswordError (28P01)"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE alembic_version SET version_num = '0000'",
        "DELETE FROM alembic_version",
        "DROP TABLE alembic_version",
    ],
)
async def test_a_database_that_is_too_old_is_refused_with_the_remedy(own_database: Database, change: str) -> None:
    """Serving on tables of another shape would fail later and worse."""
    Postgres(own_database.url).execute(change)

    with pytest.raises(StoreError, match=f"older than revision {REVISION}: run `gateway db migrate` first"):
        await PostgresStore.open(own_database.url, max_connections=1)


async def test_a_newer_database_is_served(own_database: Database) -> None:
    """The next release may have migrated already: its tables still suit this one."""
    Postgres(own_database.url).execute("UPDATE alembic_version SET version_num = '9999'")

    async with opened(own_database.url) as store:
        assert await store.account("12345") is None
