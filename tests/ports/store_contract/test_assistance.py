"""Assistance requests: one decision each."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.domain.assistance import AssistanceRequest, AssistanceState
from gateway.domain.lockout import Subject
from gateway.ports.store import Store, StoreError, Transaction
from tests.ports.store_contract.values import SUBJECT, TICK, request
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


async def test_whoever_reads_on_after_the_last_request_reads_each_once(store: Store) -> None:
    """Many arrive in the same instant; and the one read last may be decided meanwhile."""
    many = [request(f"h-{number:03}", created_at=NOON + TICK * (number // 150)) for number in range(450)]
    await submit(store, *reversed(many))

    first = await store.open_assistance()
    last = replace(first[-1], state=AssistanceState.REJECTED)
    await store.transact(SUBJECT, lambda tx: tx.decide_assistance(last))
    second = await store.open_assistance(after=last)
    third = await store.open_assistance(after=second[-1])

    assert (*first, *second, *third) == tuple(many)
    assert len(third) == 50
    assert await store.open_assistance(after=third[-1]) == ()


async def test_the_number_finds_the_one_request_that_has_it(store: Store) -> None:
    """However many are older; one that is decided does not wait any more."""
    older = [request(f"h-{number:03}", created_at=NOON - TICK) for number in range(200)]
    over = request("h-over", state=AssistanceState.IDENTIFIED)
    await submit(store, *older, request(), over)

    found = {number: await store.open_assistance(number=number) for number in ("A-h-1", "A-h-over", "a-h-1", "")}

    assert found == {"A-h-1": (request(),), "A-h-over": (), "a-h-1": (), "": ()}
    assert await store.open_assistance(after=request(), number="A-h-1") == ()


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
