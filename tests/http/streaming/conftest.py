"""Doors over a schema whose events a test lets happen; after each test nothing is left of what was open."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp

from gateway.http.exchange import Exchange
from gateway.http.graphql import GraphQLDoor
from gateway.http.reception import Reception
from gateway.http.server.draining import Draining
from gateway.http.streaming.allowances import Allowances, Bounds
from gateway.http.streaming.stream import Streams
from gateway.http.streaming.watching import Watches
from gateway.http.streaming.websocket import SocketDoor
from gateway.telemetry.metrics import Metrics
from tests.http.streaming.feeds import Feed, operations
from tests.support.doors import PUBLIC_URL, Doors, opened_doors


@dataclass(frozen=True, slots=True)
class Station:
    """The doors, the feed behind them, and what they count."""

    app: ASGIApp
    doors: Doors
    feed: Feed
    streams: Streams

    async def until(self, condition: Callable[[], bool]) -> None:
        """Waits until something is so. Raises TimeoutError after five seconds."""
        async with asyncio.timeout(5):
            while not condition():  # noqa: ASYNC110 - the condition is about anything
                await asyncio.sleep(0.005)

    @asynccontextmanager
    async def client(self) -> AsyncIterator[httpx.AsyncClient]:
        """A client over HTTP, which sees an answer when all of it has come."""
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url=PUBLIC_URL) as client:
            yield client

    def figure(self, name: str, **labels: str) -> float:
        """A metric as it stands; none is 0."""
        return self.streams.metrics.registry.get_sample_value(name, labels) or 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How much, and how long."""

    bounds: Bounds = field(default_factory=Bounds)
    init_seconds: float = 5.0
    write_seconds: float = 5.0
    watch_seconds: float = 0.02


def station(doors: Doors, terms: Terms = Terms(), **reception: Any) -> Station:
    """Doors over a feed. Sessions are looked at every 20 ms."""
    feed = Feed()
    executor = reception.pop("executor", None) or operations(feed)
    received = Reception(**{"ports": doors.ports, "parts": doors.parts, "clock": doors.clock, **reception})
    exchange = Exchange(executor)
    streams = Streams(
        reception=received,
        exchange=exchange,
        watches=Watches(received, every_seconds=terms.watch_seconds, grace_seconds=0.2),
        allowances=Allowances(terms.bounds),
        draining=Draining(),
        metrics=Metrics(),
        write_seconds=terms.write_seconds,
    )
    door = GraphQLDoor(received, exchange, body_seconds=8, streams=streams)
    sockets = SocketDoor(streams, terms.init_seconds)
    app = Starlette(
        routes=[Route("/graphql", door.__call__, methods=["POST"]), WebSocketRoute("/graphql", sockets.__call__)]
    )
    return Station(app, doors, feed, streams)


@pytest.fixture
async def doors(tmp_path: Path) -> AsyncIterator[Doors]:
    """What stands behind the doors."""
    async with opened_doors(tmp_path) as doors:
        yield doors


@pytest.fixture
async def air(doors: Doors) -> AsyncIterator[Station]:
    """The doors over a feed; afterwards no listener, no place, no watch and no task is left."""
    before = asyncio.all_tasks()
    opened = station(doors)
    yield opened
    assert_nothing_left(opened, before)


def assert_nothing_left(opened: Station, before: set["asyncio.Task[Any]"]) -> None:
    """Nothing of what was open is there any more."""
    allowances = opened.streams.allowances
    left = {name: len(one) for name, one in vars(allowances).items() if not isinstance(one, int)}
    assert set(left.values()) == {0}, left
    assert opened.feed.listeners == 0
    assert opened.streams.watches._watches == {}  # noqa: SLF001 - what is left there is left by nobody else's fault
    assert asyncio.all_tasks() - before - {asyncio.current_task()} == set()
