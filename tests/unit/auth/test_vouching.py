"""Whoever loses their job at the landlord's loses their session here within minutes, or at once when we are told."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import JSONResponse

from gateway.adapters.store_sqlite import SqliteStore
from gateway.auth.staff import StaffMember
from gateway.domain.access import Role, Session
from gateway.ports.deadline import Deadline
from gateway.ports.openid import TokenRejectedError
from gateway.ports.store import StoreError
from tests.support.doors import Clock
from tests.support.logs import captured_log
from tests.support.openid import Office, Provider, execute, opened_store, signed

USERINFO = "/userinfo"
ENDINGS = "SELECT outcome, actor, session_id FROM audit WHERE action = 'STAFF_SESSION_ENDED'"


@pytest.fixture
def clock() -> Clock:
    """Stands until it is moved."""
    return Clock()


@pytest.fixture
def provider(clock: Clock) -> Provider:
    """Knows Sam, who is an advisor."""
    return Provider(clock, people={"sam": {"name": "Sam Fournier", "groups": ["desk"]}})


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    """An empty store."""
    async with opened_store(tmp_path) as store:
        yield store


@pytest.fixture
def office(provider: Provider, store: SqliteStore, clock: Clock) -> Office:
    """Staff's way in."""
    return Office(provider.client(), store=store, clock=clock)


@pytest.fixture
async def sam(office: Office, provider: Provider) -> Session:
    """Sam's session; the provider's journal is empty from now on."""
    opened = await office.signed_in(provider, "sam")
    provider.journal.clear()
    return opened.session


def soon() -> Deadline:
    """In five seconds."""
    return Deadline.after(5)


async def holds(office: Office, session: Session) -> bool:
    """Whether the session may go on."""
    return await office.vouching.holds(session, deadline=soon())


async def test_the_provider_is_asked_every_five_minutes_of_use(
    office: Office, provider: Provider, sam: Session, clock: Clock
) -> None:
    """No sooner, however many requests there are; each answer counts for the next five minutes."""
    asked = []
    for seconds in (0, 299, 1, 299, 1, 0):
        clock.forward(seconds=seconds)
        assert await holds(office, sam)
        asked.append(provider.journal.count(USERINFO))

    assert asked == [0, 0, 1, 1, 2, 2]


async def test_many_requests_at_once_ask_once(office: Office, provider: Provider, sam: Session, clock: Clock) -> None:
    """Whoever comes first asks for all."""
    clock.forward(minutes=5)

    assert all(await asyncio.gather(*(holds(office, sam) for _ in range(50))))
    assert provider.journal == [USERINFO]


async def test_another_process_need_not_ask_again(
    office: Office, provider: Provider, store: SqliteStore, sam: Session, clock: Clock
) -> None:
    """What one has learned the others read in the store."""
    other = Office(provider.client(), store=store, clock=clock)
    clock.forward(minutes=5)
    await holds(office, sam)
    provider.journal.clear()

    assert await holds(other, sam)
    clock.forward(minutes=4)
    assert await holds(other, sam)
    assert provider.journal == []


LOST: dict[str, tuple[dict[str, dict[str, Any]], str]] = {
    "dismissed": ({}, "WITHDRAWN"),
    "no group any more": ({"sam": {"groups": []}}, "ROLE_CHANGED"),
    "another job": ({"sam": {"groups": ["figures"]}}, "ROLE_CHANGED"),
    "no groups told": ({"sam": {}}, "ROLE_CHANGED"),
}


@pytest.mark.parametrize(("people", "ending"), LOST.values(), ids=LOST)
async def test_whoever_loses_the_job_loses_the_session(
    people: dict[str, dict[str, Any]],
    ending: str,
    office: Office,
    provider: Provider,
    sam: Session,
    clock: Clock,
    tmp_path: Path,
) -> None:
    """Within five minutes, for good, and written down; with another job they sign in again."""
    provider.people = people
    clock.forward(minutes=4, seconds=59)
    assert await holds(office, sam)
    clock.forward(seconds=1)

    assert [await holds(office, sam) for _ in range(2)] == [False, False]
    assert provider.journal == [USERINFO]
    assert execute(tmp_path, ENDINGS) == [(ending, "gateway", sam.id)]
    provider.people = {"sam": {"groups": ["desk"]}}
    assert not await holds(office, sam)


async def test_an_ended_session_opens_nothing_anywhere(
    office: Office, provider: Provider, store: SqliteStore, clock: Clock
) -> None:
    """It is closed in the store, not only here."""
    opened = await office.signed_in(provider, "sam")
    provider.people = {}
    clock.forward(minutes=5)

    assert await office.sessions.resolve(opened.token) is not None
    assert not await holds(office, opened.session)

    other = Office(provider.client(), store=store, clock=clock)
    assert [await one.sessions.resolve(opened.token) for one in (office, other)] == [None, None]


