"""Promised work in SQLite."""
# ruff: noqa: D102, S608 - the port documents the verbs; statements are made of constants of this module

from collections.abc import Collection
from datetime import datetime

from gateway.adapters.store_sqlite import rows
from gateway.adapters.store_sqlite.verbs import TransactionVerbs, Verbs
from gateway.domain.outbox import OutboxItem, Task

_ITEM = rows.columns(OutboxItem)
_PROMISE = f"INSERT INTO outbox ({_ITEM}) VALUES ({rows.placeholders(OutboxItem)})"
_CLAIM = f"""
    UPDATE outbox SET due_at = :until, attempts = attempts + 1
    WHERE id = (SELECT id FROM outbox WHERE due_at <= :now AND task IN (%s) ORDER BY due_at, id LIMIT 1)
    RETURNING {_ITEM}
"""
_FINISH = "DELETE FROM outbox WHERE id = :id"
_POSTPONE = "UPDATE outbox SET due_at = :due_at WHERE id = :id"


class OutboxTransactionVerbs(TransactionVerbs):
    """Promising work."""

    async def promise(self, item: OutboxItem) -> None:
        await self._write(_PROMISE, rows.parameters(item))


class OutboxStoreVerbs(Verbs):
    """Doing what was promised."""

    async def claim(
        self, *, now: datetime, until: datetime, tasks: Collection[Task] = tuple(Task)
    ) -> OutboxItem | None:
        kinds = {task.name: task.value for task in tasks}
        claim = _CLAIM % ", ".join(f":{name}" for name in kinds)
        found = await self._write(claim, {"now": rows.micros(now), "until": rows.micros(until), **kinds})
        return OutboxItem(**(rows.values(found[0]) | {"task": Task(found[0]["task"])})) if found else None

    async def finish(self, item_id: str) -> None:
        await self._write(_FINISH, {"id": item_id})

    async def postpone(self, item_id: str, *, due_at: datetime) -> None:
        await self._write(_POSTPONE, {"id": item_id, "due_at": rows.micros(due_at)})
