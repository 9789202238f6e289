"""Every HTTP request, from its head to the beginning of its answer: counted and timed, whatever answers it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from time import perf_counter

from starlette.requests import HTTPConnection
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.http.refusals import CODE
from gateway.http.sources import TRUSTING_NOBODY, Sources
from gateway.telemetry.metrics import Metrics
from gateway.telemetry.tracing import continued

ELSEWHERE = "elsewhere"
NONE = "none"


def doors_of(routes: Iterable[BaseRoute]) -> frozenset[str]:
    """The first part of each address that is served."""
    return frozenset(_first_part(route.path) for route in routes if isinstance(route, Mount | Route | WebSocketRoute))


@dataclass(frozen=True, slots=True)
class Measured:
    """`app`, measured. `doors` are the first parts of its addresses; any other path is `elsewhere`.

    The trace that a request says it belongs to is believed of the landlord's own proxies only, lest strangers have
    traces made and named as they like.
    """

    app: ASGIApp
    doors: frozenset[str]
    metrics: Metrics = field(default_factory=Metrics)
    sources: Sources = TRUSTING_NOBODY

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers as the application does."""
        if scope["type"] == "http":
            with continued(self._traceparent(scope)):
                await self._measure(scope, receive, send)
        elif scope["type"] == "websocket":
            with continued(self._traceparent(scope)):
                await self.app(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _measure(self, scope: Scope, receive: Receive, send: Send) -> None:
        status, began, door = NONE, perf_counter(), self._door(scope)

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = str(message["status"])
                self.metrics.request_seconds.labels(door).observe(perf_counter() - began)
            await send(message)

        try:
            await self.app(scope, receive, noting)
        finally:
            self.metrics.requests.labels(door, status, scope.get(CODE, NONE)).inc()

    def _door(self, scope: Scope) -> str:
        door = _first_part(scope["path"])
        return door if door in self.doors else ELSEWHERE

    def _traceparent(self, scope: Scope) -> str | None:
        connection = HTTPConnection(scope)
        told = connection.headers.get("traceparent")
        peer = connection.client.host if connection.client else ""
        return told if told and self.sources.trusts(peer) else None


def _first_part(path: str) -> str:
    return path.lstrip("/").partition("/")[0]
