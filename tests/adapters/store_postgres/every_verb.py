"""One use of each verb of the store, in an order in which each finds what it needs."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from gateway.domain.access import DeviceId, Download, KnownDevice, OnlineAccountId, SessionId, StaffGrant
from gateway.domain.account_link import AccountLink
from gateway.domain.assistance import AssistanceRequest, AssistanceState
from gateway.domain.audit import Action, AuditEntry
from gateway.domain.identifiers import TenantId
from gateway.domain.lockout import UNKNOWN_DEVICES, GuardRecord
from gateway.domain.outbox import OutboxItem, Task
from gateway.ports.store import Records, Store, Transaction
from tests.adapters.store_postgres.counting import SUBJECT, count
from tests.ports.stores import NOON, account, session, token

HOLDER = OnlineAccountId("a-1")
LATER = NOON + timedelta(minutes=1)
STAFF = session("s-2", account_id=None, tenant_id=None, staff_name="Camille Roth")
GRANT = StaffGrant(SessionId("s-2"), "https://id.example.org", "u-1", "sid-1", b"sealed", NOON)
DEVICE = KnownDevice(DeviceId("d-1"), HOLDER, "Firefox", NOON, NOON)
LINK = AccountLink(token(), SUBJECT, "12345", TenantId("T1"), b"sealed", NOON)
REQUEST = AssistanceRequest("r-1", "A-1", AssistanceState.SUBMITTED, NOON, b"sealed", NOON)
WORK = OutboxItem("o-1", Task.SEND_LETTER, b"sealed", NOON, NOON)


def entry(at: datetime = NOON) -> AuditEntry:
    """A line of the audit trail."""
    return AuditEntry(at, Action.SIGN_IN, "ok", "stranger", "pseudonym")


async def _grant(it: Records) -> None:
    await it.open_session(STAFF, token_sha256=token(2))
    await it.add_staff_grant(GRANT)


_RECORDS: dict[str, Callable[[Any], Awaitable[object]]] = {
    "add_account": lambda it: it.add_account(account()),
    "account": lambda it: it.account("12345"),
    "account_by_id": lambda it: it.account_by_id(HOLDER),
    "open_session": lambda it: it.open_session(session(), token_sha256=token()),
    "session": lambda it: it.session(token(), now=NOON),
    "session_by_id": lambda it: it.session_by_id(SessionId("s-1"), now=NOON),
    "sessions_of": lambda it: it.sessions_of(HOLDER, now=NOON),
    "touch_session": lambda it: it.touch_session(SessionId("s-1"), seen_at=NOON, idle_expires_at=NOON),
    "close_session": lambda it: it.close_session(SessionId("s-1"), now=NOON),
    "devices_of": lambda it: it.devices_of(HOLDER),
    "device": lambda it: it.device(token()),
    "link": lambda it: it.link(token()),
    "record_download": lambda it: it.record_download(Download(NOON, SessionId("s-1"), "D1")),
    "assistance": lambda it: it.assistance("r-1"),
    "open_assistance": lambda it: it.open_assistance(),
    "add_staff_grant": _grant,
    "staff_grant": lambda it: it.staff_grant(STAFF.id),
    "save_staff_grant": lambda it: it.save_staff_grant(GRANT),
    "staff_sessions": lambda it: it.staff_sessions(GRANT.issuer, subject="u-1", provider_session=None, now=NOON),
    "append_audit": lambda it: it.append_audit(entry()),
    "audit_of": lambda it: it.audit_of("pseudonym", first=1),
}
_TRANSACTION: dict[str, Callable[[Transaction], Awaitable[object]]] = {
    "guard": lambda tx: tx.guard(UNKNOWN_DEVICES),
    "put_guard": lambda tx: tx.put_guard(UNKNOWN_DEVICES, GuardRecord()),
    "forget_guards": lambda tx: tx.forget_guards(),
    "hold": lambda tx: tx.hold(),
    "is_held": lambda tx: tx.is_held(),
    "release": lambda tx: tx.release(),
    "save_account": lambda tx: tx.save_account(account()),
    "add_device": lambda tx: tx.add_device(DEVICE, token_sha256=token()),
    "use_device": lambda tx: tx.use_device(DEVICE.id),
    "remove_device": lambda tx: tx.remove_device(DEVICE.id),
    "remove_devices": lambda tx: tx.remove_devices(HOLDER),
    "rotate_session": lambda tx: tx.rotate_session(replace(session(), refresh_counter=1), token_sha256=token(1)),
    "close_sessions": lambda tx: tx.close_sessions(HOLDER),
    "add_link": lambda tx: tx.add_link(LINK),
    "links_since": lambda tx: tx.links_since(NOON),
    "start_link": lambda tx: tx.start_link(token(), expires_at=LATER),
    "end_links": lambda tx: tx.end_links(),
    "promise": lambda tx: tx.promise(WORK),
    "add_assistance": lambda tx: tx.add_assistance(REQUEST),
    "decide_assistance": lambda tx: tx.decide_assistance(REQUEST),
    "remove_account": lambda tx: tx.remove_account(HOLDER),
}
_STORE: dict[str, Callable[[Store], Awaitable[object]]] = {
    "transact": lambda store: store.transact(SUBJECT, count),
    "accounts_after": lambda store: store.accounts_after(None, first=1),
    "claim": lambda store: store.claim(now=NOON, until=LATER),
    "postpone": lambda store: store.postpone("o-1", due_at=LATER),
    "finish": lambda store: store.finish("o-1"),
    "purge": lambda store: store.purge(now=NOON + timedelta(days=400), audit_before=NOON - timedelta(days=400)),
}


async def use_every_verb(store: Store) -> set[str]:
    """Uses each once; their names."""

    async def in_transaction(tx: Transaction) -> None:
        for use in (_RECORDS | _TRANSACTION).values():
            await use(tx)

    await store.transact(SUBJECT, in_transaction)
    for use in (_STORE | _RECORDS).values():
        await use(store)
    return {*_RECORDS, *_TRANSACTION, *_STORE}
