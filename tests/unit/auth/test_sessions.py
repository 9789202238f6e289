"""A session is open until it is not: to the second by time, at once by its owner, within two seconds elsewhere."""

import asyncio
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.auth.sessions import LIFETIMES, Lifetime, OpenedSession, Sessions, device_name
from gateway.auth.staff import StaffMember
from gateway.auth.tokens import Mint, token_sha256
from gateway.domain.access import Channel, OnlineAccount, Role, Session
from gateway.ports.store import StoreError
from tests.ports.stores import NOON, session
from tests.support.account_world import SECRET
from tests.unit.auth.conftest import Clock, CountingStore, open_session, try_to_open

MINT = Mint(SECRET)
TICK = timedelta(microseconds=1)


class SlowStore(CountingStore):
    """A store whose answer about a session takes a while to arrive."""

    def __init__(self, *parts: Any, **more_parts: Any) -> None:
        super().__init__(*parts, **more_parts)
        self.has_read = asyncio.Event()
        self.may_answer = asyncio.Event()

    async def session(self, token_sha256: bytes, *, now: datetime) -> Session | None:
        """What was true when it was asked."""
        found = await super().session(token_sha256, now=now)
        self.has_read.set()
        await self.may_answer.wait()
        return found


async def test_a_token_opens_its_session(sessions: Sessions, store: CountingStore, louise: OnlineAccount) -> None:
    """And only that token."""
    opened = await open_session(sessions, louise, store=store)

    assert opened.session.device == "Chrome sur Windows"
    assert opened.refresh_token is None
    assert opened.session.credential_version == louise.credential_version
    assert await sessions.resolve(opened.token) == opened.session
    for other in ("", f"{opened.token} ", opened.token.swapcase(), opened.session.id, "\ud800"):
        assert await sessions.resolve(other) is None


async def test_each_session_has_its_own_id_and_token(
    sessions: Sessions, store: CountingStore, louise: OnlineAccount
) -> None:
    """Signing in again never continues an earlier session."""
    first = await open_session(sessions, louise, store=store)
    second = await open_session(sessions, louise, store=store)

    assert first.session.id != second.session.id
    assert first.token != second.token


@pytest.mark.parametrize(
    ("channel", "idle", "absolute", "access"),
    [
        (Channel.WEB, timedelta(minutes=30), timedelta(hours=12), None),
        (Channel.MOBILE, timedelta(days=30), timedelta(days=90), timedelta(minutes=10)),
    ],
)
async def test_how_long_a_session_lasts_depends_on_its_channel(
    sessions: Sessions,
    store: CountingStore,
    louise: OnlineAccount,
    channel: Channel,
    idle: timedelta,
    absolute: timedelta,
    access: timedelta | None,
) -> None:
    """Half an hour idle and twelve hours in all on the web; the application's token is good for ten minutes."""
    opened = await open_session(sessions, louise, store=store, channel=channel)

    assert opened.session.idle_expires_at == NOON + idle
    assert opened.session.expires_at == NOON + absolute
    assert opened.session.access_expires_at == (NOON + access if access else None)
    assert (opened.refresh_token is None) == (access is None)


async def test_lifetimes_are_set_by_the_operator(store: CountingStore, clock: Clock, louise: OnlineAccount) -> None:
    """Five minutes, for a shared computer in an agency."""
    short = {**LIFETIMES, Channel.WEB: Lifetime(idle=timedelta(minutes=5), absolute=timedelta(hours=1))}

    opened = await open_session(Sessions(store, clock=clock, mint=MINT, lifetimes=short), louise, store=store)

    assert opened.session.idle_expires_at == NOON + timedelta(minutes=5)


async def test_no_session_opens_for_an_account_that_changed_meanwhile(
    sessions: Sessions, store: CountingStore, louise: OnlineAccount
) -> None:
    """Its password is another one by now."""
    assert await try_to_open(sessions, replace(louise, credential_version=9), store=store) is None
    assert await sessions.of(louise.id) == ()


@pytest.mark.parametrize("role", [Role.ADVISOR, Role.ANALYST, Role.OPERATOR])
async def test_staff_work_under_their_name_and_role(sessions: Sessions, role: Role) -> None:
    """Quarter of an hour idle, eight hours in all, no tenant's file."""
    member = StaffMember("Camille Roth", role)

    opened = await sessions.open_for_staff(member)

    found = await sessions.resolve(opened.token)
    assert found == opened.session
    assert found is not None
    assert (found.role, found.channel, found.staff_name) == (role, member.channel, "Camille Roth")
    assert (found.account_id, found.tenant_id) == (None, None)
    assert found.idle_expires_at == NOON + timedelta(minutes=15)
    assert found.expires_at == NOON + timedelta(hours=8)


