"""The gateway that is measured, over simulated legacy systems and PostgreSQL, and what can be seen of it."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from gateway.demo.gateway import CLIENTS
from gateway.schema.reading import sha256_of
from tests.support.gateway import RunningGateway, Systems, prepared, running_gateway
from tests.support.postgres import Postgres
from tests.support.processes import free_port
from tests.support.usage import Usage, usage_of

CASE = "dwelling-and-garage"
TINY = "{ viewer { account { accountReference } } }"
_SETTINGS = {
    "GATEWAY_BUSY_LAG_MS": "500",  # as everywhere but in the demo
    "GATEWAY_SOCKETS_PER_ADDRESS": "1000",
    "GATEWAY_SOCKETS_PER_USER": "1000",
}


@dataclass(frozen=True, slots=True)
class Bench:
    """A running gateway over `systems`, with a port for `/livez` and one for metrics beside its own."""

    gateway: RunningGateway
    health_port: int
    metrics_port: int

    @property
    def graphql(self) -> str:
        """Address of the endpoint."""
        return f"{self.gateway.url}/graphql"

    @property
    def systems(self) -> Systems:
        """The legacy systems."""
        return self.gateway.systems

    def usage(self) -> Usage:
        """Processor time and memory of the gateway so far."""
        return usage_of(self.gateway.part.process.pid)

    def token(self) -> str:
        """A bearer token of the tenant who asks."""
        return self.gateway.tenant(CASE).token or ""

    def metrics(self) -> str:
        """All metrics as the gateway tells them now."""
        return httpx.get(f"http://127.0.0.1:{self.metrics_port}/metrics").raise_for_status().text

    @contextmanager
    def slowed(self, *, delay_ms: float) -> Iterator[None]:
        """The legacy systems take so much longer for each answer."""
        self.systems.calm()
        if delay_ms:
            for simulator in (self.systems.erp, self.systems.documents):
                simulator.order("latency", ms=delay_ms)
        try:
            yield
        finally:
            self.systems.calm()


@contextmanager
def running_bench(systems: Systems, server: Postgres, folder: Path, **settings: str) -> Iterator[Bench]:
    """A gateway with the demo's registered documents and a tiny one; `settings` are added to ours."""
    folder.mkdir()
    manifest = folder / "tiny.json"
    manifest.write_text(json.dumps({f"sha256:{sha256_of(TINY)}": TINY}), encoding="utf-8")
    health_port, metrics_port = free_port(), free_port()
    with server.database() as database:
        told: Mapping[str, str] = {
            **_SETTINGS,
            "GATEWAY_DATABASE_URL": database.url,
            "GATEWAY_REGISTERED_DOCUMENTS": f"{CLIENTS},{manifest}",
            "GATEWAY_HEALTH_PORT": str(health_port),
            "GATEWAY_METRICS_PORT": str(metrics_port),
            **settings,
        }
        with running_gateway(systems, folder, staff=prepared(folder, **told), **told) as gateway:
            yield Bench(gateway, health_port, metrics_port)
