"""What is done from time to time without anybody asking: removing what has served its time, announcing renewals."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from gateway.auth.renewals import Renewals
from gateway.ports.store import Store, StoreError

EVERY = timedelta(hours=1)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Upkeep:
    """Runs until it is cancelled; several processes may, beside each other."""

    store: Store
    renewals: Renewals
    audit_retention: timedelta
    clock: Callable[[], datetime]

    async def run(self) -> None:
        """Every hour, from now on. Failures of the store are waited out."""
        while True:
            try:
                await self.run_once()
            except StoreError as error:
                log.warning("upkeep.store_failed", exc_info=error)
            await asyncio.sleep(EVERY.total_seconds())

    async def run_once(self) -> dict[str, int]:
        """What was removed, by table. StoreError."""
        await self.renewals.remind()
        now = self.clock()
        removed = await self.store.purge(now=now, audit_before=now - self.audit_retention)
        log.info("upkeep.finished", count=sum(removed.values()))
        return removed
