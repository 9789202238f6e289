"""Prints what a stream costs while nothing happens, and for each event; on Server-Sent Events and on WebSockets.

Events are what another gateway on the same database says of the ERP, so that no call of our own is measured with them.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from gateway.domain.source import SourceSystem
from gateway.ports.events import Events, Topic
from gateway.schema.hearsay import Word, written
from gateway.schema.watch import SourceHealth
from gateway.telemetry.metrics import Metrics
from tests.benchmarks.demo import Bench
from tests.benchmarks.desk import logging_to
from tests.support.client import question
from tests.support.hearing import gateways
from tests.support.openloop import post

FOLLOW = "subscription { sourceStatusChanged { system health } }"
IDLE_SECONDS_FOR_EACH = 0.1
_PATIENCE_SECONDS = 10


@dataclass(slots=True)
class Heard:
    """How many events have come, over all listeners."""

    count: int = 0
    more: asyncio.Event = field(default_factory=asyncio.Event)

    def note(self, events: int) -> None:
        """So many more."""
        self.count += events
        self.more.set()

    async def until(self, count: int) -> None:
        """Returns when so many have come. Raises TimeoutError."""
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while self.count < count:
                self.more.clear()
                await self.more.wait()


Listen = Callable[[Bench, str, Heard], AbstractAsyncContextManager[None]]


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one stream: KiB of memory, and processor time for a second without events and for one event."""

    memory_kib: float
    idle_us: float
    event_us: float


def measure_streams(bench: Bench, *, streams: int, events: int) -> None:
    """Each transport in turn, the streams all of one tenant."""
    for name, listen in (("SSE", _on_events), ("WebSocket", _on_socket)):
        with logging_to(bench.gateway.folder / "neighbour.log"):
            cost = asyncio.run(_measured(bench, listen, streams=streams, events=events))
        print(
            f"{streams} streams over {name}, each: {cost.memory_kib:.0f} KiB, "
            f"{cost.idle_us:.0f} us of CPU a second while idle, {cost.event_us:.0f} us for an event",
            flush=True,
        )


async def _measured(bench: Bench, listen: Listen, *, streams: int, events: int) -> Cost:
    token, heard = bench.token(), Heard()
    async with AsyncExitStack() as opened:
        [neighbour] = await opened.enter_async_context(gateways(bench.gateway.database_url, Metrics()))
        _say(neighbour, 0)
        idle_seconds = IDLE_SECONDS_FOR_EACH * streams
        async with listen(bench, token, Heard()):
            pass  # what the first one leaves for all others is in memory from here on
        alone_ms = await _idle_ms(bench, idle_seconds)
        before = bench.usage()
        for _ in range(streams):
            await opened.enter_async_context(listen(bench, token, heard))
        memory_mib = bench.usage().resident_mib - before.resident_mib
        idle_ms = await _idle_ms(bench, idle_seconds) - alone_ms
        started = bench.usage()
        for number in range(1, events + 1):
            _say(neighbour, number)
            await heard.until(number * streams)
        busy_ms = bench.usage().cpu_ms - started.cpu_ms
    return Cost(memory_mib * 1024 / streams, idle_ms * 1000 / streams / idle_seconds, busy_ms * 1000 / streams / events)


def _say(neighbour: Events, number: int) -> None:
    """Every other time that the ERP is well."""
    health = SourceHealth.DOWN if number % 2 else SourceHealth.UP
    neighbour.publish(Topic.SOURCES, written(Word("benchmark", {SourceSystem.RENT_ERP: health})))


async def _idle_ms(bench: Bench, seconds: float) -> float:
    """Processor time of the gateway while nothing is asked of it."""
    before = bench.usage().cpu_ms
    await asyncio.sleep(seconds)
    return bench.usage().cpu_ms - before


@asynccontextmanager
async def _on_events(bench: Bench, token: str, heard: Heard) -> AsyncIterator[None]:
    reader, writer = await asyncio.open_connection("127.0.0.1", bench.gateway.port)
    headers = {"Accept": "text/event-stream", "Authorization": f"Bearer {token}"}
    writer.write(post(json.dumps(question(FOLLOW, {})).encode(), headers))
    await reader.readuntil(b":\n\n")

    async def follow() -> None:
        while chunk := await reader.read(65_536):
            heard.note(chunk.count(b"event: next\n"))

    following = asyncio.create_task(follow())
    try:
        yield
    finally:
        following.cancel()
        writer.close()


@asynccontextmanager
async def _on_socket(bench: Bench, token: str, heard: Heard) -> AsyncIterator[None]:
    url = bench.graphql.replace("http", "ws", 1)
    async with connect(url, subprotocols=[Subprotocol("graphql-transport-ws")], proxy=None) as socket:
        await socket.send(json.dumps({"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}}))
        await socket.recv()
        await socket.send(json.dumps({"id": "a", "type": "subscribe", "payload": question(FOLLOW, {})}))
        await socket.send(json.dumps({"type": "ping"}))  # answered when the subscription has been read
        await socket.recv()

        async def follow() -> None:
            async for message in socket:
                heard.note('"next"' in str(message))

        following = asyncio.create_task(follow())
        try:
            yield
        finally:
            following.cancel()
