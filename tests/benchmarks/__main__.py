"""`make bench`: prints what operations and accounts cost over simulated legacy systems, as ratios within this run."""

import argparse
import asyncio
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

from gateway.demo.control.clock import PARIS
from gateway.demo.world import household
from gateway.domain.balance import composition_since
from gateway.domain.period import YearMonth
from gateway.schema.water import READ_MONTHS
from tests.benchmarks import accounts
from tests.benchmarks.accounts import Effort
from tests.benchmarks.balances import ACCOUNTS, measure_balances
from tests.benchmarks.demo import Bench, running_demo
from tests.benchmarks.load import Measured, Operation, ask_once, drive
from tests.support.client import document_of

CASE, INDEX, SEED = "dwelling-and-garage", 1, 57
TINY = "{ viewer { account { accountReference } } }"


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything is done."""

    rounds: int
    requests: int
    memory_requests: int
    accounts: Effort


FULL = Size(3, 800, 10_000, Effort(sign_ins=150, rounds=5, guesses=1_000))
QUICK = Size(1, 120, 1_000, Effort(sign_ins=60, rounds=2, guesses=1_000))
SMOKE = Size(1, 16, 16, Effort(sign_ins=8, rounds=1, guesses=0))


def main() -> None:
    """Runs every section and prints it."""
    parser = argparse.ArgumentParser(prog="make bench", description="What a request costs.")
    sizes = parser.add_mutually_exclusive_group()
    sizes.set_defaults(size=FULL)
    sizes.add_argument(
        "--quick", dest="size", action="store_const", const=QUICK, help="less of it; figures scatter more"
    )
    sizes.add_argument("--smoke", dest="size", action="store_const", const=SMOKE, help="only to see that it runs")
    size: Size = parser.parse_args().size
    with tempfile.TemporaryDirectory(prefix="gateway-bench-") as folder:
        _operations(Path(folder), size)
        _balances(Path(folder))
        accounts.measure(Path(folder, "accounts"), size.accounts)


def _operations(folder: Path, size: Size) -> None:
    with running_demo(folder / "fast") as fast, running_demo(folder / "slow", delay_ms=20) as slow:
        columns = ("legacy", "req/s", "CPU ms", "p50 ms", "p99 ms", "ERP calls", "rounds")
        print(f"{'operation':<12}" + "".join(f"{column:>10}" for column in columns))
        bare = [_bare(fast, size)]
        home_ms = 0.0
        for name in ("web_home", "mobile_home", "tiny"):
            for bench, delay in ((fast, "0 ms"), (slow, "20 ms")):
                operation = _operation(name, bench)
                measured = _median(
                    [asyncio.run(drive(bench, operation, requests=size.requests)) for _ in range(size.rounds)]
                )
                calls, rounds = _calls_and_rounds(slow, operation=_operation(name, slow))
                _row(name, delay, measured, calls=calls, rounds=rounds)
                if name == "web_home" and bench is fast:
                    home_ms = measured.cpu_ms
            bare.append(_bare(fast, size))
        print(
            f"\nbare script, the same calls: {median(bare):.2f} ms CPU; web_home / bare = {home_ms / median(bare):.1f}"
        )
        _memory(fast, size)


def _memory(bench: Bench, size: Size) -> None:
    operation = _operation("mobile_home", bench)
    asyncio.run(drive(bench, operation, requests=400))
    before = bench.usage().resident_mib
    asyncio.run(drive(bench, operation, requests=size.memory_requests))
    after = bench.usage().resident_mib
    print(
        f"memory: {before:.0f} MiB warm, {after:.0f} MiB after {size.memory_requests} requests ({after - before:+.1f})"
    )


def _balances(folder: Path) -> None:
    found = measure_balances(folder)
    ratio = found.one_by_one_ms / found.batch_ms
    print(
        f"{ACCOUNTS} balances through the port: {found.calls} calls, {found.batch_ms:.0f} ms; "
        f"one by one {ratio:.0f} times that"
    )


def _operation(name: str, bench: Bench) -> Operation:
    document = TINY if name == "tiny" else document_of(name)
    variables: dict[str, object] = {"version": "4.2.0"} if name == "mobile_home" else {}
    return Operation(name, document, bench.token(CASE), variables)


def _calls_and_rounds(bench: Bench, operation: Operation) -> tuple[int, int]:
    """Calls to the ERP for one request, and the rounds they make; a call joins the round that is not over yet."""
    asyncio.run(ask_once(bench, operation))  # the ERP's session is open from here on
    bench.empty_journal()
    asyncio.run(ask_once(bench, operation))
    calls = sorted(bench.journal(), key=lambda call: call["at"])
    rounds, over_at = 0, None
    for call in calls:
        arrived = datetime.fromisoformat(call["at"])
        answered = arrived + timedelta(milliseconds=call["ms"])
        if over_at is None or arrived >= over_at:
            rounds, over_at = rounds + 1, answered
        over_at = min(over_at, answered)
    return len(calls), rounds


def _bare(bench: Bench, size: Size) -> float:
    """Processor time of one home of the bare script, in milliseconds."""
    today = datetime.now(PARIS).date()
    home = household(SEED, INDEX, today)
    systems = bench.accounts["simulators"]
    arguments: Sequence[str] = [
        *("--erp", systems["erp"], "--documents", systems["documents"], "--tenant", home.holder.number),
        *("--account", home.account_number, "--leases", *(lease.number for lease in home.leases)),
        *("--notices", *(notice.number for notice in home.notices[-3:])),
        *("--since", f"{composition_since(today):%Y%m%d}"),
        *("--readings-since", f"{YearMonth.of(today).plus(-READ_MONTHS).first_day:%Y%m%d}"),
        *("--homes", str(size.requests // 2)),
    ]
    command = [sys.executable, "-m", "tests.benchmarks.bare", *arguments]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _median(all_measured: Sequence[Measured]) -> Measured:
    """The median of each figure over the rounds."""
    return Measured(
        median(one.per_second for one in all_measured),
        median(one.cpu_ms for one in all_measured),
        median(one.p50_ms for one in all_measured),
        median(one.p99_ms for one in all_measured),
    )


def _row(name: str, delay: str, measured: Measured, *, calls: int, rounds: int) -> None:
    figures = (measured.per_second, measured.cpu_ms, measured.p50_ms, measured.p99_ms)
    print(f"{name:<12}{delay:>10}{''.join(f'{one:>10.1f}' for one in figures)}{calls:>10}{rounds:>10}", flush=True)


if __name__ == "__main__":
    main()
