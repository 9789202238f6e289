"""Work for transactions: wrong passwords, counted one by one. Run as a program, it counts some in its own process."""

import asyncio
import sys
from dataclasses import replace

from gateway.adapters.store_postgres import PostgresStore
from gateway.domain.lockout import UNKNOWN_DEVICES, Subject
from gateway.ports.store import Store, Transaction

SUBJECT = Subject(bytes(range(224, 256)))
OTHER = Subject(bytes(range(32)))


async def count(tx: Transaction) -> int:
    """One wrong password more; how many there are now."""
    record = await tx.guard(UNKNOWN_DEVICES)
    await tx.put_guard(UNKNOWN_DEVICES, replace(record, failures=record.failures + 1))
    return record.failures + 1


async def counted(store: Store, *, subject: Subject = SUBJECT) -> int:
    """How many wrong passwords are remembered."""

    async def look(tx: Transaction) -> int:
        return (await tx.guard(UNKNOWN_DEVICES)).failures

    return await store.transact(subject, look)


async def _count_in_this_process(url: str, *, times: int) -> None:
    store = await PostgresStore.open(url, max_connections=2)
    await asyncio.gather(*(store.transact(SUBJECT, count) for _ in range(times)))
    await store.close()


if __name__ == "__main__":
    asyncio.run(_count_in_this_process(sys.argv[1], times=int(sys.argv[2])))
