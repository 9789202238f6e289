"""Alone on a subject, all or nothing, and nobody kept from the database by those who wait for another subject."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import asyncpg
import pytest

from gateway.adapters.store_postgres import PostgresStore
from gateway.adapters.store_postgres.connections import Limits
from gateway.adapters.store_postgres.transactions import lock_of
from gateway.domain.lockout import UNKNOWN_DEVICES, Subject
from gateway.ports.store import StoreError, Transaction
from tests.adapters.store_postgres.counting import OTHER, SUBJECT, count, counted
from tests.adapters.store_postgres.proxy import cable
from tests.adapters.store_postgres.servers import (
    beside,
    disconnect_everybody,
    once_it_answers,
    opened,
    waiting_for_a_lock,
)
from tests.ports.stores import NOON, account, session, token
from tests.support import processes
from tests.support.postgres import Database

pytestmark = pytest.mark.postgres

STAFF = session(account_id=None, tenant_id=None, staff_name="Camille Roth")
_LOCK = f"SELECT pg_advisory_xact_lock({lock_of(SUBJECT)})"
_BUSY = "SELECT count(*) FROM pg_stat_activity WHERE datname = $1 AND application_name = 'gateway' AND state <> 'idle'"


async def test_four_processes_lose_no_wrong_password(database: Database, tmp_path: Path) -> None:
    """Fifty are counted at once in each of four processes: two hundred are remembered."""
    command = [sys.executable, "-m", "tests.adapters.store_postgres.counting", database.url, "50"]

    with ExitStack() as started:
        logs = [tmp_path / f"{number}.log" for number in range(4)]
        children = [started.enter_context(processes.running(command, log=log)) for log in logs]
        statuses = [await asyncio.to_thread(child.process.wait, 60) for child in children]

    assert (statuses, "".join(log.read_text() for log in logs)) == ([0] * 4, "")
    async with opened(database.url) as store:
        assert await counted(store) == 200


async def test_none_is_lost_where_the_database_isolates_more_than_we_ask_for(own_database: Database) -> None:
    """What was seen before the wait would be judged after it."""
    async with beside(own_database) as other:
        await other.execute(f"ALTER DATABASE {own_database.name} SET default_transaction_isolation = 'repeatable read'")

    async with opened(own_database.url, connections=2) as one, opened(own_database.url, connections=2) as another:
        await asyncio.gather(*(store.transact(SUBJECT, count) for store in (one, another) for _ in range(10)))

        assert await counted(one) == 20


async def test_a_thousand_guesses_at_one_account_leave_the_connections_to_the_others(database: Database) -> None:
    """While two hundred wait for one subject, they take one connection, and somebody else is served at once."""
    is_inside, is_served = asyncio.Event(), asyncio.Event()

    async def count_slowly(tx: Transaction) -> int:
        is_inside.set()
        await is_served.wait()
        return await count(tx)

    async with opened(database.url, connections=4) as store, beside(database) as other:
        crowd = [asyncio.create_task(store.transact(SUBJECT, count_slowly)) for _ in range(200)]
        await is_inside.wait()

        served = [await store.transact(OTHER, count) for _ in range(3)]

        assert served == [1, 2, 3]
        assert not any(one.done() for one in crowd)
        assert await other.fetchval(_BUSY, database.name) == 1
        is_served.set()
        assert await asyncio.gather(*crowd) == list(range(1, 201))


async def test_whoever_waited_is_not_judged_by_the_time_they_came(database: Database) -> None:
    """The clock is read after the lock was had, even when its holder changed nothing."""
    async with opened(database.url) as store, beside(database) as other:
        async with other.transaction():
            await other.execute(_LOCK)
            waiting = asyncio.create_task(store.transact(SUBJECT, _look_at_the_clock))
            await waiting_for_a_lock(other)
            released_at = await other.fetchval("SELECT clock_timestamp()")

        now = await waiting

    assert now > released_at
    assert now.utcoffset() == timedelta(0)


async def _look_at_the_clock(tx: Transaction) -> datetime:
    return tx.now


async def test_another_clock_may_be_given(database: Database) -> None:
    """A test's time stands still."""
    store = await PostgresStore.open(database.url, max_connections=1, clock=lambda: NOON)

    assert await store.transact(SUBJECT, _look_at_the_clock) == NOON

    await store.close()


