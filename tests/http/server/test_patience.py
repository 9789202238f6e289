"""Nobody is waited for longer than the terms say, and nobody else waits meanwhile."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import replace

import pytest

from gateway.http.server.protocol import GuardedProtocol
from tests.http.server.conftest import BIG, QUICK, Line, opened_line

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.servers]

BODY = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n"
GOOD = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


@asynccontextmanager
async def dripping(writer: asyncio.StreamWriter, drop: bytes) -> AsyncIterator[None]:
    """`drop` is sent again and again, much more often than the server loses its patience."""

    async def drip() -> None:
        while not writer.is_closing():
            writer.write(drop)
            await asyncio.sleep(0.02)

    task = asyncio.create_task(drip())
    try:
        yield
    finally:
        task.cancel()


async def ending(line: Line, opening: bytes, drop: bytes) -> tuple[bytes, float]:
    """What comes back for a connection that drips after `opening`, and after how many seconds."""
    async with line.connection() as (reader, writer):
        began = time.monotonic()
        writer.write(opening)
        async with dripping(writer, drop):
            told = await reader.read()
        return told, time.monotonic() - began


@pytest.mark.parametrize(
    ("opening", "drop", "code"),
    [
        pytest.param(b"GET / HTTP/1.1\r\n", b"a", "HEAD_TOO_SLOW", id="head"),
        pytest.param(b"", b"\r\n", "HEAD_TOO_SLOW", id="empty lines before a head"),
        pytest.param(GOOD + b"GET /", b"t", "HEAD_TOO_SLOW", id="second head"),
        pytest.param(BODY, b"x", "BODY_TOO_SLOW", id="body"),
        pytest.param(
            b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", b"", "BODY_TOO_SLOW", id="silence"
        ),
    ],
)
async def test_a_request_that_drips_is_given_up(line: Line, opening: bytes, drop: bytes, code: str) -> None:
    """By its deadline, however steadily it drips, and with a word of why."""
    told, seconds = await ending(line, opening, drop)

    refusal = told[told.rindex(b"HTTP/1.1 ") :]
    assert refusal.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    assert b'"code":"%s"' % code.encode() in refusal
    assert 0.25 < seconds < 1.3
    assert line.ended(code) == 1


async def test_a_body_that_comes_steadily_is_waited_for(line: Line) -> None:
    """Longer than any one pause may last."""
    async with line.connection() as (reader, writer):
        writer.write(BODY.replace(b"Host", b"Connection: close\r\nHost"))
        async with dripping(writer, b"x" * 25):
            told = await reader.read()

        assert told.endswith(b"\r\n\r\n1000")


async def test_a_silent_connection_is_closed_without_a_word(line: Line) -> None:
    """A browser that connects ahead would take an answer for that to its question."""
    async with line.connection() as (reader, _):
        told = await reader.read()

        assert told == b""
        assert line.ended("SILENT") == 1


async def test_a_connection_without_a_further_request_is_closed(line: Line) -> None:
    """After the idle time; empty lines are no request."""
    told, seconds = await ending(line, GOOD, b"\r\n")

    assert told.endswith(b"\r\n\r\n0")
    assert told.count(b"HTTP/1.1 ") == 1
    assert 0.9 < seconds < 2


async def test_a_request_that_begins_at_the_last_moment_is_served(line: Line) -> None:
    """Its first byte ends the idle time, though its last comes after that."""
    async with line.connection() as (reader, writer):
        writer.write(GOOD)
        await reader.readuntil(b"\r\n\r\n0")
        await asyncio.sleep(QUICK.idle_seconds - 0.1)
        writer.write(GOOD[:10])
        await asyncio.sleep(0.2)
        writer.write(GOOD[10:])

        assert (await reader.readuntil(b"\r\n\r\n0")).startswith(b"HTTP/1.1 200 OK")


async def test_a_slow_answer_is_not_the_client_s_fault(line: Line) -> None:
    """Also with the next request half sent: the answer comes, and is the first thing that comes."""
    line.application.gate.clear()
    async with line.connection() as (reader, writer):
        writer.write(GOOD.replace(b"/ ", b"/held ", 1) + b"GET /next HTTP/1.1\r\n")
        await line.until(lambda: line.application.seen == ["GET /held"])

        await asyncio.sleep(QUICK.head_seconds + 0.1)  # the patience for the second head runs out
        line.application.gate.set()
        told = await reader.read()

        assert told.startswith(b"HTTP/1.1 200 OK")
        assert told.count(b"HTTP/1.1 408 Request Timeout") == 1


async def test_a_client_that_does_not_read_is_cut_off(line: Line) -> None:
    """The answer is made only as far as somebody takes it: memory does not hold the rest."""
    line.application.sent_bytes = 0
    with socket.create_connection(("127.0.0.1", line.port)) as client:
        client.sendall(GOOD.replace(b"/ ", b"/big ", 1))
        await line.until(lambda: line.application.sent_bytes > 0)
        await asyncio.sleep(QUICK.write_seconds / 2)  # its patience has not run out yet

        assert line.application.sent_bytes < len(BIG) / 2
        await line.until(lambda: line.ended("SLOW_READER") == 1)
        await line.until(lambda: not line.server.server_state.connections)


@pytest.mark.parametrize("connection", [b"keep-alive", b"close"])
async def test_an_answer_that_nobody_reads_is_cut_off_though_all_of_it_is_written(connection: bytes) -> None:
    """A connection that only waits for its client to read is not waited for longer than any other."""
    terms = replace(QUICK, write_seconds=1.5)
    async with opened_line(terms) as line:
        with socket.create_connection(("127.0.0.1", line.port)) as client:
            client.sendall(b"GET /huge HTTP/1.1\r\nHost: x\r\nConnection: " + connection + b"\r\n\r\n")
            await line.until(lambda: line.ended("SLOW_READER") == 1)

        await line.until(lambda: not line.server.server_state.connections)


async def test_to_read_nearly_all_of_the_last_answer_does_not_keep_its_connection(line: Line) -> None:
    """When the transport holds next to nothing any more it wants to be written to again; but there is nothing to."""
    with socket.create_connection(("127.0.0.1", line.port)) as client:
        client.sendall(b"GET /huge HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        await line.until(lambda: any(one.transport.is_closing() for one in line.server.server_state.connections))
        [connection] = line.server.server_state.connections
        assert isinstance(connection, GuardedProtocol)

        connection.resume_writing()

        await line.until(lambda: line.ended("SLOW_READER") == 1)


async def test_an_answer_that_is_read_late_comes_whole(line: Line) -> None:
    """The connection is over for the server, but not before the client has all of it."""
    async with line.connection() as (reader, writer):
        writer.write(b"GET /huge HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        told = await reader.read()

    assert len(told.partition(b"\r\n\r\n")[2]) == len(BIG)


async def test_a_hundred_clients_that_do_not_read_are_held_little_for(line: Line) -> None:
    """Of twenty megabytes for each, next to nothing is kept in this process; all are cut off in time."""
    line.metrics.connections_ended.clear()
    with ExitStack() as opened:
        for _ in range(100):
            client = opened.enter_context(socket.socket())
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            client.connect(("127.0.0.1", line.port))
            client.sendall(GOOD.replace(b"/ ", b"/big ", 1))
        held = 0
        while line.ended("SLOW_READER") < 100:
            kept = [one.transport.get_write_buffer_size() for one in line.server.server_state.connections]
            held = max([held, *kept])
            await asyncio.sleep(0.05)

    assert 0 < held < 500_000


async def test_a_client_that_reads_slowly_but_reads_gets_it_all(line: Line) -> None:
    """Longer than the deadline in all, but never without progress."""
    async with line.connection() as (reader, writer):
        writer.write(GOOD.replace(b"/ ", b"/big ", 1).replace(b"Host", b"Connection: close\r\nHost"))

        received = 0
        while piece := await reader.read(1_000_000):
            received += len(piece)
            await asyncio.sleep(0.02)

        assert received > len(BIG)


async def test_good_clients_are_served_beside_slow_ones(line: Line) -> None:
    """Thirty of each kind of slowness, and a client that notices nothing."""
    async with AsyncExitStack() as opened:
        slow = [await opened.enter_async_context(line.connection()) for _ in range(90)]
        for number, (_, writer) in enumerate(slow):
            writer.write((b"", b"GET / HT", BODY)[number % 3])

        began = time.monotonic()
        told = await line.tell(GOOD.replace(b"Host", b"Connection: close\r\nHost"))
        seconds = time.monotonic() - began
        ends = await asyncio.gather(*(reader.read() for reader, _ in slow))

    assert told.startswith(b"HTTP/1.1 200 OK")
    assert seconds < 0.25
    assert [end[:12] for end in ends] == [b"", b"HTTP/1.1 408", b"HTTP/1.1 408"] * 30
