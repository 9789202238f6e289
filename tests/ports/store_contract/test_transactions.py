"""All or nothing, one after the other."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from gateway.domain.access import OnlineAccountId
from gateway.domain.lockout import UNKNOWN_DEVICES, GuardRecord, Subject
from gateway.ports.store import Store, StoreError, Transaction
from tests.ports.store_contract.values import (
    OTHER,
    PHONE,
    SUBJECT,
    SUSPENDED,
    device,
    entry,
    grant,
    item,
    link,
    request,
    staff,
)
from tests.ports.stores import NOON, StandingClock, StoreUnderTest, account, session, token


class ChangedMindError(Exception):
    """Whoever was at work has thought better of it."""


async def do_everything(tx: Transaction) -> None:
    """Leaves something in every table."""
    await tx.put_guard(UNKNOWN_DEVICES, SUSPENDED)
    await tx.hold()
    await tx.add_account(account("a-2", reference="67890"))
    await tx.save_account(account(email="new@example.org"))
    await tx.open_session(session(), token_sha256=token(1))
    await tx.open_session(staff(), token_sha256=token(2))
    await tx.add_staff_grant(grant())
    await tx.add_device(device(), token_sha256=token(3))
    await tx.add_link(link(4))
    await tx.promise(item())
    await tx.add_assistance(request())
    await tx.append_audit(entry())


async def traces(store: Store) -> list[object]:
    """What `do_everything` has left."""
    everything = [
        await store.transact(SUBJECT, lambda tx: tx.guard(UNKNOWN_DEVICES)) != GuardRecord(),
        await store.transact(SUBJECT, lambda tx: tx.is_held()),
        await store.account("67890"),
        await store.account("12345") != account(),
        await store.session(token(1), now=NOON),
        await store.session(token(2), now=NOON),
        await store.staff_grant(staff().id),
        await store.device(token(3)),
        await store.link(token(4)),
        await store.assistance("h-1"),
        *await store.audit_of("account:7f", first=9),
        await store.claim(now=NOON, until=NOON + timedelta(hours=1)),
    ]
    return [one for one in everything if one]


async def test_what_a_transaction_did_is_there_once_it_has_answered(store: Store) -> None:
    """All of it, and the answer is what the work returned."""

    async def work(tx: Transaction) -> str:
        await do_everything(tx)
        return "done"

    assert await store.transact(SUBJECT, work) == "done"
    assert len(await traces(store)) == 12


async def test_a_transaction_sees_what_it_has_done(store: Store) -> None:
    """Before anybody else does."""

    async def work(tx: Transaction) -> list[object]:
        await do_everything(tx)
        return [
            await tx.account("67890"),
            await tx.guard(UNKNOWN_DEVICES),
            await tx.session(token(1), now=NOON),
            await tx.sessions_of(OnlineAccountId("a-1"), now=NOON),
            await tx.device(token(3)),
            await tx.link(token(4)),
            await tx.open_assistance(),
            await store.account("67890"),
        ]

    seen = await store.transact(SUBJECT, work)

    new = account("a-2", reference="67890")
    assert seen == [new, SUSPENDED, session(), (session(),), device(), link(4), (request(),), None]


async def test_an_exception_undoes_everything_and_reaches_the_caller(store: Store) -> None:
    """Guard, account, session, promises and audit together; the next transaction finds a clean slate."""
    thrown = ChangedMindError()

    async def work(tx: Transaction) -> None:
        await do_everything(tx)
        raise thrown

    with pytest.raises(ChangedMindError) as raised:
        await store.transact(SUBJECT, work)

    assert raised.value is thrown
    assert await traces(store) == []


async def test_a_timeout_of_the_work_reaches_the_caller_as_it_is(store: Store) -> None:
    """It is not taken for one of the store."""

    async def work(tx: Transaction) -> None:
        await do_everything(tx)
        raise TimeoutError

    with pytest.raises(TimeoutError):
        await store.transact(SUBJECT, work)

    assert await traces(store) == []


async def test_somebody_who_stops_waiting_undoes_everything(store: Store) -> None:
    """Cancelled before the work is done, nothing of it stays, and nobody waits for it any longer."""
    done, never = asyncio.Event(), asyncio.Event()

    async def work(tx: Transaction) -> None:
        await do_everything(tx)
        done.set()
        await never.wait()

    waiting = asyncio.create_task(store.transact(SUBJECT, work))
    await done.wait()
    waiting.cancel()
    await asyncio.wait([waiting])

    assert waiting.cancelled()
    assert await traces(store) == []


async def test_cancelled_at_any_moment_it_is_all_or_nothing(store: Store) -> None:
    """Guard and session are there together or not at all, and the store goes on."""

    def sign_in(number: int) -> Callable[[Transaction], Awaitable[None]]:
        async def work(tx: Transaction) -> None:
            await tx.put_guard(UNKNOWN_DEVICES, replace(SUSPENDED, epoch=number))
            await tx.open_session(session(f"s-{number}"), token_sha256=token(number))

        return work

    for number in range(1, 33):
        signing_in = asyncio.create_task(store.transact(Subject(token(number)), sign_in(number)))
        for _ in range(number * 8):
            await asyncio.sleep(0)
        signing_in.cancel()
        await asyncio.wait([signing_in])

    # Transactions wait for what is still being committed; reading outside does not.
    guarded = [await store.transact(Subject(token(number)), has_guard) for number in range(1, 33)]
    opened = [await store.session(token(number), now=NOON) is not None for number in range(1, 33)]
    assert opened == guarded
    await store.transact(Subject(token(99)), sign_in(99))
    assert await store.session(token(99), now=NOON) == session("s-99")


async def has_guard(tx: Transaction) -> bool:
    """Whether anything is remembered of the subject."""
    return await tx.guard(UNKNOWN_DEVICES) != GuardRecord()


async def test_an_error_of_the_store_undoes_everything_even_if_it_is_caught(store: Store) -> None:
    """No half of a transaction is kept because the other half was refused."""

    async def work(tx: Transaction) -> None:
        await do_everything(tx)
        with pytest.raises(StoreError):
            await tx.add_link(link(4))

    with pytest.raises(StoreError):
        await store.transact(SUBJECT, work)

    assert await traces(store) == []


async def test_a_transaction_that_is_over_does_nothing(store: Store) -> None:
    """Who keeps it longer than the work lasts cannot change anything behind its back."""
    kept: list[Transaction] = []

    async def work(tx: Transaction) -> None:
        kept.append(tx)

    await store.transact(SUBJECT, work)

    with pytest.raises(StoreError):
        await kept[0].hold()
    assert await traces(store) == []


async def test_now_is_the_store_s_clock(store: Store, clock: StandingClock) -> None:
    """One instant for all of a transaction."""
    clock.now = NOON + timedelta(hours=1)

    async def work(tx: Transaction) -> list[datetime]:
        before = tx.now
        clock.now += timedelta(hours=1)
        return [before, tx.now]

    assert await store.transact(SUBJECT, work) == [NOON + timedelta(hours=1)] * 2


async def test_whoever_waited_is_judged_by_the_time_the_wait_was_over(tested: StoreUnderTest) -> None:
    """`now` is read after the lock is had, on the store's own clock; nobody gets in between."""
    await tested.restart()
    entered = asyncio.Event()
    ended: list[datetime] = []

    async def slow(tx: Transaction) -> datetime:
        entered.set()
        await asyncio.sleep(0.3)
        ended.append(datetime.now(UTC))
        return tx.now

    async def quick(tx: Transaction) -> datetime:
        return tx.now

    first = asyncio.create_task(tested.store.transact(SUBJECT, slow))
    await entered.wait()
    second = await tested.store.transact(SUBJECT, quick)

    assert second >= ended[0] >= await first + timedelta(seconds=0.3)
    assert second.utcoffset() == timedelta(0)


async def test_a_hundred_subjects_take_their_turns(store: Store) -> None:
    """Each has its own record afterwards."""
    numbers = count(1)

    async def number(tx: Transaction) -> int:
        mine = next(numbers)
        await tx.put_guard(PHONE, replace(SUSPENDED, epoch=mine))
        return mine

    subjects = [Subject(token(one)) for one in range(100)]
    given = await asyncio.gather(*(store.transact(one, number) for one in subjects))

    found = [(await store.transact(one, lambda tx: tx.guard(PHONE))).epoch for one in subjects]
    assert found == given
    assert await store.transact(OTHER, lambda tx: tx.guard(PHONE)) == GuardRecord()
