"""Alive and ready speak of this process only."""

import asyncio
import json
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from gateway.http.health import STUCK_SECONDS, Heart, Readiness
from gateway.http.refusals import RequestRefusedError
from gateway.http.server.draining import Draining
from gateway.http.shedding import Bounds, Grade, Load, Rank
from tests.support.doors import Doors


@dataclass(slots=True)
class Seconds:
    """A clock that is moved by hand."""

    now: float = 0.0

    def __call__(self) -> float:
        """Seconds."""
        return self.now


def utc() -> datetime:
    """Now."""
    return datetime.now(UTC)


async def test_a_process_that_answers_is_alive(doors: Doors) -> None:
    """Also while its store is down: restarting it would not help."""
    doors.execute("DROP TABLE session")

    async with doors.client() as client:
        response = await client.get("/livez")

    assert (response.status_code, response.json()) == (200, {"status": "alive"})
    assert response.headers["cache-control"] == "no-store"


async def test_a_process_with_its_store_is_ready(doors: Doors) -> None:
    """No system of the landlord is asked: a silent ERP takes no gateway out of service."""
    async with doors.client() as client:
        response = await client.get("/readyz")

    assert (response.status_code, response.json()) == (200, {"status": "ready"})
    assert response.headers["cache-control"] == "no-store"
    assert doors.landlord.journal == []


async def test_a_process_without_its_store_is_not_ready(doors: Doors) -> None:
    """The proxy sends its requests elsewhere."""
    doors.execute("DROP TABLE session")

    async with doors.client() as client:
        response = await client.get("/readyz")

    assert (response.status_code, response.json()) == (503, {"status": "unready", "reasons": ["STORE"]})
    assert response.headers["cache-control"] == "no-store"


async def test_a_process_whose_database_file_is_gone_is_not_ready(doors: Doors) -> None:
    """What it would still write into the file that it holds open, nobody would ever read."""
    async with doors.client() as client:
        ready = await client.get("/readyz")
        doors.database.unlink()
        unready = await client.get("/readyz")

    assert (ready.status_code, unready.status_code) == (200, 503)
    assert unready.json() == {"status": "unready", "reasons": ["STORE"]}


async def test_every_reason_is_told(doors: Doors) -> None:
    """On its way out, with too much to do for a while, and its store not open yet."""
    seconds, draining = Seconds(), Draining()
    load = Load(Bounds(operations=1), clock=seconds)
    readiness = Readiness(utc, draining, load)
    assert json.loads(readiness.page().body) == {"status": "unready", "reasons": ["STORE"]}

    with ExitStack() as busy:
        busy.enter_context(readiness.over(doors.parts.store))
        await readiness.look()
        assert (readiness.page().status, readiness.page().body) == (200, b'{"status":"ready"}')
        draining.begin()
        for _ in range(4):
            busy.enter_context(load.one_more())
        for _ in range(7):
            with suppress(RequestRefusedError):
                load.admit(Rank.TENANT)
            seconds.now += 0.9
        assert json.loads(readiness.page().body)["reasons"] == ["DRAINING", "OVERLOADED"]

    assert json.loads(readiness.page().body)["reasons"] == ["STORE", "DRAINING", "OVERLOADED"]


async def test_the_state_is_kept_up_to_date_for_other_threads(doors: Doors) -> None:
    """Without anybody asking."""
    readiness = Readiness(utc, store=doors.parts.store)

    looking = asyncio.create_task(readiness.keep_looking())
    async with asyncio.timeout(5):
        while readiness.page().status != 200:  # noqa: ASYNC110 - it is no event, for threads look at it
            await asyncio.sleep(0.01)

    looking.cancel()


def test_a_loop_that_does_not_turn_is_dead_after_a_generous_time() -> None:
    """Until then it is only busy."""
    seconds = Seconds()
    heart = Heart(clock=seconds)

    seconds.now = STUCK_SECONDS
    alive = heart.page()
    seconds.now += 0.1
    dead = heart.page()

    assert (alive.status, json.loads(alive.body)) == (200, {"status": "alive", "loopSilentSeconds": 30.0})
    assert (dead.status, json.loads(dead.body)) == (503, {"status": "stuck", "loopSilentSeconds": 30.1})


async def test_a_heart_beats_while_the_loop_turns() -> None:
    """And tells how late it is."""
    seconds = Seconds()
    heart, load = Heart(clock=seconds), Load(Bounds(lag_seconds=1), clock=seconds)
    beating = asyncio.create_task(heart.beat(load))

    async with asyncio.timeout(5):
        for late in (3.0, 6.0):
            await asyncio.sleep(0)
            seconds.now = late
            while heart.silent_seconds:  # noqa: ASYNC110 - it is no event, for threads look at it
                await asyncio.sleep(0.01)

    beating.cancel()
    assert load.grade is Grade.STRANGERS
