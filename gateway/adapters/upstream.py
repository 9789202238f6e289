"""The one way out: every call to a legacy system goes through an `Upstream`.

Its invariant: a call ends by its deadline, whatever the system does, in a reply or in one error of
`gateway.ports.errors`. Calls go straight to an httpx transport: no cookies kept between tenants, no
redirects, no proxies from the environment.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, aclosing, asynccontextmanager, contextmanager
from dataclasses import dataclass, field

import httpx

from gateway.ports.deadline import Deadline
from gateway.ports.errors import (
    Call,
    UpstreamGarbledError,
    UpstreamOverloadedError,
    UpstreamRefusedError,
    UpstreamTimeoutError,
    UpstreamUnavailableError,
)
from gateway.telemetry.calls import Calls

# A compressed answer could grow a thousandfold in one step, before its size is checked: none is taken.
_ALWAYS = {"Accept-Encoding": "identity", "User-Agent": "tenant-gateway"}
_COME_BACK_LATER = frozenset({408, 425, 429})
_SECONDS = re.compile(r"\d{1,9}", re.ASCII)
_HTML = re.compile(rb"(?i)(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html|head|body)\b")
_HEAD_BYTES = 512


@dataclass(frozen=True, slots=True)
class Limits:
    """What one system is asked to bear, and what it may cost us.

    `concurrency` calls at once, each waiting at most `wait_seconds` for its turn; answers of at most
    `body_bytes`; at most `idle_seconds` between two chunks of a stream.
    """

    concurrency: int = 8
    wait_seconds: float = 2.0
    body_bytes: int = 32 * 1024 * 1024
    idle_seconds: float = 10.0


@dataclass(frozen=True, slots=True)
class Request:
    """What to send. `path` is appended to the base address: whoever builds it percent-encodes its data.

    A status outside `accepts` becomes an error; those inside come back for the adapter to interpret.
    """

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes = b""
    accepts: frozenset[int] = frozenset({200})


@dataclass(frozen=True, slots=True)
class Reply:
    """A complete answer. `headers` are looked up without regard to case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class StreamedReply:
    """An answer whose body is still coming.

    `chunks` raises UpstreamTimeoutError when the system falls silent, UpstreamUnavailableError when the
    connection breaks and UpstreamGarbledError when it ends before the announced length.
    """

    status: int
    headers: Mapping[str, str]
    chunks: AsyncIterator[bytes]


