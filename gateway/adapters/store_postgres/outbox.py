"""Work that was promised, and who does it."""
# ruff: noqa: D102, S608 - the port documents the verbs; statements are made of constants of ours

from collections.abc import Collection
from datetime import datetime

import asyncpg

from gateway.adapters.store_postgres.rows import insertion, listed, values_of
from gateway.adapters.store_postgres.verbs import TransactionVerbs, Verbs
from gateway.domain.outbox import OutboxItem, Task

_PROMISE = insertion("outbox", OutboxItem)
# What another claims in this instant is passed over instead of waited for.
_CLAIM = f"""
    UPDATE outbox SET due_at = $2, attempts = attempts + 1 WHERE id = (
        SELECT id FROM outbox WHERE due_at <= $1 AND task = ANY($3::text[])
        ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING {listed(OutboxItem)}
"""
_FINISH = "DELETE FROM outbox WHERE id = $1"
_POSTPONE = "UPDATE outbox SET due_at = $2 WHERE id = $1"


class OutboxStoreVerbs(Verbs):
    """The work as its doers see it."""

    async def claim(
        self, *, now: datetime, until: datetime, tasks: Collection[Task] = tuple(Task)
    ) -> OutboxItem | None:
        claimed = await self._runner.write(_CLAIM, now, until, list(tasks))
        return _item_of(claimed[0]) if claimed else None

    async def finish(self, item_id: str) -> None:
        await self._runner.write(_FINISH, item_id)

    async def postpone(self, item_id: str, *, due_at: datetime) -> None:
        await self._runner.write(_POSTPONE, item_id, due_at)


class OutboxTransactionVerbs(TransactionVerbs):
    """The work as those see it who promise it."""

    async def promise(self, item: OutboxItem) -> None:
        await self._runner.write(_PROMISE, *values_of(item))


def _item_of(row: asyncpg.Record) -> OutboxItem:
    return OutboxItem(**(dict(row) | {"task": Task(row["task"])}))
