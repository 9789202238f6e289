"""A document store that behaves as a test says."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from gateway.adapters.documents.client import DocumentStore
from gateway.adapters.upstream import Limits, Upstream
from gateway.ports.deadline import Deadline
from tests.support.chaos import Answer, Chaos, chaos

FETCHED_AT = datetime(2026, 3, 14, 9, 0, 5, tzinfo=UTC)


@asynccontextmanager
async def store_doing(*behaviours: Answer, idle_seconds: float = 5) -> AsyncIterator[tuple[DocumentStore, Chaos]]:
    """A client of a store that behaves like this, the last behaviour for ever."""
    with chaos(*behaviours) as server:
        upstream = Upstream(server.url, limits=Limits(idle_seconds=idle_seconds, body_bytes=100_000))
        try:
            yield DocumentStore(upstream, access_key="demo-ged", now=lambda: FETCHED_AT), server
        finally:
            await upstream.aclose()


def soon() -> Deadline:
    """Time enough for a server that answers at once."""
    return Deadline.after(5)
