"""The store as a whole: it lasts, it fails closed, and it tells nobody how to get in."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from gateway.domain.access import Download, OnlineAccountId, SessionId
from gateway.domain.lockout import UNKNOWN_DEVICES
from gateway.ports.store import Store, StoreError
from tests.ports.store_contract.values import SUBJECT, SUSPENDED, entry, grant, item
from tests.ports.stores import NOON, DatabaseUnderTest, StoreUnderTest, account, session, token

LATER = NOON + timedelta(hours=1)
VERBS: dict[str, Callable[[Store], Awaitable[object]]] = {
    "account": lambda store: store.account("12345"),
    "account_by_id": lambda store: store.account_by_id(OnlineAccountId("a-1")),
    "accounts_after": lambda store: store.accounts_after(None, first=9),
    "add_account": lambda store: store.add_account(account()),
    "open_session": lambda store: store.open_session(session(), token_sha256=token()),
    "session": lambda store: store.session(token(), now=NOON),
    "session_by_id": lambda store: store.session_by_id(SessionId("s-1"), now=NOON),
    "touch_session": lambda store: store.touch_session(SessionId("s-1"), seen_at=NOON, idle_expires_at=LATER),
    "close_session": lambda store: store.close_session(SessionId("s-1"), now=NOON),
    "sessions_of": lambda store: store.sessions_of(OnlineAccountId("a-1"), now=NOON),
    "devices_of": lambda store: store.devices_of(OnlineAccountId("a-1")),
    "device": lambda store: store.device(token()),
    "link": lambda store: store.link(token()),
    "record_download": lambda store: store.record_download(Download(NOON, SessionId("s-1"), "D1")),
    "assistance": lambda store: store.assistance("h-1"),
    "open_assistance": lambda store: store.open_assistance(),
    "add_staff_grant": lambda store: store.add_staff_grant(grant()),
    "staff_grant": lambda store: store.staff_grant(SessionId("s-1")),
    "save_staff_grant": lambda store: store.save_staff_grant(grant()),
    "staff_sessions": lambda store: store.staff_sessions("i", subject="s", provider_session=None, now=NOON),
    "append_audit": lambda store: store.append_audit(entry()),
    "audit_of": lambda store: store.audit_of("account:7f", first=1),
    "transact": lambda store: store.transact(SUBJECT, lambda tx: tx.hold()),
    "claim": lambda store: store.claim(now=NOON, until=LATER),
    "finish": lambda store: store.finish("o-1"),
    "postpone": lambda store: store.postpone("o-1", due_at=LATER),
    "purge": lambda store: store.purge(now=NOON, audit_before=NOON - timedelta(days=365)),
}


def test_every_verb_of_the_port_is_among_them() -> None:
    """None is forgotten when the port grows."""
    assert set(VERBS) == {name for name in dir(Store) if not name.startswith("_")}


async def test_a_store_that_is_gone_is_an_error_for_every_verb(tested: StoreUnderTest) -> None:
    """Never an answer that could be taken for one."""
    await tested.store.close()

    answered = []
    for name, ask in VERBS.items():
        try:
            await ask(tested.store)
        except StoreError:
            continue
        answered.append(name)

    assert answered == []


async def test_everything_outlives_a_restart(database: DatabaseUnderTest) -> None:
    """Accounts, sessions, guards, promises, the trail, and what has ended."""
    store = database.store
    await store.add_account(account())
    await store.open_session(session("s-open"), token_sha256=token(0))
    await store.open_session(session("s-closed"), token_sha256=token(1))
    await store.close_session(SessionId("s-closed"), now=NOON)
    await store.record_download(Download(NOON, SessionId("s-open"), "D1"))
    await store.append_audit(entry())
    await store.transact(SUBJECT, lambda tx: tx.put_guard(UNKNOWN_DEVICES, SUSPENDED))
    await store.transact(SUBJECT, lambda tx: tx.promise(item()))

    await database.restart()

    store = database.store
    assert await store.account("12345") == account()
    assert await store.session(token(0), now=NOON) == session("s-open")
    assert await store.session(token(1), now=NOON) is None
    assert await database.count("download") == 1
    assert await store.audit_of("account:7f", first=9) == (entry(),)
    assert await store.transact(SUBJECT, lambda tx: tx.guard(UNKNOWN_DEVICES)) == SUSPENDED
    assert await store.claim(now=NOON, until=LATER) == item(attempts=1, due_at=LATER)


async def test_somebody_who_stops_waiting_leaves_all_or_nothing(database: DatabaseUnderTest) -> None:
    """Cancelled at any moment, a session is there as a whole or not at all, and the store goes on."""
    await database.store.add_account(account())
    for number in range(64):
        one = session(f"s-{number}")
        opening = asyncio.create_task(database.store.open_session(one, token_sha256=token(number)))
        for _ in range(number % 16):
            await asyncio.sleep(0)
        opening.cancel()
        await asyncio.wait([opening])

    await database.restart()

    found = [await database.store.session(token(number), now=NOON) for number in range(64)]
    assert all(one in {None, session(f"s-{number}")} for number, one in enumerate(found))
    assert sum(one is not None for one in found) == await database.count("session")
    assert await database.store.open_session(session("s-after"), token_sha256=token(99))
