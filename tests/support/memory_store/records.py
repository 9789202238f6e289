"""The verbs that there are in a transaction and outside."""
# ruff: noqa: D102 - the port documents the verbs

from dataclasses import replace
from datetime import datetime

from gateway.domain.access import (
    Download,
    KnownDevice,
    OnlineAccount,
    OnlineAccountId,
    Session,
    SessionId,
    StaffGrant,
)
from gateway.domain.account_link import AccountLink
from gateway.domain.assistance import AssistanceRequest, AssistanceState
from gateway.domain.audit import AuditEntry
from tests.support.memory_store.tables import KeptSession, Room, Tables


class MemoryRecords:
    """`gateway.ports.store.Records`, over the tables of a room."""

    def __init__(self, room: Room) -> None:
        self._room = room

    @property
    def _tables(self) -> Tables:
        return self._room.tables

    async def account(self, reference: str) -> OnlineAccount | None:
        accounts = self._tables.online_account.rows().values()
        return next((one for one in accounts if one.reference == reference), None)

    async def account_by_id(self, account_id: OnlineAccountId) -> OnlineAccount | None:
        return self._tables.online_account.get(account_id)

    async def add_account(self, account: OnlineAccount) -> bool:
        if await self.account(account.reference) or await self.account_by_id(account.id):
            return False
        self._tables.online_account.put(account.id, account)
        return True

    async def open_session(self, session: Session, *, token_sha256: bytes) -> bool:
        if not self._has_its_account(session):
            return False
        self._require_new_token(token_sha256, taken={one.token_sha256 for one in self._tables.session.rows().values()})
        self._require_absent(self._tables.session.get(session.id))
        self._tables.session.put(session.id, KeptSession(session, token_sha256))
        return True

    async def session(self, token_sha256: bytes, *, now: datetime) -> Session | None:
        for kept in self._tables.session.rows().values():
            if kept.token_sha256 == token_sha256 and self._is_open(kept, now) and kept.session.takes_token_at(now):
                return kept.session
        return None

    async def session_by_id(self, session_id: SessionId, *, now: datetime) -> Session | None:
        kept = self._open(session_id, now)
        return kept.session if kept else None

    async def touch_session(self, session_id: SessionId, *, seen_at: datetime, idle_expires_at: datetime) -> None:
        if kept := self._open(session_id, seen_at):
            old = kept.session
            touched = replace(
                old,
                last_seen_at=max(old.last_seen_at, min(seen_at, old.expires_at)),
                idle_expires_at=max(old.idle_expires_at, min(idle_expires_at, old.expires_at)),
            )
            self._tables.session.put(session_id, replace(kept, session=touched))

    async def close_session(self, session_id: SessionId, *, now: datetime) -> bool:
        kept = self._open(session_id, now)
        if kept:
            self._tables.session.put(session_id, replace(kept, closed_at=now))
        return kept is not None

    async def sessions_of(self, account_id: OnlineAccountId, *, now: datetime) -> tuple[Session, ...]:
        found = [
            kept.session
            for kept in self._tables.session.rows().values()
            if kept.session.account_id == account_id and self._is_open(kept, now)
        ]
        return tuple(sorted(sorted(found, key=lambda one: one.id), key=lambda one: one.last_seen_at, reverse=True))

    async def devices_of(self, account_id: OnlineAccountId) -> tuple[KnownDevice, ...]:
        found = [one.device for one in self._tables.known_device.rows().values() if one.device.account_id == account_id]
        return tuple(sorted(sorted(found, key=lambda one: one.id), key=lambda one: one.last_used_at, reverse=True))

    async def device(self, token_sha256: bytes) -> KnownDevice | None:
        devices = self._tables.known_device.rows().values()
        return next((one.device for one in devices if one.token_sha256 == token_sha256), None)

    async def link(self, token_sha256: bytes) -> AccountLink | None:
        return self._tables.account_link.get(token_sha256)

    async def record_download(self, download: Download) -> None:
        self._tables.download.put(next(self._room.numbers), download)

    async def assistance(self, request_id: str) -> AssistanceRequest | None:
        return self._tables.assistance.get(request_id)

    async def open_assistance(
        self, *, after: AssistanceRequest | None = None, number: str | None = None
    ) -> tuple[AssistanceRequest, ...]:
        requests = sorted(self._tables.assistance.rows().values(), key=_place)
        waiting = [one for one in requests if one.state is AssistanceState.SUBMITTED]
        following = [one for one in waiting if after is None or _place(one) > _place(after)]
        return tuple(one for one in following if number in {None, one.number})[:200]

    async def add_staff_grant(self, grant: StaffGrant) -> None:
        if self._tables.session.get(grant.session_id) is None:
            self._room.refuse("no such session")
        self._require_absent(self._tables.staff_grant.get(grant.session_id))
        self._tables.staff_grant.put(grant.session_id, grant)

    async def staff_grant(self, session_id: SessionId) -> StaffGrant | None:
        return self._tables.staff_grant.get(session_id)

    async def save_staff_grant(self, grant: StaffGrant) -> None:
        if self._tables.staff_grant.get(grant.session_id):
            self._tables.staff_grant.put(grant.session_id, grant)

    async def staff_sessions(
        self, issuer: str, *, subject: str | None, provider_session: str | None, now: datetime
    ) -> tuple[SessionId, ...]:
        grants = [
            one
            for one in self._tables.staff_grant.rows().values()
            if one.issuer == issuer
            and subject in {None, one.subject}
            and provider_session in {None, one.provider_session}
        ]
        return tuple(sorted(one.session_id for one in grants if self._open(one.session_id, now)))

    async def append_audit(self, entry: AuditEntry) -> None:
        self._tables.audit.put(next(self._room.numbers), entry)

    async def audit_of(self, subject: str, *, first: int) -> tuple[AuditEntry, ...]:
        found = [(one.at, number, one) for number, one in self._tables.audit.rows().items() if one.subject == subject]
        return tuple(entry for _, _, entry in sorted(found, key=lambda line: line[:2], reverse=True)[:first])

    def _open(self, session_id: SessionId, now: datetime) -> KeptSession | None:
        kept = self._tables.session.get(session_id)
        return kept if kept and self._is_open(kept, now) else None

    def _is_open(self, kept: KeptSession, now: datetime) -> bool:
        return kept.closed_at is None and kept.session.is_open_at(now) and self._has_its_account(kept.session)

    def _has_its_account(self, session: Session) -> bool:
        if session.account_id is None:
            return True
        account = self._tables.online_account.get(session.account_id)
        return account is not None and account.credential_version == session.credential_version

    def _require_absent(self, row: object | None) -> None:
        if row is not None:
            self._room.refuse("taken already")

    def _require_new_token(self, token_sha256: bytes, *, taken: set[bytes]) -> None:
        if len(token_sha256) != 32 or token_sha256 in taken:
            self._room.refuse("no hash, or taken already")

    def _remove_sessions(self, session_ids: list[str]) -> int:
        self._tables.staff_grant.remove([one for one in session_ids if self._tables.staff_grant.get(one)])
        return self._tables.session.remove(session_ids)


def _place(request: AssistanceRequest) -> tuple[datetime, str]:
    return request.created_at, request.id