async def test_many_requests_of_a_lost_session_all_fail(
    office: Office, provider: Provider, sam: Session, clock: Clock, tmp_path: Path
) -> None:
    """Also those that waited for the answer; it ends once."""
    provider.people, provider.held = {}, asyncio.Event()
    provider.asked.clear()
    clock.forward(minutes=5)
    waiting = asyncio.gather(*(holds(office, sam) for _ in range(50)))
    await provider.asked.wait()
    late = asyncio.ensure_future(holds(office, sam))
    await office.sessions.open_for_staff(StaffMember("Ana", Role.ANALYST))  # the store has served all of them

    provider.held.set()

    assert (await waiting, await late) == ([False] * 50, False)
    assert len(execute(tmp_path, ENDINGS)) == 1


async def test_a_silent_provider_keeps_nobody_out_for_a_while_and_nobody_in_for_long(
    office: Office, provider: Provider, sam: Session, clock: Clock, tmp_path: Path
) -> None:
    """Asked again each minute; a quarter of an hour after its last word the session ends."""
    provider.answers[USERINFO] = lambda: JSONResponse({}, 503)
    minutes = {}
    with captured_log() as log:
        for quarter in range(15 * 4 + 1):
            minutes[quarter / 4] = await holds(office, sam)
            clock.forward(seconds=15)

    assert minutes == {quarter / 4: quarter < 60 for quarter in range(61)}
    assert provider.journal.count(USERINFO) == 11  # from the fifth minute to the fifteenth
    events = [line["event"] for line in log.lines]
    assert events == ["staff.unchecked"] * 11 + ["staff.session_ended"]
    assert execute(tmp_path, ENDINGS) == [("UNCHECKED", "gateway", sam.id)]


async def test_the_quarter_of_an_hour_is_not_stretched_by_the_minute(
    office: Office, provider: Provider, sam: Session, clock: Clock
) -> None:
    """Asked in vain half a minute before its end, the provider is asked once more at the end itself."""
    provider.answers[USERINFO] = lambda: JSONResponse({}, 503)
    clock.forward(minutes=14, seconds=30)
    assert await holds(office, sam)
    clock.forward(seconds=30)

    assert not await holds(office, sam)
    assert provider.journal.count(USERINFO) == 2


async def test_a_provider_that_comes_back_is_believed_again(
    office: Office, provider: Provider, sam: Session, clock: Clock
) -> None:
    """The quarter of an hour begins anew with its word."""
    provider.answers[USERINFO] = lambda: JSONResponse({}, 503)
    clock.forward(minutes=14)
    assert await holds(office, sam)
    del provider.answers[USERINFO]

    clock.forward(minutes=1)
    assert await holds(office, sam)

    provider.answers[USERINFO] = lambda: JSONResponse({}, 503)
    clock.forward(minutes=14)
    assert await holds(office, sam)


async def test_a_session_that_was_not_used_for_long_is_checked_first(
    office: Office, provider: Provider, sam: Session, clock: Clock
) -> None:
    """With the provider's word it goes on, however old the last one is."""
    clock.forward(hours=2)

    assert await holds(office, sam)
    assert provider.journal.count(USERINFO) == 1


async def test_a_provider_that_hangs_holds_a_request_up_for_two_seconds_at_most(
    office: Office, provider: Provider, sam: Session, clock: Clock
) -> None:
    """Less if the request has less left."""
    clock.forward(minutes=5)
    provider.held = asyncio.Event()

    async with asyncio.timeout(1):
        assert await office.vouching.holds(sam, deadline=Deadline.after(0.05))


async def test_tokens_that_were_renewed_are_kept(
    office: Office, provider: Provider, sam: Session, clock: Clock, store: SqliteStore
) -> None:
    """A provider whose access tokens last a minute and whose refresh tokens change does not sign anybody out."""
    provider.gives_refresh_tokens = True
    opened = await office.signed_in(provider, "sam")
    for _ in range(3):
        provider.access.clear()
        clock.forward(minutes=5)
        assert await holds(office, opened.session)

    assert [form["grant_type"] for form in provider.forms].count("refresh_token") == 3


async def test_a_session_of_another_provider_ends(
    office: Office, provider: Provider, store: SqliteStore, sam: Session, clock: Clock, tmp_path: Path
) -> None:
    """After the landlord has changed providers the new one cannot vouch for the old one's people."""
    other = Office(provider.client(issuer="https://new.example.org"), store=store, clock=clock)
    clock.forward(minutes=5)

    assert not await holds(other, sam)
    assert execute(tmp_path, ENDINGS) == [("WITHDRAWN", "gateway", sam.id)]
    assert provider.journal == []


async def test_a_grant_that_cannot_be_opened_ends_its_session(
    office: Office, store: SqliteStore, sam: Session, clock: Clock, tmp_path: Path
) -> None:
    """Such as after a change of the gateway's key: nobody can be asked any more."""
    grant = await store.staff_grant(sam.id)
    assert grant is not None
    await store.save_staff_grant(replace(grant, sealed_token=b"x" * 64))
    clock.forward(minutes=5)

    assert not await holds(office, sam)
    assert execute(tmp_path, ENDINGS) == [("WITHDRAWN", "gateway", sam.id)]