async def test_subjects_that_share_a_number_wait_for_each_other_and_share_nothing(database: Database) -> None:
    """Its 64 bits are not all of a subject."""
    twin = Subject(SUBJECT[:8] + bytes(24))
    async with opened(database.url, connections=2) as store:
        await asyncio.gather(*(store.transact(subject, count) for subject in (SUBJECT, twin, SUBJECT)))

        assert lock_of(twin) == lock_of(SUBJECT)
        assert (await counted(store), await counted(store, subject=twin)) == (2, 1)


@pytest.mark.parametrize("raised", [LookupError("ours"), TimeoutError("ours"), StoreError("ours")], ids=repr)
async def test_an_exception_undoes_everything_and_arrives_as_it_was(database: Database, raised: Exception) -> None:
    """Those that resemble the store's own are not taken for them."""

    async def fail(tx: Transaction) -> None:
        await count(tx)
        raise raised

    async with opened(database.url) as store:
        with pytest.raises(type(raised)) as caught:
            await store.transact(SUBJECT, fail)

        assert caught.value is raised
        assert await counted(store) == 0


async def test_a_failed_statement_cannot_be_passed_over(database: Database) -> None:
    """PostgreSQL would undo the transaction and say nothing, as if it were committed."""

    async def pass_over(tx: Transaction) -> int:
        await tx.open_session(STAFF, token_sha256=token())
        with pytest.raises(StoreError, match=r"UniqueViolationError \(23505\)"):
            await tx.open_session(STAFF, token_sha256=token())
        return 1

    async with opened(database.url) as store:
        with pytest.raises(StoreError, match="PostgreSQL has undone the transaction"):
            await store.transact(SUBJECT, pass_over)

        assert await store.session(token(), now=NOON) is None


async def test_two_statements_at_once_are_refused(database: Database) -> None:
    """A transaction is one conversation."""

    async def hurry(tx: Transaction) -> None:
        await count(tx)
        await asyncio.gather(tx.guard(UNKNOWN_DEVICES), tx.is_held())

    async with opened(database.url) as store:
        with pytest.raises(StoreError, match="InterfaceError"):
            await store.transact(SUBJECT, hurry)

        assert await counted(store) == 0


async def test_a_transaction_outlives_a_restart_before_it(database: Database) -> None:
    """Nothing was done on the dead connection, so another is taken."""
    async with opened(database.url) as store:
        disconnect_everybody(database)

        assert await store.transact(SUBJECT, count) == 1


async def test_a_connection_lost_in_the_middle_is_an_error_and_undoes_everything(database: Database) -> None:
    """It is not done again by itself; the next one is."""

    async def lose_connection(tx: Transaction) -> int:
        counted = await count(tx)
        disconnect_everybody(database)
        return counted

    async with opened(database.url) as store:
        with pytest.raises(StoreError, match="PostgreSQL does not answer"):
            await store.transact(SUBJECT, lose_connection)

        assert await counted(store) == 0
        assert await store.transact(SUBJECT, count) == 1


async def test_a_connection_lost_while_it_is_committed_is_an_error_and_nothing_is_done_twice(
    own_database: Database,
) -> None:
    """Nobody can say whether it was."""
    async with opened(own_database.url) as store, beside(own_database) as other:
        await _at_commit(other, "PERFORM pg_terminate_backend(pg_backend_pid())")

        with pytest.raises(StoreError, match="PostgreSQL does not answer"):
            await store.transact(SUBJECT, count)

        assert await counted(store) == 0


async def _at_commit(other: "asyncpg.Connection[asyncpg.Record]", statement: str) -> None:
    """Has every commit of a guard do this."""
    await other.execute(f"""
        CREATE FUNCTION at_commit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {statement}; RETURN NULL; END $$;
        CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON guard DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION at_commit()
    """)


