"""Prints what accounts cost, over each store: signing in, a flood, one account under guesses, checking a session."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gateway.adapters.stores import migrate
from tests.benchmarks.guesses import measure_guesses
from tests.benchmarks.sign_ins import FLOOD, measure_in_process
from tests.support.gateway import Systems, prepared, running_gateway
from tests.support.postgres import Postgres

STORES = ("SQLite", "PostgreSQL")


@dataclass(frozen=True, slots=True)
class Effort:
    """How much of everything is done. Without `guesses` at one account, none of that is measured."""

    sign_ins: int
    rounds: int
    guesses: int
    calm_seconds: float = 5


def measure_accounts(systems: Systems, server: Postgres, folder: Path, *, effort: Effort) -> None:
    """Measures over SQLite and PostgreSQL, and prints it."""
    folder.mkdir()
    for name in STORES:
        with _database(name, folder, server) as url:
            _in_process(name, url, effort=effort, log=folder / "log")
    for name in STORES if effort.guesses else ():
        with _database(name, folder, server) as url:
            _over_http(name, systems, effort=effort, settings={"GATEWAY_DATABASE_URL": url})


@contextmanager
def _database(name: str, folder: Path, server: Postgres) -> Iterator[str]:
    """The URL of a migrated, empty database, which vanishes."""
    if name == "SQLite":
        file = folder / "accounts.sqlite3"
        migrate(f"sqlite:///{file}")
        yield f"sqlite:///{file}"
        for part in folder.glob(f"{file.name}*"):
            part.unlink()
    else:
        with server.database() as database:
            migrate(database.url)
            yield database.url


def _in_process(name: str, url: str, *, effort: Effort, log: Path) -> None:
    found = measure_in_process(url, sign_ins=effort.sign_ins, rounds=effort.rounds, log=log)
    one, flood, checks = found.sign_ins, found.flood, found.checks
    print(
        f"{name}: sign-ins of one core {1000 / one.sign_in_ms:.1f}/s, bare Argon2 {1000 / one.bare_ms:.1f}/s, "
        f"ratio {one.ratio:.2f}"
    )
    print(
        f"{name}: flood of {FLOOD} sign-ins: {flood.served} served, {flood.shed} shed, {flood.seconds:.1f} s; "
        f"loop lag p99 {flood.lag_ms:.0f} ms, calm {flood.calm_lag_ms:.0f} ms"
    )
    print(
        f"{name}: session check {checks.asked_us:.0f} us CPU when the store is asked, "
        f"{checks.remembered_us:.1f} us from memory",
        flush=True,
    )


def _over_http(name: str, systems: Systems, *, effort: Effort, settings: Mapping[str, str]) -> None:
    home = systems.folder / name
    home.mkdir()
    with running_gateway(systems, home, staff=prepared(home, **settings), **settings) as gateway:
        found = asyncio.run(measure_guesses(gateway, guesses=effort.guesses, calm_seconds=effort.calm_seconds))
    calm, meanwhile = found.calm, found.meanwhile
    print(f"{name}: {effort.guesses} guesses at one account in {found.seconds:.1f} s: {dict(found.answers)}")
    print(
        f"{name}: other tenants' reading p99 {calm.read_p99_ms:.0f} ms, "
        f"{meanwhile.read_p99_ms - calm.read_p99_ms:+.0f} ms meanwhile; "
        f"their sign-ins p50 {calm.sign_in_p50_ms:.0f} ms, "
        f"{meanwhile.sign_in_p50_ms - calm.sign_in_p50_ms:+.0f} ms meanwhile",
        flush=True,
    )
