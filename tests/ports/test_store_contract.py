"""What the store promises, on SQLite and on PostgreSQL: one test for each sentence of its port, and for crowds."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from gateway.adapters.stores import migrate
from gateway.auth.accounts import NewAccount, create_account
from gateway.auth.passwords import HashPool
from gateway.auth.sessions import Sessions
from gateway.auth.sign_in import Credentials, SignedIn, SignIn
from gateway.domain.access import Channel, Download, OnlineAccount, OnlineAccountId, Role, Session, SessionId
from gateway.domain.identifiers import TenantId
from gateway.ports.store import Store, StoreError
from tests.ports.stores import (
    NOON,
    Subject,
    account,
    postgres_subject,
    session,
    sqlite_subject,
    token,
)
from tests.support.postgres import Database, Postgres

TICK = timedelta(microseconds=1)
END = NOON + timedelta(minutes=20)
STAFF = session("s-staff", role=Role.ADVISOR, account_id=None, tenant_id=None, staff_name="Camille Roth")


@pytest.fixture(scope="module")
def migrated(postgres: Postgres) -> Iterator[Database]:
    """A database with our tables."""
    with postgres.database() as database:
        migrate(database.url)
        yield database


@pytest.fixture(
    params=[
        pytest.param("sqlite", marks=pytest.mark.sqlite),
        pytest.param("postgres", marks=pytest.mark.postgres),
    ]
)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | Database:
    """Where an implementation may keep its data; no PostgreSQL is started for SQLite."""
    return tmp_path if request.param == "sqlite" else request.getfixturevalue("migrated")


@pytest.fixture
async def subject(place: Path | Database) -> AsyncIterator[Subject]:
    """An empty store of each kind."""
    chosen = sqlite_subject(place) if isinstance(place, Path) else postgres_subject(place.url)
    async with chosen as subject:
        yield subject


@pytest.fixture
async def store(subject: Subject) -> Store:
    """An empty store with the account a-1."""
    assert await subject.store.add_account(account())
    return subject.store


async def test_an_account_is_found_as_it_was_added(store: Store) -> None:
    """Every value comes back exactly, instants to the microsecond and in UTC."""
    by_reference = await store.account("12345")
    by_id = await store.account_by_id(OnlineAccountId("a-1"))

    assert by_reference == by_id == account()
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
async def test_a_taken_reference_or_id_is_refused_and_changes_nothing(
    subject: Subject, store: Store, second: OnlineAccount
) -> None:
    """Nobody can take over an account by creating it again."""
    added = await store.add_account(second)

    assert added is False
    assert await store.account("12345") == account()
    assert await subject.count("online_account") == 1


async def test_of_32_who_create_the_same_account_at_once_one_succeeds(subject: Subject) -> None:
    """One reference, one account, however many try."""
    candidates = [account(f"a-{number}") for number in range(32)]

    added = await asyncio.gather(*map(subject.store.add_account, candidates))

    assert added.count(True) == 1
    assert await subject.store.account("12345") == candidates[added.index(True)]


@pytest.mark.parametrize("opened", [session(), STAFF], ids=["tenant", "staff"])
async def test_an_opened_session_is_found_by_its_token(store: Store, opened: Session) -> None:
    """Every value comes back exactly."""
    assert await store.open_session(opened, token_sha256=token())

    assert await store.session(token(), now=NOON) == opened


async def test_a_token_of_no_session_finds_nothing(store: Store) -> None:
    """One bit makes another token."""
    await store.open_session(session(), token_sha256=token(0))

    assert await store.session(token(1), now=NOON) is None


@pytest.mark.parametrize(
    "refused",
    [session(account_id=OnlineAccountId("a-9")), session(credential_version=2)],
    ids=["account gone", "other credential version"],
)
async def test_no_session_opens_for_an_account_that_is_gone_or_has_another_password(
    subject: Subject, store: Store, refused: Session
) -> None:
    """A password checked a moment ago may have been changed since."""
    opened = await store.open_session(refused, token_sha256=token())

    assert opened is False
    assert await subject.count("session") == 0


@pytest.mark.parametrize(("id_again", "token_again"), [("s-1", 1), ("s-2", 0)], ids=["id", "token"])
async def test_an_id_or_token_that_is_taken_is_an_error(store: Store, id_again: str, token_again: int) -> None:
    """Chance does not produce it, so it is not answered as if it were ordinary; the first session stays."""
    await store.open_session(session(), token_sha256=token(0))

    with pytest.raises(StoreError):
        await store.open_session(session(id_again), token_sha256=token(token_again))

    assert await store.session(token(0), now=NOON) == session()


@pytest.mark.parametrize("opened", [session(idle_expires_at=END), session(expires_at=END)], ids=["idle", "absolute"])
async def test_a_session_ends_exactly_at_the_first_of_its_two_ends(store: Store, opened: Session) -> None:
    """A microsecond before it is open, at the instant itself it is not."""
    await store.open_session(opened, token_sha256=token())

    assert await store.session(token(), now=END - TICK) == opened
    assert await store.session(token(), now=END) is None


async def test_a_change_of_password_ends_every_session(subject: Subject, store: Store) -> None:
    """Neither its token nor the list of sessions shows it, and there is nothing left to close."""
    await store.open_session(session(), token_sha256=token())

    await subject.execute("UPDATE online_account SET credential_version = 2 WHERE id = 'a-1'")

    assert await store.session(token(), now=NOON) is None
    assert await store.sessions_of(OnlineAccountId("a-1"), now=NOON) == ()
    assert await store.close_session(SessionId("s-1"), now=NOON) is False


async def test_sessions_of_staff_have_no_password_to_change(subject: Subject, store: Store) -> None:
    """Changing tenants' passwords leaves staff at work."""
    await store.open_session(STAFF, token_sha256=token())

    await subject.execute("UPDATE online_account SET credential_version = 2")

    assert await store.session(token(), now=NOON) == STAFF


