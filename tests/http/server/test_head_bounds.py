"""A head is bounded while it comes: just inside passes, one more is refused before it is kept."""

import pytest

from gateway.http.body import MAX_BODY_BYTES
from gateway.http.server.protocol import GuardedProtocol
from gateway.http.server.terms import MAX_HEADER_BYTES, MAX_HEADERS, MAX_QUEUED_REQUESTS, MAX_TARGET_BYTES
from tests.http.server.conftest import Line

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.servers]

CLOSE = b"Host: x\r\nConnection: close\r\n"


def headed(count: int) -> bytes:
    """A request with so many headers."""
    more = b"".join(b"X-%d: y\r\n" % number for number in range(count - 2))
    return b"GET / HTTP/1.1\r\n" + CLOSE + more + b"\r\n"


def weighed(byte_count: int) -> bytes:
    """A request with so many bytes of headers."""
    value = b"y" * (byte_count - len(CLOSE) - len(b"X: \r\n"))
    return b"GET / HTTP/1.1\r\n" + CLOSE + b"X: " + value + b"\r\n\r\n"


def aimed(length: int) -> bytes:
    """A request for a target of that length."""
    return b"GET /" + b"t" * (length - 1) + b" HTTP/1.1\r\n" + CLOSE + b"\r\n"


@pytest.mark.parametrize(
    ("inside", "outside", "status", "code"),
    [
        pytest.param(headed(MAX_HEADERS), headed(MAX_HEADERS + 1), 431, "HEADERS_TOO_LARGE", id="number"),
        pytest.param(weighed(MAX_HEADER_BYTES), weighed(MAX_HEADER_BYTES + 1), 431, "HEADERS_TOO_LARGE", id="bytes"),
        pytest.param(aimed(MAX_TARGET_BYTES), aimed(MAX_TARGET_BYTES + 1), 414, "TARGET_TOO_LONG", id="target"),
    ],
)
async def test_a_head_is_bounded(line: Line, inside: bytes, outside: bytes, status: int, code: str) -> None:
    """The largest head is served; a larger one is refused with its code, and nothing is run."""
    served = await line.tell(inside)
    assert served.startswith(b"HTTP/1.1 200 ")
    line.application.seen.clear()

    refused = await line.tell(outside)

    assert refused.startswith(b"HTTP/1.1 %d " % status)
    assert b'"code":"%s"' % code.encode() in refused
    assert line.application.seen == []


@pytest.mark.parametrize("start", [b"GET / HTTP/1.1\r\nHost: x\r\nX: ", b"GET / HTTP/1.1\r\nHost: x\r\nX"])
async def test_a_header_that_never_ends_is_not_kept(line: Line, start: bytes) -> None:
    """Twenty megabytes of one header: it is refused after a few thousand bytes."""
    async with line.connection() as (reader, writer):
        writer.write(start)
        for _ in range(5):
            writer.write(b"y" * 8_192)

        told = await reader.read()

        assert told.startswith(b"HTTP/1.1 431 ")


async def test_requests_that_wait_on_one_connection_are_few(line: Line) -> None:
    """Those that were taken in are answered, in their order; then the connection ends."""
    line.application.gate.clear()
    plain = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    async with line.connection() as (reader, writer):
        writer.write(plain.replace(b"/ ", b"/held ", 1) + plain * (MAX_QUEUED_REQUESTS + 5))
        await line.until(lambda: bool(line.application.seen))

        line.application.gate.set()
        told = await reader.read()

        assert told.count(b"HTTP/1.1 200 OK") == MAX_QUEUED_REQUESTS + 1
        assert told.count(b"HTTP/1.1 429 Too Many Requests") == 1
        assert line.application.seen == ["GET /held"] + ["GET /"] * MAX_QUEUED_REQUESTS


@pytest.mark.parametrize(
    "framing",
    [
        pytest.param(b"Content-Length: 3000000\r\n\r\n", id="announced"),
        pytest.param(b"Transfer-Encoding: chunked\r\n\r\n2DC6C0\r\n", id="in chunks"),
    ],
)
async def test_a_large_body_is_refused_before_it_has_come(line: Line, framing: bytes) -> None:
    """The client learns it while it still sends; its connection ends soon after."""
    async with line.connection() as (reader, writer):
        writer.write(b"POST / HTTP/1.1\r\nHost: x\r\n" + framing + b"x" * 1_000_000)

        told = await reader.read()

        assert told.startswith(b"HTTP/1.1 413 ")
        assert told.endswith(b"BODY_TOO_LARGE")


async def test_no_more_of_a_body_is_held_than_shows_that_it_is_too_large(line: Line) -> None:
    """While the application does not look at it, either."""
    line.application.gate.clear()
    async with line.connection() as (reader, writer):
        writer.write(b"POST /held HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n" + b"x" * 1_000_000)
        await line.until(
            lambda: any(
                isinstance(one, GuardedProtocol) and one.flow.read_paused
                for one in line.server.server_state.connections
            )
        )
        [connection] = line.server.server_state.connections
        assert isinstance(connection, GuardedProtocol)
        held = len(connection.cycle.body)
        line.application.gate.set()
        told = await reader.read()

    assert held <= MAX_BODY_BYTES + 1
    assert told.startswith(b"HTTP/1.1 413 ")


async def test_a_connection_goes_on_after_a_large_body_that_comes_to_its_end(line: Line) -> None:
    """What was refused is thrown away, and the next request is served."""
    large = b"POST /large HTTP/1.1\r\nHost: x\r\nContent-Length: 300000\r\n\r\n" + b"x" * 300_000

    told = await line.tell(large + b"GET /next HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")

    assert (told.count(b"HTTP/1.1 413 "), told.count(b"HTTP/1.1 200 OK")) == (1, 1)
    assert line.application.seen == ["POST /large", "GET /next"]
