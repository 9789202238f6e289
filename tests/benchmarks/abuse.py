"""Prints what abuse does to the gateway: how late its loop is meanwhile, what one request costs it, what it keeps.

Lateness is told twice: by the gateway's own samples, four a second, of which only the bucket is known, and by how long
`/livez` takes on the common port, asked a hundred times a second by another process, the machine's own noise included.
"""

import asyncio
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from tests.benchmarks.attacks import ATTACKS, Attack
from tests.benchmarks.demo import Bench
from tests.benchmarks.prober import Looks, probing
from tests.support.slow import SlowClients, allow_files

LAG_GOAL_MS, GROWTH_GOAL_MIB = 250, 64
_CLIENTS = 8
_PATIENCE_SECONDS = 10
_SLOW = b"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nX: "
_BUCKET = re.compile(r'^gateway_loop_lag_seconds_bucket\{le="([^"]+)"\} (\S+)$', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Suffered:
    """What became of `requests`; `lag_ms` is the bound of the bucket of the latest sample, `cpu_ms` of each of them."""

    requests: int
    cpu_ms: float
    lag_ms: float
    looks: Looks
    growth_mib: float

    @property
    def is_too_much(self) -> bool:
        """Whether a goal is missed."""
        return max(self.looks.waits_ms) > LAG_GOAL_MS or self.growth_mib > GROWTH_GOAL_MIB


def measure_abuses(bench: Bench, *, seconds: float, slow_clients: int) -> None:
    """Each kind for some seconds from eight connections at a time, and slow clients that hold theirs."""
    allow_files()
    print(f"{'abuse':<38}" + "".join(f"{one:>12}" for one in ("requests", "CPU ms", "lag <= ms", "/livez ms", "MiB")))
    _print("nothing", _suffered(bench, lambda: _wait(seconds)))
    for name, attacks in ATTACKS.items():
        _print(name, _suffered(bench, partial(_flood, bench, attacks(), seconds=seconds)))
    slow = SlowClients(bench.gateway.port, _SLOW, b"y", count=slow_clients)
    _print(f"{slow_clients} clients that trickle their head", _suffered(bench, lambda: _hold(slow, seconds)))


def _print(name: str, found: Suffered) -> None:
    each = f"{found.cpu_ms:.2f}" if found.requests else "-"
    worst, missed = max(found.looks.waits_ms), " MISSED" if found.is_too_much else ""
    failed = f" {found.looks.failed} looks failed" if found.looks.failed else ""
    print(
        f"{name:<38}{found.requests:>12}{each:>12}{found.lag_ms:>12.0f}{worst:>12.0f}{found.growth_mib:>+12.1f}"
        f"{missed}{failed}",
        flush=True,
    )


def _suffered(bench: Bench, abuse: Callable[[], int]) -> Suffered:
    """What `abuse` does, which tells how many requests it has sent."""
    lags, before = _lags(bench), bench.usage()
    with probing(bench.gateway.port) as looks:
        requests = abuse()
        used = bench.usage()
    late = [bound for bound, times in _lags(bench).items() if times > lags[bound]]
    growth_mib = bench.usage().resident_mib - before.resident_mib
    return Suffered(
        requests, (used.cpu_ms - before.cpu_ms) / max(1, requests), max(late, default=0) * 1000, looks, growth_mib
    )


def _lags(bench: Bench) -> dict[float, float]:
    """How many samples of the loop's lateness fell into each bucket, by its upper bound in seconds."""
    counts, below = {}, 0.0
    for bound, so_far in _BUCKET.findall(bench.metrics()):
        counts[float(bound)] = float(so_far) - below
        below = float(so_far)
    return counts


def _wait(seconds: float) -> int:
    time.sleep(seconds)
    return 0


def _hold(slow: SlowClients, seconds: float) -> int:
    with slow.holding():
        time.sleep(seconds)
    return slow.count


def _flood(bench: Bench, attacks: Iterator[Attack], *, seconds: float) -> int:
    """How many requests were sent in the time."""
    return asyncio.run(_attack(bench, attacks, seconds))


async def _attack(bench: Bench, attacks: Iterator[Attack], seconds: float) -> int:
    sent, over_at = 0, time.perf_counter() + seconds

    async def keep_attacking() -> None:
        nonlocal sent
        while time.perf_counter() < over_at:
            attack = next(attacks)
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await _suffer(bench.gateway.port, attack)
            sent += attack.requests

    await asyncio.gather(*(keep_attacking() for _ in range(_CLIENTS)))
    return sent


async def _suffer(port: int, attack: Attack) -> None:
    """Sends it and reads whatever is answered to the end; a connection that is cut is an answer too."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(attack.opening)
        if attack.then:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(attack.then)
        while await reader.read(65_536):
            pass
    except (ConnectionError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()
