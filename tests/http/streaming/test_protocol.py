"""Streams over a real server and clients that we did not write: `websockets` and httpx."""

import asyncio
import json
import socket
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from starlette.types import ASGIApp, Receive, Scope, Send
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidMessage, InvalidStatus
from websockets.typing import Origin, Subprotocol

from gateway.http.server.config import Guard, GuardedConfig
from gateway.http.server.crowd import Crowd
from gateway.http.server.protocol import GuardedProtocol
from gateway.http.server.server import GuardedServer
from gateway.http.server.terms import Terms as ServerTerms
from gateway.http.sources import TRUSTING_NOBODY
from gateway.http.streaming import protocol
from gateway.telemetry.metrics import Metrics
from tests.http.streaming.conftest import Station, Terms, station
from tests.support.doors import CAMILLE_TOKEN

pytestmark = pytest.mark.servers

OURS = [Subprotocol("graphql-transport-ws")]
FEW_BYTES = 8_192
"""Of what the system keeps for either side, so that who does not read is noticed soon."""
TICKS = "subscription { ticks { number } }"


class Hasty(protocol.GuardedWebSocket):
    """One that waits for nobody."""

    cut_seconds = 0.2


@dataclass(frozen=True, slots=True)
class Served:
    """A server, and where it is."""

    server: GuardedServer
    port: int

    def connections(self) -> list[protocol.GuardedWebSocket]:
        """The WebSockets that it holds."""
        return [one for one in self.server.server_state.connections if isinstance(one, protocol.GuardedWebSocket)]


@asynccontextmanager
async def served(
    air: Station, *, per_address: int = 100, app: ASGIApp | None = None, **options: Any
) -> AsyncIterator[Served]:
    """The doors, or `app`, on a port of their own."""
    guard = Guard(ServerTerms(), Crowd(TRUSTING_NOBODY, most=per_address), air.streams.draining, Metrics())
    config = GuardedConfig(
        app or air.app,
        guard=guard,
        http=GuardedProtocol,
        lifespan="off",
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=2,
        **({"ws": protocol.GuardedWebSocket} | protocol.OPTIONS | options),
    )
    server = GuardedServer(config, drain_seconds=0)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, FEW_BYTES)
        serving = asyncio.create_task(server.serve([listener]))
        try:
            await air.until(lambda: server.started)
            yield Served(server, listener.getsockname()[1])
        finally:
            server.should_exit = True
            await serving


@pytest.fixture
async def port(air: Station) -> AsyncIterator[int]:
    """Where the doors answer."""
    async with served(air) as one:
        yield one.port


@asynccontextmanager
async def connected(port: int, *, path: str = "/graphql", **options: Any) -> AsyncIterator[ClientConnection]:
    """A WebSocket that has begun."""
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, FEW_BYTES)
    sock.connect(("127.0.0.1", port))
    async with connect(f"ws://localhost{path}", sock=sock, subprotocols=OURS, proxy=None, **options) as client:
        await client.send('{"type": "connection_init"}')
        assert json.loads(await client.recv()) == {"type": "connection_ack"}
        yield client


async def subscribe(client: ClientConnection, query: str = TICKS) -> None:
    """Asks for an operation."""
    await client.send(json.dumps({"id": "a", "type": "subscribe", "payload": {"query": query}}))


async def code_of(client: ClientConnection) -> int | None:
    """The code that the server closes with, whatever it says before."""
    async with asyncio.timeout(5):
        await client.wait_closed()
    return client.close_code


async def test_a_client_that_we_did_not_write_listens(air: Station, port: int) -> None:
    """Uncompressed, whatever it offers, and in the subprotocol that it asked for."""
    async with connected(port) as client:
        await subscribe(client)
        air.feed.push(1, 2)

        heard = [json.loads(await client.recv())["payload"]["data"]["ticks"]["number"] for _ in range(2)]

        assert heard == [1, 2]
        assert client.subprotocol == "graphql-transport-ws"
        assert client.response is not None
        assert "Sec-WebSocket-Extensions" not in client.response.headers
    await air.until(lambda: air.feed.listeners == 0)


async def test_a_client_that_falls_silent_for_ever_is_noticed(air: Station) -> None:
    """It answers no ping, so its sources end."""
    options: dict[str, Any] = {"ws_ping_interval": 0.1, "ws_ping_timeout": 0.5}
    async with served(air, **options) as one, connected(one.port) as client:
        await subscribe(client)
        await air.until(lambda: air.feed.listeners == 1)

        await flood(client, 1)

        await air.until(lambda: air.feed.listeners == 0)
        client.transport.resume_reading()


async def test_one_that_answers_pings_stays(air: Station) -> None:
    """As every client library does by itself."""
    async with served(air, ws_ping_interval=0.02, ws_ping_timeout=0.5) as one, connected(one.port) as client:
        await asyncio.sleep(0.2)
        await client.send('{"type": "ping"}')
        await (await client.ping())

        assert json.loads(await client.recv()) == {"type": "pong"}


