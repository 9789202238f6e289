"""What is remembered of guesses, and who is held."""

import asyncio
from dataclasses import replace

from gateway.domain.lockout import UNKNOWN_DEVICES, GuardRecord
from gateway.ports.store import Store, Transaction
from tests.ports.store_contract.values import OTHER, PHONE, SUBJECT, SUSPENDED


async def guards(store: Store) -> list[GuardRecord]:
    """Those of the subject's unknown devices, of its telephone, and of another subject."""

    async def both(tx: Transaction) -> list[GuardRecord]:
        return [await tx.guard(UNKNOWN_DEVICES), await tx.guard(PHONE)]

    return [*await store.transact(SUBJECT, both), (await store.transact(OTHER, both))[0]]


async def test_somebody_who_never_tried_has_a_fresh_record(store: Store) -> None:
    """Looking does not remember anything, and there need not be an account."""
    assert await guards(store) == [GuardRecord()] * 3


async def test_a_guard_is_remembered_for_its_bucket_and_subject_alone(store: Store) -> None:
    """Every value comes back exactly, instants to the microsecond; an attack from elsewhere is not the phone's."""
    await store.transact(SUBJECT, lambda tx: tx.put_guard(UNKNOWN_DEVICES, SUSPENDED))

    assert await guards(store) == [SUSPENDED, GuardRecord(), GuardRecord()]


async def test_a_guard_that_is_put_again_replaces_the_first(store: Store) -> None:
    """One record for each bucket."""
    later = replace(SUSPENDED, epoch=8)
    await store.transact(SUBJECT, lambda tx: tx.put_guard(PHONE, SUSPENDED))

    await store.transact(SUBJECT, lambda tx: tx.put_guard(PHONE, later))

    assert await guards(store) == [GuardRecord(), later, GuardRecord()]


async def test_forgetting_forgets_every_bucket_of_the_subject(store: Store) -> None:
    """Not those of others."""

    async def suspend(tx: Transaction) -> None:
        await tx.put_guard(UNKNOWN_DEVICES, SUSPENDED)
        await tx.put_guard(PHONE, SUSPENDED)

    await store.transact(SUBJECT, suspend)
    await store.transact(OTHER, suspend)

    await store.transact(SUBJECT, lambda tx: tx.forget_guards())

    assert await guards(store) == [GuardRecord(), GuardRecord(), SUSPENDED]


async def test_a_hold_lasts_until_it_is_released(store: Store) -> None:
    """Repeating either changes nothing, and others are not held."""

    async def held() -> list[bool]:
        return [await store.transact(one, lambda tx: tx.is_held()) for one in (SUBJECT, OTHER)]

    seen = [await held()]
    for _ in range(2):
        await store.transact(SUBJECT, lambda tx: tx.hold())
    seen.append(await held())
    for _ in range(2):
        await store.transact(SUBJECT, lambda tx: tx.release())
    seen.append(await held())

    assert seen == [[False, False], [True, False], [False, False]]


async def test_of_200_who_count_a_guess_at_once_none_is_lost(store: Store) -> None:
    """Each reads what the one before has written."""

    async def count(tx: Transaction) -> int:
        record = await tx.guard(UNKNOWN_DEVICES)
        await tx.put_guard(UNKNOWN_DEVICES, replace(record, failures=record.failures + 1))
        return record.failures

    counted = await asyncio.gather(*(store.transact(SUBJECT, count) for _ in range(200)))

    assert sorted(counted) == list(range(200))
    assert await guards(store) == [GuardRecord(failures=200), GuardRecord(), GuardRecord()]


async def test_buckets_of_one_subject_wait_for_each_other(store: Store) -> None:
    """What forgets them all cannot be overtaken."""
    running = 0

    async def alone(tx: Transaction) -> int:
        nonlocal running
        running += 1
        await tx.put_guard(PHONE, await tx.guard(UNKNOWN_DEVICES))
        seen, running = running, running - 1
        return seen

    assert await asyncio.gather(*(store.transact(SUBJECT, alone) for _ in range(8))) == [1] * 8
