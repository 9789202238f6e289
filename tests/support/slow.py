"""Clients that hold connections and give nothing, or next to nothing, for them."""

import resource
import selectors
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

FILES = 4_096


@dataclass(slots=True)
class SlowClients:
    """`count` connections to 127.0.0.1:`port` that send `opening`, and from then on `drop` every so many seconds."""

    port: int
    opening: bytes
    drop: bytes = b""
    count: int = 500
    every_seconds: float = 0.25
    lasted_seconds: list[float] = field(default_factory=list)
    """How long each connection lasted that the other side has ended."""
    _over: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def holding(self) -> Iterator["SlowClients"]:
        """All of them at once, from a thread of their own."""
        allow_files()
        with ExitStack() as opened, selectors.DefaultSelector() as selector:
            for _ in range(self.count):
                client = opened.enter_context(socket.create_connection(("127.0.0.1", self.port)))
                client.sendall(self.opening)
                selector.register(client, selectors.EVENT_READ, time.monotonic())
            thread = threading.Thread(target=self._hold, args=(selector,))
            thread.start()
            try:
                yield self
            finally:
                self._over.set()
                thread.join()

    def _hold(self, selector: selectors.BaseSelector) -> None:
        drop_at = time.monotonic() + self.every_seconds
        while selector.get_map() and not self._over.is_set():
            for key, _ in selector.select(timeout=0.05):
                self._look(selector, key)
            if self.drop and time.monotonic() >= drop_at:
                drop_at += self.every_seconds
                for key in list(selector.get_map().values()):
                    self._send(selector, key)

    def _look(self, selector: selectors.BaseSelector, key: selectors.SelectorKey) -> None:
        """Notes the end of a connection; what is said before that is not looked at."""
        client, began = _socket(key), key.data
        try:
            has_ended = not client.recv(65_536)
        except ConnectionError:
            has_ended = True
        if has_ended:
            selector.unregister(client)
            self.lasted_seconds.append(time.monotonic() - began)

    def _send(self, selector: selectors.BaseSelector, key: selectors.SelectorKey) -> None:
        try:
            _socket(key).send(self.drop)
        except ConnectionError:
            self._look(selector, key)


def allow_files() -> None:
    """As many open files as a few hundred connections need."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < FILES:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(FILES, hard), hard))


def _socket(key: selectors.SelectorKey) -> socket.socket:
    assert isinstance(key.fileobj, socket.socket)
    return key.fileobj
