"""WebSockets as this gateway takes them: uvicorn's protocol, with a bound on what a client can make it wait or hold.

A client that does not read is waited for as long as a write may take, and then cut: a polite end would wait until all
that it never read has left.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from uvicorn.config import Config
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets.frames import CloseCode, Frame

from gateway.http.server import rejections
from gateway.http.streaming.ending import WRITE_SECONDS
from gateway.http.streaming.frames import MAX_MESSAGE_BYTES

MAX_FRAGMENTS = 1_000
"""Of one message; empty ones do not count into its size."""

OPTIONS: dict[str, Any] = {
    "ws_max_size": MAX_MESSAGE_BYTES,
    "ws_per_message_deflate": False,
    "ws_ping_interval": 20.0,
    "ws_ping_timeout": 20.0,
}
"""Of uvicorn, for this protocol. Nothing is compressed: secrets and what a client chose would share a dictionary."""


class GuardedWebSocket(WebSocketsSansIOProtocol):
    """One connection, cut when its client has read nothing of what it was sent for `cut_seconds`."""

    cut_seconds = WRITE_SECONDS + 2.0
    handshake_seconds = 10.0
    """From the handover until the door has answered; it may have to ask a provider about a member of staff."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._cut: asyncio.TimerHandle | None = None
        self._has_ended = False
        self._leave: Callable[[], None] = _nothing
        self._handshake: asyncio.TimerHandle | None = None

    def hold(self, leave: Callable[[], None]) -> None:
        """The connection keeps its place among those of its address; `leave` gives it back at the end."""
        self._leave = leave

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection is handed over."""
        super().connection_made(transport)
        self._handshake = self.loop.call_later(self.handshake_seconds, self._give_up)

    def connection_lost(self, exc: Exception | None) -> None:
        """The end, whoever brought it about."""
        for timer in (self._cut, self._handshake):
            if timer is not None:
                timer.cancel()
        self._leave()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Reads on. A handshake that the parser could not make out would never be answered by anybody."""
        super().data_received(data)
        if not self.handshake_initiated and self.conn.handshake_exc is not None:
            self.transport.write(rejections.NOT_HTTP.written())
            self.transport.close()

    def shutdown(self) -> None:
        """The server ends. Whoever has no socket yet gets none."""
        if self.handshake_initiated:
            super().shutdown()
        else:
            self.transport.abort()

    def pause_writing(self) -> None:
        """The client has much to read, and a while to do so."""
        super().pause_writing()
        self._cut_later()

    def resume_writing(self) -> None:
        """The client has read; at the end that is too late."""
        if self._cut is not None and not self._has_ended:
            self._cut.cancel()
            self._cut = None
        super().resume_writing()

    def handle_ping(self) -> None:
        """Answers, but not a client that pings without reading: pongs would heap up."""
        if self.writable.is_set():
            super().handle_ping()
        else:
            self.conn.data_to_send()

    def handle_cont(self, event: Frame) -> None:
        """Takes one more piece of a message, if it has not come in too many."""
        if len(self.frames) < MAX_FRAGMENTS:
            super().handle_cont(event)
        elif not self.close_sent:
            self.conn.fail(CloseCode.MESSAGE_TOO_BIG, "too many fragments")
            self.handle_parser_exception()

    def keepalive_timeout(self) -> None:
        """Nobody is there."""
        super().keepalive_timeout()
        self.transport.abort()

    async def run_asgi(self) -> None:
        """Serves the socket; what is left when the application has ended may still be read for a while."""
        await super().run_asgi()
        self._has_ended = True
        self._cut_later()

    def _give_up(self) -> None:
        if not self.handshake_complete:
            self.transport.abort()

    def _cut_later(self) -> None:
        if self._cut is None and not self.disconnected:
            self._cut = self.loop.call_later(self.cut_seconds, self.transport.abort)


def _nothing() -> None:
    """For a connection that has no place to give back."""
