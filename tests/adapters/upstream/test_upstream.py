"""The one way out, against a server that misbehaves byte by byte."""

import asyncio
import gzip
import time
from collections.abc import AsyncIterator

import httpx
import pytest

from gateway.adapters.upstream import Limits, Reply, Request, Upstream
from gateway.domain.source import SourceSystem
from gateway.ports.deadline import Deadline
from gateway.ports.errors import (
    Call,
    UpstreamError,
    UpstreamGarbledError,
    UpstreamOverloadedError,
    UpstreamRefusedError,
    UpstreamTimeoutError,
    UpstreamUnavailableError,
)
from tests.support.chaos import (
    Answer,
    chaos,
    drip,
    http,
    one_after_another,
    say,
    say_and_close,
    say_and_hang,
    say_and_reset,
)
from tests.support.processes import wait_until

pytestmark = pytest.mark.servers

CALL = Call(SourceSystem.RENT_ERP, "balances")
ASK = Request("POST", "/soap", headers={"Content-Type": "text/xml"}, content=b"<a/>")


async def ask(url: str, *, seconds: float = 5, request: Request = ASK, limits: Limits | None = None) -> Reply:
    """One call to `url` that may take `seconds`."""
    upstream = Upstream(url, limits=limits)
    try:
        return await upstream.request(CALL, request, deadline=Deadline.after(seconds))
    finally:
        await upstream.aclose()


async def fails(expected: type[UpstreamError], answer: Answer, *, request: Request = ASK) -> UpstreamError:
    """The error of one call that `answer` spoils; its text names nothing but the call and the fact."""
    with chaos(answer) as server:
        with pytest.raises(UpstreamError) as caught:
            await ask(server.url, request=request, limits=Limits(body_bytes=10_000))
        host = server.url.removeprefix("http://")

    assert type(caught.value) is expected
    assert caught.value.call == CALL
    assert host not in str(caught.value)
    assert "/soap" not in str(caught.value)
    return caught.value


async def test_a_complete_answer_comes_back_with_status_headers_and_body() -> None:
    """What the system says is handed on as it is, headers whatever their case."""
    with chaos(say(http(b"<b/>", headers="Content-Type: text/xml\r\nX-Echo: yes"))) as server:
        reply = await ask(server.url)

    assert (reply.status, reply.headers["x-echo"], reply.body) == (200, "yes", b"<b/>")
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /soap HTTP/1.1\r\n")
    assert b"Accept-Encoding: identity" in head
    assert body == b"<a/>"


async def test_a_base_address_with_a_path_is_kept() -> None:
    """A system that lives under a path of its server is found there."""
    with chaos(say(http(b""))) as server:
        await ask(server.url + "/erp/")

    assert server.requests[0].startswith(b"POST /erp/soap HTTP/1.1\r\n")


async def test_a_cookie_set_for_one_call_does_not_follow_the_next() -> None:
    """Nothing a system hands out for one tenant travels with the call of another."""
    with chaos(say(http(b"", headers="Set-Cookie: tenant=12345"))) as server:
        upstream = Upstream(server.url)
        await upstream.request(CALL, ASK, deadline=Deadline.after(5))
        await upstream.request(CALL, ASK, deadline=Deadline.after(5))
        await upstream.aclose()

    assert len(server.requests) == 2
    assert b"12345" not in server.requests[1]