async def test_the_end_of_an_account_ends_its_sessions(subject: Subject, store: Store) -> None:
    """Nothing of them is kept."""
    await store.open_session(session(), token_sha256=token())

    await subject.execute("DELETE FROM online_account WHERE id = 'a-1'")

    assert await store.session(token(), now=NOON) is None
    assert await subject.count("session") == 0


async def test_touching_a_session_moves_its_latest_request_and_its_idle_end(store: Store) -> None:
    """Nothing else about it changes."""
    await store.open_session(session(), token_sha256=token())
    seen_at, idle_expires_at = NOON + timedelta(minutes=5), NOON + timedelta(minutes=35)

    await store.touch_session(SessionId("s-1"), seen_at=seen_at, idle_expires_at=idle_expires_at)

    touched = replace(session(), last_seen_at=seen_at, idle_expires_at=idle_expires_at)
    assert await store.session(token(), now=NOON) == touched


async def test_touching_never_moves_back(store: Store) -> None:
    """Requests may be recorded in another order than they came."""
    await store.open_session(session(), token_sha256=token())

    await store.touch_session(
        SessionId("s-1"), seen_at=NOON - timedelta(minutes=5), idle_expires_at=NOON + timedelta(minutes=25)
    )

    assert await store.session(token(), now=NOON) == session()


async def test_touching_never_moves_past_the_end_of_the_session(store: Store) -> None:
    """Activity does not prolong a session beyond its twelve hours."""
    ends_soon = session(expires_at=NOON + timedelta(minutes=30))
    await store.open_session(ends_soon, token_sha256=token())

    await store.touch_session(
        SessionId("s-1"), seen_at=NOON + timedelta(minutes=29), idle_expires_at=NOON + timedelta(minutes=59)
    )

    touched = replace(ends_soon, last_seen_at=NOON + timedelta(minutes=29))
    assert await store.session(token(), now=NOON) == touched
    assert await store.session(token(), now=NOON + timedelta(minutes=30)) is None


