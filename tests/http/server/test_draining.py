"""The way out: who is here is served, who comes is told to go elsewhere, and it ends in time."""

import asyncio
import re
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack

import httpx
import pytest
import websockets

from gateway.http.server.server import stop_listening
from tests.http.server.conftest import opened_line

pytestmark = pytest.mark.servers

GOOD = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
UPGRADE = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"


async def test_whoever_comes_while_it_drains_is_served_and_told_to_go() -> None:
    """Also on a connection that was open before, and in an answer that was being made."""
    async with opened_line(drain_seconds=0.5) as line, line.connection() as (reader, writer):
        writer.write(GOOD.replace(b"/ ", b"/held ", 1))
        await line.until(lambda: bool(line.application.seen))
        line.server.handle_exit(signal.SIGTERM, None)

        new = await line.tell(GOOD)
        await asyncio.sleep(0.2)  # a tick of the server, at which it tells the answers that are being made
        line.application.gate.set()
        old = await reader.read()

        assert line.draining.has_begun
        assert [re.findall(rb"(?m)^connection: close", told) for told in (new, old)] == [[b"connection: close"]] * 2
        assert [told[:12] for told in (new, old)] == [b"HTTP/1.1 200"] * 2
        await asyncio.wait_for(line.draining.until_last_call(), 5)


async def test_what_has_begun_is_finished_after_it_stops_listening() -> None:
    """A request that was half sent, too; an idle connection is closed."""
    async with (
        opened_line() as line,
        line.connection() as (idle, idly),
        line.connection() as (held, holding),
        line.connection() as (half, writing),
    ):
        idly.write(GOOD)
        await idle.readuntil(b"\r\n\r\n0")
        holding.write(GOOD.replace(b"/ ", b"/held ", 1))
        writing.write(GOOD[:10])
        await line.until(lambda: "GET /held" in line.application.seen)

        line.server.handle_exit(signal.SIGTERM, None)
        await line.until(lambda: not line.server.servers[0].is_serving())
        assert await idle.read() == b""
        with pytest.raises(ConnectionRefusedError):
            await line.tell(GOOD)
        writing.write(GOOD[10:])
        line.application.gate.set()

        assert [(await reader.read())[:12] for reader in (held, half)] == [b"HTTP/1.1 200"] * 2


async def test_connections_that_nobody_has_taken_up_are_taken_in() -> None:
    """The system has made them already; to close the port on them would break them off."""
    listener = socket.create_server(("127.0.0.1", 0))
    address = listener.getsockname()
    server = await asyncio.get_running_loop().create_server(asyncio.Protocol, sock=listener)
    with ExitStack() as opened:
        # Made while the loop stands still.
        clients = [opened.enter_context(socket.create_connection(address)) for _ in range(5)]
        waiting = [opened.enter_context(one) for one in stop_listening([server], [listener])]

        assert [one.getsockname() for one in clients] == [one.getpeername() for one in waiting]
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(address)


async def test_websockets_are_handed_over_and_ended() -> None:
    """They are counted as connections, and told that the gateway goes."""
    async with opened_line() as line, line.connection() as (_, plain):
        plain.write(GOOD + UPGRADE)  # behind a request that is still being answered nobody changes the protocol
        await line.until(lambda: line.ended("QUEUE_TOO_LONG") == 1)

        async with websockets.connect(f"ws://127.0.0.1:{line.port}/") as client:
            with pytest.raises(websockets.ConnectionClosedError) as closed:
                await client.recv()

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4000


async def test_websockets_end_with_the_server() -> None:
    """With the code by which their clients know that they may come back."""
    async with opened_line(drain_seconds=0.2) as line, websockets.connect(f"ws://127.0.0.1:{line.port}/held") as client:
        line.server.handle_exit(signal.SIGTERM, None)

        with pytest.raises(websockets.ConnectionClosedError) as closed:
            await client.recv()

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1012


async def test_connections_taken_up_elsewhere_are_served() -> None:
    """As any other, and counted with them."""
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    ours.setblocking(False)
    async with opened_line() as line:
        await line.server.take_in([ours])
        reader, writer = await asyncio.open_connection(sock=theirs)
        writer.write(GOOD.replace(b"Host", b"Connection: close\r\nHost"))
        told = await reader.read()
        writer.close()

    assert told.startswith(b"HTTP/1.1 200 OK")


async def test_the_last_word_is_dropped_when_the_answer_before_has_closed_the_connection() -> None:
    """It was told to be the last by the end of the gateway, while the refusal waited for its turn."""
    async with opened_line(drain_seconds=60) as line, line.connection() as (reader, writer):
        writer.write(GOOD.replace(b"/ ", b"/held ", 1) + b"GET /second\r\n\r\n")
        await line.until(lambda: bool(line.application.seen))
        line.server.handle_exit(signal.SIGTERM, None)
        await asyncio.sleep(0.2)  # a tick of the server

        line.application.gate.set()
        told = await reader.read()

    assert re.findall(rb"HTTP/1\.1 (\d+)", told) == [b"200"]


SCRIPT = """
import asyncio, signal, socket, sys
from tests.http.server.conftest import opened_line
async def main():
    async with opened_line(drain_seconds=60) as line:
        print(line.port, flush=True)
        await asyncio.sleep(60)
asyncio.run(main())
"""


@pytest.mark.parametrize("second", [signal.SIGTERM, signal.SIGINT])
def test_a_second_signal_ends_it_at_once(second: signal.Signals) -> None:
    """Whoever is in a hurry need not know how to kill."""
    with subprocess.Popen([sys.executable, "-c", SCRIPT], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        process.send_signal(signal.SIGTERM)
        assert httpx.get(f"http://127.0.0.1:{port}/").headers["connection"] == "close"

        process.send_signal(second)

        assert process.wait(2) == -signal.SIGTERM
