"""What can be read in two ways is read in none, and nothing behind it is looked at."""

import re

import pytest

from tests.http.server.conftest import BIG, Line

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.servers]

SECOND = b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: x\r\n"
UPGRADE = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"

AMBIGUOUS = {
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "two hosts": b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
    "host with a space": b"GET / HTTP/1.1\r\nHost: x y\r\n\r\n",
    "http/0.9": b"GET /\r\n\r\n",
    "http/0.9, bare": b"GET /\r\n",
    "http/2.0": b"GET / HTTP/2.0\r\nHost: x\r\n\r\n",
    "h2 preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "length and coding": POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "coding and length": POST + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
    "two lengths": POST + b"Content-Length: 5\r\nContent-Length: 0\r\n\r\n",
    "one length twice": POST + b"Content-Length: 0\r\nContent-Length: 0\r\n\r\n",
    "length in a list": POST + b"Content-Length: 0, 0\r\n\r\n",
    "length with a sign": POST + b"Content-Length: +0\r\n\r\n",
    "two codings": POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
    "codings in a list": POST + b"Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n",
    "unknown coding": POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "coding with a space": POST + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "coding in http/1.0": b"POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "bare line feeds": b"GET / HTTP/1.1\nHost: x\n\n",
    "one bare line feed": b"GET / HTTP/1.1\r\nHost: x\nX: y\r\n\r\n",
    "bare carriage return": b"GET / HTTP/1.1\r\nHost: x\rX: y\r\n\r\n",
    "nul": b"GET / HTTP/1.1\r\nHost: x\r\nX: a\x00b\r\n\r\n",
    "folded line": b"GET / HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n",
    "garbage": b"\x00\x01\x02 hello\r\n\r\n",
    "tls": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "bytes in the target": b"GET /\xc3\xa9 HTTP/1.1\r\nHost: x\r\n\r\n",
    "socket with a body": UPGRADE + b"Content-Length: 3\r\n\r\nabc",
    "socket with a body that does not come": UPGRADE + b"Content-Length: 3\r\n\r\n",
    "socket with a chunked body": UPGRADE + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "tunnel": b"CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n",
}
BROKEN_BODIES = {
    "no number": b"zz\r\n",
    "bare line feed": b"5\nhello\r\n0\r\n\r\n",
    "line feed in an extension": b"5;a\nb\r\nhello\r\n0\r\n\r\n",
    "too short": b"3\r\nhello\r\n0\r\n\r\n",
    "headers behind it": b"0\r\nAuthorization: Bearer x\r\n\r\n",
}


@pytest.mark.parametrize("request_", AMBIGUOUS.values(), ids=AMBIGUOUS.keys())
async def test_an_ambiguous_request_is_refused_and_nothing_behind_it_runs(line: Line, request_: bytes) -> None:
    """One answer, 400, and the end of the connection; the application has seen nothing."""
    told = await line.tell(request_ + SECOND)

    assert told.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert len(re.findall(rb"HTTP/1\.1 ", told)) == 1
    assert b'"code":"BAD_HTTP"' in told
    assert b"Connection: close" in told
    assert line.application.seen == []
    assert line.ended("BAD_HTTP") == 1


@pytest.mark.parametrize("body", BROKEN_BODIES.values(), ids=BROKEN_BODIES.keys())
async def test_a_broken_body_ends_its_request_and_nothing_behind_it_runs(line: Line, body: bytes) -> None:
    """The application learns that its client is gone, the client that its body is broken."""
    head = b"POST /first HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"

    told = await line.tell(head + body + SECOND)

    assert told.startswith(b"HTTP/1.1 400 ")
    assert told.count(b"HTTP/1.1 ") == 1
    await line.until(lambda: "gone" in line.application.seen)
    assert line.application.seen == ["POST /first", "gone"]


async def test_an_answer_that_is_owed_comes_before_the_refusal(line: Line) -> None:
    """The first of two requests on one connection is answered, though the second cannot be read."""
    told = await line.tell(b"GET /first HTTP/1.1\r\nHost: x\r\n\r\nGET /second\r\n\r\n" + SECOND)

    assert re.findall(rb"HTTP/1\.1 (\d+)", told) == [b"200", b"400"]
    assert line.application.seen == ["GET /first"]


async def test_a_broken_body_of_a_request_that_waits_takes_nothing_from_the_one_before(line: Line) -> None:
    """The waiting one is never begun."""
    broken = b"POST /second HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"

    told = await line.tell(b"GET /first HTTP/1.1\r\nHost: x\r\n\r\n" + broken + SECOND)

    assert re.findall(rb"HTTP/1\.1 (\d+)", told) == [b"200", b"400"]
    assert line.application.seen == ["GET /first"]


async def test_a_body_that_breaks_during_its_answer_ends_the_connection(line: Line) -> None:
    """In the middle of an answer there is no place for a word of why."""
    async with line.connection() as (reader, writer):
        writer.write(POST.replace(b"/ ", b"/big ", 1) + b"Transfer-Encoding: chunked\r\n\r\n")
        begun = await reader.read(1_000)
        writer.write(b"zz\r\n")
        rest = await reader.read()

    assert begun.startswith(b"HTTP/1.1 200 ")
    assert len(rest) < len(BIG)
    assert b"HTTP/1.1" not in rest
    assert line.ended("BAD_HTTP") == 1


async def test_a_probe_of_http_1_0_needs_no_host(line: Line) -> None:
    """Load balancers ask like that."""
    told = await line.tell(b"GET /livez HTTP/1.0\r\n\r\n")

    assert told.startswith(b"HTTP/1.1 200 ")
    assert line.application.seen == ["GET /livez"]


async def test_another_protocol_than_websocket_is_not_changed_to(line: Line) -> None:
    """The request is answered as it stands; what follows in the other protocol is nobody's."""
    told = await line.tell(
        b"GET /first HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\r\n", SECOND
    )

    assert re.findall(rb"HTTP/1\.1 (\d+)", told) == [b"200"]
    assert line.application.seen == ["GET /first"]