class Upstream:
    """Calls to the system at `base_url`, over stock HTTP unless `transport` says otherwise; `calls` measures them."""

    def __init__(
        self,
        base_url: str,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        limits: Limits | None = None,
        calls: Calls | None = None,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._limits = limits or Limits()
        self._transport = transport or stock_transport(self._limits)
        self._turns = asyncio.Semaphore(self._limits.concurrency)
        self._calls = calls or Calls()

    async def request(self, call: Call, request: Request, *, deadline: Deadline) -> Reply:
        """The whole answer to `request`, read within `deadline`.

        Raises UpstreamTimeoutError; UpstreamUnavailableError for a dead connection, an HTML page, 5xx, 3xx
        and 429; UpstreamRefusedError for other statuses that `request` does not accept; UpstreamGarbledError
        for a body cut short, compressed or too large; UpstreamOverloadedError when no turn came in time.
        """
        with self._calls.made(call.system, call.operation) as measured:
            async with self._turn(call, deadline), within(call, deadline):
                measured.begins()
                response = await self._send(call, request)
                measured.answered(response.status_code)
                try:
                    body = await self._read(call, response)
                finally:
                    await response.aclose()
            _check_for_page(call, response, body)
            _check_status(call, request, response)
            return Reply(response.status_code, response.headers, body)

    @asynccontextmanager
    async def stream(self, call: Call, request: Request, *, deadline: Deadline) -> AsyncIterator[StreamedReply]:
        """The answer to `request` with its body as it comes, of any length and kind.

        Fails on entry as `request` does, except that a page under an accepted status is for the caller to judge.
        `deadline` bounds the wait for the head of the answer; then each chunk has the idle limit to itself.
        The call is measured up to that head: how long a body takes depends on who reads it.
        """
        async with AsyncExitStack() as held:
            with self._calls.made(call.system, call.operation) as measured:
                await held.enter_async_context(self._turn(call, deadline))
                measured.begins()
                async with within(call, deadline):
                    response = await self._send(call, request)
                held.push_async_callback(response.aclose)
                measured.answered(response.status_code)
                if response.status_code not in request.accepts:
                    _check_for_page(call, response)
                    _check_status(call, request, response)
            chunks = await held.enter_async_context(aclosing(self._chunks(call, response)))
            yield StreamedReply(response.status_code, response.headers, chunks)

    async def aclose(self) -> None:
        """Close the connections that are kept open between calls."""
        await self._transport.aclose()

    @asynccontextmanager
    async def _turn(self, call: Call, deadline: Deadline) -> AsyncIterator[None]:
        patience = min(self._limits.wait_seconds, deadline.remaining_seconds())
        if not patience:
            raise UpstreamTimeoutError(call, "the deadline had passed before the call")
        try:
            async with asyncio.timeout(patience):
                await self._turns.acquire()
        except TimeoutError as error:
            raise UpstreamOverloadedError(call) from error
        try:
            yield
        finally:
            self._turns.release()

    async def _send(self, call: Call, request: Request) -> httpx.Response:
        outgoing = httpx.Request(
            request.method,
            self._base_url + request.path,
            headers={**_ALWAYS, **request.headers},
            content=request.content,
        )
        with _dead_connections(call):
            response = await self._transport.handle_async_request(outgoing)
        if response.headers.get("Content-Encoding", "identity") != "identity":
            await response.aclose()
            raise UpstreamGarbledError(call, "Content-Encoding")
        return response

    async def _read(self, call: Call, response: httpx.Response) -> bytes:
        body = bytearray()
        async for chunk in _received(call, response):
            body += chunk
            if len(body) > self._limits.body_bytes:
                raise UpstreamGarbledError(call, "length")
        return bytes(body)

    async def _chunks(self, call: Call, response: httpx.Response) -> AsyncGenerator[bytes, None]:
        async with aclosing(_received(call, response)) as received:
            while True:
                try:
                    async with asyncio.timeout(self._limits.idle_seconds):
                        chunk = await anext(received)
                except StopAsyncIteration:
                    return
                except TimeoutError as error:
                    raise UpstreamTimeoutError(call, "the system fell silent") from error
                yield chunk


@asynccontextmanager
async def within(call: Call, deadline: Deadline) -> AsyncIterator[None]:
    """Time for what happens inside; UpstreamTimeoutError when it is over."""
    # httpx has a time limit for each phase, which a server that sends one byte now and then never meets.
    try:
        async with asyncio.timeout(deadline.remaining_seconds()):
            yield
    except TimeoutError as error:
        raise UpstreamTimeoutError(call) from error


def stock_transport(limits: Limits) -> httpx.AsyncHTTPTransport:
    """The transport of httpx itself; it reads no proxies from the environment."""
    # The turns bound the connections; a second bound in the pool could only starve a call that has its turn.
    kept = httpx.Limits(max_connections=None, max_keepalive_connections=limits.concurrency)
    return httpx.AsyncHTTPTransport(limits=kept, trust_env=False)


@contextmanager
def _dead_connections(call: Call) -> Iterator[None]:
    try:
        yield
    except httpx.TimeoutException as error:
        raise UpstreamTimeoutError(call) from error
    except (httpx.NetworkError, httpx.RemoteProtocolError) as error:
        raise UpstreamUnavailableError(call, "no connection") from error


async def _received(call: Call, response: httpx.Response) -> AsyncGenerator[bytes, None]:
    with _dead_connections(call):
        try:
            async for chunk in response.aiter_raw():
                yield chunk
        except httpx.RemoteProtocolError as error:
            raise UpstreamGarbledError(call, "length") from error


def _check_for_page(call: Call, response: httpx.Response, body: bytes = b"") -> None:
    if response.headers.get("Content-Type", "").startswith("text/html") or _HTML.match(body[:_HEAD_BYTES]):
        raise _later(call, response, "a page where data was due")


def _check_status(call: Call, request: Request, response: httpx.Response) -> None:
    status = response.status_code
    if status in request.accepts:
        return
    if status >= 500 or status in _COME_BACK_LATER or 300 <= status < 400:
        raise _later(call, response, f"HTTP {status}")
    raise UpstreamRefusedError(call, f"HTTP {status}")


def _later(call: Call, response: httpx.Response, detail: str) -> UpstreamUnavailableError:
    stated = _SECONDS.fullmatch(response.headers.get("Retry-After", ""))
    return UpstreamUnavailableError(call, detail, retry_after_seconds=int(stated[0]) if stated else None)
