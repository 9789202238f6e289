"""The server itself, and how it goes: announced, with nobody's request lost, and at once when asked a second time."""

import math
import signal
import socket
import time
from asyncio import AbstractServer, get_running_loop, sleep
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from types import FrameType

import uvicorn

from gateway.http.server.config import GuardedConfig
from gateway.http.server.protocol import GuardedProtocol

FINISH_SECONDS = 10
"""For the answers that are being made when the gateway stops listening."""
_STREAMS_SECONDS = 0.1


class GuardedServer(uvicorn.Server):
    """uvicorn's server with an end of its own.

    The first SIGTERM or SIGINT begins to drain; `drain_seconds` later the gateway stops listening, finishes what it
    has begun, and serves no more. The second ends the process as SIGTERM does by itself.
    """

    def __init__(self, config: GuardedConfig, *, drain_seconds: float) -> None:
        super().__init__(config)
        self._guarded = config
        self._draining = config.guard.draining
        self._drain_seconds = drain_seconds
        self._stops_at = math.inf
        self._die = signal.getsignal(signal.SIGTERM)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - uvicorn's signature
        """A signal has come."""
        if self._draining.has_begun:
            signal.signal(signal.SIGTERM, self._die)
            signal.raise_signal(signal.SIGTERM)
        self._draining.begin()

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second: whether to stop listening."""
        if self._draining.has_begun and self._stops_at == math.inf:
            self._stops_at = time.monotonic() + self._drain_seconds
            for connection in self.server_state.connections:
                if isinstance(connection, GuardedProtocol):
                    connection.announce_end()
        return await super().on_tick(counter) or time.monotonic() >= self._stops_at

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Ends streams, stops listening, takes in whoever is connected already, and finishes."""
        self._draining.call_last()
        await sleep(_STREAMS_SECONDS)  # for streams to say so themselves, before uvicorn closes their sockets
        await self.take_in(stop_listening(self.servers, sockets or []))
        await super().shutdown(sockets)

    async def take_in(self, connections: Iterable[socket.socket]) -> None:
        """Serves connections that were taken up elsewhere."""
        for connection in connections:
            await get_running_loop().connect_accepted_socket(self._protocol, connection)

    def _protocol(self) -> GuardedProtocol:
        return GuardedProtocol(self._guarded, self.server_state, self.lifespan.state)


def stop_listening(servers: Sequence[AbstractServer], sockets: Sequence[socket.socket]) -> list[socket.socket]:
    """The connections that the system has made and nobody has taken up: to close the port would reset them."""
    listeners = [one.dup() for one in sockets]
    for server in servers:
        server.close()
    return [connection for listener in listeners for connection in _left_at(listener)]


def _left_at(listener: socket.socket) -> Iterator[socket.socket]:
    with listener, suppress(BlockingIOError):
        listener.setblocking(False)
        while True:
            yield listener.accept()[0]
