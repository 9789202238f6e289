"""Prints what one request costs over legacy systems, and what a bare script costs that makes the same calls."""

import asyncio
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median

from gateway.demo.control.clock import PARIS
from gateway.domain.balance import composition_since
from gateway.domain.period import YearMonth
from gateway.schema.water import READ_MONTHS
from tests.benchmarks.demo import CASE, Bench
from tests.benchmarks.load import Measured, Operation, ask_once, by_text, drive
from tests.support.gateway import household_of

NAMES, DELAYS_MS = ("web_home", "mobile_home", "tiny"), (0, 20)
_WARMING_REQUESTS = 400


def measure_operations(bench: Bench, *, rounds: int, requests: int) -> None:
    """Each operation with quick and with slow legacy systems, eight clients at a time."""
    columns = ("legacy", "req/s", "CPU ms", "p50 ms", "p99 ms", "ERP calls", "rounds")
    print(f"{'operation':<12}" + "".join(f"{column:>10}" for column in columns))
    bare = [_bare_ms(bench, homes=requests // 2)]
    home_ms = 0.0
    for name in NAMES:
        operation = by_text(name, bench)
        with bench.slowed(delay_ms=max(DELAYS_MS)):  # what waits for what shows when answers take their time
            calls = _calls_and_rounds(bench, operation)
        for delay_ms in DELAYS_MS:
            with bench.slowed(delay_ms=delay_ms):
                measured = Measured.median(
                    [asyncio.run(drive(bench, operation, requests=requests)) for _ in range(rounds)]
                )
            _print(operation, measured, delay_ms=delay_ms, calls=calls)
            if (name, delay_ms) == ("web_home", 0):
                home_ms = measured.cpu_ms
        bare.append(_bare_ms(bench, homes=requests // 2))
    print(f"bare script, the same calls: {median(bare):.2f} ms CPU; web_home / bare = {home_ms / median(bare):.1f}")


def measure_memory(bench: Bench, *, requests: int) -> None:
    """What the gateway has in memory after some requests, and after many more."""
    operation = by_text("mobile_home", bench)
    asyncio.run(drive(bench, operation, requests=min(requests, _WARMING_REQUESTS)))
    before = bench.usage().resident_mib
    asyncio.run(drive(bench, operation, requests=requests))
    after = bench.usage().resident_mib
    print(f"memory: {before:.0f} MiB warm, {after:.0f} MiB after {requests} requests ({after - before:+.1f})")


def _print(operation: Operation, measured: Measured, *, delay_ms: int, calls: tuple[int, int]) -> None:
    figures = (measured.per_second, measured.cpu_ms, measured.p50_ms, measured.p99_ms)
    delay, told = f"{delay_ms} ms", "".join(f"{one:>10.1f}" for one in figures)
    print(f"{operation.name:<12}{delay:>10}{told}{calls[0]:>10}{calls[1]:>10}", flush=True)


def _calls_and_rounds(bench: Bench, operation: Operation) -> tuple[int, int]:
    """Calls to the ERP for one request, and the rounds they make; a call joins the round that is not over yet."""
    erp = bench.systems.erp
    asyncio.run(ask_once(bench, operation))  # the ERP's session is open from here on
    erp.delete("journal")
    asyncio.run(ask_once(bench, operation))
    calls = sorted(erp.journal(), key=lambda call: str(call["at"]))
    rounds, over_at = 0, None
    for call in calls:
        arrived = datetime.fromisoformat(call["at"])
        answered = arrived + timedelta(milliseconds=call["ms"])
        if over_at is None or arrived >= over_at:
            rounds, over_at = rounds + 1, answered
        over_at = min(over_at, answered)
    return len(calls), rounds


def _bare_ms(bench: Bench, *, homes: int) -> float:
    """Processor time of one home of the bare script, in milliseconds."""
    today, home = datetime.now(PARIS).date(), household_of(CASE)
    systems = bench.systems.addresses
    arguments: Sequence[str] = [
        *("--erp", systems["erp"], "--documents", systems["documents"], "--tenant", home.holder.number),
        *("--account", home.account_number, "--leases", *(lease.number for lease in home.leases)),
        *("--notices", *(notice.number for notice in home.notices[-3:])),
        *("--since", f"{composition_since(today):%Y%m%d}"),
        *("--readings-since", f"{YearMonth.of(today).plus(-READ_MONTHS).first_day:%Y%m%d}"),
        *("--homes", str(homes)),
    ]
    command = [sys.executable, "-m", "tests.benchmarks.bare", *arguments]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
