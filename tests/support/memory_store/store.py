"""The store as a whole."""
# ruff: noqa: D102 - the port documents the verbs

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from weakref import WeakValueDictionary

from gateway.domain.access import OnlineAccount, OnlineAccountId
from gateway.domain.lockout import Subject
from gateway.domain.outbox import OutboxItem, Task
from gateway.ports.store import Transaction
from tests.support.memory_store.records import MemoryRecords
from tests.support.memory_store.tables import KeptSession, Room
from tests.support.memory_store.transaction import MemoryTransaction

T = TypeVar("T")

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


def _system_clock() -> datetime:
    return datetime.now(UTC)


class MemoryStore(MemoryRecords):
    """`gateway.ports.store.Store`. Transactions of one subject queue; those of others pass them by."""

    def __init__(self, *, clock: Callable[[], datetime] = _system_clock) -> None:
        super().__init__(Room())
        self._clock = clock
        self._subjects = WeakValueDictionary[Subject, asyncio.Lock]()

    async def close(self) -> None:
        """From now on every verb is a StoreError."""
        self._room.close("the store is closed")

    def sizes(self) -> dict[str, int]:
        """How many rows each table has, by its name."""
        return {one.name: len(getattr(self._tables, one.name).rows()) for one in fields(self._tables)}

    async def transact(self, subject: Subject, work: Callable[[Transaction], Awaitable[T]]) -> T:
        async with self._subjects.setdefault(subject, asyncio.Lock()):
            room = Room(self._room)
            try:
                result = await work(MemoryTransaction(room, subject=subject, now=self._clock()))
            finally:
                room.close("the transaction is over")
            room.commit()
        return result

    async def accounts_after(self, account_id: OnlineAccountId | None, *, first: int) -> tuple[OnlineAccount, ...]:
        accounts = self._tables.online_account.rows()
        following = sorted(one for one in accounts if one > (account_id or ""))
        return tuple(accounts[one] for one in following[:first])

    async def claim(
        self, *, now: datetime, until: datetime, tasks: Collection[Task] = tuple(Task)
    ) -> OutboxItem | None:
        due = [one for one in self._tables.outbox.rows().values() if one.due_at <= now and one.task in tasks]
        if not due:
            return None
        item = min(due, key=lambda one: (one.due_at, one.id))
        claimed = replace(item, due_at=until, attempts=item.attempts + 1)
        self._tables.outbox.put(item.id, claimed)
        return claimed

    async def finish(self, item_id: str) -> None:
        self._tables.outbox.remove([item_id])

    async def postpone(self, item_id: str, *, due_at: datetime) -> None:
        if item := self._tables.outbox.get(item_id):
            self._tables.outbox.put(item_id, replace(item, due_at=due_at))

    async def purge(self, *, now: datetime, audit_before: datetime) -> dict[str, int]:
        guards, links = self._tables.guard, self._tables.account_link
        return {
            "guard": guards.remove(guards.keys(lambda one: one.touched_at <= now - 48 * _HOUR)),
            "account_link": links.remove(links.keys(lambda one: one.created_at <= now - _DAY)),
            "session": self._remove_sessions(self._tables.session.keys(lambda one: _end(one) <= now - _DAY)),
            "assistance": self._purge_assistance(now),
            "audit": self._purge_audit(audit_before),
        }

    def _purge_assistance(self, now: datetime) -> int:
        requests = self._tables.assistance
        removed = requests.remove(requests.keys(lambda one: one.erase_at <= now - 365 * _DAY))
        erased = requests.keys(lambda one: one.erase_at <= now and one.sealed is not None)
        for request_id in erased:
            requests.put(request_id, replace(requests.rows()[request_id], sealed=None))
        return removed + len(erased)

    def _purge_audit(self, before: datetime) -> int:
        lines = self._tables.audit
        gone = lines.keys(lambda one: one.at < before)
        if any(lines.rows()[number].at > self._clock() - 180 * _DAY for number in gone):
            self._room.refuse("a line of the audit trail is too young")
        return lines.remove(gone)


def _end(kept: KeptSession) -> datetime:
    ends = (kept.closed_at, kept.session.idle_expires_at, kept.session.expires_at)
    return min(one for one in ends if one is not None)
