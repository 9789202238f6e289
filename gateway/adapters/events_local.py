"""Events within one process: all there is beside SQLite, and the last steps of what comes through PostgreSQL."""
# ruff: noqa: D102 - the port documents publish and listen

import asyncio
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

import structlog

from gateway.ports.events import MAX_WAITING, Heard, Missed, Topic, is_sendable
from gateway.telemetry.metrics import Metrics

log = structlog.get_logger()


class Listening:
    """What waits for one listener."""

    def __init__(self) -> None:
        self._waiting: deque[Heard] = deque()
        self._rung = asyncio.Event()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Heard:
        while not self._waiting:
            self._rung.clear()
            await self._rung.wait()
        return self._waiting.popleft()

    def tell(self, heard: Heard) -> int:
        """Has the listener hear it after all that waits already; how many messages were lost for want of room."""
        lost = self._make_room() if len(self._waiting) == MAX_WAITING else 0
        self._waiting.append(heard)
        self._rung.set()
        return lost

    def _make_room(self) -> int:
        """Drops the oldest message; the next one gives its place to the word that some are missing."""
        dropped = self._waiting.popleft(), self._waiting[0]
        self._waiting[0] = Missed()
        return sum(isinstance(one, str) for one in dropped)


class LocalEvents:
    """Hands messages over within the process."""

    def __init__(self, metrics: Metrics) -> None:
        self._lost = metrics.events_lost
        self._listening: defaultdict[Topic, set[Listening]] = defaultdict(set)

    def publish(self, topic: Topic, text: str) -> None:
        if self.may_send(topic, text):
            self.tell(topic, text)

    @contextmanager
    def listen(self, topic: Topic) -> Iterator[Listening]:
        listening = Listening()
        self._listening[topic].add(listening)
        try:
            yield listening
        finally:
            self._listening[topic].remove(listening)

    def tell(self, topic: Topic, heard: Heard) -> None:
        """Has all who listen hear it."""
        for listening in self._listening[topic]:
            self._lost.labels("slow_listener").inc(listening.tell(heard))

    def may_send(self, topic: Topic, text: str) -> bool:
        """Whether `text` can be sent at all; if not, it counts as lost."""
        if is_sendable(text):
            return True
        self._lost.labels("unsendable").inc()
        log.error("events.unsendable", operation=topic.value, bytes=len(text))
        return False
