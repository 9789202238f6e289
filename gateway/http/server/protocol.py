"""HTTP/1.1 as this gateway takes it: uvicorn's protocol, with a bound on all that a client can make it wait or hold.

What can be read in two ways is refused, and its connection ended, before anything behind it is looked at.
"""

import asyncio
from collections.abc import Callable
from enum import Enum, auto
from typing import Any, Protocol, runtime_checkable

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.utils import get_remote_addr
from uvicorn.server import ServerState

from gateway.http.body import MAX_BODY_BYTES
from gateway.http.server import rejections
from gateway.http.server.config import GuardedConfig
from gateway.http.server.head import PIECE_BYTES, Head
from gateway.http.server.rejections import RejectedError, Rejection
from gateway.http.server.terms import BODY_BYTES_PER_SECOND, LINGER_SECONDS, MAX_QUEUED_REQUESTS
from gateway.http.server.timer import Timer


class Stage(Enum):
    """What is read next."""

    HEAD = auto()
    BODY = auto()
    BETWEEN = auto()
    """The request has come; the client may send another."""
    OVER = auto()
    """Whatever comes is not looked at any more."""


@runtime_checkable
class Heir(Protocol):
    """The protocol of sockets, to which a connection is handed over."""

    def hold(self, leave: Callable[[], None]) -> None:
        """Keeps the connection's place; `leave` gives it back, and is called when the connection ends."""


