"""Sessions: found by their token until they end, given new tokens, ended one by one or together."""

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.domain.access import Channel, DeviceId, OnlineAccountId, Session, SessionId
from gateway.domain.lockout import Subject
from gateway.ports.store import Store, StoreError, Transaction
from tests.ports.store_contract.values import SUBJECT, TICK, staff
from tests.ports.stores import NOON, StandingClock, account, session, token

END = NOON + timedelta(minutes=20)
MOBILE = session(
    channel=Channel.MOBILE,
    device_id=DeviceId("d-1"),
    access_expires_at=END,
    refresh_counter=5,
    rotated_at=NOON - timedelta(minutes=5),
)


async def change_password(store: Store) -> None:
    """Account a-1 has another credential version."""
    await store.transact(SUBJECT, lambda tx: tx.save_account(account(credential_version=2)))


@pytest.mark.parametrize("opened", [session(), MOBILE, staff()], ids=["web", "mobile", "staff"])
async def test_an_opened_session_is_found_by_its_token_and_id(store: Store, opened: Session) -> None:
    """Every value comes back exactly."""
    assert await store.open_session(opened, token_sha256=token())

    assert await store.session(token(), now=NOON) == opened
    assert await store.session_by_id(opened.id, now=NOON) == opened


async def test_a_token_or_id_of_no_session_finds_nothing(store: Store) -> None:
    """One bit makes another token."""
    await store.open_session(session(), token_sha256=token(0))

    assert await store.session(token(1), now=NOON) is None
    assert await store.session_by_id(SessionId("s-9"), now=NOON) is None


@pytest.mark.parametrize(
    "refused",
    [session(account_id=OnlineAccountId("a-9")), session(credential_version=2)],
    ids=["account gone", "other credential version"],
)
async def test_no_session_opens_for_an_account_that_is_gone_or_has_another_password(
    store: Store, refused: Session
) -> None:
    """A password checked a moment ago may have been changed since."""
    opened = await store.open_session(refused, token_sha256=token())
    opened_in_transaction = await store.transact(SUBJECT, lambda tx: tx.open_session(refused, token_sha256=token()))

    assert (opened, opened_in_transaction) == (False, False)
    assert await store.open_session(session(), token_sha256=token())


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
    assert await store.session_by_id(opened.id, now=END - TICK) == opened
    assert await store.session_by_id(opened.id, now=END) is None


async def test_a_change_of_password_ends_every_session(store: Store) -> None:
    """Neither its token nor the list of sessions shows it, and there is nothing left to close."""
    await store.open_session(session(), token_sha256=token())

    await change_password(store)

    assert await store.session(token(), now=NOON) is None
    assert await store.session_by_id(SessionId("s-1"), now=NOON) is None
    assert await store.sessions_of(OnlineAccountId("a-1"), now=NOON) == ()
    assert await store.close_session(SessionId("s-1"), now=NOON) is False


async def test_a_password_changed_in_a_transaction_refuses_the_session_it_would_open(store: Store) -> None:
    """What was checked against the old password opens nothing, in the same transaction or a later one."""

    async def work(tx: Transaction) -> list[bool]:
        before = await tx.open_session(session("s-before"), token_sha256=token(0))
        await tx.save_account(account(credential_version=2))
        after = await tx.open_session(session("s-after"), token_sha256=token(1))
        return [before, after, await tx.open_session(session("s-new", credential_version=2), token_sha256=token(2))]

    assert await store.transact(SUBJECT, work) == [True, False, True]
    assert [one.id for one in await store.sessions_of(OnlineAccountId("a-1"), now=NOON)] == ["s-new"]


async def test_sessions_of_staff_have_no_password_to_change(store: Store) -> None:
    """Changing tenants' passwords leaves staff at work."""
    await store.open_session(staff(), token_sha256=token())

    await change_password(store)

    assert await store.session(token(), now=NOON) == staff()


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


async def test_touching_a_closed_or_unknown_session_does_nothing(store: Store) -> None:
    """What is over stays over."""
    await store.open_session(session(), token_sha256=token())
    await store.close_session(SessionId("s-1"), now=NOON)

    for session_id in ("s-1", "s-9"):
        await store.touch_session(SessionId(session_id), seen_at=NOON + TICK, idle_expires_at=NOON + timedelta(hours=1))

    assert await store.session_by_id(SessionId("s-1"), now=NOON) is None
    assert await store.sessions_of(OnlineAccountId("a-1"), now=NOON) == ()


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


