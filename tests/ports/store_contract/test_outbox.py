"""Promised work: claimed by one at a time, and not forgotten until it is finished."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.domain.outbox import OutboxItem, Task
from gateway.ports.store import Store, StoreError, Transaction
from tests.ports.store_contract.values import SUBJECT, TICK, item
from tests.ports.stores import NOON

UNTIL = NOON + timedelta(minutes=1)


async def promise(store: Store, *items: OutboxItem) -> None:
    """Adds work, all at once."""

    async def work(tx: Transaction) -> None:
        for one in items:
            await tx.promise(one)

    await store.transact(SUBJECT, work)


@pytest.mark.parametrize("task", list(Task))
async def test_promised_work_is_claimed_as_it_was_promised(store: Store, task: Task) -> None:
    """Every value comes back exactly, but its attempt is counted, and it is due again when the claim ends."""
    promised = item(task=task, attempts=4, created_at=NOON - timedelta(hours=1))
    await promise(store, promised)

    claimed = await store.claim(now=NOON, until=UNTIL)

    assert claimed == replace(promised, attempts=5, due_at=UNTIL)


async def test_work_is_due_at_its_instant_and_not_before(store: Store) -> None:
    """When nothing is due, nothing is claimed."""
    await promise(store, item())

    assert await store.claim(now=NOON - TICK, until=UNTIL) is None
    assert await store.claim(now=NOON, until=UNTIL) is not None
    assert await store.claim(now=NOON, until=UNTIL) is None


async def test_the_work_that_is_due_longest_comes_first(store: Store) -> None:
    """Whatever the order of the promises."""
    due = {"o-1": 2, "o-2": 3, "o-3": 1}
    await promise(store, *(item(name, due_at=NOON + timedelta(seconds=at)) for name, at in due.items()))

    claimed = [await store.claim(now=NOON + timedelta(hours=1), until=NOON + timedelta(hours=2)) for _ in due]

    assert [one and one.id for one in claimed] == ["o-3", "o-1", "o-2"]


@pytest.mark.parametrize("task", list(Task))
async def test_only_work_that_was_asked_for_is_claimed(store: Store, task: Task) -> None:
    """Whatever else is due longer waits for those who do it."""
    kinds = {f"o-{number}": kind for number, kind in enumerate(Task)}
    mine = next(name for name, kind in kinds.items() if kind is task)
    due = {name: NOON if name == mine else NOON - TICK for name in kinds}
    await promise(store, *(item(name, task=kind, due_at=due[name]) for name, kind in kinds.items()))

    claimed = [await store.claim(now=NOON, until=UNTIL, tasks={task}) for _ in kinds]

    assert claimed == [item(mine, task=task, attempts=1, due_at=UNTIL), None, None]
    others = [await store.claim(now=NOON, until=UNTIL, tasks=set(Task) - {task}) for _ in kinds]
    assert {one.id for one in others if one} == set(kinds) - {mine}
    assert await store.claim(now=UNTIL, until=UNTIL + TICK, tasks=()) is None


async def test_of_20_who_claim_at_once_no_two_get_the_same(store: Store) -> None:
    """And all of it is claimed; with nothing left, the others get nothing."""
    await promise(store, *(item(f"o-{number}") for number in range(15)))

    claimed = await asyncio.gather(*(store.claim(now=NOON, until=UNTIL) for _ in range(20)))

    found = Counter(one.id for one in claimed if one)
    assert set(found.values()) == {1}
    left = [await store.claim(now=NOON, until=UNTIL) for _ in range(15 - len(found))]
    assert {one.id for one in (*claimed, *left) if one} == {f"o-{number}" for number in range(15)}
    assert await store.claim(now=NOON, until=UNTIL) is None


async def test_a_claim_that_is_not_finished_comes_back_when_it_ends(store: Store) -> None:
    """Whoever had it may have died."""
    await promise(store, item())
    await store.claim(now=NOON, until=UNTIL)

    assert await store.claim(now=UNTIL - TICK, until=UNTIL) is None
    assert await store.claim(now=UNTIL, until=UNTIL + TICK) == item(attempts=2, due_at=UNTIL + TICK)


async def test_finished_work_does_not_come_back(store: Store) -> None:
    """The other one stays, and finishing it again does nothing."""
    await promise(store, item(), item("o-2"))

    for _ in range(2):
        await store.finish("o-1")

    assert await store.claim(now=NOON, until=UNTIL) == item("o-2", attempts=1, due_at=UNTIL)
    assert await store.claim(now=NOON, until=UNTIL) is None


async def test_postponed_work_is_due_when_it_was_postponed_to(store: Store) -> None:
    """Before the claim ends, too."""
    await promise(store, item())
    await store.claim(now=NOON, until=UNTIL)

    await store.postpone("o-1", due_at=NOON + TICK)
    await store.postpone("o-9", due_at=NOON + TICK)

    assert await store.claim(now=NOON, until=UNTIL) is None
    assert await store.claim(now=NOON + TICK, until=UNTIL) == item(attempts=2, due_at=UNTIL)


async def test_an_id_that_is_taken_is_an_error(store: Store) -> None:
    """The first promise stays."""
    await promise(store, item())

    with pytest.raises(StoreError):
        await promise(store, item(sealed=b"another"))

    assert await store.claim(now=NOON, until=UNTIL) == item(attempts=1, due_at=UNTIL)