async def test_a_message_that_is_too_large_closes_the_socket(port: int) -> None:
    """64 kB pass, one byte more does not."""
    async with connected(port) as client:
        await client.send('{"type": "ping", "payload": {"x": "%s"}}' % ("y" * 65_498))
        assert json.loads(await client.recv())["type"] == "pong"
        await client.send("x" * 65_537)

        assert await code_of(client) == 1009


async def test_a_message_in_too_many_pieces_closes_the_socket(port: int) -> None:
    """Empty ones would never make it too large."""
    async with connected(port) as client:
        with suppress(ConnectionClosed):
            await client.send(iter([""] * 5_000))

        assert await code_of(client) == 1009


async def test_a_message_in_some_pieces_is_one(port: int) -> None:
    """As the network has it."""
    async with connected(port) as client:
        await client.send(iter(['{"type"', ': "pi', 'ng"}']))

        assert json.loads(await client.recv()) == {"type": "pong"}


async def test_text_that_is_no_text_closes_the_socket(port: int) -> None:
    """As RFC 6455 has it."""
    async with connected(port) as client:
        await client.send(b"\xff\xfe", text=True)

        assert await code_of(client) == 1007


async def test_whoever_may_not_come_in_is_told_by_a_status(port: int) -> None:
    """And by the same JSON as for any request."""
    with pytest.raises(InvalidStatus) as raised:
        async with connect(
            f"ws://127.0.0.1:{port}/graphql", subprotocols=OURS, proxy=None, origin=Origin("https://evil.example.net")
        ):
            pass

    response = raised.value.response
    assert response.status_code == 403
    assert json.loads(response.body)["errors"][0]["extensions"]["code"] == "ORIGIN_NOT_ALLOWED"
    assert response.headers["Cache-Control"] == "no-store"


async def test_no_log_line_tells_what_a_client_sent(air: Station, port: int) -> None:
    """Neither the query of a handshake nor its headers nor a message, also while everything is logged."""
    headers = {"Authorization": f"Bearer {CAMILLE_TOKEN}"}
    async with connected(port, path="/graphql?token=hunter2", additional_headers=headers) as client:
        await client.send('{"type": "ping", "payload": {"x": "hunter2"}}')
        await client.recv()
        await client.send("hunter2")
        await code_of(client)

    logged = air.doors.log.getvalue()
    assert "hunter2" not in logged
    assert CAMILLE_TOKEN not in logged


async def test_a_drain_ends_streams_of_every_kind(air: Station, port: int) -> None:
    """Sockets with a code on which clients come back, events without a last one, parts with an error."""
    async with connected(port) as client, httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        await subscribe(client)
        events = asyncio.create_task(_streamed(http, "text/event-stream"))
        parts = asyncio.create_task(_streamed(http, "multipart/mixed;subscriptionSpec=1.0"))
        await air.until(lambda: air.feed.listeners == 3)

        air.streams.draining.call_last()

        assert await code_of(client) == 1012
        assert await events == ":\n\n"
        assert (await parts).endswith('"SERVER_DRAINING"}}]}\r\n--graphql--\r\n')


async def _streamed(client: httpx.AsyncClient, accept: str) -> str:
    response = await client.post("/graphql", json={"query": TICKS}, headers={"Accept": accept})
    return response.text


