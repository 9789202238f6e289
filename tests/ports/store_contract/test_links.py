"""Links to create an account or choose a password."""

from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.domain.account_link import AccountLink
from gateway.ports.store import Store, StoreError, Transaction
from tests.ports.store_contract.values import OTHER, SUBJECT, TICK, link, send
from tests.ports.stores import NOON, StandingClock, token

LATER = NOON + timedelta(minutes=30)
FULL = link(1, expires_at=LATER, ended_at=NOON + timedelta(minutes=1), assistance_id="h-1")


async def add(store: Store, *links: AccountLink) -> None:
    """Adds links, one after the other."""
    for one in links:
        await send(store, one)


@pytest.mark.parametrize("added", [link(1), FULL], ids=["not sent", "used"])
async def test_a_link_is_found_by_its_token(store: Store, added: AccountLink) -> None:
    """Valid or not, every value comes back exactly; another token finds nothing."""
    await add(store, added)

    assert await store.link(token(1)) == added
    assert await store.link(token(2)) is None


async def test_a_token_that_is_taken_is_an_error(store: Store) -> None:
    """The first link stays."""
    await add(store, link(1))

    with pytest.raises(StoreError):
        await add(store, link(1, reference="67890"))

    assert await store.link(token(1)) == link(1)


async def test_the_links_of_a_subject_are_counted_from_an_instant_on(store: Store) -> None:
    """That instant included, and those that have ended; not those of others."""
    early = NOON - timedelta(hours=1)
    await add(store, link(1, created_at=early), link(2, ended_at=NOON), link(3), link(4, subject=OTHER))

    async def count(tx: Transaction) -> list[int]:
        return [await tx.links_since(since) for since in (early, early + TICK, NOON, NOON + TICK)]

    assert await store.transact(SUBJECT, count) == [3, 2, 2, 0]


async def test_ending_the_links_of_a_subject_ends_those_that_have_not_ended(store: Store, clock: StandingClock) -> None:
    """At the instant of the transaction; others keep theirs."""
    await add(store, link(2), link(3, expires_at=LATER), FULL, link(4, subject=OTHER))
    clock.now = NOON + timedelta(minutes=5)

    await store.transact(SUBJECT, lambda tx: tx.end_links())

    ended = {"ended_at": clock.now}
    assert await store.link(token(2)) == link(2, **ended)
    assert await store.link(token(3)) == link(3, expires_at=LATER, **ended)
    assert await store.link(token(1)) == FULL
    assert await store.link(token(4)) == link(4, subject=OTHER)


async def test_a_link_is_started_when_it_is_sent(store: Store) -> None:
    """Again when the letter is sent again."""
    await add(store, link(1))

    started = [
        await store.transact(SUBJECT, lambda tx: tx.start_link(token(1), expires_at=LATER)),
        await store.transact(SUBJECT, lambda tx: tx.start_link(token(1), expires_at=LATER + TICK)),
    ]

    assert started == [True, True]
    assert await store.link(token(1)) == replace(link(1), expires_at=LATER + TICK)


async def test_a_link_that_is_unknown_or_has_ended_is_not_started(store: Store) -> None:
    """Nothing changes."""
    await add(store, FULL)

    started = [
        await store.transact(SUBJECT, lambda tx: tx.start_link(token(1), expires_at=LATER + TICK)),
        await store.transact(SUBJECT, lambda tx: tx.start_link(token(9), expires_at=LATER)),
    ]

    assert started == [False, False]
    assert await store.link(token(1)) == FULL
