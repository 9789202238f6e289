"""Everybody gets their turn at the one lane that writes, and nobody leaves it in a transaction."""

import asyncio
import gc
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from gateway.adapters.store_sqlite import SqliteStore
from gateway.adapters.store_sqlite.file import connect
from gateway.adapters.store_sqlite.lane import Lane
from gateway.adapters.store_sqlite.writer import Writer
from gateway.domain.lockout import Subject
from gateway.ports.store import StoreError, Transaction
from tests.ports.store_contract.values import OTHER, SUBJECT
from tests.ports.stores import account, sqlite_file, token

pytestmark = pytest.mark.sqlite

HOLD = "INSERT INTO hold (subject, since) VALUES (:subject, 0)"
HELD = "SELECT subject FROM hold ORDER BY subject"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A migrated database."""
    return sqlite_file(tmp_path)


@pytest.fixture
async def lane(path: Path) -> AsyncIterator[Lane]:
    """The lane that writes."""
    lane = await Lane.open("writer", connect=lambda: connect(path, busy_timeout_seconds=0.1))
    yield lane
    await lane.close()


@pytest.fixture
async def store(path: Path) -> AsyncIterator[SqliteStore]:
    """An empty store."""
    store = await SqliteStore.open(path)
    yield store
    await store.close()


def beside(path: Path) -> closing[sqlite3.Connection]:
    """A way in beside the lane."""
    return closing(sqlite3.connect(path))


async def held(lane: Lane) -> list[bytes]:
    """The subjects that are held."""
    return [row["subject"] for row in await lane.fetch(HELD)]


async def test_a_thousand_guesses_at_one_account_are_one_in_the_queue(store: SqliteStore) -> None:
    """Whoever comes after them with another reference waits for the first, not for the last."""
    done = 0
    first_is_done = asyncio.Event()

    async def guess(tx: Transaction) -> None:
        nonlocal done
        await tx.hold()
        done += 1
        first_is_done.set()

    async def how_many_are_done(tx: Transaction) -> int:
        await tx.hold()
        return done

    guesses = [asyncio.create_task(store.transact(SUBJECT, guess)) for _ in range(1000)]
    await first_is_done.wait()
    done_meanwhile = await store.transact(OTHER, how_many_are_done)

    assert done_meanwhile <= 3
    for one in guesses:
        one.cancel()
    await asyncio.wait(guesses)


async def test_subjects_that_nobody_works_on_are_forgotten(store: SqliteStore) -> None:
    """Whoever makes references up fills no memory."""

    def locks() -> int:
        return sum(isinstance(one, asyncio.Lock) for one in gc.get_objects())

    before = locks()
    for number in range(50):
        await store.transact(Subject(token(number)), lambda tx: tx.is_held())

    assert locks() == before


async def test_a_single_statement_does_not_get_into_somebody_else_s_transaction(store: SqliteStore) -> None:
    """It waits, and what undoes the transaction does not undo it."""
    entered, may_fail = asyncio.Event(), asyncio.Event()

    async def work(tx: Transaction) -> None:
        await tx.hold()
        entered.set()
        await may_fail.wait()
        raise RuntimeError

    transaction = asyncio.create_task(store.transact(SUBJECT, work))
    await entered.wait()
    adding = asyncio.create_task(store.add_account(account()))
    await asyncio.sleep(0)
    may_fail.set()

    with pytest.raises(RuntimeError):
        await transaction
    assert await adding is True
    assert await store.account("12345") == account()


async def test_nobody_waits_longer_than_patience_lasts(lane: Lane) -> None:
    """Neither who is at work, whose work is undone, nor who waits behind: that is an error, and nothing was done."""
    writer = Writer(lane, patience_seconds=0.05)
    never = asyncio.Event()

    async def hold(subject: Subject) -> None:
        async with writer.transaction(subject) as opened:
            await opened.fetch(HOLD, {"subject": subject})
            await never.wait()

    results = await asyncio.gather(
        hold(SUBJECT), hold(SUBJECT), hold(OTHER), writer.fetch(HOLD, {"subject": token(9)}), return_exceptions=True
    )

    assert [str(one) for one in results] == ["SQLite does not answer within 0.05 s"] * 4
    assert [type(one) for one in results] == [StoreError] * 4
    assert await held(lane) == []
    await writer.fetch(HOLD, {"subject": OTHER})
    assert await held(lane) == [OTHER]


async def test_whoever_gives_up_while_waiting_lets_the_next_one_in(lane: Lane) -> None:
    """Cancelled at the start, in the queue or at work: the lane is free."""
    writer = Writer(lane, patience_seconds=5)
    entered, never = asyncio.Event(), asyncio.Event()

    async def hold(subject: Subject) -> None:
        async with writer.transaction(subject) as opened:
            await opened.fetch(HOLD, {"subject": subject})
            entered.set()
            await never.wait()

    waiting = [asyncio.create_task(hold(one)) for one in (SUBJECT, SUBJECT, OTHER)]
    await entered.wait()
    for one in waiting:
        one.cancel()
    await asyncio.wait(waiting)

    async with writer.transaction(SUBJECT) as opened:
        await opened.fetch(HOLD, {"subject": OTHER})
    assert await held(lane) == [OTHER]


async def test_closing_lets_the_transaction_that_runs_finish(path: Path) -> None:
    """Whoever comes later learns that the store is closed."""
    writer = Writer(
        await Lane.open("writer", connect=lambda: connect(path, busy_timeout_seconds=0.1)), patience_seconds=5
    )

    async with writer.transaction(SUBJECT) as opened:
        end = asyncio.create_task(writer.close())
        await asyncio.sleep(0)
        await opened.fetch(HOLD, {"subject": SUBJECT})
    await end

    with pytest.raises(StoreError, match="the store is closed"):
        await writer.fetch(HOLD, {"subject": OTHER})
    with beside(path) as connection:
        assert connection.execute(HELD).fetchall() == [(SUBJECT,)]


async def test_undoing_after_the_end_is_nothing_to_worry_about(path: Path) -> None:
    """Closing has undone it already."""
    lane = await Lane.open("writer", connect=lambda: connect(path, busy_timeout_seconds=0.1))
    await lane.fetch("BEGIN IMMEDIATE")
    await lane.fetch(HOLD, {"subject": SUBJECT})
    await lane.close()

    lane.roll_back()

    with beside(path) as connection:
        assert connection.execute(HELD).fetchall() == []
