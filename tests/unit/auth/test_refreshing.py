"""A mobile session goes on with new tokens; a copy of an old one ends it for everybody."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.auth.refreshing import Refreshed, RefreshOutcome, SessionEnded
from gateway.auth.sessions import OpenedSession
from gateway.auth.sign_in import SignedIn
from gateway.auth.tokens import Mint
from gateway.domain.access import Channel
from gateway.ports.store import StoreError
from tests.support.account_world import NEW, SECRET, STRANGER, AccountWorld, account_world, with_camille
from tests.support.household import NOW
from tests.support.troubled_store import ProcessDied

FORGED = Mint(bytes(32))


@pytest.fixture
async def phone(world: AccountWorld) -> SignedIn:
    """Camille's application, just signed in."""
    return await world.signed_in(Channel.MOBILE)


def refresh_token_of(signed_in: SignedIn | OpenedSession) -> str:
    """The token that asks for the next pair."""
    assert signed_in.refresh_token is not None
    return signed_in.refresh_token


def opened_by(outcome: RefreshOutcome) -> OpenedSession:
    """The pair of a session that goes on."""
    assert isinstance(outcome, Refreshed), outcome
    return outcome.opened


async def test_a_refresh_token_gives_the_next_pair(world: AccountWorld, phone: SignedIn) -> None:
    """The session is the same, its token another one, good for ten minutes; the old one is worth nothing at once."""
    sessions = world.desk.foundation.sessions
    assert await sessions.resolve(phone.token) == phone.session
    world.clock.forward(minutes=9)

    opened = opened_by(await world.desk.refresh_session(refresh_token_of(phone)))

    assert opened.session.id == phone.session.id
    assert opened.session.access_expires_at == world.clock.now + timedelta(minutes=10)
    assert opened.session.idle_expires_at == world.clock.now + timedelta(days=30)
    assert len({opened.token, opened.refresh_token, phone.token, phone.refresh_token}) == 4
    assert await sessions.resolve(phone.token) is None
    found = await sessions.resolve(opened.token)
    assert found is not None
    assert (found.id, found.refresh_counter) == (phone.session.id, 1)


async def test_a_session_is_renewed_after_its_bearer_token_has_ended(world: AccountWorld, phone: SignedIn) -> None:
    """An application that slept for a week wakes up signed in."""
    world.clock.forward(days=7)
    assert await world.desk.foundation.sessions.resolve(phone.token) is None

    opened = opened_by(await world.desk.refresh_session(refresh_token_of(phone)))

    assert await world.desk.foundation.sessions.resolve(opened.token) is not None


async def test_no_refresh_goes_past_the_absolute_end(world: AccountWorld, phone: SignedIn) -> None:
    """Ninety days after the sign-in, however often it was refreshed (S9)."""
    end, token = NOW + timedelta(days=90), refresh_token_of(phone)
    for _ in range(3):
        world.clock.forward(days=29)
        token = refresh_token_of(opened_by(await world.desk.refresh_session(token)))
    world.clock.now = end - timedelta(minutes=1)

    last = opened_by(await world.desk.refresh_session(token))

    assert (last.session.access_expires_at, last.session.idle_expires_at) == (end, end)
    world.clock.now = end
    assert await world.desk.refresh_session(refresh_token_of(last)) == SessionEnded()


async def test_an_application_that_sleeps_for_thirty_days_signs_in_again(world: AccountWorld, phone: SignedIn) -> None:
    """To the microsecond."""
    world.clock.now = NOW + timedelta(days=30)

    assert await world.desk.refresh_session(refresh_token_of(phone)) == SessionEnded()


async def test_twenty_refreshes_at_once_are_one(world: AccountWorld, phone: SignedIn) -> None:
    """One rotation, one pair for all, in two processes (S3)."""
    desks = (world.desk, world.replica())

    outcomes = await asyncio.gather(
        *(desk.refresh_session(refresh_token_of(phone)) for desk in desks for _ in range(10))
    )

    pairs = {(opened_by(outcome).token, opened_by(outcome).refresh_token) for outcome in outcomes}
    assert len(pairs) == 1
    [session] = await world.sessions()
    assert session.refresh_counter == 1
    [(token, _)] = pairs
    assert await world.desk.foundation.sessions.resolve(token) == session


@pytest.mark.parametrize(("seconds", "goes_on"), [(0, True), (10, True), (10.000001, False)])
async def test_a_lost_answer_is_given_again_for_ten_seconds(
    world: AccountWorld, phone: SignedIn, seconds: float, goes_on: bool
) -> None:
    """The same pair; later it is a copy, and the session ends."""
    first = opened_by(await world.desk.refresh_session(refresh_token_of(phone)))
    world.clock.forward(seconds=seconds)

    again = await world.desk.refresh_session(refresh_token_of(phone))

    if goes_on:
        assert (opened_by(again).token, opened_by(again).refresh_token) == (first.token, first.refresh_token)
    else:
        assert again == SessionEnded()
    assert len(await world.sessions()) == goes_on


async def test_a_thief_who_refreshes_first_is_out_when_the_owner_comes(world: AccountWorld, phone: SignedIn) -> None:
    """Both are; the trail says so and the holder gets a letter (S6)."""
    stolen = opened_by(await world.desk.refresh_session(refresh_token_of(phone)))
    world.clock.forward(minutes=5)

    assert await world.desk.refresh_session(refresh_token_of(phone)) == SessionEnded()

    assert await world.sessions() == ()
    assert await world.desk.foundation.sessions.resolve(stolen.token) is None
    assert await world.desk.refresh_session(refresh_token_of(stolen)) == SessionEnded()
    assert (await world.own_trail())[-1] == "REFRESH Reused"
    await world.run_errands()
    assert len(world.letterbox.to("camille@example.org")) == 1


