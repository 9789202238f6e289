"""How the systems behind the gateway are doing, judged by the calls made to them in the last five minutes.

Each replica of the gateway judges by its own calls and tells the others; what is shown is what all of them come to.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil
from time import perf_counter
from typing import TypeAlias, TypeVar

from gateway.domain.source import SourceSystem
from gateway.ports.errors import UpstreamError

WINDOW = timedelta(minutes=5)
KEPT_CALLS = 1000
DEAD_AFTER = 3
"""Failures in a row after which a system is called down rather than degraded."""

HEARD_FOR = timedelta(minutes=1)
"""How long the word of another replica counts; they repeat themselves several times in it."""

T = TypeVar("T")


class SourceHealth(StrEnum):
    """Health of a source as tenants and operators may know it."""

    UP = "UP"
    DEGRADED = "DEGRADED"
    DOWN = "DOWN"


Verdicts: TypeAlias = Mapping[SourceSystem, SourceHealth]
"""What one replica makes of the systems that it has called in the last five minutes; of others it says nothing."""


@dataclass(frozen=True, slots=True)
class Health:
    """Judgement on one system, by all replicas. `error_rate` is a share of calls, 0 to 1.

    Both figures are of this replica's own calls, None without any.
    """

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


@dataclass(frozen=True, slots=True)
class _Word:
    """What another replica said, and when we heard it."""

    verdicts: Verdicts
    at: datetime


class SourceWatch:
    """Remembers calls to `systems`, not to others. `clock` gives aware UTC instants."""

    def __init__(self, systems: Iterable[SourceSystem], clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._calls: dict[SourceSystem, deque[_Call]] = {system: deque(maxlen=KEPT_CALLS) for system in systems}
        self._judged = {system: Health(system, SourceHealth.UP, clock(), None, None) for system in self._calls}
        self._words: dict[str, _Word] = {}
        self._changed = asyncio.Event()

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

    def hear(self, replica: str, verdicts: Verdicts) -> None:
        """Takes note of what another replica says, in place of what it said before."""
        self._words[replica] = _Word(verdicts, self._clock())
        self.health()

    def verdicts(self) -> Verdicts:
        """What this replica alone makes of the systems."""
        return {system: _verdict(calls) for system in self._calls if (calls := self._recent(system))}

    def health(self) -> tuple[Health, ...]:
        """One judgement for each system, in the order given at the start."""
        return tuple(self._judge(system) for system in self._calls)

    async def changes(self) -> AsyncGenerator[Health, None]:
        """Each judgement that changes from the first step on; to one who is slow, only what it has come to.

        Time that passes changes judgements too: that is noticed when anybody asks for `health`.
        """
        shown = {judged.system: judged.health for judged in self.health()}
        while True:
            # Taken before the look, so that what changes after the look is not slept over.
            changed = self._changed
            for system in self._calls:
                judged = self._judged[system]
                if judged.health is not shown[system]:
                    shown[system] = judged.health
                    yield judged
            await changed.wait()

    def _record(self, system: SourceSystem, started: float, *, failed: bool) -> None:
        if system not in self._calls:
            return
        took = (perf_counter() - started) * 1000
        self._calls[system].append(_Call(self._clock(), failed, took))
        # Figures cost more than all the rest, and every call comes here.
        if self._joint(system) is not self._judged[system].health:
            self._judge(system)

    def _judge(self, system: SourceSystem) -> Health:
        health, before = self._joint(system), self._judged[system]
        since = before.since if health is before.health else self._clock()
        judged = Health(system, health, since, *_figures(self._calls[system]))
        self._judged[system] = judged
        if health is not before.health:
            self._changed.set()
            self._changed = asyncio.Event()
        return judged

    def _joint(self, system: SourceSystem) -> SourceHealth:
        calls = self._recent(system)
        own = [_verdict(calls)] if calls else []
        return joint([*own, *self._heard(system)])

    def _recent(self, system: SourceSystem) -> deque[_Call]:
        """The calls of the window; older ones are forgotten."""
        calls, now = self._calls[system], self._clock()
        while calls and now - calls[0].at > WINDOW:
            calls.popleft()
        return calls

    def _heard(self, system: SourceSystem) -> list[SourceHealth]:
        """What the other replicas say of a system; those not heard of any more are forgotten."""
        now = self._clock()
        self._words = {replica: word for replica, word in self._words.items() if now - word.at <= HEARD_FOR}
        return [word.verdicts[system] for word in self._words.values() if system in word.verdicts]


def joint(verdicts: Collection[SourceHealth]) -> SourceHealth:
    """What the verdicts of all replicas come to, in whatever order: where they differ, the system answers in part.

    Where nobody has called there is nothing to say against it.
    """
    agreed = set(verdicts)
    if len(agreed) > 1:
        return SourceHealth.DEGRADED
    return agreed.pop() if agreed else SourceHealth.UP


def _verdict(calls: Collection[_Call]) -> SourceHealth:
    latest = list(calls)[-DEAD_AFTER:]
    if len(latest) == DEAD_AFTER and all(call.failed for call in latest):
        return SourceHealth.DOWN
    return SourceHealth.DEGRADED if any(call.failed for call in calls) else SourceHealth.UP


def _figures(calls: Collection[_Call]) -> tuple[float | None, int | None]:
    """The share of failures, and the 95th percentile of milliseconds."""
    if not calls:
        return None, None
    failures = sum(call.failed for call in calls)
    times = sorted(call.milliseconds for call in calls)
    return failures / len(calls), round(times[ceil(len(times) * 0.95) - 1])