async def test_a_session_without_a_provider_is_not_asked_about(
    office: Office, provider: Provider, clock: Clock, tmp_path: Path
) -> None:
    """The staff of a demo have none; the store is looked into once."""
    opened = await office.sessions.open_for_staff(StaffMember("Sam Fournier", Role.ADVISOR))
    assert await holds(office, opened.session)
    execute(tmp_path, "DROP TABLE staff_grant")
    clock.forward(hours=3)

    assert await holds(office, opened.session)
    assert provider.journal == []


async def test_while_the_store_is_down_nobody_is_vouched_for(
    office: Office, sam: Session, clock: Clock, tmp_path: Path
) -> None:
    """What cannot be checked is not believed."""
    execute(tmp_path, "DROP TABLE staff_grant")
    clock.forward(minutes=5)

    with pytest.raises(StoreError):
        await holds(office, sam)


async def test_a_session_that_could_not_be_closed_stays_shut_here(
    office: Office, provider: Provider, sam: Session, clock: Clock, tmp_path: Path
) -> None:
    """The store failed at that moment: the session is refused all the same."""
    provider.people = {}
    clock.forward(minutes=5)
    execute(tmp_path, "ALTER TABLE audit RENAME TO lost")
    with pytest.raises(StoreError):
        await holds(office, sam)

    assert not await holds(office, sam)


async def test_what_is_remembered_of_sessions_is_bounded(
    office: Office, provider: Provider, sam: Session, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever was forgotten is read from the store again."""
    monkeypatch.setattr("gateway.auth.vouching._CAPACITY", 2)
    others = [await office.sessions.open_for_staff(StaffMember("Sam", Role.ADVISOR)) for _ in range(3)]
    for opened in others:
        await holds(office, opened.session)

    assert await holds(office, sam)
    assert provider.journal == []


def notice(provider: Provider, **changes: Any) -> str:
    """A logout token for Sam's session at the provider, unless changed."""
    return signed(provider.logout_claims(**({"sid": "sid-of-sam"} | changes)))


ORDERS: dict[str, tuple[dict[str, Any], int]] = {
    "the session": ({}, 1),
    "the person": ({"sid": None, "sub": "sam"}, 2),
    "both": ({"sub": "sam"}, 1),
    "a session we do not know by name": ({"sub": "sam", "sid": "sid-of-phone"}, 2),
    "an unknown session": ({"sid": "sid-of-eve"}, 0),
    "an unknown person": ({"sid": None, "sub": "eve"}, 0),
    "the session of somebody else": ({"sub": "eve"}, 0),
}


@pytest.mark.parametrize(("changes", "ended"), ORDERS.values(), ids=ORDERS)
async def test_the_provider_ends_what_it_names(
    changes: dict[str, Any], ended: int, office: Office, provider: Provider, sam: Session, tmp_path: Path
) -> None:
    """One session of Sam's two, or both; a person is safer out than in when the session is not known by its name."""
    await office.signed_in(provider, "sam")
    execute(tmp_path, "UPDATE staff_grant SET provider_session = NULL WHERE rowid = 2")

    assert await office.vouching.log_out(notice(provider, **changes), deadline=soon()) == ended
    outcomes = [outcome for outcome, _, _ in execute(tmp_path, ENDINGS)]
    assert outcomes == ["LOGGED_OUT"] * ended


async def test_a_session_is_over_at_once(office: Office, provider: Provider) -> None:
    """The next request with its cookie is a stranger's."""
    opened = await office.signed_in(provider, "sam")
    assert await office.sessions.resolve(opened.token) is not None

    await office.vouching.log_out(notice(provider), deadline=soon())

    assert await office.sessions.resolve(opened.token) is None


async def test_a_notice_is_taken_once(office: Office, provider: Provider, sam: Session) -> None:
    """Whoever has seen one cannot sign the person out again and again."""
    token = notice(provider)
    await office.vouching.log_out(token, deadline=soon())
    opened = await office.signed_in(provider, "sam")

    with pytest.raises(TokenRejectedError, match="jti"):
        await office.vouching.log_out(token, deadline=soon())
    assert await office.sessions.resolve(opened.token) is not None


async def test_a_notice_that_met_a_silent_store_is_taken_again(
    office: Office, provider: Provider, sam: Session, tmp_path: Path
) -> None:
    """The provider sends it once more, and it must not have been used up."""
    execute(tmp_path, "ALTER TABLE staff_grant RENAME TO lost")
    with pytest.raises(StoreError):
        await office.vouching.log_out(notice(provider), deadline=soon())
    execute(tmp_path, "ALTER TABLE lost RENAME TO staff_grant")

    assert await office.vouching.log_out(notice(provider), deadline=soon()) == 1
