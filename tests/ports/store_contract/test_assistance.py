"""Assistance requests: one decision each."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.domain.assistance import AssistanceRequest, AssistanceState
from gateway.domain.lockout import Subject
from gateway.ports.store import Store, StoreError, Transaction
from tests.ports.store_contract.values import SUBJECT, request
from tests.ports.stores import NOON, token

DECIDED = request(
    number="A-9",
    state=AssistanceState.IDENTIFIED,
    sealed=None,
    erase_at=NOON + timedelta(days=1),
    decided_at=NOON,
    proposed_by="staff:7f",
)


async def submit(store: Store, *requests: AssistanceRequest) -> None:
    """Adds requests, all at once."""

    async def work(tx: Transaction) -> None:
        for one in requests:
            await tx.add_assistance(one)

    await store.transact(SUBJECT, work)


@pytest.mark.parametrize("added", [request(), DECIDED], ids=["submitted", "decided"])
async def test_a_request_is_found_as_it_was_added(store: Store, added: AssistanceRequest) -> None:
    """Every value comes back exactly; another id finds nothing."""
    await submit(store, added)

    assert await store.assistance("h-1") == added
    assert await store.assistance("h-9") is None


@pytest.mark.parametrize("again", [request(number="A-9"), request("h-9", number="A-h-1")], ids=["id", "number"])
async def test_an_id_or_number_that_is_taken_is_an_error(store: Store, again: AssistanceRequest) -> None:
    """Nobody quotes somebody else's number; the first request stays."""
    await submit(store, request())

    with pytest.raises(StoreError):
        await submit(store, again)

    assert await store.open_assistance() == (request(),)


async def test_open_requests_come_oldest_first(store: Store) -> None:
    """Those that are decided do not wait any more."""
    early = request("h-early", created_at=NOON - timedelta(hours=1))
    over = [request(f"h-{state.value}", state=state) for state in AssistanceState if state.value != "SUBMITTED"]
    await submit(store, request(), *over, early)

    assert await store.open_assistance() == (early, request())


async def test_at_most_200_open_requests_are_shown(store: Store) -> None:
    """The oldest."""
    many = [request(f"h-{number}", created_at=NOON + timedelta(seconds=number)) for number in range(201)]
    await submit(store, *reversed(many))

    assert await store.open_assistance() == tuple(many[:200])


async def test_deciding_replaces_every_value(store: Store) -> None:
    """Of that request alone."""
    await submit(store, request(), request("h-2"))

    assert await store.transact(SUBJECT, lambda tx: tx.decide_assistance(DECIDED)) is True

    assert await store.assistance("h-1") == DECIDED
    assert await store.assistance("h-2") == request("h-2")


async def test_what_waits_may_be_changed_and_waits_on(store: Store) -> None:
    """A first member of staff is in favour; the second decides."""
    await submit(store, request())
    proposed = replace(request(), proposed_by="staff:7f", sealed=b"more")

    assert await store.transact(SUBJECT, lambda tx: tx.decide_assistance(proposed)) is True

    assert await store.open_assistance() == (proposed,)


@pytest.mark.parametrize("state", [one for one in AssistanceState if one.value != "SUBMITTED"])
async def test_what_is_decided_stays_so(store: Store, state: AssistanceState) -> None:
    """Whatever was decided; and what is unknown is not decided either."""
    over = request(state=state)
    await submit(store, over)

    assert await store.transact(SUBJECT, lambda tx: tx.decide_assistance(DECIDED)) is False
    assert await store.transact(SUBJECT, lambda tx: tx.decide_assistance(request("h-9"))) is False

    assert await store.assistance("h-1") == over
    assert await store.assistance("h-9") is None


async def test_of_16_who_decide_at_once_one_does(store: Store) -> None:
    """Whichever subjects they came by."""
    await submit(store, request())

    decided = await asyncio.gather(
        *(store.transact(Subject(token(number)), lambda tx: tx.decide_assistance(DECIDED)) for number in range(16))
    )

    assert decided.count(True) == 1
