"""The adapter under test, connected to the Tryton of the session."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

import httpx
import msgspec
import pytest

from gateway.adapters.erp_tryton.client import Credentials, TrytonClient
from gateway.adapters.erp_tryton.documents import TrytonDocuments
from gateway.adapters.erp_tryton.ledger import TrytonLedger
from gateway.adapters.erp_tryton.notices import TrytonNotices
from gateway.adapters.erp_tryton.tenancy import TrytonTenancy
from gateway.adapters.erp_tryton.transport import TrytonTransport
from gateway.adapters.upstream import Limits, Upstream
from gateway.ports.answers import Answer, Seen
from gateway.ports.deadline import Deadline
from tests.support.tryton import Tryton

NOW = datetime(2026, 10, 28, 10, 0, tzinfo=UTC)
"""Noon or so of `tryton_world.TODAY`."""

K = TypeVar("K")
V = TypeVar("V")


@dataclass(slots=True)
class Journal(httpx.AsyncBaseTransport):
    """Stock HTTP that notes the methods called, logins too, in `calls`."""

    calls: list[str] = field(default_factory=list)
    inner: httpx.AsyncHTTPTransport = field(default_factory=httpx.AsyncHTTPTransport)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Note and pass on."""
        self.calls.append(msgspec.json.decode(request.content)["method"])
        return await self.inner.handle_async_request(request)

    async def aclose(self) -> None:
        """Close what was opened."""
        await self.inner.aclose()


@dataclass(frozen=True, slots=True)
class Erp:
    """All ports of the adapter over one client; `calls` are the methods asked of Tryton so far."""

    client: TrytonClient
    calls: list[str]

    @property
    def tenancy(self) -> TrytonTenancy:
        """Tenants and leases."""
        return TrytonTenancy(self.client)

    @property
    def ledger(self) -> TrytonLedger:
        """Balances and entries."""
        return TrytonLedger(self.client)

    @property
    def notices(self) -> TrytonNotices:
        """Notices."""
        return TrytonNotices(self.client)

    @property
    def documents(self) -> TrytonDocuments:
        """Their PDF files."""
        return TrytonDocuments(self.client)


@asynccontextmanager
async def connected(
    url: str, *, database: str = "books", password: str = "", limits: Limits | None = None
) -> AsyncIterator[Erp]:
    """The adapter, signed in nowhere yet, over whatever answers at `url`."""
    journal = Journal()
    upstream = Upstream(url, transport=TrytonTransport(journal), limits=limits)
    credentials = Credentials("admin", password)
    yield Erp(TrytonClient(upstream, database=database, credentials=credentials, now=lambda: NOW), journal.calls)
    await upstream.aclose()


@pytest.fixture
async def newcomer(tryton: Tryton) -> AsyncIterator[Erp]:
    """The adapter over a real Tryton, before its first question; its clock says `NOW`."""
    async with connected(tryton.url, database=tryton.database, password=tryton.password) as adapter:
        yield adapter


@pytest.fixture
def erp(newcomer: Erp, tryton: Tryton) -> Erp:
    """The same, signed in already."""
    newcomer.client._session = tryton.session()  # noqa: SLF001 - saves each test the check of a password
    return newcomer


def soon() -> Deadline:
    """A deadline that no healthy answer misses."""
    return Deadline.after(20)


def values(batch: Mapping[K, Answer[V]]) -> dict[K, V]:
    """The values of a batch in which every key has one."""
    seen = {key: answer for key, answer in batch.items() if isinstance(answer, Seen)}
    assert seen.keys() == batch.keys()
    return {key: answer.value for key, answer in seen.items()}
