"""Gateways that tell each other something: their events, and what a listener gets within a time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from gateway.adapters.events_postgres import Pace, PostgresEvents
from gateway.ports.events import Events, Heard, Missed, Topic
from gateway.telemetry.metrics import Metrics

SECONDS = 10
QUICK = Pace(alive=0.2, step=0.4, first_pause=0.02, longest_pause=0.1)
"""Notices within half a second what takes ten in earnest."""

TOPIC = Topic.SOURCES


async def next_of(heard: AsyncIterator[Heard]) -> Heard:
    """What comes next. Raises TimeoutError."""
    async with asyncio.timeout(SECONDS):
        return await anext(heard)


async def until(wanted: str, heard: AsyncIterator[Heard]) -> list[Heard]:
    """What comes, up to and with `wanted`. Raises TimeoutError."""
    gathered: list[Heard] = []
    while wanted not in gathered:
        gathered.append(await next_of(heard))
    return gathered


@asynccontextmanager
async def gateways(url: str, *metrics: Metrics, pace: Pace = QUICK) -> AsyncIterator[list[PostgresEvents]]:
    """The events of one gateway for each of `metrics`, all of them connected."""
    async with AsyncExitStack() as owned:
        opened = [await owned.enter_async_context(PostgresEvents.open(url, one, pace=pace)) for one in metrics]
        await asyncio.gather(*map(_connected, opened))
        yield opened


async def _connected(events: Events) -> None:
    with events.listen(TOPIC) as heard:
        assert await next_of(heard) == Missed()


def lost(metrics: Metrics) -> dict[str, float]:
    """How many messages were lost, by reason."""
    samples = [sample for metric in metrics.events_lost.collect() for sample in metric.samples]
    return {one.labels["reason"]: one.value for one in samples if one.name.endswith("_total") and one.value}
