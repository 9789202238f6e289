"""The gateway as a process: it listens where it is told, answers real HTTP, and ends politely."""

import http.client
import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.commands import migrate
from gateway.settings import load
from tests.support.processes import Child, free_port, running
from tests.unit.test_settings import DEMO

pytestmark = pytest.mark.servers


@contextmanager
def serving(directory: Path) -> Iterator[tuple[Child, str]]:
    """A gateway in demo mode whose legacy systems do not answer, and its address."""
    port = free_port()
    nowhere = f"http://127.0.0.1:{free_port()}"
    environment = DEMO | {
        "GATEWAY_PORT": str(port),
        "GATEWAY_DRAIN_SECONDS": "0",
        "GATEWAY_DATABASE_URL": f"sqlite:///{directory / 'gateway.db'}",
        "GATEWAY_ERP_URL": nowhere,
        "GATEWAY_DOCUMENTS_URL": nowhere,
    }
    migrate(load(environment))
    command = [sys.executable, "-m", "gateway", "serve"]
    with running(command, log=directory / "log", environment=environment) as child:
        address = f"http://127.0.0.1:{port}"
        child.wait_until(lambda: _is_alive(address))
        yield child, address


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Child, str]]:
    """A gateway that serves all tests of this module."""
    with serving(tmp_path_factory.mktemp("gateway")) as served:
        yield served


def _is_alive(address: str) -> bool:
    try:
        return httpx.get(f"{address}/livez").status_code == 200
    except httpx.TransportError:
        return False


def test_a_query_is_answered_over_http(gateway: tuple[Child, str]) -> None:
    """And the server does not tell what it is made of."""
    _, address = gateway

    response = httpx.post(f"{address}/graphql", json={"query": "{ __typename }"})

    assert (response.status_code, response.json()) == (200, {"data": {"__typename": "Query"}})
    assert "server" not in response.headers


@pytest.mark.parametrize(
    "raw",
    [
        b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
        b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"GET /graphql\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01",
    ],
)
def test_what_is_no_http_is_refused_and_the_next_request_served(raw: bytes, gateway: tuple[Child, str]) -> None:
    """A scanner does not take the gateway down."""
    _, address = gateway
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=5)
    connection.connect()
    connection.sock.sendall(raw)
    assert connection.sock.recv(1000)[:12] in (b"HTTP/1.1 400", b"HTTP/1.1 413")
    connection.close()

    assert _is_alive(address)


@pytest.mark.parametrize(
    ("method", "protocol", "status"), [("GET", "websocket", 101), ("POST", "websocket", 415), ("GET", "h2c", 403)]
)
def test_a_connection_is_upgraded_to_websockets_only(
    method: str, protocol: str, status: int, gateway: tuple[Child, str]
) -> None:
    """And by GET only; any other wish gets the answer to a plain request."""
    _, address = gateway
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": protocol,
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "x3JJHMbDL1EzLkh9GBhXDw==",
        "Sec-WebSocket-Protocol": "graphql-transport-ws",
    }

    with httpx.stream(method, f"{address}/graphql", headers=upgrade) as response:
        assert response.status_code == status


def test_the_log_holds_json_and_no_path(gateway: tuple[Child, str]) -> None:
    """One object a line; no address of a person, no link to a document."""
    child, address = gateway
    httpx.post(f"{address}/graphql", content=b"hunter2", headers={"Content-Type": "application/json"})
    httpx.get(f"{address}/documents/hunter2")

    child.wait_until(lambda: "LINK_EXPIRED" in child.log.read_text())

    lines: list[dict[str, Any]] = [json.loads(line) for line in child.log.read_text().splitlines()]
    assert {"request.refused", "document.refused"} <= {line["event"] for line in lines}
    assert "hunter2" not in child.log.read_text()
    assert "127.0.0.1" not in child.log.read_text()


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_a_gateway_ends_when_it_is_told(sent: signal.Signals, tmp_path: Path) -> None:
    """By its supervisor or by Ctrl-C: without a complaint."""
    with serving(tmp_path) as (child, _):
        ended = child.stop(polite_signal=sent)

    levels = {json.loads(line)["level"] for line in child.log.read_text().splitlines()}
    assert (ended, levels - {"info"}) == (0, set())
