"""Two gateways on one PostgreSQL: what one finds out about a system is seen at the other, by itself."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from gateway.adapters.stores import migrate
from tests.support import processes
from tests.support.gateway import RunningGateway, Systems
from tests.support.postgres import Database, Postgres
from tests.support.replicas import Site, running_replicas

pytestmark = [pytest.mark.servers, pytest.mark.postgres]

FOLLOW = "subscription { sourceStatusChanged { system health } }"
OFFICES = "{ offices { name } }"
SECONDS = 15


@pytest.fixture
def empty(postgres: Postgres) -> Iterator[Database]:
    """A database with our tables and nothing in them."""
    with postgres.database() as database:
        migrate(database.url)
        yield database


@contextmanager
def running(systems: Systems, folder: Path, **settings: str) -> Iterator[RunningGateway]:
    """One gateway."""
    with running_replicas(Site(systems, folder, settings, {}), 1) as (gateway,):
        yield gateway


@contextmanager
def followed(gateway: RunningGateway) -> Iterator[Iterator[object]]:
    """The changes that a stranger follows there, from the beginning of the block on."""
    client = httpx.Client(timeout=SECONDS)
    with (
        client,
        client.stream(
            "POST", f"{gateway.url}/graphql", json={"query": FOLLOW}, headers={"Accept": "text/event-stream"}
        ) as answer,
    ):
        assert answer.status_code == 200, answer.read()
        yield (json.loads(line[6:])["data"]["sourceStatusChanged"] for line in told(answer))


def told(answer: httpx.Response) -> Iterator[str]:
    """Lines that hold an answer."""
    return (line for line in answer.iter_lines() if line.startswith("data: "))


def directory_at(gateway: RunningGateway) -> str:
    """Health of the directory as that gateway shows it."""
    sources = gateway.stranger().ask("{ sources { system health } }").whole()["sources"]
    (health,) = [one["health"] for one in sources if one["system"] == "DIRECTORY"]
    return str(health)


def test_a_system_that_fails_one_gateway_is_seen_to_fail_at_the_other(
    systems: Systems, empty: Database, tmp_path: Path
) -> None:
    """Who follows there is told that it is down, and when it answers somebody there, that it answers in part."""
    systems.calm()
    settings = {"GATEWAY_DATABASE_URL": empty.url}
    nowhere = {"GATEWAY_ERP_URL": f"http://127.0.0.1:{processes.free_port()}"}
    with ExitStack() as owned:
        here = owned.enter_context(running(systems, tmp_path, **settings))
        there = owned.enter_context(running(systems, tmp_path, **settings, **nowhere))
        changes = owned.enter_context(followed(here))

        for _ in range(3):
            assert there.stranger().ask(OFFICES).data == {"offices": None}
        assert next(changes) == {"system": "DIRECTORY", "health": "DOWN"}
        assert (directory_at(here), directory_at(there)) == ("DOWN", "DOWN")

        assert here.stranger().ask(OFFICES).data["offices"]
        assert next(changes) == {"system": "DIRECTORY", "health": "DEGRADED"}
        processes.wait_until(lambda: directory_at(there) == "DEGRADED", seconds=SECONDS)