async def test_a_token_two_turns_old_ends_the_session_at_once(world: AccountWorld, phone: SignedIn) -> None:
    """No answer was lost: somebody kept it."""
    second = opened_by(await world.desk.refresh_session(refresh_token_of(phone)))
    third = opened_by(await world.desk.refresh_session(refresh_token_of(second)))

    assert await world.desk.refresh_session(refresh_token_of(phone)) == SessionEnded()

    assert await world.desk.refresh_session(refresh_token_of(third)) == SessionEnded()
    assert await world.sessions() == ()


async def test_a_counter_ahead_touches_nothing(world: AccountWorld, phone: SignedIn) -> None:
    """Even under the gateway's own key: no turn was skipped, so it is no copy of ours."""
    ahead = Mint(SECRET).refresh_token(phone.session.id, counter=5)

    assert await world.desk.refresh_session(ahead) == SessionEnded()

    assert await world.sessions() == (phone.session,)


@pytest.mark.parametrize("counter", [0, 1, 999_999_999])
async def test_a_forged_token_touches_nothing(world: AccountWorld, phone: SignedIn, counter: int) -> None:
    """It is refused before the store is asked."""
    world.trouble.crash_at("transact")
    forged = FORGED.refresh_token(phone.session.id, counter=counter)

    assert await world.desk.refresh_session(forged) == SessionEnded()

    assert await world.sessions() == (phone.session,)


async def test_no_other_token_refreshes(world: AccountWorld, phone: SignedIn) -> None:
    """Neither the bearer token nor that of a device."""
    for token in (phone.token, phone.device_token or "", ""):
        assert await world.desk.refresh_session(token) == SessionEnded()


async def test_a_new_password_ends_the_session(world: AccountWorld, phone: SignedIn) -> None:
    """Its refresh token is that of an earlier credential, and no copy: nobody is warned (S7)."""
    await world.desk.choose_password(await world.link_for(), NEW, visitor=STRANGER)
    await world.run_errands()
    letters = len(world.letterbox.letters)

    assert await world.desk.refresh_session(refresh_token_of(phone)) == SessionEnded()

    await world.run_errands()
    assert len(world.letterbox.letters) == letters


async def test_a_web_session_has_nothing_to_refresh(world: AccountWorld) -> None:
    """Even with a code under the gateway's own key."""
    web = await world.signed_in()
    token = Mint(SECRET).refresh_token(web.session.id, counter=0)

    assert await world.desk.refresh_session(token) == SessionEnded()

    assert await world.sessions() == (web.session,)


async def test_a_session_that_ends_while_it_is_refreshed_stays_ended(world: AccountWorld, phone: SignedIn) -> None:
    """Somebody signs out in between."""
    world.trouble.run_before(
        "rotate_session", lambda: world.memory.close_session(phone.session.id, now=world.clock.now)
    )

    assert await world.desk.refresh_session(refresh_token_of(phone)) == SessionEnded()

    assert await world.sessions() == ()


async def test_a_refresh_that_is_not_committed_may_be_asked_again(world: AccountWorld, phone: SignedIn) -> None:
    """The process dies after the last step: the token is still that of the present turn."""
    world.trouble.crash_at("commit", error=ProcessDied())
    with pytest.raises(ProcessDied):
        await world.desk.refresh_session(refresh_token_of(phone))

    assert opened_by(await world.desk.refresh_session(refresh_token_of(phone))).session.refresh_counter == 1


async def test_a_failing_store_is_told_as_such(world: AccountWorld, phone: SignedIn) -> None:
    """The session may go on: the application must not throw its token away."""
    world.trouble.crash_at("transact")

    with pytest.raises(StoreError):
        await world.desk.refresh_session(refresh_token_of(phone))


async def test_a_copy_that_comes_while_the_account_is_closed_warns_nobody(world: AccountWorld, phone: SignedIn) -> None:
    """There is nobody left to warn."""
    account = await world.account()
    await world.desk.refresh_session(refresh_token_of(phone))
    world.clock.forward(minutes=1)
    subject = world.desk.vault.subject("12345")
    world.trouble.run_before(
        "account_by_id", lambda: world.memory.transact(subject, lambda tx: tx.remove_account(account.id))
    )

    assert await world.desk.refresh_session(refresh_token_of(phone)) == SessionEnded()

    assert world.count("outbox") == 0


async def test_a_copy_of_an_account_without_address_warns_nobody(world: AccountWorld, phone: SignedIn) -> None:
    """The session ends all the same."""
    await world.change_account(email=None)
    await world.desk.refresh_session(refresh_token_of(phone))
    world.clock.forward(minutes=1)

    assert await world.desk.refresh_session(refresh_token_of(phone)) == SessionEnded()

    await world.run_errands()
    assert (world.letterbox.letters, world.count("outbox")) == ([], 0)


@settings(max_examples=50, deadline=None)
@given(st.one_of(st.text(), st.from_regex(r"[0-9a-f]{32}\.[0-9]{1,9}\.[A-Za-z0-9_-]{43}")))
async def test_any_text_is_no_refresh_token(text: str) -> None:
    """Nothing raises."""
    with account_world() as world:
        await with_camille(world)

        assert await world.desk.refresh_session(text) == SessionEnded()
