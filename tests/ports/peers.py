"""The systems that the ports are held against: IMMO-GEST and the document store, simulated, and a real Tryton."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from gateway.adapters.documents.client import DocumentStore
from gateway.adapters.erp_soap.client import Credentials, ErpClient
from gateway.adapters.erp_tryton.client import Credentials as TrytonCredentials
from gateway.adapters.erp_tryton.client import TrytonClient
from gateway.adapters.erp_tryton.transport import TrytonTransport
from gateway.adapters.upstream import Upstream
from tests.demo.control.simulator import Simulator
from tests.ports.contract import Peer
from tests.support.documents_simulator import ACCESS_KEY
from tests.support.erp_simulator import PASSWORD, USER, truth
from tests.support.relay import relaying
from tests.support.tryton import Tryton

NOW = datetime(2026, 3, 17, 9, 30, tzinfo=UTC)
"""Half past ten in Paris, the simulators' time too."""

TRYTON_NOW = datetime(2026, 10, 28, 10, 0, tzinfo=UTC)
"""The day that the books of the test Tryton are made for."""

SOAP = pytest.param("soap", marks=[pytest.mark.servers, pytest.mark.xdist_group("immo-gest")])
TRYTON = pytest.param("over_tryton", marks=[pytest.mark.tryton, pytest.mark.xdist_group("tryton")])
"""Peers as parameters: the names of the fixtures that connect them."""

_PARAMETERS: dict[str, dict[str, object]] = {
    "http_503": {"retry_after": 7},
    "truncate": {"fraction": 0.5},
    "drip": {"bytes_per_second": 100},
    "wrong_charset": {"charset": "iso-8859-1"},
}


@dataclass(frozen=True, slots=True)
class SoapPeer:
    """IMMO-GEST and our client of it."""

    simulator: Simulator
    erp: ErpClient
    peer: Peer

    def truth(self, table: str) -> list[dict[str, Any]]:
        """Rows straight from its books."""
        return truth(self.simulator, table)


@dataclass(frozen=True, slots=True)
class TrytonPeer:
    """Tryton and our client of it."""

    tryton: Tryton
    client: TrytonClient
    peer: Peer


@dataclass(frozen=True, slots=True)
class StorePeer:
    """The document store and our client of it."""

    simulator: Simulator
    store: DocumentStore
    peer: Peer


@asynccontextmanager
async def immo_gest_peer(simulator: Simulator) -> AsyncIterator[SoapPeer]:
    """IMMO-GEST behind its SOAP door."""
    upstream = Upstream(simulator.url)
    erp = ErpClient(upstream, credentials=Credentials(USER, PASSWORD), now=lambda: NOW)
    peer = Peer(
        calls=_calls(simulator, apart_from="OuvrirSession"),
        forget_sessions=lambda: _forget_sessions(simulator),
        spoilt=_spoilt(simulator),
        secrets=_secrets(simulator.url, "immogest", PASSWORD),
        now=NOW,
    )
    try:
        yield SoapPeer(simulator, erp, peer)
    finally:
        await upstream.aclose()


@asynccontextmanager
async def tryton_peer(tryton: Tryton) -> AsyncIterator[TrytonPeer]:
    """Tryton behind its JSON-RPC door; the relay counts calls and spoils answers."""
    with relaying(tryton.url) as relay:
        upstream = Upstream(relay.url, transport=TrytonTransport(httpx.AsyncHTTPTransport()))
        credentials = TrytonCredentials(tryton.user, tryton.password)
        client = TrytonClient(upstream, database=tryton.database, credentials=credentials, now=lambda: TRYTON_NOW)
        peer = Peer(
            calls=lambda: sum(b"common.db.login" not in request for request in relay.requests),
            forget_sessions=tryton.forget_sessions,
            spoilt=relay.spoilt,
            secrets=_secrets(relay.url, tryton.database, tryton.password),
            now=TRYTON_NOW,
        )
        try:
            yield TrytonPeer(tryton, client, peer)
        finally:
            await upstream.aclose()


@asynccontextmanager
async def store_peer(simulator: Simulator) -> AsyncIterator[StorePeer]:
    """The document store behind its HTTP door; it has no sessions."""
    upstream = Upstream(simulator.url)
    store = DocumentStore(upstream, access_key=ACCESS_KEY, now=lambda: NOW)
    peer = Peer(
        calls=_calls(simulator),
        forget_sessions=lambda: None,
        spoilt=_spoilt(simulator),
        secrets=_secrets(simulator.url, "ged/", ACCESS_KEY),
        now=NOW,
    )
    try:
        yield StorePeer(simulator, store, peer)
    finally:
        await upstream.aclose()


def _calls(simulator: Simulator, *, apart_from: str = "") -> Callable[[], int]:
    return lambda: sum(line["operation"] != apart_from for line in simulator.journal())


def _forget_sessions(simulator: Simulator) -> None:
    simulator.post("restart-sessions").raise_for_status()


def _spoilt(simulator: Simulator) -> Callable[[str], Any]:
    @contextmanager
    def spoilt(kind: str) -> Iterator[None]:
        simulator.order(kind, **_PARAMETERS.get(kind, {}))
        try:
            yield
        finally:
            simulator.delete("faults")

    return spoilt


def _secrets(url: str, *others: str) -> tuple[str, ...]:
    """What no error text may tell: the address, with its parts; paths and passwords; markup."""
    address = url.removeprefix("http://")
    return (address, address.rpartition(":")[2], "127.0.0.1", "http:", "<", *others)
