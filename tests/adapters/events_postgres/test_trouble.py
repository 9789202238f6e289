"""What happens to the server happens to the way between the gateways: listeners outlive it and learn of the gap."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from gateway.adapters.events_postgres import Pace, PostgresEvents
from gateway.ports.events import MAX_WAITING, Heard, Missed
from gateway.telemetry.metrics import Metrics
from tests.support import processes
from tests.support.hearing import QUICK, SECONDS, TOPIC, gateways, lost, next_of, until
from tests.support.logs import Log
from tests.support.postgres import BreakablePostgres, Database, Postgres

pytestmark = pytest.mark.postgres

CONNECTIONS = "SELECT count(*) FROM pg_stat_activity WHERE datname = '{}'"
DISCONNECT = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{}'"


async def until_missed(heard: AsyncIterator[Heard]) -> None:
    """The way has been opened again."""
    while await next_of(heard) != Missed():
        pass


async def test_listeners_outlive_a_server_that_is_killed(breakable: BreakablePostgres, log: Log) -> None:
    """They are told that something may be missing, at both ends, and then hear what is said, also what had to wait."""
    async with gateways(breakable.server.url, Metrics(), Metrics()) as (here, there):
        with here.listen(TOPIC) as at_home, there.listen(TOPIC) as abroad:
            here.publish(TOPIC, "before")
            assert await next_of(abroad) == "before"

            breakable.kill()
            await lines(log, "events.disconnected", count=4)
            here.publish(TOPIC, "said in the gap")
            breakable.restart()
            await until_missed(abroad)
            await until_missed(at_home)
            here.publish(TOPIC, "after")

            assert (await until("after", at_home))[-1] == "after"
            assert (await until("after", abroad))[-1] == "after"


async def lines(log: Log, event: str, *, count: int) -> None:
    """Until so many lines of the log tell of the event."""
    deadline = time.monotonic() + SECONDS
    while sum(line["event"] == event for line in log.lines) < count:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


async def test_a_gap_is_logged_without_the_address_of_the_server(breakable: BreakablePostgres, log: Log) -> None:
    """An operator sees how often it was tried, and when it was well again; no password."""
    async with gateways(breakable.server.url, Metrics()):
        breakable.kill()
        await lines(log, "events.disconnected", count=3)
        breakable.restart()
        await lines(log, "events.connected", count=2)

    tries = [line["attempts"] for line in log.lines if line["event"] == "events.disconnected"]
    assert tries[:3] == [1, 2, 3]
    assert tries == list(range(1, len(tries) + 1))
    assert breakable.cluster.password not in log.getvalue()


async def test_a_frozen_server_holds_nobody_up_and_is_left(breakable: BreakablePostgres, log: Log) -> None:
    """Its silence is noticed by itself; whoever publishes meanwhile goes on at once, and listeners learn of the gap."""
    metrics = Metrics()
    async with gateways(breakable.server.url, metrics) as (events,):
        with events.listen(TOPIC) as heard:
            with breakable.frozen():
                began = time.monotonic()
                for number in range(3 * MAX_WAITING):
                    events.publish(TOPIC, f"message {number}")
                took = time.monotonic() - began
                await lines(log, "events.disconnected", count=2)
            await until_missed(heard)
            newest = await until(f"message {3 * MAX_WAITING - 1}", heard)

    assert took < 0.1
    assert newest[-5:] == [f"message {number}" for number in range(3 * MAX_WAITING - 5, 3 * MAX_WAITING)]
    assert lost(metrics)["backlog"] == 2 * MAX_WAITING


async def test_closing_does_not_wait_for_a_server_that_is_frozen(breakable: BreakablePostgres) -> None:
    """The gateway stops when it is told to."""
    with ExitStack() as frost:
        async with gateways(breakable.server.url, Metrics()) as (events,):
            frost.enter_context(breakable.frozen())
            events.publish(TOPIC, "into the ice")
            for _ in range(5):
                await asyncio.sleep(0)  # a few turns of the loop, until it waits for an answer
            began = time.monotonic()
        took = time.monotonic() - began

    assert took < QUICK.step


async def test_a_server_that_is_not_there_yet_is_waited_for(breakable: BreakablePostgres) -> None:
    """A gateway that starts before its database answers hears of the others when it does."""
    breakable.kill()

    async with PostgresEvents.open(breakable.server.url, Metrics(), pace=QUICK) as events:
        with events.listen(TOPIC) as heard:
            events.publish(TOPIC, "early")
            breakable.restart()

            assert [await next_of(heard), await next_of(heard)] == [Missed(), "early"]


async def test_a_connection_that_is_ended_is_replaced_at_once(postgres: Postgres, own_database: Database) -> None:
    """An administrator who disconnects everybody is not waited for until the next sign of life."""
    pace = Pace(alive=60, first_pause=0.02)
    async with gateways(own_database.url, Metrics(), pace=pace) as (events,):
        with events.listen(TOPIC) as heard:
            assert postgres.execute(DISCONNECT.format(own_database.name)) == 1

            assert await next_of(heard) == Missed()
            events.publish(TOPIC, "again")
            assert await next_of(heard) == "again"


async def test_a_message_whose_fate_is_unknown_is_not_sent_again(postgres: Postgres, own_database: Database) -> None:
    """It is counted as lost: whoever hears it twice could not tell. The next ones arrive."""
    metrics = Metrics()
    async with gateways(own_database.url, metrics) as (events,):
        with events.listen(TOPIC) as heard:
            postgres.execute(DISCONNECT.format(own_database.name))
            events.publish(TOPIC, "into the void")
            events.publish(TOPIC, "next")

            assert [await next_of(heard), await next_of(heard)] == [Missed(), "next"]
    assert lost(metrics) == {"disconnected": 1}


async def test_one_connection_is_enough_for_many_listeners(postgres: Postgres, own_database: Database) -> None:
    """Those of the store's pool are left alone, and none stays behind."""
    async with gateways(own_database.url, Metrics()) as (events,):
        with ExitStack() as owned:
            listening = [owned.enter_context(events.listen(TOPIC)) for _ in range(100)]
            events.publish(TOPIC, "to all")
            assert {await next_of(heard) for heard in listening} == {"to all"}
            assert postgres.execute(CONNECTIONS.format(own_database.name)) == 1

    processes.wait_until(lambda: postgres.execute(CONNECTIONS.format(own_database.name)) == 0, seconds=SECONDS)


