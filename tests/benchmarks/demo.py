"""A demo of its own for the benchmark: simulators and gateway as separate processes, and what can be seen of them."""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.support.client import Client
from tests.support.processes import free_port, running
from tests.support.usage import Usage, child_running, usage_of

START_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Bench:
    """A running demo. `gateway` is the gateway's process id; `accounts` is what `accounts.json` holds."""

    accounts: Mapping[str, Any]
    gateway: int

    @property
    def graphql(self) -> str:
        """Address of the endpoint."""
        address: str = self.accounts["graphql"]
        return address

    def usage(self) -> Usage:
        """Processor time and memory of the gateway so far."""
        return usage_of(self.gateway)

    def token(self, case: str) -> str:
        """A bearer token of the tenant who shows `case`."""
        tenant = next(one for one in self.accounts["tenants"] if one["case"] == case)
        with httpx.Client() as http:
            client = Client(self.graphql, http).sign_in(tenant["accountReference"], tenant["password"])
        return client.token or ""

    def journal(self) -> list[dict[str, Any]]:
        """Every request the ERP has answered since the journal was emptied."""
        requests: list[dict[str, Any]] = httpx.get(f"{self._control}/journal").json()["requests"]
        return requests

    def empty_journal(self) -> None:
        """Forgets the journal."""
        httpx.delete(f"{self._control}/journal").raise_for_status()

    @property
    def _control(self) -> str:
        return f"{self.accounts['simulators']['control']}/__sim"


@contextmanager
def running_demo(folder: Path, *, delay_ms: float = 0, households: int = 3) -> Iterator[Bench]:
    """A demo whose legacy systems take `delay_ms` more for each answer."""
    folder.mkdir(parents=True, exist_ok=True)
    options = ("--folder", str(folder / "demo"), "--port", str(free_port()))
    world = ("--households", str(households), "--delay-ms", str(delay_ms))
    accounts = folder / "demo" / "accounts.json"
    with running([sys.executable, "-m", "gateway", "demo", *options, *world], log=folder / "log") as launcher:
        launcher.wait_until(accounts.exists, seconds=START_SECONDS)
        gateway = child_running(launcher.process.pid, "serve")
        yield Bench(json.loads(accounts.read_text(encoding="utf-8")), gateway)