async def test_touching_does_not_bring_an_expired_session_back(store: Store) -> None:
    """A request recorded too late changes nothing."""
    await store.open_session(session(), token_sha256=token())
    too_late = NOON + timedelta(minutes=30)

    await store.touch_session(SessionId("s-1"), seen_at=too_late, idle_expires_at=too_late + timedelta(minutes=30))

    assert await store.session(token(), now=too_late) is None
    assert await store.session(token(), now=too_late - TICK) == session()


async def test_touching_a_closed_or_unknown_session_does_nothing(subject: Subject, store: Store) -> None:
    """What is over stays over."""
    await store.open_session(session(), token_sha256=token())
    await store.close_session(SessionId("s-1"), now=NOON)
    before = await subject.execute("SELECT * FROM session")

    for session_id in ("s-1", "s-9"):
        await store.touch_session(SessionId(session_id), seen_at=NOON + TICK, idle_expires_at=NOON + timedelta(hours=1))

    assert await subject.execute("SELECT * FROM session") == before


async def test_of_32_touches_at_once_the_latest_stays(store: Store) -> None:
    """No touch is lost, whatever the order they arrive in."""
    await store.open_session(session(), token_sha256=token())
    seen = [NOON + timedelta(seconds=second) for second in range(32)]

    await asyncio.gather(
        *(
            store.touch_session(SessionId("s-1"), seen_at=at, idle_expires_at=at + timedelta(minutes=30))
            for at in seen[16:] + seen[:16]
        )
    )

    latest = replace(session(), last_seen_at=seen[-1], idle_expires_at=seen[-1] + timedelta(minutes=30))
    assert await store.session(token(), now=NOON) == latest


async def test_a_closed_session_is_over(store: Store) -> None:
    """Its token is worth nothing from that instant on, and closing it again finds nothing to close."""
    await store.open_session(session(), token_sha256=token())

    assert await store.close_session(SessionId("s-1"), now=NOON) is True

    assert await store.session(token(), now=NOON) is None
    assert await store.sessions_of(OnlineAccountId("a-1"), now=NOON) == ()
    assert await store.close_session(SessionId("s-1"), now=NOON) is False


async def test_a_session_that_is_not_open_cannot_be_closed(store: Store) -> None:
    """Unknown, or expired at that very instant."""
    await store.open_session(session(), token_sha256=token())

    assert await store.close_session(SessionId("s-9"), now=NOON) is False
    assert await store.close_session(SessionId("s-1"), now=NOON + timedelta(minutes=30)) is False


async def test_of_32_who_close_a_session_at_once_one_does(store: Store) -> None:
    """It ends once."""
    await store.open_session(session(), token_sha256=token())

    closed = await asyncio.gather(*(store.close_session(SessionId("s-1"), now=NOON) for _ in range(32)))

    assert closed.count(True) == 1


async def test_32_sessions_opened_at_once_are_all_there(store: Store) -> None:
    """Each under its own token."""
    opened = [session(f"s-{number}") for number in range(32)]

    stored = await asyncio.gather(
        *(store.open_session(one, token_sha256=token(number)) for number, one in enumerate(opened))
    )

    assert stored == [True] * 32
    assert [await store.session(token(number), now=NOON) for number in range(32)] == opened


async def test_the_open_sessions_of_an_account_come_latest_first(store: Store) -> None:
    """Neither closed nor expired ones, nor those of others."""
    others = account("a-2", reference="67890")
    await store.add_account(others)
    early, late = session("s-early"), session("s-late", last_seen_at=NOON + timedelta(minutes=1))
    expired, closed = session("s-expired", expires_at=NOON + timedelta(minutes=1)), session("s-closed")
    of_others = session("s-others", account_id=others.id)
    for number, one in enumerate([early, closed, late, expired, of_others]):
        await store.open_session(one, token_sha256=token(number))
    await store.close_session(closed.id, now=NOON)

    found = await store.sessions_of(OnlineAccountId("a-1"), now=NOON + timedelta(minutes=1))

    assert found == (late, early)