async def test_processes_hear_each_other(own_database: Database, tmp_path: Path) -> None:
    """Three gateways on one database: each hears both others, and itself."""
    module = "tests.adapters.events_postgres.neighbour"
    with ExitStack() as running:
        async with gateways(own_database.url, Metrics()) as (events,):
            with events.listen(TOPIC) as heard:
                for number in "12":
                    command = [sys.executable, "-m", module, own_database.url, number]
                    running.enter_context(processes.running(command, log=tmp_path / number))
                greeted = {await next_of(heard), await next_of(heard)}
                events.publish(TOPIC, "who is there")
                answers = {await next_of(heard) for _ in range(3)}

    assert greeted == {"1: hello", "2: hello"}
    assert answers == {"who is there", "1: who is there", "2: who is there"}


@pytest.mark.parametrize(("attempt", "longest"), [(1, 0.2), (2, 0.4), (3, 0.8), (6, 5.0), (10_000, 5.0)])
def test_pauses_grow_and_differ(attempt: int, longest: float) -> None:
    """Gateways that lost the same server do not all come back in the same instant, nor too often."""
    pauses = [Pace().pause(attempt) for _ in range(200)]

    assert longest / 2 <= min(pauses) < max(pauses) <= longest
    assert len(set(pauses)) > 100
