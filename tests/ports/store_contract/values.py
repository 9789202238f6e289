"""What the contract's tests put into a store, with values that matter to nobody."""

from datetime import timedelta
from typing import Any

from gateway.domain.access import DeviceId, KnownDevice, OnlineAccountId, Role, Session, SessionId, StaffGrant
from gateway.domain.account_link import AccountLink
from gateway.domain.assistance import AssistanceRequest, AssistanceState
from gateway.domain.audit import Action, AuditEntry
from gateway.domain.identifiers import TenantId
from gateway.domain.lockout import Bucket, GuardRecord, Permit, Phase, Subject
from gateway.domain.outbox import OutboxItem, Task
from gateway.ports.store import Store
from tests.ports.stores import NOON, session, token

TICK = timedelta(microseconds=1)
SUBJECT = Subject(b"\x01" * 32)
OTHER = Subject(b"\x02" * 32)
PHONE = Bucket("d-1")
SUSPENDED = GuardRecord(
    phase=Phase.LOCKED,
    failures=3,
    recreations=3,
    until=NOON + timedelta(minutes=10),
    last=NOON,
    permits=(Permit("p-1", NOON + timedelta(seconds=15)), Permit("p-2", NOON + TICK)),
    spent=(NOON - timedelta(hours=1), NOON),
    epoch=7,
)


def device(device_id: str = "d-1", **changes: Any) -> KnownDevice:
    """A telephone of account a-1, used a minute before noon."""
    values: dict[str, Any] = {
        "id": DeviceId(device_id),
        "account_id": OnlineAccountId("a-1"),
        "label": "Fairphone",
        "created_at": NOON - timedelta(days=1),
        "last_used_at": NOON - timedelta(minutes=1),
    }
    return KnownDevice(**(values | changes))


def staff(session_id: str = "s-staff", **changes: Any) -> Session:
    """Camille's session, opened at noon."""
    values: dict[str, Any] = {
        "role": Role.ADVISOR,
        "account_id": None,
        "tenant_id": None,
        "staff_name": "Camille Roth",
    }
    return session(session_id, **(values | changes))


def link(number: int = 0, **changes: Any) -> AccountLink:
    """A link for the subject, made at noon, not sent yet."""
    values: dict[str, Any] = {
        "token_sha256": token(number),
        "subject": SUBJECT,
        "reference": "12345",
        "tenant_id": TenantId("T1"),
        "sealed_address": b"\x00sealed",
        "created_at": NOON,
    }
    return AccountLink(**(values | changes))


def item(item_id: str = "o-1", **changes: Any) -> OutboxItem:
    """A letter promised at noon, due at once."""
    values: dict[str, Any] = {
        "id": item_id,
        "task": Task.SEND_LETTER,
        "sealed": b"\x00sealed",
        "created_at": NOON,
        "due_at": NOON,
    }
    return OutboxItem(**(values | changes))


def request(request_id: str = "h-1", **changes: Any) -> AssistanceRequest:
    """A request submitted at noon, to be erased after thirty days."""
    values: dict[str, Any] = {
        "id": request_id,
        "number": f"A-{request_id}",
        "state": AssistanceState.SUBMITTED,
        "created_at": NOON,
        "sealed": b"\x00sealed",
        "erase_at": NOON + timedelta(days=30),
    }
    return AssistanceRequest(**(values | changes))


def entry(**changes: Any) -> AuditEntry:
    """A sign-in at noon."""
    values: dict[str, Any] = {
        "at": NOON,
        "action": Action.SIGN_IN,
        "outcome": "ACCEPTED",
        "actor": "tenant:7f",
        "subject": "account:7f",
    }
    return AuditEntry(**(values | changes))


def grant(session_id: str = "s-staff", **changes: Any) -> StaffGrant:
    """Camille, vouched for at noon."""
    values: dict[str, Any] = {
        "session_id": SessionId(session_id),
        "issuer": "https://id.example.org",
        "subject": "camille",
        "provider_session": "p-1",
        "sealed_token": b"\x00sealed",
        "checked_at": NOON,
    }
    return StaffGrant(**(values | changes))


async def remember(store: Store, used: KnownDevice, *, number: int) -> None:
    """Adds a device with the token `number`."""
    await store.transact(SUBJECT, lambda tx: tx.add_device(used, token_sha256=token(number)))


async def send(store: Store, one: AccountLink) -> None:
    """Adds a link."""
    await store.transact(one.subject, lambda tx: tx.add_link(one))


async def submit(store: Store, one: AssistanceRequest) -> None:
    """Adds an assistance request."""
    await store.transact(SUBJECT, lambda tx: tx.add_assistance(one))
