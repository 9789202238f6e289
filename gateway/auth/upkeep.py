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
        """At once, then every hour."""
        while True:
            await self.run_once()
            await asyncio.sleep(EVERY.total_seconds())

    async def run_once(self) -> None:
        """Each piece of work, whatever becomes of the others: what fails is logged, and tried again in an hour."""
        for work in (self.renewals.remind, self.purge):
            try:
                await work()
            except StoreError as error:
                log.warning("upkeep.store_failed", operation=work.__name__, exc_info=error)
            except Exception:  # a defect of ours in one piece of work must not stop the others
                log.exception("upkeep.crashed", operation=work.__name__)

    async def purge(self) -> dict[str, int]:
        """What was removed, by table. StoreError."""
        now = self.clock()
        removed = await self.store.purge(now=now, audit_before=now - self.audit_retention)
        log.info("upkeep.purged", count=sum(removed.values()))
        return removed