async def test_a_bearer_token_opens_nothing_from_its_own_end_on(store: Store) -> None:
    """The session goes on: its holder may get another token."""
    await store.open_session(MOBILE, token_sha256=token())

    assert await store.session(token(), now=END - TICK) == MOBILE
    assert await store.session(token(), now=END) is None
    assert await store.session_by_id(MOBILE.id, now=END) == MOBILE
    assert await store.sessions_of(OnlineAccountId("a-1"), now=END) == (MOBILE,)


ROTATED = replace(
    MOBILE,
    access_expires_at=END + timedelta(minutes=20),
    refresh_counter=6,
    rotated_at=NOON,
    idle_expires_at=NOON + timedelta(hours=1),
)


async def test_rotation_gives_the_session_its_new_token(store: Store) -> None:
    """The old one is worth nothing; whatever else is asked to change does not."""
    await store.open_session(MOBILE, token_sha256=token(0))
    asked = replace(ROTATED, device="Other", last_seen_at=END, expires_at=END + timedelta(days=1))

    assert await store.transact(SUBJECT, lambda tx: tx.rotate_session(asked, token_sha256=token(1))) is True

    assert await store.session(token(0), now=NOON) is None
    assert await store.session(token(1), now=NOON) == ROTATED


@pytest.mark.parametrize("counter", [5, 7], ids=["same", "too far"])
async def test_rotation_with_another_counter_changes_nothing(store: Store, counter: int) -> None:
    """Somebody has been there before, or makes it up."""
    await store.open_session(MOBILE, token_sha256=token(0))
    asked = replace(ROTATED, refresh_counter=counter)

    assert await store.transact(SUBJECT, lambda tx: tx.rotate_session(asked, token_sha256=token(1))) is False

    assert await store.session(token(0), now=NOON) == MOBILE
    assert await store.session(token(1), now=NOON) is None


async def test_a_session_that_has_ended_is_not_rotated(store: Store, clock: StandingClock) -> None:
    """Closed, expired at that very instant, or of an old password; unknown as well."""

    async def rotate(session_id: str) -> bool:
        asked = replace(ROTATED, id=SessionId(session_id))
        return await store.transact(SUBJECT, lambda tx: tx.rotate_session(asked, token_sha256=token(9)))

    for number, session_id in enumerate(("s-closed", "s-expired", "s-old")):
        await store.open_session(replace(MOBILE, id=SessionId(session_id)), token_sha256=token(number))
    await store.close_session(SessionId("s-closed"), now=NOON)

    refused = [await rotate("s-closed"), await rotate("s-9")]
    clock.now = MOBILE.idle_expires_at
    refused.append(await rotate("s-expired"))
    clock.now = NOON
    await change_password(store)
    refused.append(await rotate("s-old"))

    assert refused == [False] * 4
    assert await store.session(token(9), now=NOON) is None


async def test_of_20_who_rotate_a_session_at_once_one_does(store: Store) -> None:
    """One new token, whichever subject the others came by."""
    await store.open_session(MOBILE, token_sha256=token(0))

    def rotate(number: int) -> Coroutine[None, None, bool]:
        subject = Subject(token(number % 4))
        return store.transact(subject, lambda tx: tx.rotate_session(ROTATED, token_sha256=token(number)))

    rotated = await asyncio.gather(*map(rotate, range(1, 21)))

    assert rotated.count(True) == 1
    assert await store.session(token(rotated.index(True) + 1), now=NOON) == ROTATED


@pytest.mark.parametrize(("keep", "kept"), [(0, []), (1, ["s-3"]), (2, ["s-3", "s-2"]), (9, ["s-3", "s-2", "s-1"])])
async def test_closing_the_sessions_of_an_account_keeps_the_latest_if_asked(
    store: Store, keep: int, kept: list[str]
) -> None:
    """It tells which it has ended; those that were over, and those of others, are not among them."""
    others = account("a-2", reference="67890")
    await store.add_account(others)
    for number in (1, 2, 3):
        opened = session(f"s-{number}", last_seen_at=NOON + timedelta(minutes=number))
        await store.open_session(opened, token_sha256=token(number))
    await store.open_session(session("s-over", last_seen_at=END), token_sha256=token(4))
    await store.close_session(SessionId("s-over"), now=NOON)
    await store.open_session(session("s-others", account_id=others.id), token_sha256=token(5))

    ended = await store.transact(SUBJECT, lambda tx: tx.close_sessions(OnlineAccountId("a-1"), keep=keep))

    assert sorted(ended) == sorted({"s-1", "s-2", "s-3"} - set(kept))
    assert [one.id for one in await store.sessions_of(OnlineAccountId("a-1"), now=NOON)] == kept
    assert len(await store.sessions_of(others.id, now=NOON)) == 1
