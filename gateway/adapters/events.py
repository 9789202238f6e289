"""Which events go with a database URL."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from gateway.adapters.events_local import LocalEvents
from gateway.adapters.events_postgres import PostgresEvents
from gateway.adapters.stores import is_sqlite
from gateway.telemetry.metrics import Metrics


@asynccontextmanager
async def open_events(url: str, metrics: Metrics) -> AsyncIterator[LocalEvents | PostgresEvents]:
    """Events among all gateways on the database at `url`: beside SQLite there is only one."""
    if is_sqlite(url):
        yield LocalEvents(metrics)
    else:
        async with PostgresEvents.open(url, metrics) as events:
            yield events
