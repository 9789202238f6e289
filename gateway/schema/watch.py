"""How the systems behind the gateway are doing, judged by the calls made to them in the last five minutes."""

from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil
from time import perf_counter
from typing import TypeVar

from gateway.domain.source import SourceSystem
from gateway.ports.errors import UpstreamError

WINDOW = timedelta(minutes=5)
KEPT_CALLS = 1000
DEAD_AFTER = 3
"""Failures in a row after which a system is called down rather than degraded."""

T = TypeVar("T")


class SourceHealth(StrEnum):
    """Health of a source as tenants and operators may know it."""

    UP = "UP"
    DEGRADED = "DEGRADED"
    DOWN = "DOWN"


@dataclass(frozen=True, slots=True)
class Health:
    """Judgement on one system. `error_rate` is a share of calls, 0 to 1; both figures None without any call."""

    system: SourceSystem
    health: SourceHealth
    since: datetime
    error_rate: float | None
    p95_milliseconds: int | None


@dataclass(frozen=True, slots=True)
class _Call:
    at: datetime
    failed: bool
    milliseconds: float


class SourceWatch:
    """Remembers calls to `systems`, not to others. `clock` gives aware UTC instants."""

    def __init__(self, systems: Iterable[SourceSystem], clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._calls: dict[SourceSystem, deque[_Call]] = {system: deque(maxlen=KEPT_CALLS) for system in systems}
        self._judged = {system: (SourceHealth.UP, clock()) for system in self._calls}

    async def watch(self, system: SourceSystem, work: Awaitable[T]) -> T:
        """The result of `work`, a call to `system`. Raises what it raises; an UpstreamError counts as a failure."""
        started = perf_counter()
        try:
            result = await work
        except UpstreamError:
            self._record(system, started, failed=True)
            raise
        self._record(system, started, failed=False)
        return result

    def health(self) -> tuple[Health, ...]:
        """One judgement for each system, in the order given at the start."""
        return tuple(self._judge(system) for system in self._calls)

    def _record(self, system: SourceSystem, started: float, *, failed: bool) -> None:
        if system not in self._calls:
            return
        took = (perf_counter() - started) * 1000
        self._calls[system].append(_Call(self._clock(), failed, took))
        self._judge(system)

    def _judge(self, system: SourceSystem) -> Health:
        now = self._clock()
        calls = [call for call in self._calls[system] if now - call.at <= WINDOW]
        health = _verdict(calls)
        before, since = self._judged[system]
        if health is not before:
            since = now
            self._judged[system] = (health, now)
        if not calls:
            return Health(system, health, since, None, None)
        failures = sum(call.failed for call in calls)
        times = sorted(call.milliseconds for call in calls)
        return Health(system, health, since, failures / len(calls), round(times[ceil(len(times) * 0.95) - 1]))


def _verdict(calls: list[_Call]) -> SourceHealth:
    latest = calls[-DEAD_AFTER:]
    if len(latest) == DEAD_AFTER and all(call.failed for call in latest):
        return SourceHealth.DOWN
    return SourceHealth.DEGRADED if any(call.failed for call in calls) else SourceHealth.UP
