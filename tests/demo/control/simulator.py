"""Simulators as the tests start and drive them: a process, its two ports, its control plane."""

import json
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from tests.support import processes


@dataclass(frozen=True, slots=True)
class Simulator:
    """A running simulator."""

    name: str
    url: str
    control: str
    child: processes.Child
    client: httpx.Client
    """Keeps its connections to both ports."""

    def fetch(self, path: str) -> httpx.Response:
        """What the legacy port answers to a GET."""
        return self.client.get(self.url + path)

    def get(self, path: str) -> Any:
        """What the control plane shows at `path`, relative to /__sim/."""
        return self.client.get(f"{self.control}/__sim/{path}").raise_for_status().json()

    def post(self, path: str, **order: object) -> httpx.Response:
        """The control plane's answer to an order."""
        return self.client.post(f"{self.control}/__sim/{path}", json=order)

    def delete(self, path: str) -> None:
        """Clear faults or the journal."""
        self.client.delete(f"{self.control}/__sim/{path}").raise_for_status()

    def order(self, kind: str, **parameters: object) -> int:
        """Order a fault; its id."""
        answer = self.post("faults", kind=kind, **parameters)
        assert answer.status_code == 201, answer.text
        return int(answer.json()["id"])

    def journal(self) -> list[dict[str, Any]]:
        """Every request since the journal was emptied."""
        lines: list[dict[str, Any]] = self.get("journal")["requests"]
        return lines

    def set_clock(self, instant: str) -> None:
        """Make the simulator believe that it is `instant`, RFC 3339."""
        self.post("clock", at=instant).raise_for_status()

    def calm(self, instant: str) -> None:
        """No faults, an empty journal, the clock at `instant`."""
        self.delete("faults")
        self.delete("journal")
        self.set_clock(instant)


@contextmanager
def running_simulator(module: str, *options: str, log: Path) -> Iterator[Simulator]:
    """`python -m module` with `options`, from its ready line until the block ends."""
    with processes.running([sys.executable, "-m", module, *options], log=log) as child:
        child.wait_until(lambda: bool(_ready_lines(log)), seconds=60)
        ready = json.loads(_ready_lines(log)[-1])
        with httpx.Client(timeout=30) as client:
            yield Simulator(ready["name"], ready["url"], ready["control"], child, client)


def _ready_lines(log: Path) -> list[str]:
    """Complete lines only: the process may be in the middle of writing one."""
    return [line for line in log.read_text().splitlines(keepends=True) if line.startswith("{") and line.endswith("\n")]


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """What came over the bare connection, and how it ended: closed, reset, or still open."""

    received: bytes
    end: str

    @property
    def body(self) -> bytes:
        """What follows the head."""
        return self.received.partition(b"\r\n\r\n")[2]


def exchange_raw(url: str, request: bytes, *, patience_seconds: float = 5) -> RawAnswer:
    """Send `request` and read until the connection ends or falls silent for `patience_seconds`."""
    address = urlsplit(url)
    received = b""
    with socket.create_connection((address.hostname, address.port), timeout=patience_seconds) as peer:
        peer.sendall(request)
        try:
            while part := peer.recv(65_536):
                received += part
        except ConnectionResetError:
            return RawAnswer(received, "reset")
        except TimeoutError:
            return RawAnswer(received, "open")
    return RawAnswer(received, "closed")
