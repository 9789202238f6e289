"""A guarded server in this process, over an application that writes down what reaches it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import pytest
import pytest_asyncio
from starlette.requests import ClientDisconnect, Request
from starlette.types import Receive, Scope, Send

from gateway.http import body
from gateway.http.refusals import RequestRefusedError
from gateway.http.server.config import Guard, GuardedConfig
from gateway.http.server.crowd import Crowd
from gateway.http.server.draining import Draining
from gateway.http.server.protocol import GuardedProtocol
from gateway.http.server.server import GuardedServer
from gateway.http.server.terms import Terms
from gateway.http.sources import TRUSTING_NOBODY
from gateway.http.streaming.protocol import GuardedWebSocket
from gateway.telemetry.metrics import Metrics

BIG = b"x" * 20_000_000
QUICK = Terms(head_seconds=0.3, body_seconds=0.3, write_seconds=0.3, idle_seconds=1)
"""Short enough for tests to wait for."""


@dataclass(slots=True)
class Application:
    """Answers 200 with the length of the body; `/held` not before `gate` is open, `/big` with much."""

    seen: list[str] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    sent_bytes: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept"})
            if scope["path"] == "/held":
                await receive()
                return
            await send({"type": "websocket.close", "code": 4000})
            return
        request = Request(scope, receive)
        self.seen.append(f"{request.method} {request.url.path}")
        if request.url.path == "/held":
            await self.gate.wait()
        if request.url.path == "/huge":
            await _answer(send, 200, BIG)
            return
        if request.url.path == "/big":
            await self._pour(send)
            return
        try:
            status, text = 200, b"%d" % len(await body.read(request, seconds=5))
        except RequestRefusedError as refusal:
            status, text = refusal.status, refusal.code.encode()
        except ClientDisconnect:
            self.seen.append("gone")
            return
        await send(
            {"type": "http.response.start", "status": status, "headers": [(b"content-length", b"%d" % len(text))]}
        )
        await send({"type": "http.response.body", "body": text})

    async def _pour(self, send: Send) -> None:
        await _begin(send, 200, len(BIG))
        for start in range(0, len(BIG), 100_000):
            await send({"type": "http.response.body", "body": BIG[start : start + 100_000], "more_body": True})
            self.sent_bytes += 100_000
        await send({"type": "http.response.body"})


async def _answer(send: Send, status: int, text: bytes) -> None:
    await _begin(send, status, len(text))
    await send({"type": "http.response.body", "body": text})


async def _begin(send: Send, status: int, length: int) -> None:
    headers = [(b"content-length", b"%d" % length)]
    await send({"type": "http.response.start", "status": status, "headers": headers})


@dataclass(frozen=True, slots=True)
class Line:
    """The way to a server."""

    server: GuardedServer
    application: Application
    listener: socket.socket
    metrics: Metrics
    draining: Draining
    port: int

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        """A connection to it, closed in the end."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            yield reader, writer
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def tell(self, *pieces: bytes) -> bytes:
        """All that comes back, to the end of the connection, for those pieces sent one after the other."""
        async with self.connection() as (reader, writer), asyncio.timeout(5):
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
            return await reader.read()

    def ended(self, reason: str) -> float:
        """How many connections ended for that reason."""
        return self.metrics.registry.get_sample_value("gateway_connections_ended_total", {"reason": reason}) or 0

    async def until(self, condition: Callable[[], bool]) -> None:
        """Waits until something is so. Raises TimeoutError after five seconds."""
        async with asyncio.timeout(5):
            while not condition():  # noqa: ASYNC110 - what is waited for is no event
                await asyncio.sleep(0.005)


@asynccontextmanager
async def opened_line(
    terms: Terms = QUICK, *, crowd: Crowd | None = None, drain_seconds: float = 0.0
) -> AsyncIterator[Line]:
    """A server on a port of its own."""
    application, metrics, draining = Application(), Metrics(), Draining()
    guard = Guard(terms, crowd or Crowd(TRUSTING_NOBODY, most=100), draining, metrics)
    options = {"ws": GuardedWebSocket, "lifespan": "off", "access_log": False, "log_config": None}
    config = GuardedConfig(application, guard=guard, http=GuardedProtocol, timeout_graceful_shutdown=2, **options)
    server = GuardedServer(config, drain_seconds=drain_seconds)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        serving = asyncio.create_task(server.serve([listener]))
        try:
            line = Line(server, application, listener, metrics, draining, listener.getsockname()[1])
            await line.until(lambda: server.started)
            yield line
        finally:
            application.gate.set()
            server.should_exit = True
            await serving


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def _line() -> AsyncIterator[Line]:
    async with opened_line() as line:
        yield line


@pytest.fixture
def line(_line: Line) -> Line:
    """A server with little patience, the same for a module; nothing has reached it yet."""
    _line.application.seen.clear()
    _line.metrics.connections_ended.clear()
    return _line
