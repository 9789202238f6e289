"""`make bench`: prints what operations, the door and accounts cost, as ratios within this run."""

import argparse
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.abuse import measure_abuses
from tests.benchmarks.accounts import Effort, measure_accounts
from tests.benchmarks.balances import measure_balances
from tests.benchmarks.demo import Bench, running_bench
from tests.benchmarks.documents import measure_documents
from tests.benchmarks.operations import measure_memory, measure_operations
from tests.benchmarks.overload import measure_overload
from tests.benchmarks.passes import measure_passes
from tests.benchmarks.streams import measure_streams
from tests.support.gateway import Systems, running_systems
from tests.support.postgres import Postgres, running_postgres


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much of everything is done.

    `events` at each of `streams`; `alone` balances are read one by one; `busy_operations` are values of
    `GATEWAY_BUSY_OPERATIONS` with which too much is asked, beside that of the demo.
    """

    rounds: int
    requests: int
    memory_requests: int
    repeats: int
    abuse_seconds: float
    slow_clients: int
    overload_seconds: float
    busy_operations: tuple[int, ...]
    streams: int
    events: int
    alone: int
    accounts: Effort


FULL = Size(
    rounds=3,
    requests=800,
    memory_requests=10_000,
    repeats=50,
    abuse_seconds=5,
    slow_clients=500,
    overload_seconds=10,
    busy_operations=(16,),
    streams=100,
    events=50,
    alone=100,
    accounts=Effort(sign_ins=150, rounds=5, guesses=1_000),
)
QUICK = Size(
    rounds=1,
    requests=120,
    memory_requests=1_000,
    repeats=10,
    abuse_seconds=2,
    slow_clients=500,
    overload_seconds=4,
    busy_operations=(16,),
    streams=100,
    events=20,
    alone=100,
    accounts=Effort(sign_ins=60, rounds=2, guesses=1_000),
)
SMOKE = Size(
    rounds=1,
    requests=4,
    memory_requests=4,
    repeats=1,
    abuse_seconds=0.01,
    slow_clients=20,
    overload_seconds=0.05,
    busy_operations=(),
    streams=2,
    events=2,
    alone=1,
    accounts=Effort(sign_ins=8, rounds=1, guesses=0),
)


@dataclass(frozen=True, slots=True)
class Site:
    """What all sections share: one set of processes, and a folder."""

    folder: Path
    size: Size
    systems: Systems
    server: Postgres
    bench: Bench


def _overload_soon_busy(site: Site) -> None:
    """On gateways that turn people away sooner."""
    for number in site.size.busy_operations:
        settings = {"GATEWAY_BUSY_OPERATIONS": str(number)}
        with running_bench(site.systems, site.server, site.folder / f"busy-{number}", **settings) as bench:
            print(f"with GATEWAY_BUSY_OPERATIONS={number}:")
            measure_overload(bench, requests=site.size.requests, seconds=site.size.overload_seconds)


SECTIONS: Mapping[str, Callable[[Site], None]] = {
    # First: what streams take is not seen in a process that has had more to hold before.
    "streams": lambda of: measure_streams(of.bench, streams=of.size.streams, events=of.size.events),
    "operations": lambda of: measure_operations(of.bench, rounds=of.size.rounds, requests=of.size.requests),
    "memory": lambda of: measure_memory(of.bench, requests=of.size.memory_requests),
    "documents": lambda of: measure_documents(of.bench, rounds=of.size.rounds, requests=of.size.requests // 2),
    "pass": lambda of: measure_passes(repeats=of.size.repeats),
    "abuse": lambda of: measure_abuses(of.bench, seconds=of.size.abuse_seconds, slow_clients=of.size.slow_clients),
    "overload": lambda of: measure_overload(of.bench, requests=of.size.requests, seconds=of.size.overload_seconds),
    "soon-busy": _overload_soon_busy,
    "balances": lambda of: measure_balances(of.folder, alone=of.size.alone),
    "accounts": lambda of: measure_accounts(of.systems, of.server, of.folder / "accounts", effort=of.size.accounts),
}


def main() -> None:
    """Runs the sections asked for, all of them if none is."""
    parser = argparse.ArgumentParser(prog="make bench", description="What a request costs.")
    sizes = parser.add_mutually_exclusive_group()
    sizes.set_defaults(size=FULL)
    sizes.add_argument(
        "--quick", dest="size", action="store_const", const=QUICK, help="less of it; figures scatter more"
    )
    sizes.add_argument("--smoke", dest="size", action="store_const", const=SMOKE, help="only to see that it runs")
    parser.add_argument("--only", action="append", choices=SECTIONS, help="one section; may be given several times")
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="gateway-bench-") as folder,
        running_postgres() as server,
        running_systems(Path(folder)) as systems,
        running_bench(systems, server, Path(folder, "bench")) as bench,
    ):
        site = Site(Path(folder), asked.size, systems, server, bench)
        for name in asked.only or SECTIONS:
            SECTIONS[name](site)
            print(flush=True)


if __name__ == "__main__":
    main()