async def test_a_proxy_named_in_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where calls go is decided by the settings alone."""
    with chaos(say(http(b"proxy"))) as proxy, chaos(say(http(b"system"))) as server:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        reply = await ask(server.url)

    assert reply.body == b"system"
    assert proxy.requests == []


async def test_a_dripping_server_is_left_at_the_deadline() -> None:
    """One byte every 30 ms is progress for httpx, but nobody waits beyond the deadline."""
    with chaos(drip(http(b"x" * 1000), pause_seconds=0.03)) as server:
        began = time.monotonic()
        with pytest.raises(UpstreamTimeoutError) as caught:
            await ask(server.url, seconds=0.4)

    assert time.monotonic() - began < 1.5
    assert str(caught.value) == "RENT_ERP.balances: SOURCE_TIMEOUT"


async def test_a_server_that_accepts_and_never_answers_is_left_at_the_deadline() -> None:
    """A hung system costs the time allowed for it, not more."""
    with chaos(say_and_hang()) as server:
        began = time.monotonic()
        with pytest.raises(UpstreamTimeoutError):
            await ask(server.url, seconds=0.2)

    assert time.monotonic() - began < 1.5


async def test_a_deadline_already_past_sends_nothing() -> None:
    """A call that nobody waits for any more is not made."""
    with chaos(say(http(b""))) as server, pytest.raises(UpstreamTimeoutError) as caught:
        await ask(server.url, seconds=0)

    assert server.requests == []
    assert str(caught.value) == "RENT_ERP.balances: the deadline had passed before the call"


async def test_time_limits_of_an_injected_transport_are_timeouts_too() -> None:
    """A transport with limits of its own reports them in the same words."""

    class Impatient(httpx.AsyncHTTPTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            request.extensions["timeout"] = httpx.Timeout(0.05).as_dict()
            return await super().handle_async_request(request)

    with chaos(say_and_hang()) as server:
        upstream = Upstream(server.url, transport=Impatient())
        with pytest.raises(UpstreamTimeoutError):
            await upstream.request(CALL, ASK, deadline=Deadline.after(5))
        await upstream.aclose()


async def test_nobody_listening_is_unavailable() -> None:
    """A stopped system is unavailable, and the message does not say where it was looked for."""
    with chaos(say(http(b""))) as server:
        pass

    with pytest.raises(UpstreamUnavailableError) as caught:
        await ask(server.url)

    assert str(caught.value) == "RENT_ERP.balances: no connection"


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(say_and_reset(b""), id="reset before the answer"),
        pytest.param(say_and_close(b""), id="closed before the answer"),
        pytest.param(say_and_reset(http(b"x" * 500)[:100]), id="reset in the body"),
        pytest.param(say_and_close(b"\x00\x01 garbage \xff\r\n\r\n"), id="not HTTP"),
        pytest.param(say(http(b"", status="500 Oops")), id="500"),
        pytest.param(say(http(b"", status="302 Found", headers="Location: /login")), id="redirect to a login"),
        pytest.param(say(http(b"", status="429 Slow down")), id="429"),
        pytest.param(say(http(b"<p>x", headers="Content-Type: text/html")), id="page by its type"),
        pytest.param(say(http(b" <!DOCTYPE html><p>")), id="page by its doctype"),
        pytest.param(say(http(b'<?xml version="1.0"?>\n<HTML>')), id="page in capitals"),
        pytest.param(say(http(b"", status="403 No", headers="Content-Type: text/html; charset=utf-8")), id="403 page"),
    ],
)
async def test_dead_connections_and_pages_are_unavailable(answer: Answer) -> None:
    """A page, a reset or an error status where data was due means: try again later."""
    await fails(UpstreamUnavailableError, answer)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("Retry-After: 120", 120), ("Retry-After: soon", None), ("X-Other: 1", None), ("Retry-After: -1", None)],
)
async def test_a_stated_delay_is_kept(header: str, seconds: int | None) -> None:
    """When the system says when to come back, in seconds, that is known."""
    error = await fails(UpstreamUnavailableError, say(http(b"", status="503 Busy", headers=header)))

    assert isinstance(error, UpstreamUnavailableError)
    assert error.retry_after_seconds == seconds


@pytest.mark.parametrize("status", [401, 403, 404, 422])
async def test_a_status_that_was_not_expected_is_a_refusal(status: int) -> None:
    """A no without a page is a no, with the status as its code."""
    error = await fails(UpstreamRefusedError, say(http(b"no", status=f"{status} No")))

    assert isinstance(error, UpstreamRefusedError)
    assert error.refusal == f"HTTP {status}"


async def test_an_accepted_status_comes_back_to_the_adapter() -> None:
    """SOAP faults come with status 500: the adapter that expects them reads them itself."""
    with chaos(say(http(b"<fault/>", status="500 Oops"))) as server:
        reply = await ask(server.url, request=Request("POST", "/soap", accepts=frozenset({200, 500})))

    assert (reply.status, reply.body) == (500, b"<fault/>")


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        pytest.param(say_and_close(http(b"x" * 500)[:100]), "length", id="cut short"),
        pytest.param(
            say_and_close(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc"),
            "length",
            id="cut chunk",
        ),
        pytest.param(say(http(b"x" * 10_001)), "length", id="too large"),
        pytest.param(
            say(http(gzip.compress(b"\0" * 10_000_000), headers="Content-Encoding: gzip")),
            "Content-Encoding",
            id="compressed bomb",
        ),
    ],
)
async def test_bodies_that_cannot_be_trusted_are_garbled(answer: Answer, field: str) -> None:
    """A body cut short, too large or compressed unasked is not read."""
    error = await fails(UpstreamGarbledError, answer)

    assert isinstance(error, UpstreamGarbledError)
    assert error.field == field


async def test_a_body_of_exactly_the_limit_is_read() -> None:
    """The limit itself is still allowed."""
    with chaos(say(http(b"x" * 10_000))) as server:
        reply = await ask(server.url, limits=Limits(body_bytes=10_000))

    assert len(reply.body) == 10_000


async def test_only_so_many_calls_run_at_once() -> None:
    """Twelve calls to a system that bears three: three at a time, all answered."""
    with chaos(drip(http(b"x" * 20), pause_seconds=0.001)) as server:
        upstream = Upstream(server.url, limits=Limits(concurrency=3, wait_seconds=10))
        calls = [upstream.request(CALL, ASK, deadline=Deadline.after(10)) for _ in range(12)]
        replies = await asyncio.gather(*calls)
        await upstream.aclose()

    assert [reply.body for reply in replies] == [b"x" * 20] * 12
    assert server.most_open == 3


async def test_a_call_that_gets_no_turn_in_time_is_held_back() -> None:
    """While a hung call has the only turn, the next one fails fast, and its request is never sent."""
    with chaos(say_and_hang()) as server:
        upstream = Upstream(server.url, limits=Limits(concurrency=1, wait_seconds=0.1))
        hung = asyncio.create_task(upstream.request(CALL, ASK, deadline=Deadline.after(1)))
        await asyncio.to_thread(wait_until, lambda: len(server.requests) == 1)
        with pytest.raises(UpstreamOverloadedError):
            await upstream.request(CALL, ASK, deadline=Deadline.after(5))
        with pytest.raises(UpstreamTimeoutError):
            await hung
        await upstream.aclose()

    assert len(server.requests) == 1


async def test_a_turn_comes_back_after_every_kind_of_end() -> None:
    """Timeout, reset, page and cancellation each give their turn back: the system is reachable afterwards."""
    bad = [say_and_hang(), say_and_reset(b""), say(http(b"<html>")), say_and_hang(), say(http(b"good"))]
    with chaos(*bad) as server:
        upstream = Upstream(server.url, limits=Limits(concurrency=1))
        for _ in range(3):
            with pytest.raises(UpstreamError):
                await upstream.request(CALL, ASK, deadline=Deadline.after(0.2))
        abandoned = asyncio.create_task(upstream.request(CALL, ASK, deadline=Deadline.after(5)))
        await asyncio.to_thread(wait_until, lambda: len(server.requests) == 4)
        abandoned.cancel()
        with pytest.raises(asyncio.CancelledError):
            await abandoned
        reply = await upstream.request(CALL, ASK, deadline=Deadline.after(5))
        await upstream.aclose()

    assert reply.body == b"good"


async def read(chunks: AsyncIterator[bytes]) -> bytes:
    """All of a stream."""
    return b"".join([chunk async for chunk in chunks])


async def test_a_stream_gives_the_body_as_it_comes() -> None:
    """A document is not held to the size limit of answers that are read whole."""
    with chaos(drip(http(b"x" * 60), pause_seconds=0.001)) as server:
        upstream = Upstream(server.url, limits=Limits(body_bytes=10))
        async with upstream.stream(CALL, ASK, deadline=Deadline.after(2)) as reply:
            body = await read(reply.chunks)
        await upstream.aclose()

    assert (reply.status, reply.headers["content-length"], body) == (200, "60", b"x" * 60)


async def test_a_stream_outlives_the_deadline_of_its_opening() -> None:
    """The deadline is for the head; a slow but steady body may take longer."""
    head, _, body = http(b"x" * 20).partition(b"\r\n\r\n")

    with chaos(one_after_another(say(head + b"\r\n\r\n"), drip(body, pause_seconds=0.03))) as server:
        upstream = Upstream(server.url)
        async with upstream.stream(CALL, ASK, deadline=Deadline.after(0.3)) as reply:
            received = await read(reply.chunks)
        await upstream.aclose()

    assert received == b"x" * 20


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        pytest.param(say_and_hang(http(b"x" * 500)[:100]), UpstreamTimeoutError, id="silence"),
        pytest.param(say_and_close(http(b"x" * 500)[:100]), UpstreamGarbledError, id="cut short"),
        pytest.param(say_and_reset(http(b"x" * 500)[:100]), UpstreamUnavailableError, id="reset"),
    ],
)
async def test_a_stream_that_breaks_says_so(answer: Answer, expected: type[UpstreamError]) -> None:
    """The reader of a document learns that it is not complete."""
    with chaos(answer) as server:
        upstream = Upstream(server.url, limits=Limits(idle_seconds=0.2))
        async with upstream.stream(CALL, ASK, deadline=Deadline.after(2)) as reply:
            began = time.monotonic()
            with pytest.raises(UpstreamError) as caught:
                await read(reply.chunks)
        await upstream.aclose()

    assert time.monotonic() - began < 2
    assert type(caught.value) is expected
    assert caught.value.call == CALL


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        pytest.param(say_and_hang(), UpstreamTimeoutError, id="hang"),
        pytest.param(
            say(http(b"", status="403 No", headers="Content-Type: text/html")), UpstreamUnavailableError, id="page"
        ),
        pytest.param(say(http(b"", status="403 No")), UpstreamRefusedError, id="403"),
        pytest.param(say(http(b"", status="500 Oops")), UpstreamUnavailableError, id="500"),
        pytest.param(say_and_close(b""), UpstreamUnavailableError, id="closed"),
    ],
)
async def test_a_stream_that_cannot_open_fails_on_entry(answer: Answer, expected: type[UpstreamError]) -> None:
    """Before the first byte, a stream fails exactly as a whole answer does."""
    with chaos(answer) as server:
        upstream = Upstream(server.url)
        with pytest.raises(UpstreamError) as caught:
            async with upstream.stream(CALL, ASK, deadline=Deadline.after(0.3)):
                pass
        await upstream.aclose()

    assert type(caught.value) is expected


async def test_a_page_under_an_accepted_status_is_the_callers_to_judge() -> None:
    """A store says « not found » with a page, and what it holds may be one."""
    with chaos(say(http(b"<html>", status="404 No", headers="Content-Type: text/html"))) as server:
        upstream = Upstream(server.url)
        request = Request("GET", "/x", accepts=frozenset({200, 404}))
        async with upstream.stream(CALL, request, deadline=Deadline.after(2)) as reply:
            assert (reply.status, await read(reply.chunks)) == (404, b"<html>")
        await upstream.aclose()


async def test_a_stream_left_half_read_gives_its_turn_back() -> None:
    """A reader who leaves in the middle of a document keeps no connection and no turn."""
    with chaos(say_and_hang(http(b"x" * 500)[:200]), say(http(b"next"))) as server:
        upstream = Upstream(server.url, limits=Limits(concurrency=1))
        async with upstream.stream(CALL, ASK, deadline=Deadline.after(2)) as reply:
            assert await anext(reply.chunks)
        after = await upstream.request(CALL, ASK, deadline=Deadline.after(2))
        await upstream.aclose()

    assert after.body == b"next"
