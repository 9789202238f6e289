"""The demo under test: the real gateway as a process over real simulators, started by the launcher's own pieces."""

import asyncio
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import httpx

from gateway.demo import gateway as demo
from gateway.demo.cast import World, tenants
from gateway.demo.control import PARIS
from gateway.demo.parts import Part
from gateway.demo.simulators import NAMES, Simulators, answering
from gateway.demo.world import household
from gateway.demo.world.model import Household
from gateway.demo.world.showcase import SHOWCASE
from tests.demo.control.simulator import Simulator
from tests.support import processes
from tests.support.client import Client

CASES = tuple(profile.case for profile in SHOWCASE)


@cache
def world() -> World:
    """The invented world as it stands today, the same for the whole run."""
    return World(seed=57, households=50, today=datetime.now(PARIS).date())


@cache
def household_of(case: str) -> Household:
    """The household that shows `case`."""
    return household(world().seed, CASES.index(case), world().today)


@dataclass(slots=True)
class Systems:
    """The simulated legacy systems, running; `folder` holds their data."""

    folder: Path
    http: httpx.Client
    parts: dict[str, Part] = field(default_factory=dict)
    running: dict[str, Simulator] = field(default_factory=dict)
    smtp: str = ""

    @property
    def erp(self) -> Simulator:
        """The rental ERP."""
        return self.running["erp"]

    @property
    def documents(self) -> Simulator:
        """The document store."""
        return self.running["documents"]

    @property
    def mail(self) -> Simulator:
        """The mail relay, and everybody's mailbox."""
        return self.running["mail"]

    @property
    def addresses(self) -> dict[str, str]:
        """Where each of them answers."""
        return {"smtp": self.smtp} | {name: simulator.url for name, simulator in self.running.items()}

    def calm(self) -> None:
        """No faults, empty journals."""
        for simulator in self.running.values():
            simulator.delete("faults")
            simulator.delete("journal")

    def start(self, name: str, *options: str) -> None:
        """Start a simulator, or start it again, and wait until it answers."""
        with processes.unmeasured():
            part = self.parts[name] = Simulators(world(), self.folder).start(name, *options)
        found, child = answering(part), processes.Child(part.process, part.log)
        self.running[name] = Simulator(name, found.url, found.control, child, self.http)
        self.smtp = found.smtp or self.smtp

    def restart(self, name: str) -> None:
        """End a simulator and start it again, at the same addresses and with the same data."""
        self.parts[name].stop()
        before = self.running[name]
        smtp = ("--smtp-port", self.smtp.rpartition(":")[2]) if name == "mail" else ()
        self.start(name, "--port", _port(before.url), "--control-port", _port(before.control), *smtp)

    def stop(self) -> None:
        """End all of them."""
        for part in self.parts.values():
            part.stop()


@dataclass(frozen=True, slots=True)
class RunningGateway:
    """A gateway that answers, over `systems`."""

    folder: Path
    port: int
    part: Part
    database_url: str
    systems: Systems
    http: httpx.Client
    staff: Mapping[str, str] = field(default_factory=dict)
    """Bearer tokens by role."""
    _signed_in: dict[str, Client] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def stranger(self) -> Client:
        """Somebody who has not signed in."""
        return Client(f"{self.url}/graphql", self.http)

    def tenant(self, case: str) -> Client:
        """The holder of the account of that case, signed in once for all tests, as the application does."""
        if case not in self._signed_in:
            self._signed_in[case] = self.stranger().sign_in(*credentials_of(case))
        return self._signed_in[case]

    def member(self, role: str) -> Client:
        """A member of staff."""
        return Client(f"{self.url}/graphql", self.http, self.staff[role])

    def query(self, statement: str) -> list[tuple[object, ...]]:
        """Rows of the gateway's own database, asked beside it; a change counts at once."""
        if self.database_url.startswith("postgresql"):
            with ThreadPoolExecutor(max_workers=1) as pool:
                return pool.submit(asyncio.run, _query_postgres(self.database_url, statement)).result()
        with closing(sqlite3.connect(self.database_url.removeprefix("sqlite:///"))) as connection, connection:
            return connection.execute(statement).fetchall()


def credentials_of(case: str) -> tuple[str, str]:
    """Account reference and password of the holder of that case."""
    seeded = tenants(world())[CASES.index(case)].as_seed()
    return seeded["reference"], seeded["password"]


@contextmanager
def running_systems(folder: Path) -> Iterator[Systems]:
    """The simulators, filled with the world, for the time of the block."""
    with httpx.Client(timeout=30) as client:
        systems = Systems(folder, client)
        try:
            for name in NAMES:
                systems.start(name)
            yield systems
        finally:
            systems.stop()


def prepared(folder: Path, **settings: str) -> Mapping[str, str]:
    """Bearer tokens of the staff by role, once the database of a gateway in `folder` holds the cast."""
    with processes.unmeasured():
        environment = demo.environment(folder, port=1) | settings
    return {one["role"]: one["bearer"] for one in demo.prepare(world(), folder=folder, settings=environment)}


@contextmanager
def running_gateway(
    systems: Systems, folder: Path, *, staff: Mapping[str, str], **settings: str
) -> Iterator[RunningGateway]:
    """A gateway over `systems` with the database that was prepared in `folder`; `settings` are added to the demo's."""
    port = processes.free_port()
    with processes.unmeasured():
        environment = demo.environment(folder, port=port, systems=systems.addresses) | settings
    part = demo.serve(folder, settings=environment)
    try:
        demo.wait_until_ready(part, port=port)
        with httpx.Client(timeout=60) as client:
            url = environment["GATEWAY_DATABASE_URL"]
            yield RunningGateway(folder, port, part, url, systems, client, staff)
    finally:
        part.stop()


def copied(folder: Path, *, to: Path) -> Path:
    """Another folder with the database and the key of one that no gateway runs on."""
    to.mkdir()
    for name in ("gateway.sqlite3", "secret.key"):
        shutil.copy(folder / name, to / name)
    return to


def _port(url: str) -> str:
    return str(urlsplit(url).port)


async def _query_postgres(url: str, statement: str) -> list[tuple[object, ...]]:
    connection = await asyncpg.connect(url)
    try:
        return [tuple(row) for row in await connection.fetch(statement)]
    finally:
        await connection.close()
