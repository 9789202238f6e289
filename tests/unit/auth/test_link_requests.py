"""Asking for a link: charged before anything is compared, and always answered the same."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.auth.knocking import Knocking, rules
from gateway.auth.link_requests import Claim, LinkRequested
from gateway.auth.lockout import Suspended
from gateway.auth.outcomes import ServiceBusy
from gateway.auth.vault import Content
from gateway.auth.work import LinkRequest
from gateway.domain.letter import Language
from gateway.domain.lockout import Bucket, Phase
from gateway.ports.store import Transaction
from tests.rules.people import ALIX, CAMILLE, NOBODY, Details
from tests.support.account_world import STRANGER, AccountWorld, account_world, with_camille


async def is_held(world: AccountWorld, who: Details) -> bool:
    """Whether only the assistance form helps."""

    async def read(tx: Transaction) -> bool:
        return await tx.is_held()

    return await world.memory.transact(world.desk.vault.subject(who.reference), read)


async def requested(world: AccountWorld) -> LinkRequest:
    """What was promised last."""
    item = await world.memory.claim(now=world.clock.now, until=world.clock.now + timedelta(hours=1))
    assert item is not None
    return world.desk.vault.open(Content.WORK, item.sealed, LinkRequest)


async def test_what_was_asked_is_promised_and_answered_before_the_erp_knows(world: AccountWorld) -> None:
    """The answer tells nothing, because nobody has looked yet."""
    claim = Claim("L-12 345", "Camille", "Roussel", date(1984, 5, 6))

    outcome = await world.desk.request_link(claim, visitor=replace(STRANGER, language=Language.ENGLISH))

    assert outcome == LinkRequested()
    assert world.landlord.journal == []
    assert await world.trail() == ["LINK_REQUESTED Charged"]
    assert await requested(world) == LinkRequest(
        "12345", "Camille", "Roussel", date(1984, 5, 6), Language.ENGLISH, was_held=False
    )


@pytest.mark.parametrize("who", [CAMILLE, ALIX, NOBODY, replace(CAMILLE, first_name="Somebody")])
async def test_the_third_request_blocks_and_is_still_dealt_with(world: AccountWorld, who: Details) -> None:
    """Right or wrong, account or not: three count, the fourth is told of the block, and writes nothing."""
    until = world.clock.now + timedelta(minutes=10)

    outcomes = [await world.ask_for_link(who) for _ in range(4)]

    assert outcomes == [LinkRequested()] * 3 + [Suspended(until)]
    assert world.count("outbox") == 4  # three to look into, one to warn the holder, if there is one
    assert await world.trail(who.reference) == ["LINK_REQUESTED Charged"] * 2 + ["LINK_REQUESTED Blocked"]
    assert (await world.guard(reference=who.reference)).phase is Phase.LOCKED


@pytest.mark.parametrize(("who", "held"), [(CAMILLE, False), (ALIX, True), (NOBODY, True)])
async def test_who_never_had_an_account_is_held_at_the_third(world: AccountWorld, who: Details, held: bool) -> None:
    """From then on the assistance form is the way, which nobody outside can see (R11)."""
    for _ in range(2):
        await world.ask_for_link(who)
    assert await is_held(world, who) is False

    await world.ask_for_link(who)

    assert await is_held(world, who) is held


async def test_two_requests_and_ten_minutes_leave_nothing(world: AccountWorld) -> None:
    """After three wrong passwords and two failed re-creations the door opens again (G5)."""
    for _ in range(3):
        await world.sign_in("Wrong-password-1")
    for _ in range(2):
        await world.ask_for_link()
    world.clock.forward(minutes=10)

    assert await world.ask_for_link() == LinkRequested()
    assert (await world.guard()).recreations == 1


async def test_the_holder_is_told_of_the_block_once_a_day(world: AccountWorld) -> None:
    """However often strangers block the account; for a reference without an account there is nobody to tell (A19)."""
    for _ in range(3):
        for _ in range(3):
            await world.ask_for_link(replace(CAMILLE, first_name="Wrong"))
            await world.ask_for_link(NOBODY)
        await world.run_errands()
        world.clock.forward(minutes=10)

    assert [letter.to for letter in world.letterbox.letters] == ["camille@example.org"]


async def test_requests_at_once_are_three(world: AccountWorld) -> None:
    """From two processes: three are promised, the others suspended."""
    desks, claim = (world.desk, world.replica()), Claim("12345", "A", "B", date(1990, 1, 1))

    outcomes = await asyncio.gather(*(desk.request_link(claim, visitor=STRANGER) for desk in desks for _ in range(10)))

    assert outcomes.count(LinkRequested()) == 3
    assert world.count("outbox") == 4


async def test_a_known_device_asks_on_its_own_account(world: AccountWorld) -> None:
    """Strangers who block the reference do not keep it from asking."""
    signed_in = await world.signed_in()
    for _ in range(3):
        await world.ask_for_link()
    claim = Claim("12345", "Camille", "Roussel", date(1984, 5, 6))

    outcome = await world.desk.request_link(claim, visitor=STRANGER.with_device(signed_in.device_token))

    assert outcome == LinkRequested()
    assert (await world.guard(Bucket(signed_in.session.device_id or ""))).recreations == 1


@pytest.mark.parametrize("step", ["account", "transact", "put_guard", "promise", "append_audit", "commit"])
async def test_without_the_store_nothing_is_promised(world: AccountWorld, step: str) -> None:
    """Nor charged: the person may come back."""
    world.trouble.crash_at(step)

    assert await world.ask_for_link() == ServiceBusy(5)

    assert [world.count(table) for table in ("outbox", "guard", "audit", "hold")] == [0, 0, 0, 0]


async def test_who_asks_too_often_is_told_when_to_come_back() -> None:
    """One address a minute, in this test."""
    with account_world(knocking=Knocking(rules(sign_ins=1, requests=1))) as world:
        await world.ask_for_link()

        assert isinstance(await world.ask_for_link(), ServiceBusy)

        assert world.count("outbox") == 1


def test_a_claim_shows_nobody() -> None:
    """It ends up in a traceback one day."""
    assert repr(Claim("12345", "Camille", "Roussel", date(1984, 5, 6))) == "Claim(reference='12345')"


any_text = st.one_of(
    st.text(st.characters()),
    st.sampled_from(["\ud800", "\x00", "1\x002345", "\u202e12345", "🏠" * 40, "x" * 200_000, "é" * 64]),
)


@settings(max_examples=60, deadline=None)
@given(any_text, any_text, any_text)
async def test_any_three_texts_are_answered_and_looked_into(reference: str, first: str, last: str) -> None:
    """Nothing raises: neither in the answer, nor in the work promised for it."""
    with account_world() as world:
        claim = Claim(reference, first, last, date(1990, 2, 3))

        outcomes = [await world.desk.request_link(claim, visitor=STRANGER) for _ in range(4)]

        assert [type(outcome) for outcome in outcomes] == [LinkRequested] * 3 + [Suspended]
        await world.run_errands()
        assert (world.count("outbox"), world.letterbox.letters) == (0, [])


async def test_the_clerk_s_long_name_is_kept_in_part() -> None:
    """What is promised stays small, whatever is sent."""
    with account_world() as world:
        await with_camille(world)
        claim = Claim("1" * 500_000, "A" * 500_000, "\ud800" * 500_000, date(1990, 2, 3))

        await world.desk.request_link(claim, visitor=STRANGER)

        kept = await requested(world)
        assert (kept.first_name, kept.last_name) == ("A" * 100, "?" * 100)
        assert kept.reference == "?" + "1" * 256