@pytest.mark.parametrize(
    ("channel", "lasts"), [(Channel.WEB, timedelta(minutes=30)), (Channel.MOBILE, timedelta(minutes=10))]
)
async def test_a_token_ends_to_the_microsecond(
    sessions: Sessions, store: CountingStore, clock: Clock, louise: OnlineAccount, channel: Channel, lasts: timedelta
) -> None:
    """Idle on the web, by its own short life in the application; although the session is remembered."""
    opened = await open_session(sessions, louise, store=store, channel=channel)
    clock.now = NOON + lasts - TICK
    assert await store.session(token_sha256(opened.token), now=clock.now) == opened.session

    clock.now = NOON + lasts

    assert await sessions.resolve(opened.token) is None


async def test_a_session_in_use_goes_on_until_its_absolute_end(
    sessions: Sessions, store: CountingStore, clock: Clock, louise: OnlineAccount
) -> None:
    """A request every twenty minutes keeps it for twelve hours, and not a microsecond longer."""
    opened = await open_session(sessions, louise, store=store)
    for _ in range(35):
        clock.advance(minutes=20)
        assert await sessions.resolve(opened.token) is not None

    clock.now = NOON + timedelta(hours=12) - TICK
    found = await sessions.resolve(opened.token)
    assert (found,) == await store.sessions_of(louise.id, now=clock.now)
    clock.now = NOON + timedelta(hours=12)
    assert await sessions.resolve(opened.token) is None


async def test_a_session_is_touched_at_most_once_a_minute(
    sessions: Sessions, store: CountingStore, clock: Clock, louise: OnlineAccount
) -> None:
    """However many requests a page makes; the idle end moves along."""
    opened = await open_session(sessions, louise, store=store)
    for _ in range(120):
        clock.advance(seconds=1)
        await asyncio.gather(*(sessions.resolve(opened.token) for _ in range(4)))

    assert store.asked["touch_session"] == 2
    (stored,) = await store.sessions_of(louise.id, now=clock.now)
    assert stored.last_seen_at == NOON + timedelta(minutes=2)
    assert stored.idle_expires_at == NOON + timedelta(minutes=32)


async def test_many_requests_at_once_touch_a_session_once(
    sessions: Sessions, store: CountingStore, clock: Clock, louise: OnlineAccount
) -> None:
    """Also when none of them is remembered yet."""
    opened = await open_session(sessions, louise, store=store)
    clock.advance(minutes=5)

    found = await asyncio.gather(*(sessions.resolve(opened.token) for _ in range(32)))

    touched = replace(opened.session, last_seen_at=clock.now, idle_expires_at=clock.now + timedelta(minutes=30))
    assert found == [touched] * 32
    assert store.asked["touch_session"] == 1


async def test_touching_never_shortens_a_session(store: CountingStore, clock: Clock, louise: OnlineAccount) -> None:
    """An operator who shortens lifetimes does not shorten the sessions that are open."""
    opened = await open_session(Sessions(store, clock=clock, mint=MINT), louise, store=store)
    short = {**LIFETIMES, Channel.WEB: Lifetime(idle=timedelta(minutes=5), absolute=timedelta(hours=1))}
    clock.advance(minutes=10)

    found = await Sessions(store, clock=clock, mint=MINT, lifetimes=short).resolve(opened.token)

    assert found == replace(opened.session, last_seen_at=clock.now)


async def test_within_two_seconds_the_store_is_asked_once(
    sessions: Sessions, store: CountingStore, clock: Clock, louise: OnlineAccount
) -> None:
    """And again after them."""
    opened = await open_session(sessions, louise, store=store)
    for _ in range(20):
        clock.advance(seconds=0.1)
        await sessions.resolve(opened.token)
    assert store.asked["session"] == 1

    clock.advance(seconds=0.1)
    await sessions.resolve(opened.token)

    assert store.asked["session"] == 2


async def test_a_session_closed_here_is_over_at_once(
    sessions: Sessions, store: CountingStore, louise: OnlineAccount
) -> None:
    """Its token is worth nothing in the very next request."""
    opened = await open_session(sessions, louise, store=store)
    await sessions.resolve(opened.token)

    assert await sessions.close(opened.session.id) is True

    assert await sessions.resolve(opened.token) is None
    assert await sessions.close(opened.session.id) is False


async def test_closing_one_session_leaves_the_others(
    sessions: Sessions, store: CountingStore, louise: OnlineAccount
) -> None:
    """The telephone stays signed in when the computer signs out."""
    computer = await open_session(sessions, louise, store=store)
    telephone = await open_session(sessions, louise, store=store, channel=Channel.MOBILE)
    await sessions.resolve(computer.token)
    await sessions.resolve(telephone.token)

    await sessions.close(computer.session.id)

    assert await sessions.resolve(computer.token) is None
    assert await sessions.resolve(telephone.token) == telephone.session