async def test_a_commit_that_takes_too_long_is_an_error_and_carried_to_its_end(own_database: Database) -> None:
    """The caller hears in time that nobody knows; what is half done is finished and the connection used again."""
    async with opened(own_database.url, limits=Limits(answer=0.3)) as store, beside(own_database) as other:
        await _at_commit(other, "PERFORM pg_advisory_xact_lock(1)")
        async with other.transaction():
            await other.execute("SELECT pg_advisory_xact_lock(1)")

            with pytest.raises(StoreError, match="PostgreSQL does not answer: TimeoutError"):
                await store.transact(SUBJECT, count)

        assert await once_it_answers(lambda: counted(store)) == 1


async def test_somebody_who_stops_waiting_for_a_commit_does_not_undo_it(own_database: Database) -> None:
    """It is carried to its end, and then the next one has its turn."""
    async with opened(own_database.url) as store, beside(own_database) as other:
        await _at_commit(other, "PERFORM pg_advisory_xact_lock(1)")
        async with other.transaction():
            await other.execute("SELECT pg_advisory_xact_lock(1)")
            gone = asyncio.create_task(store.transact(SUBJECT, count))
            await waiting_for_a_lock(other)
            gone.cancel()
            await asyncio.wait([gone])

        assert gone.cancelled()
        assert await counted(store) == 1


async def test_somebody_who_stops_waiting_undoes_what_is_not_committed(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """In its work, or while it waits for another process; the pool gets no connection in a transaction."""
    is_inside = asyncio.Event()

    async def dawdle(tx: Transaction) -> None:
        await count(tx)
        is_inside.set()
        await asyncio.Event().wait()

    async def dawdle_in_a_statement(tx: Transaction) -> None:
        await count(tx)
        await tx.add_account(account())

    async with opened(database.url) as store, beside(database) as other:
        await _stop(store, dawdle, when=is_inside.wait)
        for held in (_LOCK, "LOCK TABLE online_account"):
            async with other.transaction():
                await other.execute(held)
                await _stop(store, dawdle_in_a_statement, when=lambda: waiting_for_a_lock(other))

        assert await counted(store) == 0
        assert caplog.text == ""


async def _stop(
    store: PostgresStore,
    work: Callable[[Transaction], Awaitable[None]],
    *,
    when: Callable[[], Awaitable[object]],
) -> None:
    gone = asyncio.create_task(store.transact(SUBJECT, work))
    await when()
    gone.cancel()
    await asyncio.wait([gone])
    assert gone.cancelled()


async def test_those_who_stop_waiting_take_no_connection_with_them(database: Database) -> None:
    """Stopped at any moment, on their own subject or in a queue, they leave the pool whole and every count right."""
    async with opened(database.url, connections=2) as store, beside(database) as other:
        impatient = []
        for number in range(120):
            subject = SUBJECT if number % 3 else Subject(number.to_bytes(32))
            impatient.append(asyncio.create_task(store.transact(subject, count)))
            for _ in range(number % 40):
                await asyncio.sleep(0)
            impatient[number // 2].cancel()
        done, _ = await asyncio.wait(impatient)

        both_inside = asyncio.Barrier(2)

        async def meet(tx: Transaction) -> int:
            await both_inside.wait()
            return await count(tx)

        await asyncio.gather(store.transact(OTHER, meet), store.transact(Subject(bytes(32)), meet))
        assert {one.cancelled() or one.exception() for one in done} <= {True, None}
        assert await other.fetchval(_BUSY, database.name) == 0
        committed = sum(not one.cancelled() for number, one in enumerate(impatient) if number % 3)
        assert committed <= await counted(store) <= 80


async def test_a_server_that_hangs_in_the_middle_is_an_error_in_time_and_forgiven(database: Database) -> None:
    """What was under way is undone."""
    limits = Limits(connect=1, statement=1, answer=0.3)
    async with cable(database.url) as line, opened(line.url, limits=limits, connections=2) as store:

        async def hang(tx: Transaction) -> int:
            line.is_whole.clear()
            return await count(tx)

        with pytest.raises(StoreError, match="PostgreSQL does not answer: TimeoutError"):
            await store.transact(SUBJECT, hang)

        line.is_whole.set()
        assert await once_it_answers(lambda: counted(store)) == 0


async def test_a_transaction_on_a_closed_store_is_an_error(database: Database) -> None:
    """As every verb is."""
    async with opened(database.url) as store:
        await store.close()

        with pytest.raises(StoreError, match="InterfaceError"):
            await store.transact(SUBJECT, count)
