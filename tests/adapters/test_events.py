"""Events go with the database: beside SQLite there is one gateway, on PostgreSQL there may be many."""

import pytest

from gateway.adapters.events import open_events
from gateway.adapters.events_local import LocalEvents
from gateway.adapters.events_postgres import PostgresEvents
from gateway.telemetry.metrics import Metrics
from tests.support.postgres import Postgres


async def test_beside_sqlite_a_gateway_talks_to_itself() -> None:
    """No other may be there."""
    async with open_events("sqlite:///gateway.db", Metrics()) as events:
        assert isinstance(events, LocalEvents)


@pytest.mark.postgres
async def test_on_postgresql_gateways_talk_through_it(postgres: Postgres) -> None:
    """All of those on one database."""
    with postgres.database() as database:
        async with open_events(database.url, Metrics()) as events:
            assert isinstance(events, PostgresEvents)
