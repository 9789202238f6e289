"""Work that several gateways share is never waited for: what one of them holds, the others pass over."""

from datetime import UTC, datetime, timedelta

import pytest

from gateway.adapters.store_postgres.purge import BATCH
from gateway.domain.outbox import OutboxItem, Task
from gateway.ports.store import Transaction
from tests.adapters.store_postgres.counting import OTHER, SUBJECT, count
from tests.adapters.store_postgres.servers import beside, opened
from tests.ports.stores import NOON
from tests.support.postgres import Database

pytestmark = pytest.mark.postgres


def work(number: int) -> OutboxItem:
    """Work that has been due for longer, the smaller its number."""
    return OutboxItem(f"o-{number}", Task.SEND_LETTER, b"sealed", NOON, NOON + timedelta(seconds=number))


async def test_work_that_another_claims_in_this_instant_is_passed_over(database: Database) -> None:
    """The next is taken, although the first is due longer."""

    async def promise(tx: Transaction) -> None:
        await tx.promise(work(1))
        await tx.promise(work(2))

    async with opened(database.url) as store, beside(database) as other:
        await store.transact(SUBJECT, promise)
        async with other.transaction():
            await other.execute("SELECT FROM outbox WHERE id = 'o-1' FOR UPDATE")

            claimed = await store.claim(now=NOON + timedelta(minutes=1), until=NOON + timedelta(minutes=2))

        assert claimed is not None
        assert claimed.id == "o-2"


async def test_the_purge_passes_over_a_guard_that_somebody_touches(database: Database) -> None:
    """It neither waits nor fails; the others go."""
    async with opened(database.url) as store, beside(database) as other:
        for subject in (SUBJECT, OTHER):
            await store.transact(subject, count)
        async with other.transaction():
            await other.execute("UPDATE guard SET touched_at = now() WHERE subject = $1", SUBJECT)

            purged = await store.purge(now=datetime.now(UTC) + timedelta(days=3), audit_before=NOON)

        assert purged["guard"] == 1
        assert await other.fetchval("SELECT subject FROM guard") == SUBJECT


async def test_the_purge_removes_however_many_there_are(database: Database) -> None:
    """Batch by batch: two full ones, and what is left."""
    async with opened(database.url) as store, beside(database) as other:
        await other.execute(
            "INSERT INTO guard SELECT sha256(number::text::bytea), '*', '{}', $1 FROM generate_series(1, $2) number",
            NOON,
            2 * BATCH + 1,
        )

        purged = await store.purge(now=NOON + timedelta(days=3), audit_before=NOON)

        assert purged == {"guard": 2 * BATCH + 1, "account_link": 0, "session": 0, "assistance": 0, "audit": 0}
        assert await other.fetchval("SELECT count(*) FROM guard") == 0