async def test_events_come_as_they_happen(air: Station, port: int) -> None:
    """Each in a piece of its own; when the client leaves, its source ends."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        headers = {"Accept": "text/event-stream"}
        async with client.stream("POST", "/graphql", json={"query": TICKS}, headers=headers) as response:
            pieces = response.aiter_text()
            opening = await anext(pieces)
            air.feed.push(1)
            event = await anext(pieces)

    assert (opening, event) == (":\n\n", 'event: next\ndata: {"data":{"ticks":{"number":1}}}\n\n')
    await air.until(lambda: air.feed.listeners == 0)


async def flood(client: ClientConnection, count: int = 10) -> None:
    """Asks for so many answers of 50 kB at once, and reads none of them."""
    client.transport.pause_reading()
    payload = {"query": "query Q($n: String!) { hello(name: $n) }", "variables": {"n": "x" * 50_000}}
    for number in range(count):
        await client.send(json.dumps({"id": f"{number}", "type": "subscribe", "payload": payload}))


async def test_a_client_that_reads_nothing_is_cut(air: Station) -> None:
    """What it never reads is not kept for it."""
    async with served(air, ws=Hasty) as one, connected(one.port) as client:
        await subscribe(client)
        await air.until(lambda: air.feed.listeners == 1)
        await flood(client)

        await air.until(lambda: one.connections() == [])
        await air.until(lambda: air.feed.listeners == 0)
        client.transport.resume_reading()


async def test_one_that_is_given_up_is_cut_too(air: Station) -> None:
    """The application has ended; what it had written goes with it."""
    hasty = station(air.doors, Terms(write_seconds=0.05))
    async with served(hasty, ws=Hasty) as one, connected(one.port) as client:
        await flood(client)

        await hasty.until(lambda: one.connections() == [])
        client.transport.resume_reading()
    assert hasty.figure("gateway_sockets_closed_total", by="stalled") == 1


async def test_one_that_is_sent_away_and_does_not_read_it_is_cut(air: Station) -> None:
    """Nobody waits for it to take its leave."""
    async with served(air, ws=Hasty) as one, connected(one.port) as client:
        [connection] = one.connections()
        await flood(client, 1)
        await air.until(lambda: connection.transport.get_write_buffer_size() > 0)

        air.streams.draining.call_last()

        await air.until(lambda: one.connections() == [])
        client.transport.resume_reading()


async def test_one_that_is_given_up_and_then_reads_gets_what_was_left(air: Station) -> None:
    """And the end of the connection."""
    hasty = station(air.doors, Terms(write_seconds=0.05))
    async with served(hasty) as one, connected(one.port) as client:
        await flood(client)
        await hasty.until(lambda: hasty.figure("gateway_sockets_closed_total", by="stalled") == 1)

        client.transport.resume_reading()

        assert json.loads(await client.recv())["type"] == "next"
        await hasty.until(lambda: one.connections() == [])


async def _held(connection: protocol.GuardedWebSocket) -> int:
    """Bytes that are kept for a client, once the system takes no more of them."""
    held = -1
    async with asyncio.timeout(5):
        while connection.writable.is_set() or held != connection.transport.get_write_buffer_size():
            held = connection.transport.get_write_buffer_size()
            await asyncio.sleep(0.1)
    return held


async def test_a_client_that_reads_late_gets_everything(air: Station) -> None:
    """Meanwhile nothing is written for it, neither answers nor pongs."""
    async with served(air) as one, connected(one.port, max_queue=None) as client:
        [connection] = one.connections()
        await flood(client)
        held = await _held(connection)
        pongs = [asyncio.ensure_future(await client.ping()) for _ in range(50)]
        await asyncio.sleep(0.05)

        assert connection.transport.get_write_buffer_size() == held
        client.transport.resume_reading()
        told = [json.loads(await client.recv())["type"] for _ in range(20)]
        assert Counter(told) == {"next": 10, "complete": 10}
        assert not any(pong.done() for pong in pongs)
        await (await client.ping())


HANDSHAKE = b"GET %s HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n%s\r\n"
UNREADABLE = {
    "long header": HANDSHAKE % (b"/graphql", b"X: " + b"y" * 8_190 + b"\r\n"),
    "long target": HANDSHAKE % (b"/" + b"y" * 8_185, b""),
}
"""What our parser of HTTP takes and that of WebSockets does not."""


@pytest.mark.parametrize("sent", UNREADABLE.values(), ids=UNREADABLE.keys())
async def test_a_handshake_that_cannot_be_read_is_refused(air: Station, port: int, sent: bytes) -> None:
    """Nobody would ever answer it, and two thousand of them would fill the gateway."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)

    async with asyncio.timeout(5):
        told = await reader.read()

    writer.close()
    assert told.startswith(b"HTTP/1.1 400 ")


async def test_a_socket_keeps_its_place_among_those_of_its_address(air: Station) -> None:
    """Sockets count like any connection, until they end."""
    async with served(air, per_address=2) as one:
        async with connected(one.port), connected(one.port):
            with pytest.raises(InvalidStatus, match="503"):
                await connect(f"ws://127.0.0.1:{one.port}/graphql", subprotocols=OURS, proxy=None)
        await air.until(lambda: not one.connections())

        async with connected(one.port):
            assert len(one.connections()) == 1


class Brief(protocol.GuardedWebSocket):
    """One that waits for no handshake."""

    handshake_seconds = 0.1


async def silent(_: Scope, receive: Receive, __: Send) -> None:
    """An application that answers nobody."""
    while (await receive())["type"] != "websocket.disconnect":
        pass


async def test_a_handshake_that_nobody_answers_is_given_up(air: Station) -> None:
    """Whatever keeps the door from answering, the connection is free again."""
    async with served(air, app=silent, ws=Brief) as one:
        with pytest.raises(InvalidMessage):
            await connect(f"ws://127.0.0.1:{one.port}/graphql", subprotocols=OURS, proxy=None, open_timeout=5)


async def test_a_socket_that_has_begun_outlives_the_wait_for_its_handshake(air: Station) -> None:
    """The wait is for the answer of the door only."""
    async with served(air, ws=Brief) as one, connected(one.port) as client:
        await asyncio.sleep(3 * Brief.handshake_seconds)

        await client.send('{"type": "ping"}')
        assert json.loads(await client.recv())["type"] == "pong"


async def test_a_connection_without_a_socket_ends_with_the_server(air: Station) -> None:
    """The end of the others is not disturbed by one whose handshake is not complete."""
    async with served(air) as one, connected(one.port) as client:
        reader, writer = await asyncio.open_connection("127.0.0.1", one.port)
        half = protocol.GuardedWebSocket(one.server.config, one.server.server_state, {})
        half.connection_made(writer.transport)
        one.server.should_exit = True

        assert await code_of(client) == 1012
        async with asyncio.timeout(5):
            assert await reader.read() == b""
