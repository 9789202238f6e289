"""Devices that holders have signed in on."""

from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.domain.access import DeviceId, KnownDevice, OnlineAccountId
from gateway.ports.store import Store, StoreError
from tests.ports.store_contract.values import SUBJECT, device, remember
from tests.ports.stores import NOON, StandingClock, account, token

A1 = OnlineAccountId("a-1")


@pytest.mark.parametrize("added", [device(), device(label=None)], ids=["named", "nameless"])
async def test_a_device_is_found_by_its_token(store: Store, added: KnownDevice) -> None:
    """Every value comes back exactly; another token finds nothing."""
    await remember(store, added, number=1)

    assert await store.device(token(1)) == added
    assert await store.device(token(2)) is None
    assert await store.devices_of(A1) == (added,)


async def test_the_devices_of_an_account_come_latest_first(store: Store) -> None:
    """Only its own."""
    others = account("a-2", reference="67890")
    await store.add_account(others)
    early, late = device("d-early"), device("d-late", last_used_at=NOON)
    for number, one in enumerate([early, late, device("d-others", account_id=others.id)]):
        await remember(store, one, number=number)

    assert await store.devices_of(A1) == (late, early)


async def test_the_eleventh_device_takes_the_place_of_the_one_used_longest_ago(store: Store) -> None:
    """Ten are remembered, of each account."""
    others = account("a-2", reference="67890")
    await store.add_account(others)
    await remember(store, device("d-others", account_id=others.id), number=99)
    ten = [device(f"d-{number}", last_used_at=NOON - timedelta(days=number)) for number in (3, 1, 2, *range(4, 11))]
    for number, one in enumerate(ten):
        await remember(store, one, number=number)
    assert len(await store.devices_of(A1)) == 10

    await remember(store, device("d-new", last_used_at=NOON), number=50)

    assert [one.id for one in await store.devices_of(A1)] == ["d-new", *(f"d-{number}" for number in range(1, 10))]
    assert len(await store.devices_of(others.id)) == 1


async def test_a_device_is_used_at_the_instant_of_the_transaction(store: Store, clock: StandingClock) -> None:
    """Nothing else about it changes, nor about another."""
    await remember(store, device(), number=1)
    await remember(store, device("d-2"), number=2)
    clock.now = NOON + timedelta(hours=1)

    await store.transact(SUBJECT, lambda tx: tx.use_device(DeviceId("d-1")))

    assert await store.device(token(1)) == replace(device(), last_used_at=NOON + timedelta(hours=1))
    assert await store.device(token(2)) == device("d-2")


async def test_a_device_that_is_removed_is_forgotten(store: Store) -> None:
    """It alone; removing it again does nothing."""
    await remember(store, device(), number=1)
    await remember(store, device("d-2"), number=2)

    for _ in range(2):
        await store.transact(SUBJECT, lambda tx: tx.remove_device(DeviceId("d-1")))

    assert await store.device(token(1)) is None
    assert await store.devices_of(A1) == (device("d-2"),)


async def test_all_devices_of_an_account_are_removed_together(store: Store) -> None:
    """Not those of others."""
    others = account("a-2", reference="67890")
    await store.add_account(others)
    for number, one in enumerate([device("d-1"), device("d-2"), device("d-others", account_id=others.id)]):
        await remember(store, one, number=number)

    await store.transact(SUBJECT, lambda tx: tx.remove_devices(A1))

    assert await store.devices_of(A1) == ()
    assert len(await store.devices_of(others.id)) == 1


async def test_a_device_of_an_account_that_is_gone_is_an_error(store: Store) -> None:
    """Nothing is remembered of nobody."""
    with pytest.raises(StoreError):
        await remember(store, device(account_id=OnlineAccountId("a-9")), number=1)

    assert await store.device(token(1)) is None
