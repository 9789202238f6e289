"""Talking takes no right but the one to connect."""

import secrets
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from gateway.telemetry.metrics import Metrics
from tests.support.hearing import TOPIC, gateways, next_of
from tests.support.postgres import Database, Postgres

pytestmark = pytest.mark.postgres


@pytest.fixture
def stranger_url(postgres: Postgres, own_database: Database) -> Iterator[str]:
    """The database, opened by a role to which nothing was granted."""
    role, password = f"gateway_test_{secrets.token_hex(4)}", secrets.token_hex(8)
    postgres.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{password}'")
    address = urlsplit(own_database.url)
    yield address._replace(netloc=f"{role}:{password}@{address.hostname}:{address.port}").geturl()
    postgres.execute(f"DROP ROLE {role}")


async def test_gateways_need_no_grant_to_talk(stranger_url: str) -> None:
    """The documented rights of the store are enough."""
    async with gateways(stranger_url, Metrics(), Metrics()) as (here, there):
        with there.listen(TOPIC) as heard:
            here.publish(TOPIC, "hello")

            assert await next_of(heard) == "hello"