async def test_every_look_at_a_document_is_recorded(subject: Subject, store: Store) -> None:
    """Two looks are two lines, in order, even if they are the same; the session need not exist any more."""
    look = Download(NOON, SessionId("s-gone"), "D1")

    await store.record_download(look)
    await store.record_download(look)

    rows = await subject.execute("SELECT session_id, document FROM download ORDER BY number")
    assert rows == [("s-gone", "D1"), ("s-gone", "D1")]


async def test_everything_outlives_a_restart(subject: Subject, store: Store) -> None:
    """Accounts, sessions, looks at documents, and what has ended."""
    await store.open_session(session("s-open"), token_sha256=token(0))
    await store.open_session(session("s-closed"), token_sha256=token(1))
    await store.close_session(SessionId("s-closed"), now=NOON)
    await store.record_download(Download(NOON, SessionId("s-open"), "D1"))

    await subject.restart()

    assert await subject.store.account("12345") == account()
    assert await subject.store.session(token(0), now=NOON) == session("s-open")
    assert await subject.store.session(token(1), now=NOON) is None
    assert await subject.count("download") == 1


async def test_somebody_who_stops_waiting_leaves_all_or_nothing(subject: Subject, store: Store) -> None:
    """Cancelled at any moment, a session is there as a whole or not at all, and the store goes on."""
    for number in range(64):
        opening = asyncio.create_task(store.open_session(session(f"s-{number}"), token_sha256=token(number)))
        for _ in range(number % 16):
            await asyncio.sleep(0)
        opening.cancel()
        await asyncio.wait([opening])

    await subject.restart()

    found = [await subject.store.session(token(number), now=NOON) for number in range(64)]
    assert all(one in {None, session(f"s-{number}")} for number, one in enumerate(found))
    assert sum(one is not None for one in found) == await subject.count("session")
    assert await subject.store.open_session(session("s-after"), token_sha256=token(99))


@pytest.mark.parametrize(
    "ask",
    [
        lambda store: store.account("12345"),
        lambda store: store.account_by_id(OnlineAccountId("a-1")),
        lambda store: store.add_account(account()),
        lambda store: store.open_session(session(), token_sha256=token()),
        lambda store: store.session(token(), now=NOON),
        lambda store: store.touch_session(SessionId("s-1"), seen_at=NOON, idle_expires_at=NOON),
        lambda store: store.close_session(SessionId("s-1"), now=NOON),
        lambda store: store.sessions_of(OnlineAccountId("a-1"), now=NOON),
        lambda store: store.record_download(Download(NOON, SessionId("s-1"), "D1")),
    ],
    ids=[
        "account",
        "account_by_id",
        "add_account",
        "open_session",
        "session",
        "touch_session",
        "close_session",
        "sessions_of",
        "record_download",
    ],
)
async def test_a_store_that_is_gone_is_an_error_for_every_verb(
    subject: Subject, ask: Callable[[Store], Awaitable[object]]
) -> None:
    """Never an answer that could be taken for one."""
    await subject.store.close()

    with pytest.raises(StoreError):
        await ask(subject.store)


async def test_neither_passwords_nor_tokens_rest_in_the_store(subject: Subject) -> None:
    """After an account is created and used, no byte of the database tells how to get in."""
    passwords = HashPool()
    sessions = Sessions(subject.store, clock=lambda: NOON)
    sign_in = SignIn(subject.store, passwords=passwords, sessions=sessions)
    new = NewAccount("0012345", TenantId("T1"), "Mirabelle-57!")
    await create_account(new, store=subject.store, passwords=passwords, now=NOON)

    outcome = await sign_in(Credentials("0012345", "Mirabelle-57!"), channel=Channel.WEB)

    assert isinstance(outcome, SignedIn)
    kept = await subject.everything()
    assert b"12345" in kept
    assert outcome.session.id.encode() in kept
    for secret in ("Mirabelle-57!", outcome.token):
        assert secret.encode() not in kept
        assert secret.encode().hex().encode() not in kept
    passwords.close()
