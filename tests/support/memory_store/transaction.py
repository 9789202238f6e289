"""The verbs that only whoever is alone on a subject may use."""
# ruff: noqa: D102 - the port documents the verbs

from dataclasses import replace
from datetime import datetime

from gateway.domain.access import DeviceId, KnownDevice, OnlineAccount, OnlineAccountId, Session, SessionId
from gateway.domain.account_link import AccountLink
from gateway.domain.assistance import AssistanceRequest, AssistanceState
from gateway.domain.lockout import Bucket, GuardRecord, Subject
from gateway.domain.outbox import OutboxItem
from tests.support.memory_store.records import MemoryRecords
from tests.support.memory_store.tables import KeptDevice, KeptGuard, Room

_DEVICES_KEPT = 10


class MemoryTransaction(MemoryRecords):
    """`gateway.ports.store.Transaction`, over a layer that is committed or dropped."""

    def __init__(self, room: Room, *, subject: Subject, now: datetime) -> None:
        super().__init__(room)
        self._subject = subject
        self.now = now

    async def guard(self, bucket: Bucket) -> GuardRecord:
        kept = self._tables.guard.get((self._subject, bucket))
        return kept.record if kept else GuardRecord()

    async def put_guard(self, bucket: Bucket, record: GuardRecord) -> None:
        self._tables.guard.put((self._subject, bucket), KeptGuard(record, self.now))

    async def forget_guards(self) -> None:
        self._tables.guard.remove([key for key in self._tables.guard.rows() if key[0] == self._subject])

    async def hold(self) -> None:
        self._tables.hold.put(self._subject, self._tables.hold.get(self._subject) or self.now)

    async def is_held(self) -> bool:
        return self._tables.hold.get(self._subject) is not None

    async def release(self) -> None:
        self._tables.hold.remove([self._subject])

    async def save_account(self, account: OnlineAccount) -> None:
        if old := self._tables.online_account.get(account.id):
            self._tables.online_account.put(account.id, replace(account, reference=old.reference))

    async def remove_account(self, account_id: OnlineAccountId) -> None:
        await self.remove_devices(account_id)
        self._remove_sessions(self._tables.session.keys(lambda kept: kept.session.account_id == account_id))
        self._tables.online_account.remove([account_id])

    async def add_device(self, device: KnownDevice, *, token_sha256: bytes) -> None:
        devices = self._tables.known_device
        if self._tables.online_account.get(device.account_id) is None:
            self._room.refuse("no such account")
        self._require_new_token(token_sha256, taken={one.token_sha256 for one in devices.rows().values()})
        self._require_absent(devices.get(device.id))
        others = [one.id for one in await self.devices_of(device.account_id)]
        devices.remove(others[_DEVICES_KEPT - 1 :])
        devices.put(device.id, KeptDevice(device, token_sha256))

    async def use_device(self, device_id: DeviceId) -> None:
        if kept := self._tables.known_device.get(device_id):
            used = replace(kept.device, last_used_at=self.now)
            self._tables.known_device.put(device_id, replace(kept, device=used))

    async def remove_devices(self, account_id: OnlineAccountId) -> None:
        self._tables.known_device.remove(
            self._tables.known_device.keys(lambda kept: kept.device.account_id == account_id)
        )

    async def remove_device(self, device_id: DeviceId) -> None:
        self._tables.known_device.remove([device_id])

    async def close_sessions(self, account_id: OnlineAccountId, *, keep: int = 0) -> tuple[SessionId, ...]:
        ended = (await self.sessions_of(account_id, now=self.now))[keep:]
        for session in ended:
            await self.close_session(session.id, now=self.now)
        return tuple(session.id for session in ended)

    async def rotate_session(self, session: Session, *, token_sha256: bytes) -> bool:
        kept = self._open(session.id, self.now)
        if kept is None or kept.session.refresh_counter != session.refresh_counter - 1:
            return False
        others = {one.token_sha256 for one in self._tables.session.rows().values() if one.session.id != session.id}
        self._require_new_token(token_sha256, taken=others)
        rotated = replace(
            kept.session,
            access_expires_at=session.access_expires_at,
            refresh_counter=session.refresh_counter,
            rotated_at=session.rotated_at,
            idle_expires_at=session.idle_expires_at,
        )
        self._tables.session.put(session.id, replace(kept, session=rotated, token_sha256=token_sha256))
        return True

    async def add_link(self, link: AccountLink) -> None:
        self._require_new_token(link.token_sha256, taken=set(self._tables.account_link.rows()))
        self._tables.account_link.put(link.token_sha256, link)

    async def links_since(self, since: datetime) -> int:
        links = self._tables.account_link.rows().values()
        return sum(one.subject == self._subject and one.created_at >= since for one in links)

    async def end_links(self) -> None:
        for token, link in self._tables.account_link.rows().items():
            if link.subject == self._subject and link.ended_at is None:
                self._tables.account_link.put(token, replace(link, ended_at=self.now))

    async def start_link(self, token_sha256: bytes, *, expires_at: datetime) -> bool:
        link = self._tables.account_link.get(token_sha256)
        if link is None or link.ended_at is not None:
            return False
        self._tables.account_link.put(token_sha256, replace(link, expires_at=expires_at))
        return True

    async def promise(self, item: OutboxItem) -> None:
        self._require_absent(self._tables.outbox.get(item.id))
        self._tables.outbox.put(item.id, item)

    async def add_assistance(self, request: AssistanceRequest) -> None:
        self._require_absent(self._tables.assistance.get(request.id))
        if any(one.number == request.number for one in self._tables.assistance.rows().values()):
            self._room.refuse("the number is taken already")
        self._tables.assistance.put(request.id, request)

    async def decide_assistance(self, request: AssistanceRequest) -> bool:
        old = self._tables.assistance.get(request.id)
        if old is None or old.state is not AssistanceState.SUBMITTED:
            return False
        self._tables.assistance.put(request.id, request)
        return True
