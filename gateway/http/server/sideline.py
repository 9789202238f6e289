"""Pages for probes, on a thread and a port of their own: they answer also while the gateway's own loop is busy.

Whoever can reach the port is served, so it listens where only the landlord's machines are. One request, one answer,
one connection; nothing of a request is used but its path.
"""

import asyncio
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Self

PATIENCE_SECONDS = 2.0
"""For one connection from its beginning to its end, however its client behaves; a probe takes milliseconds."""
MAX_HEAD_BYTES = 8_192
MAX_CONNECTIONS = 32


@dataclass(frozen=True, slots=True)
class Page:
    """What one path answers."""

    body: bytes
    status: int = 200
    media_type: str = "application/json"


class Sideline:
    """Serves `pages` by their paths to GET, each made anew for each request, outside of the gateway's loop.

    Takes its port when it is made: raises OSError for one that is taken. A context manager, for one use, within
    which it answers; afterwards the port is free again.
    """

    def __init__(self, pages: Mapping[str, Callable[[], Page]], *, host: str, port: int) -> None:
        self._pages = pages
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.create_server((host, port), family=family)
        self.port: int = self._listener.getsockname()[1]
        self._loop = asyncio.new_event_loop()
        self._ended = asyncio.Event()
        self._writers: dict[asyncio.StreamWriter, None] = {}
        # A daemon: a gateway that is told to end at once does not wait for probes.
        self._thread = threading.Thread(target=self._run, name=f"sideline-{self.port}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._attend, sock=self._listener, limit=MAX_HEAD_BYTES)
        await self._ended.wait()
        server.close()  # without waiting for connections: they are cancelled with the loop

    async def _attend(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection. Too slow or gone: it is closed. When there are too many, that is the one that came first."""
        self._writers[writer] = None
        if len(self._writers) > MAX_CONNECTIONS:
            next(iter(self._writers)).transport.abort()
        try:
            with suppress(TimeoutError, ConnectionError):
                async with asyncio.timeout(PATIENCE_SECONDS):
                    writer.write(_written(await self._page(reader)))
                    await writer.drain()
        finally:
            del self._writers[writer]
            writer.close()

    async def _page(self, reader: asyncio.StreamReader) -> Page:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            return _bare(HTTPStatus.BAD_REQUEST)
        method, _, rest = head.partition(b"\r\n")[0].decode("latin-1").partition(" ")
        if method != "GET":
            return _bare(HTTPStatus.METHOD_NOT_ALLOWED)
        page = self._pages.get(rest.partition(" ")[0].partition("?")[0])
        return page() if page else _bare(HTTPStatus.NOT_FOUND)


def _bare(status: HTTPStatus) -> Page:
    return Page(status.phrase.encode(), status, "text/plain; charset=utf-8")


def _written(page: Page) -> bytes:
    lines = (
        f"HTTP/1.1 {page.status} {HTTPStatus(page.status).phrase}",
        f"Content-Type: {page.media_type}",
        f"Content-Length: {len(page.body)}",
        "Cache-Control: no-store",
        "X-Content-Type-Options: nosniff",
        "Connection: close",
    )
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + page.body
