"""What signing in costs beside the bare check of a password, what a flood does to the loop, what a session costs."""

import asyncio
import resource
import time
from collections import Counter
from collections.abc import Awaitable, Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

import uvloop

from gateway.auth.outcomes import ServiceBusy
from gateway.auth.sessions import Sessions
from gateway.auth.sign_in import SignedIn
from gateway.auth.tokens import Mint
from tests.benchmarks.desk import TENANTS, Crowd, crowd_over, logging_to, one_core

FLOOD = TENANTS
_AT_ONCE = 8
_TICK_SECONDS = 0.005
_ASKED, _REMEMBERED = 400, 5_000


@dataclass(frozen=True, slots=True)
class SignIns:
    """Processor time of one sign-in and of one bare check, all threads of this process counted, in milliseconds."""

    sign_in_ms: float
    bare_ms: float

    @property
    def ratio(self) -> float:
        """Sign-ins of one core beside the bare checks that it could do: 1 if signing in cost nothing else."""
        return self.bare_ms / self.sign_in_ms


@dataclass(frozen=True, slots=True)
class Flood:
    """150 sign-ins at once: how many were served and how many shed, and in what time.

    Lags are how late the loop was, the 99th percentile in milliseconds, meanwhile and while nothing happened.
    """

    served: int
    shed: int
    seconds: float
    lag_ms: float
    calm_lag_ms: float


@dataclass(frozen=True, slots=True)
class Checks:
    """Processor time of one session check that the store answers, and of one from memory, in microseconds."""

    asked_us: float
    remembered_us: float


@dataclass(frozen=True, slots=True)
class Accounts:
    """All of it, over one store."""

    sign_ins: SignIns
    flood: Flood
    checks: Checks


def measure_in_process(url: str, *, sign_ins: int, rounds: int, log: Path) -> Accounts:
    """Over the migrated, empty database at `url`. The flood runs on all cores, the rest on one."""
    with logging_to(log):
        with one_core():
            measured, checks = uvloop.run(_costs(url, sign_ins, rounds))
        return Accounts(measured, uvloop.run(_flooded(url, rounds)), checks)


async def _costs(url: str, sign_ins: int, rounds: int) -> tuple[SignIns, Checks]:
    async with crowd_over(url) as crowd:
        await _sign_in_all(crowd, _AT_ONCE)
        measured = [await _sign_ins(crowd, sign_ins) for _ in range(rounds)]
        checks = [await _checks(crowd) for _ in range(rounds)]
    return (
        SignIns(median(one.sign_in_ms for one in measured), median(one.bare_ms for one in measured)),
        Checks(median(one.asked_us for one in checks), median(one.remembered_us for one in checks)),
    )


async def _sign_ins(crowd: Crowd, count: int) -> SignIns:
    """Bare checks before and after, as many as sign-ins: what changes meanwhile on the machine changes both."""
    bare = [_bare_ms(crowd, count // 2)]
    before = _cpu_ms()
    await _sign_in_all(crowd, count)
    signing_in = (_cpu_ms() - before) / count
    bare.append(_bare_ms(crowd, count // 2))
    return SignIns(signing_in, sum(bare) / 2)


def _bare_ms(crowd: Crowd, count: int) -> float:
    before = _cpu_ms()
    for _ in range(count):
        crowd.check_bare()
    return (_cpu_ms() - before) / count


async def _sign_in_all(crowd: Crowd, count: int) -> None:
    """`count` sign-ins, all of them served, `_AT_ONCE` at a time."""
    waiting = iter(range(count))

    async def keep_signing_in() -> None:
        for number in waiting:
            outcome = await crowd.sign_in(number)
            if not isinstance(outcome, SignedIn):
                raise TypeError(f"sign-in {number} ended as {outcome}")

    await asyncio.gather(*(keep_signing_in() for _ in range(_AT_ONCE)))


async def _checks(crowd: Crowd) -> Checks:
    outcome = await crowd.sign_in(0)
    if not isinstance(outcome, SignedIn):
        raise TypeError(str(outcome))
    base, token = crowd.desk.foundation, outcome.token
    forgetful = [Sessions(base.store, clock=base.clock, mint=Mint(base.secret)) for _ in range(_ASKED)]
    asked = await _cpu_us(sessions.resolve(token) for sessions in forgetful)
    return Checks(asked / _ASKED, await _cpu_us(forgetful[-1].resolve(token) for _ in range(_REMEMBERED)) / _REMEMBERED)


async def _flooded(url: str, rounds: int) -> Flood:
    ended, seconds, lags, calm = Counter[type](), 0.0, list[float](), list[float]()
    async with crowd_over(url) as crowd:
        await _sign_in_all(crowd, _AT_ONCE)
        for _ in range(rounds):
            calm += await _lags_while(asyncio.sleep(1))
            started = time.perf_counter()
            lags += await _lags_while(_flood(crowd, ended))
            seconds += time.perf_counter() - started
    return Flood(ended[SignedIn] // rounds, ended[ServiceBusy] // rounds, seconds / rounds, _p99(lags), _p99(calm))


async def _flood(crowd: Crowd, ended: Counter[type]) -> None:
    ended.update(map(type, await asyncio.gather(*(crowd.sign_in(number) for number in range(FLOOD)))))


async def _lags_while(work: Awaitable[object]) -> list[float]:
    """By how many milliseconds each tick of the loop was late while `work` was done."""
    lags: list[float] = []

    async def tick() -> None:
        while True:
            due = time.perf_counter() + _TICK_SECONDS
            await asyncio.sleep(_TICK_SECONDS)
            lags.append((time.perf_counter() - due) * 1000)

    ticking = asyncio.create_task(tick())
    try:
        await work
    finally:
        ticking.cancel()
    return lags


async def _cpu_us(calls: Iterable[Awaitable[object]]) -> float:
    """Processor time of `calls`, one after the other."""
    before = _cpu_ms()
    for call in calls:
        await call
    return (_cpu_ms() - before) * 1000


def _cpu_ms() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return (used.ru_utime + used.ru_stime) * 1000


def _p99(lags: list[float]) -> float:
    return quantiles(lags, n=100)[98]
