"""Signing out, and ending another session of the account."""

from dataclasses import replace

import pytest

from gateway.auth.sign_in import SignedIn
from gateway.domain.access import Channel, SessionId
from gateway.ports.store import StoreError
from tests.support.account_world import STRANGER, AccountWorld, advisor


async def test_who_signs_out_is_out_at_once(world: AccountWorld) -> None:
    """In this process too, where the session was used a moment ago; the device stays known."""
    signed_in = await world.signed_in()
    await world.desk.foundation.sessions.resolve(signed_in.token)

    await world.desk.leaving.sign_out(signed_in.session)

    assert await world.desk.foundation.sessions.resolve(signed_in.token) is None
    assert await world.sessions() == ()
    assert world.count("known_device") == 1
    assert (await world.own_trail())[-1] == "SIGN_OUT Ended"


async def test_signing_out_ends_a_replica_s_memory_within_two_seconds(world: AccountWorld) -> None:
    """Elsewhere the session is remembered a moment longer (S2)."""
    signed_in, elsewhere = await world.signed_in(), world.replica()
    assert await elsewhere.foundation.sessions.resolve(signed_in.token) is not None

    await world.desk.leaving.sign_out(signed_in.session)

    world.clock.forward(seconds=2)
    assert await elsewhere.foundation.sessions.resolve(signed_in.token) is None


async def test_staff_sign_out_too(world: AccountWorld) -> None:
    """The trail knows them by a pseudonym of their own."""
    session = advisor()
    await world.memory.open_session(session, token_sha256=b"s" * 32)

    await world.desk.leaving.sign_out(session)

    assert await world.memory.session_by_id(session.id, now=world.clock.now) is None
    assert world.count("audit") == 1


async def test_a_lost_telephone_is_signed_out_and_forgotten(world: AccountWorld) -> None:
    """Its session ends at once, and its device is unknown from now on."""
    phone, computer = await world.signed_in(Channel.MOBILE), await world.signed_in()
    await world.desk.foundation.sessions.resolve(phone.token)

    assert await world.desk.leaving.revoke(phone.session.id, by=computer.session) is True

    assert await world.desk.foundation.sessions.resolve(phone.token) is None
    assert [session.id for session in await world.sessions()] == [computer.session.id]
    devices = await world.memory.devices_of((await world.account()).id)
    assert [device.id for device in devices] == [computer.session.device_id]
    again = await world.signed_in(visitor=STRANGER.with_device(phone.device_token))
    assert again.device_token is not None
    assert "SESSION_REVOKED Ended" in await world.own_trail()


async def test_a_session_without_a_device_is_ended_like_any(world: AccountWorld) -> None:
    """Some were opened before devices were known."""
    signed_in = await world.signed_in()
    old = replace(signed_in.session, id=SessionId("old"), device_id=None)
    await world.memory.open_session(old, token_sha256=b"o" * 32)

    assert await world.desk.leaving.revoke(SessionId("old"), by=signed_in.session) is True

    assert await world.sessions() == (signed_in.session,)
    assert world.count("known_device") == 1


@pytest.fixture
async def camille(world: AccountWorld) -> SignedIn:
    """Camille, signed in."""
    return await world.signed_in()


async def test_nobody_ends_the_session_of_another_account(world: AccountWorld, camille: SignedIn) -> None:
    """Nor is it told whether there is one."""
    stranger = advisor()
    await world.memory.open_session(stranger, token_sha256=b"s" * 32)

    outcomes = [
        await world.desk.leaving.revoke(session_id, by=camille.session)
        for session_id in (stranger.id, SessionId("unknown"), SessionId(""), SessionId("\ud800\x00"))
    ]

    assert outcomes == [False] * 4
    assert await world.memory.session_by_id(stranger.id, now=world.clock.now) == stranger


async def test_staff_end_no_session_of_a_tenant(world: AccountWorld, camille: SignedIn) -> None:
    """They have no account, so no sessions of it."""
    assert await world.desk.leaving.revoke(camille.session.id, by=advisor()) is False

    assert await world.sessions() == (camille.session,)


async def test_a_session_that_could_not_be_ended_is_asked_about_again(world: AccountWorld, camille: SignedIn) -> None:
    """The store may have ended it although its answer was lost: memory is not trusted any more."""
    sessions = world.desk.foundation.sessions
    await sessions.resolve(camille.token)
    world.trouble.crash_at("commit")

    with pytest.raises(StoreError):
        await world.desk.leaving.sign_out(camille.session)

    await world.memory.close_session(camille.session.id, now=world.clock.now)
    assert await sessions.resolve(camille.token) is None
