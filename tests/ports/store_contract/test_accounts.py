"""Online accounts: found, added once, changed, removed with all that hangs on them."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.domain.access import DeviceId, OnlineAccount, OnlineAccountId
from gateway.domain.identifiers import TenantId
from gateway.ports.store import Store
from tests.ports.store_contract.values import SUBJECT, device, remember
from tests.ports.stores import NOON, StoreUnderTest, account, session, token

FULL = account(
    "a-2",
    reference="67890",
    credential_version=3,
    email=None,
    consecutive_failures=99,
    disabled_at=NOON,
    warned_at=NOON + timedelta(minutes=1),
    renewal_dismissed_at=NOON + timedelta(minutes=2),
)


@pytest.mark.parametrize("added", [account("a-3", reference="3"), FULL], ids=["new", "with a past"])
async def test_an_account_is_found_as_it_was_added(store: Store, added: OnlineAccount) -> None:
    """Every value comes back exactly, instants to the microsecond and in UTC."""
    assert await store.add_account(added)

    by_reference = await store.account(added.reference)
    by_id = await store.account_by_id(added.id)

    assert by_reference == by_id == added
    assert by_reference is not None
    assert by_reference.created_at.utcoffset() == timedelta(0)


async def test_an_unknown_account_is_none(store: Store) -> None:
    """Neither reference nor id of nobody finds anything."""
    assert await store.account("99999") is None
    assert await store.account_by_id(OnlineAccountId("a-9")) is None


@pytest.mark.parametrize(
    "second",
    [account("a-2", password_hash="other"), account("a-1", reference="67890", password_hash="other")],
    ids=["reference", "id"],
)
async def test_a_taken_reference_or_id_is_refused_and_changes_nothing(store: Store, second: OnlineAccount) -> None:
    """Nobody can take over an account by creating it again."""
    added = await store.add_account(second)

    assert added is False
    assert await store.account("12345") == account()
    assert await store.accounts_after(None, first=9) == (account(),)


async def test_of_32_who_create_the_same_account_at_once_one_succeeds(tested: StoreUnderTest) -> None:
    """One reference, one account, however many try."""
    candidates = [account(f"a-{number}") for number in range(32)]

    added = await asyncio.gather(*map(tested.store.add_account, candidates))

    assert added.count(True) == 1
    assert await tested.store.account("12345") == candidates[added.index(True)]


async def test_saving_replaces_every_value_but_reference_and_id(store: Store) -> None:
    """A new password, an address, what went wrong; others' accounts stay as they are."""
    await store.add_account(FULL)
    changed = replace(FULL, id=OnlineAccountId("a-1"), tenant_id=TenantId("T2"), password_hash="another")

    await store.transact(SUBJECT, lambda tx: tx.save_account(changed))

    assert await store.account_by_id(OnlineAccountId("a-1")) == replace(changed, reference="12345")
    assert await store.account_by_id(OnlineAccountId("a-2")) == FULL


async def test_saving_an_account_that_is_gone_does_nothing(store: Store) -> None:
    """It does not come back."""
    await store.transact(SUBJECT, lambda tx: tx.save_account(FULL))

    assert await store.accounts_after(None, first=9) == (account(),)


async def test_the_end_of_an_account_is_that_of_its_sessions_and_devices(store: Store) -> None:
    """Nothing of them is kept; those of others are, and the reference is free."""
    await store.add_account(FULL)
    owners = {"a-1": 1, "a-2": FULL.credential_version}
    for number, (owner, version) in enumerate(owners.items()):
        opened = session(f"s-{owner}", account_id=OnlineAccountId(owner), credential_version=version)
        used = device(f"d-{owner}", account_id=OnlineAccountId(owner))
        assert await store.open_session(opened, token_sha256=token(number))
        await remember(store, used, number=number)

    await store.transact(SUBJECT, lambda tx: tx.remove_account(OnlineAccountId("a-1")))

    assert await store.account("12345") is None
    assert [await store.session(token(number), now=NOON) is None for number in (0, 1)] == [True, False]
    assert [await store.device(token(number)) is None for number in (0, 1)] == [True, False]
    assert (await store.devices_of(OnlineAccountId("a-2")))[0].id == DeviceId("d-a-2")
    assert await store.add_account(account("a-9"))


async def test_accounts_are_walked_through_in_the_order_of_their_ids(store: Store) -> None:
    """Page by page, until there is none."""
    others = [account(f"a-{number}", reference=str(number)) for number in (4, 2, 3)]
    for one in others:
        await store.add_account(one)

    pages = [await store.accounts_after(None, first=3)]
    while pages[-1]:
        pages.append(await store.accounts_after(pages[-1][-1].id, first=3))

    assert [[one.id for one in page] for page in pages] == [["a-1", "a-2", "a-3"], ["a-4"], []]