class GuardedProtocol(HttpToolsProtocol):
    """One connection, from uvicorn's `Server`, which makes it with a GuardedConfig."""

    def __init__(
        self,
        config: GuardedConfig,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._guard = config.guard
        self._place: str | None = None
        self._stage = Stage.HEAD
        self._head = Head()
        self._body_bytes = 0
        self._body_bytes_before = 0
        self._reading = Timer(self.loop)
        self._writing = Timer(self.loop)
        self._unanswered = 0
        self._last_words: Rejection | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn's own signature
        """Takes the connection in, or ends it at once when there is no place for it."""
        address = get_remote_addr(transport)
        is_full = len(self.connections) >= self._guard.terms.connections
        self._place = None if is_full else self._guard.crowd.enter(address[0] if address else "")
        if self._place is None:
            self.transport, self._stage = transport, Stage.OVER
            self._count(rejections.TOO_MANY_CONNECTIONS.code)
            transport.write(rejections.TOO_MANY_CONNECTIONS.written())
            transport.close()
            return
        super().connection_made(transport)
        self._reading.set(self._guard.terms.head_seconds, self._head_is_late)

    def connection_lost(self, exc: Exception | None) -> None:
        """Lets go of all that the connection had."""
        self._let_go()
        self._writing.stop()
        self._unset_keepalive_if_required()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Reads on, in pieces."""
        for start in range(0, len(data), PIECE_BYTES):
            if self._stage is Stage.OVER:
                return
            self._read(data[start : start + PIECE_BYTES])
        if not self._reading.is_set:
            self._wait_for_the_rest()

    def _read(self, piece: bytes) -> None:
        try:
            self.parser.feed_data(piece)
            if self._stage is Stage.HEAD:
                self._head.take(len(piece))
        except httptools.HttpParserUpgrade:
            self._change_protocol()
        except RejectedError as error:
            self._reject(error.rejection)
        except httptools.HttpParserError as error:
            cause = error.__context__
            self._reject(cause.rejection if isinstance(cause, RejectedError) else rejections.NOT_HTTP)

    def _should_upgrade(self) -> bool:
        return self.parser.get_method() == b"GET" and super()._should_upgrade()

    def _change_protocol(self) -> None:
        """Hands a WebSocket over. Any other wish has been answered as a plain request, and what follows is nobody's."""
        self._stage = Stage.OVER
        if self._should_upgrade():
            self._reading.stop()
            self.handle_websocket_upgrade()

    def handle_websocket_upgrade(self) -> None:
        """The socket has the connection from now on, and its place among those of its address."""
        super().handle_websocket_upgrade()
        heir = self.transport.get_protocol()
        assert isinstance(heir, Heir)  # noqa: S101 - the only protocol of sockets that the server is given
        heir.hold(self._leave_place)

    def on_message_begin(self) -> None:
        """The first byte of a request."""
        self._unset_keepalive_if_required()
        self._stage = Stage.HEAD
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """A part of the address asked for."""
        super().on_url(url)
        self._head.check_target(self.url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header; none comes behind the body, where proxies do not look for them."""
        if self._stage is not Stage.HEAD:
            raise RejectedError(rejections.NOT_HTTP)
        self._head.add(name, value)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The request is clear, and is begun or waits for its turn."""
        self._head.complete(self.parser.get_http_version())
        is_upgrade = self.parser.should_upgrade()
        if is_upgrade and self._should_upgrade() and self._head.announces_body:
            raise RejectedError(rejections.NOT_HTTP)  # the parser would wait for that body, and nobody for the parser
        if len(self.pipeline) >= MAX_QUEUED_REQUESTS or (is_upgrade and self._unanswered):
            raise RejectedError(rejections.QUEUE_TOO_LONG)
        super().on_headers_complete()
        self._unset_keepalive_if_required()
        self._reading.stop()
        self._head, self._body_bytes, self._body_bytes_before = Head(), 0, 0
        self._stage = Stage.BODY
        if not (is_upgrade and self._should_upgrade()):
            self._unanswered += 1
            if is_upgrade or self._guard.draining.has_begun:
                self.cycle.keep_alive = False

    def on_body(self, body: bytes) -> None:
        """A part of the body. Of one that is too large, the application is given enough to see that, and no more."""
        room = MAX_BODY_BYTES + 1 - self._body_bytes
        self._body_bytes += len(body)
        super().on_body(body[: max(room, 0)])

    def on_message_complete(self) -> None:
        """The request has come."""
        self._reading.stop()
        self._stage = Stage.BETWEEN
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """One answer has been given; the next request is begun, or waited for."""
        self._unanswered -= 1
        super().on_response_complete()
        if self._last_words and not self._unanswered:
            self._say(self._last_words)
        elif self.transport.is_closing():
            self._wait_for_reader()
        elif self._stage is Stage.BODY:
            # Already answered, so the rest is read only to let the client come to the answer.
            self._reading.set(LINGER_SECONDS, self._close)

    def announce_end(self) -> None:
        """The answer that is being made, or the last one that is, tells that the connection ends with it."""
        if self._unanswered:
            self.cycle.keep_alive = False

    def shutdown(self) -> None:
        """No more requests, but for one that is already on its way."""
        self.announce_end()
        if self._stage is Stage.HEAD:
            self._reading.set(LINGER_SECONDS, self._head_is_late)
        elif not self._unanswered:
            self._close()

    def pause_writing(self) -> None:
        """The client does not read as fast as it is answered."""
        super().pause_writing()
        self._wait_for_reader()

    def resume_writing(self) -> None:
        """It has read nearly all; of the last answer, all that counts is its end."""
        if not self.transport.is_closing():
            self._writing.stop()
        super().resume_writing()

    def timeout_keep_alive_handler(self) -> None:
        """No further request has come."""
        self._close()

    def _wait_for_the_rest(self) -> None:
        match self._stage:
            case Stage.HEAD:
                self._reading.set(self._guard.terms.head_seconds, self._head_is_late)
            case Stage.BODY:
                self._reading.set(self._guard.terms.body_seconds, self._check_pace)

    def _head_is_late(self) -> None:
        if self._head.has_begun:
            self._reject(rejections.HEAD_TOO_SLOW)
        else:  # nothing was asked, and a browser that connects ahead would take an answer for that to its question
            self._count("SILENT")
            self._close()

    def _check_pace(self) -> None:
        """Whether the body has come fast enough since last time; while nobody takes it, it cannot."""
        came, self._body_bytes_before = self._body_bytes - self._body_bytes_before, self._body_bytes
        if came < BODY_BYTES_PER_SECOND * self._guard.terms.body_seconds and not self.flow.read_paused:
            self._reject(rejections.BODY_TOO_SLOW)
        else:
            self._wait_for_the_rest()

    def _wait_for_reader(self) -> None:
        if not self._writing.is_set:
            self._writing.set(self._guard.terms.write_seconds, self._cut)

    def _reject(self, rejection: Rejection) -> None:
        """Ends the connection: after the answers that are still owed, and never in the middle of one."""
        in_body, self._stage = self._stage is Stage.BODY, Stage.OVER
        self._reading.stop()
        if in_body and not self._take_back():
            self._count(rejection.code)
            self._close()
        elif self._unanswered:
            self._last_words = rejection
        else:
            self._say(rejection)

    def _take_back(self) -> bool:
        """Whether nobody has begun to answer the request that turns out to be broken; nobody will."""
        self.cycle.disconnected = True
        self.cycle.message_event.set()
        if self.cycle.response_started:
            return False
        if self.pipeline:
            self.pipeline.popleft()
        self._unanswered -= 1
        return True

    def _say(self, rejection: Rejection) -> None:
        """The last word on this connection; what still comes is thrown away until the client has read it."""
        self._stage = Stage.OVER
        self._unset_keepalive_if_required()
        self._count(rejection.code)
        if not self.transport.is_closing():
            self.transport.write(rejection.written())
            self.transport.write_eof()
            self._reading.set(LINGER_SECONDS, self.transport.abort)

    def _close(self) -> None:
        """Ends the connection once the client has read what has been written."""
        self._stage = Stage.OVER
        if self.transport.get_write_buffer_size():
            self._wait_for_reader()
        self.transport.close()

    def _cut(self) -> None:
        self._count("SLOW_READER")
        self.transport.abort()

    def _let_go(self) -> None:
        self._reading.stop()
        self._leave_place()

    def _leave_place(self) -> None:
        if self._place is not None:
            self._guard.crowd.leave(self._place)
            self._place = None

    def _count(self, reason: str) -> None:
        self._guard.metrics.connections_ended.labels(reason).inc()
