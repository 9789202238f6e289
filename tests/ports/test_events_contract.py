"""What the events of every implementation keep: within one process, and between two through PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import pytest

from gateway.adapters.events_local import LocalEvents
from gateway.ports.events import MAX_BYTES, MAX_WAITING, Events, Missed
from gateway.telemetry.metrics import Metrics
from tests.support.hearing import SECONDS, TOPIC, gateways, lost, next_of, until
from tests.support.logs import Log, captured_log
from tests.support.postgres import Database, Postgres

_POSTGRES = pytest.param("postgres", marks=pytest.mark.postgres)


@dataclass(frozen=True, slots=True)
class Between:
    """The events of two gateways, or twice those of the only one; `metrics` are those of the first."""

    here: Events
    there: Events
    metrics: Metrics


@pytest.fixture(scope="module")
def meeting_place(postgres: Postgres) -> Iterator[Database]:
    """An empty database: events need no table."""
    with postgres.database() as database:
        yield database


@pytest.fixture(params=["local", _POSTGRES])
def place(request: pytest.FixtureRequest) -> Database | None:
    """Where gateways meet; one alone needs no place."""
    if request.param == "local":
        return None
    database: Database = request.getfixturevalue("meeting_place")
    return database


@pytest.fixture
async def between(place: Database | None) -> AsyncIterator[Between]:
    """Two gateways that can talk, or one with itself."""
    metrics = Metrics()
    if place is None:
        only = LocalEvents(metrics)
        yield Between(only, only, metrics)
        return
    async with gateways(place.url, metrics, Metrics()) as (here, there):
        yield Between(here, there, metrics)


@pytest.fixture
def log() -> Iterator[Log]:
    """What is logged."""
    with captured_log() as log:
        yield log


async def test_whoever_listens_hears_it_once_and_in_order(between: Between) -> None:
    """In every gateway, in that of the sender too."""
    said = [f"message {number}" for number in range(50)]

    with between.here.listen(TOPIC) as here, between.there.listen(TOPIC) as there:
        for text in said:
            between.here.publish(TOPIC, text)

        assert await until(said[-1], here) == said
        assert await until(said[-1], there) == said
    assert lost(between.metrics) == {}


async def test_the_same_said_twice_is_heard_twice(between: Between) -> None:
    """Nothing is taken for a repetition."""
    with between.there.listen(TOPIC) as heard:
        for text in ("again", "again", "end"):
            between.here.publish(TOPIC, text)

        assert await until("end", heard) == ["again", "again", "end"]


async def test_only_what_is_said_in_the_block_is_heard(between: Between) -> None:
    """Neither what was said before nor what is said afterwards."""
    with between.there.listen(TOPIC) as witness:
        between.here.publish(TOPIC, "before")
        await until("before", witness)

        with between.there.listen(TOPIC) as heard:
            between.here.publish(TOPIC, "during")
            await until("during", witness)
        between.here.publish(TOPIC, "after")
        await until("after", witness)

    assert await next_of(heard) == "during"
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await anext(heard)


async def test_a_slow_listener_loses_the_oldest_and_is_told(between: Between) -> None:
    """The others hear everything, and nobody waits for the slow one."""
    said = [f"message {number}" for number in range(MAX_WAITING + 10)]

    with between.here.listen(TOPIC) as slow, between.here.listen(TOPIC) as quick:
        for text in said:
            between.here.publish(TOPIC, text)
            assert await next_of(quick) == text
        heard = [await next_of(slow) for _ in range(MAX_WAITING)]

    assert heard == [Missed(), *said[11:]]
    assert lost(between.metrics) == {"slow_listener": 11}


@pytest.mark.parametrize(
    "text", ["x" * (MAX_BYTES + 1), "é" * (MAX_BYTES // 2 + 1), "zero \0", "half a pair \ud800"], ids=ascii
)
async def test_what_cannot_be_sent_is_lost_alone(text: str, between: Between, log: Log) -> None:
    """Whoever says it goes on, it is counted and logged without its words, and the next message arrives."""
    with between.there.listen(TOPIC) as heard:
        between.here.publish(TOPIC, text)
        between.here.publish(TOPIC, "next")

        assert await next_of(heard) == "next"
    assert lost(between.metrics) == {"unsendable": 1}
    assert [(line["event"], line["bytes"]) for line in log.lines] == [("events.unsendable", len(text))]


@pytest.mark.parametrize("text", ["", "x" * MAX_BYTES, "é" * (MAX_BYTES // 2), "« Déjà » 🏠\n\"';--"], ids=ascii)
async def test_all_other_texts_arrive_as_they_are(text: str, between: Between) -> None:
    """The empty one, the longest, and every character."""
    with between.there.listen(TOPIC) as heard:
        between.here.publish(TOPIC, text)

        assert await next_of(heard) == text


async def test_one_who_stops_listening_harms_nobody(between: Between) -> None:
    """A listener that is cancelled while it waits leaves, and the others hear on."""

    async def listen() -> None:
        with between.here.listen(TOPIC) as heard:
            await anext(heard)

    leaving = asyncio.create_task(listen())
    with between.here.listen(TOPIC) as heard:
        await asyncio.sleep(0)
        leaving.cancel()
        await asyncio.wait([leaving], timeout=SECONDS)
        between.here.publish(TOPIC, "still here")

        assert await next_of(heard) == "still here"
    assert leaving.cancelled()