async def test_a_session_closed_elsewhere_is_over_within_two_seconds(
    store: CountingStore, clock: Clock, louise: OnlineAccount
) -> None:
    """Another replica shares the store, not the memory; activity does not stretch the two seconds."""
    here, elsewhere = Sessions(store, clock=clock, mint=MINT), Sessions(store, clock=clock, mint=MINT)
    opened = await open_session(here, louise, store=store)
    clock.advance(seconds=59)
    await here.resolve(opened.token)
    await elsewhere.close(opened.session.id)

    clock.advance(seconds=1)
    assert await here.resolve(opened.token) is not None  # touches the session in memory
    clock.advance(seconds=1)

    assert await here.resolve(opened.token) is None


async def test_a_change_of_password_ends_a_session_within_two_seconds(
    sessions: Sessions, store: CountingStore, clock: Clock, louise: OnlineAccount, tmp_path: Path
) -> None:
    """Whoever knew the old password is out."""
    opened = await open_session(sessions, louise, store=store)
    await sessions.resolve(opened.token)

    with closing(sqlite3.connect(tmp_path / "store.db")) as connection, connection:
        connection.execute("UPDATE online_account SET credential_version = 2")
    clock.advance(seconds=2)

    assert await sessions.resolve(opened.token) is None


async def test_a_session_closed_while_it_is_being_read_is_not_remembered(
    clock: Clock, louise: OnlineAccount, store: CountingStore, tmp_path: Path
) -> None:
    """The request that was under way may end; the next one finds nothing."""
    await store.close()
    slow = await SlowStore.open(tmp_path / "store.db")
    slow.asked = Counter()
    sessions = Sessions(slow, clock=clock, mint=MINT)
    opened = await open_session(sessions, louise, store=slow)
    under_way = asyncio.create_task(sessions.resolve(opened.token))
    await slow.has_read.wait()

    await sessions.close(opened.session.id)
    slow.may_answer.set()

    assert await under_way == opened.session
    assert await sessions.resolve(opened.token) is None
    await slow.close()


async def test_sessions_known_a_moment_ago_outlive_the_store_for_two_seconds(
    sessions: Sessions, store: CountingStore, clock: Clock, louise: OnlineAccount
) -> None:
    """After that nobody is let in on memory alone."""
    opened = await open_session(sessions, louise, store=store)
    await sessions.resolve(opened.token)
    await store.close()

    clock.advance(seconds=1.9)
    assert await sessions.resolve(opened.token) == opened.session
    clock.advance(seconds=0.1)
    with pytest.raises(StoreError):
        await sessions.resolve(opened.token)


async def test_a_session_that_cannot_be_touched_can_be_used(
    sessions: Sessions, store: CountingStore, clock: Clock, louise: OnlineAccount, tmp_path: Path
) -> None:
    """A full disk signs nobody out before the session's time."""
    opened = await open_session(sessions, louise, store=store)
    clock.advance(minutes=2)
    with closing(sqlite3.connect(tmp_path / "store.db", isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")

        found = await sessions.resolve(opened.token)

    assert found is not None
    assert found.id == opened.session.id


async def test_a_session_that_could_not_be_closed_is_forgotten_here_all_the_same(
    sessions: Sessions, store: CountingStore, louise: OnlineAccount, tmp_path: Path
) -> None:
    """It may be closed in the store although the answer was lost, so the store is asked again."""
    opened = await open_session(sessions, louise, store=store)
    await sessions.resolve(opened.token)
    with closing(sqlite3.connect(tmp_path / "store.db", isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")

        with pytest.raises(StoreError):
            await sessions.close(opened.session.id)

    await sessions.resolve(opened.token)
    assert store.asked["session"] == 2


def test_a_token_is_not_shown() -> None:
    """Neither in a log nor in a traceback."""
    assert "s3cret" not in repr(OpenedSession(session(), "s3cret"))


@pytest.mark.parametrize(
    ("told", "name"),
    [
        (None, None),
        ("", None),
        (" \t\x00\u200b", None),
        ("Pixel 9", "Pixel 9"),
        ("  Chrome \n sur\u00a0Windows\u202e ", "Chrome sur Windows"),
        ("Pixel\ud8009", "Pixel 9"),
        ("é" * 81, "é" * 80),
        ("x" * 79 + " y", "x" * 79),
        ("x" * 1_000_000, "x" * 80),
    ],
)
def test_a_device_is_named_on_one_visible_line(told: str | None, name: str | None) -> None:
    """Whatever a client sends, the list of sessions stays readable and the database takes it."""
    assert device_name(told) == name
