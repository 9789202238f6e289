"""Prints what is left of the gateway when much more is asked than it can answer.

Generator, gateway and legacy systems share the machine's cores: what the generator takes is told beside the figures.
"""

import asyncio
import time
from dataclasses import dataclass
from itertools import repeat

import orjson

from gateway.schema.reading import sha256_of
from tests.benchmarks.demo import Bench
from tests.benchmarks.load import Operation, drive, text_of, variables_of
from tests.benchmarks.prober import Looks, probing
from tests.support import openloop
from tests.support.openloop import Call, Tally, post
from tests.support.slow import allow_files

NAME, TIMES = "mobile_home", (1, 5, 10)
GOODPUT_GOAL, P99_GOAL_SECONDS = 0.7, 1.0


@dataclass(frozen=True, slots=True)
class Offered:
    """What became of so many times the capacity; seconds are the whole run, the generator's those of the processor."""

    tally: Tally
    seconds: float
    generator_seconds: float
    looks: Looks

    @property
    def served_per_second(self) -> float:
        """Whole answers."""
        return self._of(200) / self.seconds

    @property
    def shares(self) -> tuple[float, float]:
        """Of all that was asked, what was turned away, and what had no answer or another one."""
        asked = len(self.tally.outcomes)
        shed = self._of(503)
        return shed / asked, (asked - shed - self._of(200)) / asked

    def _of(self, status: int) -> int:
        return sum(one.status == status for one in self.tally.outcomes)


def measure_overload(bench: Bench, *, requests: int, seconds: float) -> None:
    """A tenant's first screen by its hash: the capacity in a closed loop, then more and more in an open one."""
    allow_files()
    body = orjson.dumps({"documentId": f"sha256:{sha256_of(text_of(NAME))}", "variables": variables_of(NAME)})
    token = bench.token()
    capacity = asyncio.run(drive(bench, Operation(NAME, token, repeat(body)), requests=requests)).per_second
    print(f"capacity: {capacity:.0f} {NAME}/s from eight clients in a closed loop")
    call = Call(NAME, post(body, {"Authorization": f"Bearer {token}"}), 100)
    for times in TIMES:
        with probing(bench.health_port) as looks:
            started, before = time.perf_counter(), time.process_time()
            tally = asyncio.run(
                openloop.drive(bench.gateway.port, [call], per_second=capacity * times, seconds=seconds)
            )
            offered = Offered(tally, time.perf_counter() - started, time.process_time() - before, looks)
        _print(offered, times=times, capacity=capacity)


def _print(offered: Offered, *, times: int, capacity: float) -> None:
    goodput, p99 = offered.served_per_second / capacity, offered.tally.percentile(99)
    shed, lost = offered.shares
    missed = " MISSED" if times > 1 and (goodput < GOODPUT_GOAL or p99 > P99_GOAL_SECONDS) else ""
    looks = offered.looks
    print(
        f"{times:>2} x capacity: goodput {goodput:.0%} of it, p50 {offered.tally.percentile(50) * 1000:.0f} ms, "
        f"p99 {p99 * 1000:.0f} ms{missed}; turned away {shed:.0%}, "
        f"p99 {offered.tally.percentile(99, status=503) * 1000:.0f} ms; no answer {lost:.1%}; "
        f"/livez on its port: most {max(looks.waits_ms):.0f} ms, {looks.failed} of {len(looks.waits_ms)} failed; "
        f"generator {offered.generator_seconds / offered.seconds:.0%} of a core",
        flush=True,
    )
