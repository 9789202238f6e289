"""Stands in front of a real server and hands everything on, until it is told to spoil what comes back."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.support.chaos import Answer, Exchange, chaos, drip, http, say, say_and_close, say_and_hang, say_and_reset

Spoiling = Callable[[bytes], Answer]
"""What is done instead of handing on the server's whole answer, head and body as it sent them."""

_PAGE = "Content-Type: text/html; charset=utf-8"

SPOILINGS: dict[str, Spoiling] = {
    "html_200": lambda _: say(http(b"<html><body>Erreur</body></html>", headers=_PAGE)),
    "http_500": lambda _: say(http(b"<html><body>Erreur</body></html>", status="500 Error", headers=_PAGE)),
    "http_503": lambda _: say(http(b"", status="503 Busy", headers=f"Retry-After: 7\r\n{_PAGE}")),
    "truncate": lambda answer: say_and_close(answer[: -len(_body(answer)) // 2]),
    "reset": lambda answer: say_and_reset(answer[: -len(_body(answer)) // 2]),
    "drip": lambda answer: drip(answer, pause_seconds=0.02),
    "hang": lambda _: say_and_hang(),
    "garbage": lambda _: say(http(bytes(range(256)), headers="Content-Type: application/json")),
    "empty": lambda _: say(http(b"", headers="Content-Type: application/json")),
    "wrong_charset": lambda answer: say(answer.replace(b"application/json", b"application/json; charset=KOI8-R", 1)),
}


@dataclass(slots=True)
class Relay:
    """Where the server is to be reached through us, and the requests that came, head and body as sent."""

    url: str
    requests: list[bytes]
    spoiling: Spoiling = say

    @contextmanager
    def spoilt(self, kind: str) -> Iterator[None]:
        """Every answer is spoilt this way until the block ends."""
        self.spoiling = SPOILINGS[kind]
        try:
            yield
        finally:
            self.spoiling = say


@contextmanager
def relaying(url: str) -> Iterator[Relay]:
    """A relay in front of the server at `url`."""
    relay = Relay(url, [])

    def answer(at: Exchange) -> None:
        relay.spoiling(_answer_of(url, at.request))(at)

    with chaos(answer) as door:
        relay.url, relay.requests = door.url, door.requests
        yield relay


def _answer_of(url: str, request: bytes) -> bytes:
    """The server's whole answer; it closes the connection to end it."""
    address = urlsplit(url)
    received = b""
    with socket.create_connection((address.hostname, address.port), timeout=30) as server:
        server.sendall(request.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
        while part := server.recv(65_536):
            received += part
    return received


def _body(answer: bytes) -> bytes:
    return answer.partition(b"\r\n\r\n")[2]
