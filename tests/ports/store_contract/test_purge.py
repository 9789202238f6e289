"""What has served its time goes, at its instant and not before; everything else stays."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from gateway.domain.access import OnlineAccountId, Session, SessionId
from gateway.domain.lockout import GuardRecord
from gateway.ports.store import Store, StoreError
from tests.ports.store_contract.values import (
    OTHER,
    PHONE,
    SUBJECT,
    SUSPENDED,
    TICK,
    device,
    entry,
    grant,
    item,
    link,
    remember,
    request,
    send,
    staff,
    submit,
)
from tests.ports.stores import NOON, StandingClock, account, session, token

DAY = timedelta(days=1)
YEAR = timedelta(days=365)
NOTHING = {"guard": 0, "account_link": 0, "session": 0, "assistance": 0, "audit": 0}
LONG_AGO = NOON - timedelta(days=400)


async def purge(store: Store) -> dict[str, int]:
    """The rows removed at noon, and lines of the trail that are older than 200 days."""
    return await store.purge(now=NOON, audit_before=NOON - 200 * DAY)


async def test_an_empty_store_has_nothing_to_purge(store: Store) -> None:
    """The account stays."""
    assert await purge(store) == NOTHING
    assert await store.account("12345") == account()


async def test_guards_go_48_hours_after_they_were_touched(store: Store, clock: StandingClock) -> None:
    """Whether an account stands behind them or not: nothing tells the two apart."""
    for subject, touched_at in {OTHER: NOON - 2 * DAY + TICK, SUBJECT: NOON - 2 * DAY}.items():
        clock.now = touched_at
        await store.transact(subject, lambda tx: tx.put_guard(PHONE, SUSPENDED))

    assert await purge(store) == NOTHING | {"guard": 1}

    assert await store.transact(SUBJECT, lambda tx: tx.guard(PHONE)) == GuardRecord()
    assert await store.transact(OTHER, lambda tx: tx.guard(PHONE)) == SUSPENDED


async def test_a_guard_that_is_touched_again_stays(store: Store, clock: StandingClock) -> None:
    """The latest touch counts."""
    for touched_at in (NOON - 3 * DAY, NOON - DAY):
        clock.now = touched_at
        await store.transact(SUBJECT, lambda tx: tx.put_guard(PHONE, SUSPENDED))

    assert await purge(store) == NOTHING


async def test_links_go_a_day_after_they_were_made(store: Store) -> None:
    """Used or not."""
    made = {1: NOON - DAY, 2: NOON - DAY + TICK}
    for number, at in made.items():
        one = link(number, created_at=at, expires_at=NOON + DAY)
        await send(store, one)

    assert await purge(store) == NOTHING | {"account_link": 1}

    assert [await store.link(token(number)) is None for number in made] == [True, False]


@pytest.mark.parametrize(
    "ended",
    [
        session(idle_expires_at=NOON - DAY),
        session(expires_at=NOON - DAY, idle_expires_at=NOON),
    ],
    ids=["idle", "absolute"],
)
async def test_sessions_go_a_day_after_they_ended(store: Store, ended: Session) -> None:
    """At the first of their two ends; one that ended a moment later stays."""
    gone = replace(ended, started_at=LONG_AGO, last_seen_at=LONG_AGO)
    stays = replace(
        gone,
        id=SessionId("s-2"),
        idle_expires_at=gone.idle_expires_at + TICK,
        expires_at=gone.expires_at + TICK,
    )
    await store.open_session(gone, token_sha256=token(1))
    await store.open_session(stays, token_sha256=token(2))

    assert await purge(store) == NOTHING | {"session": 1}

    assert await store.session_by_id(gone.id, now=LONG_AGO) is None
    assert await store.session_by_id(stays.id, now=LONG_AGO) == stays


async def test_sessions_go_a_day_after_they_were_closed(store: Store) -> None:
    """With what the provider vouched for; the device and the account stay."""
    await remember(store, device(), number=9)
    closed_at = {"s-1": NOON - DAY, "s-2": NOON - DAY + TICK}
    for number, (name, at) in enumerate(closed_at.items()):
        opened = staff(name, started_at=LONG_AGO, last_seen_at=LONG_AGO)
        await store.open_session(opened, token_sha256=token(number))
        await store.add_staff_grant(grant(name))
        await store.close_session(opened.id, now=at)

    assert await purge(store) == NOTHING | {"session": 1}

    assert [await store.staff_grant(SessionId(name)) is None for name in closed_at] == [True, False]
    assert len(await store.devices_of(OnlineAccountId("a-1"))) == 1


async def test_what_people_wrote_is_erased_at_its_time_and_the_row_a_year_later(store: Store) -> None:
    """The number and the decision remain for that year."""
    erase_at = {"h-now": NOON, "h-soon": NOON + TICK, "h-row": NOON - YEAR, "h-last": NOON - YEAR + TICK}
    for name, at in erase_at.items():
        one = request(name, erase_at=at, sealed=None if name == "h-last" else b"x")
        await submit(store, one)

    assert await purge(store) == NOTHING | {"assistance": 2}

    assert await store.assistance("h-now") == request("h-now", erase_at=NOON, sealed=None)
    assert await store.assistance("h-soon") == request("h-soon", erase_at=NOON + TICK, sealed=b"x")
    assert await store.assistance("h-row") is None
    assert await store.assistance("h-last") == request("h-last", erase_at=erase_at["h-last"], sealed=None)
    assert await purge(store) == NOTHING


async def test_lines_of_the_trail_go_once_they_are_older_than_asked(store: Store) -> None:
    """The line of that instant stays."""
    before = NOON - 200 * DAY
    for at in (before - TICK, before):
        await store.append_audit(entry(at=at))

    assert await purge(store) == NOTHING | {"audit": 1}

    assert await store.audit_of("account:7f", first=9) == (entry(at=before),)


async def test_young_lines_of_the_trail_are_not_purged_whoever_asks(store: Store, clock: StandingClock) -> None:
    """That is an error; what was removed from other tables stays so."""
    clock.now = NOON - 3 * DAY
    await store.transact(SUBJECT, lambda tx: tx.put_guard(PHONE, SUSPENDED))
    clock.now = now = datetime.now(UTC)
    young, old = entry(at=now - DAY), entry(at=now - 300 * DAY)
    for line in (young, old):
        await store.append_audit(line)

    with pytest.raises(StoreError):
        await store.purge(now=NOON, audit_before=now)

    assert await store.audit_of("account:7f", first=9) == (young, old)
    assert await store.transact(SUBJECT, lambda tx: tx.guard(PHONE)) == GuardRecord()


async def test_promised_work_and_holds_wait_for_as_long_as_it_takes(store: Store, clock: StandingClock) -> None:
    """They end by being done or released, never by age."""
    clock.now = LONG_AGO
    await store.transact(SUBJECT, lambda tx: tx.hold())
    await store.transact(SUBJECT, lambda tx: tx.promise(item(created_at=LONG_AGO, due_at=LONG_AGO)))

    assert await purge(store) == NOTHING

    assert await store.transact(SUBJECT, lambda tx: tx.is_held())
    assert await store.claim(now=LONG_AGO, until=NOON) is not None
