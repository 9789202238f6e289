"""Requests that nobody means well with, as bytes on a connection of their own."""

import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count, repeat

import orjson

from gateway.schema.limits import PUBLIC, Limit
from tests.schema.misshapen import MADE
from tests.support.client import document_of
from tests.support.openloop import post

_HANDSHAKE = (
    b"GET /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
    b"Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
)
_FRAMES = 100
_OF_SOURCES = ("system", "label", "health", "since", "statement", "__typename")
_EXTENDED = 126
_CLOSE = b"\x88\x82\x00\x00\x00\x00\x03\xe8"


@dataclass(frozen=True, slots=True)
class Attack:
    """What is sent on one connection: `opening`, and after a first head of an answer `then`, until the other side ends.

    `requests` is how many requests, or messages, that is.
    """

    opening: bytes
    then: bytes = b""
    requests: int = 1


def _documents(text_of: Callable[[int], str]) -> Iterator[Attack]:
    """Documents that have never been seen."""
    return (Attack(post(orjson.dumps({"query": text_of(number)}))) for number in count())


def _made(limit: Limit, *, over: int = 0) -> Iterator[Attack]:
    text = MADE[limit](PUBLIC.allowed[limit] + over)
    return _documents(lambda number: f"{text} #{number}")


def _crowds(crowd: int) -> str:
    """Each field so often in its place, all of them right: validation compares all of a place with each other."""
    return " ".join(" ".join([name] * crowd) for name in _OF_SOURCES)


def _headed(*lines: str) -> bytes:
    return "\r\n".join(["GET /graphql HTTP/1.1", "Host: 127.0.0.1", "Connection: close", *lines, "", ""]).encode()


def _message(text: bytes) -> bytes:
    """One text frame, masked with zeros."""
    size = bytes([0x80 | len(text)]) if len(text) < _EXTENDED else b"\xfe" + struct.pack(">H", len(text))
    return b"\x81" + size + bytes(4) + text


def _socket(*messages: bytes, greets: bool = True) -> Attack:
    said = [b'{"type": "connection_init"}', *messages] if greets else list(messages)
    return Attack(_HANDSHAKE, b"".join(map(_message, said)) + _CLOSE, len(messages))


def _subscribed(number: int) -> bytes:
    asked = {"query": f"query q{number} {{ __typename }}"}
    return orjson.dumps({"id": str(number), "type": "subscribe", "payload": asked})


ATTACKS: Mapping[str, Callable[[], Iterator[Attack]]] = {
    "body: 100,000 brackets": lambda: repeat(Attack(post(b"[" * 99_999))),
    "body: numbers of 5,000 digits": lambda: repeat(Attack(post(b"[" + b",".join([b"9" * 5_000] * 19) + b"]"))),
    "body: 100 kB of variables": lambda: repeat(
        Attack(post(orjson.dumps({"query": "{ __typename }", "variables": {f"v{n}": [n] * 10 for n in range(2_500)}})))
    ),
    "body: one byte too many": lambda: repeat(Attack(post(b" " * 100_001))),
    "body: invalid UTF-8": lambda: repeat(Attack(post(b'{"query": "' + b"\xff" * 90_000 + b'"}'))),
    "document: web_home, never seen": lambda: _documents(lambda number: f"# {number}\n{document_of('web_home')}"),
    "document: the same thing 180 times": lambda: _documents(
        lambda number: f"query q{number} {{ sources {{ {_crowds(30)} }} }}"
    ),
    "document: most tokens": lambda: _made(Limit.TOKENS),
    "document: most pairs": lambda: _made(Limit.PAIRS),
    "document: most selections": lambda: _made(Limit.SELECTIONS),
    "document: most fragments": lambda: _made(Limit.FRAGMENTS),
    "document: one selection too many": lambda: _made(Limit.SELECTIONS, over=1),
    "document: fragments doubled 24 times": lambda: _documents(
        lambda number: (
            f"query q{number} {{ ...f0 }}"
            + "".join(f" fragment f{one} on Query {{ ...f{one + 1} ...f{one + 1} }}" for one in range(24))
            + " fragment f24 on Query { __typename }"
        )
    ),
    "head: one of 60 kB": lambda: repeat(Attack(_headed("X: " + "x" * 60_000))),
    "head: 500 fields": lambda: repeat(Attack(_headed(*(f"X-{number}: y" for number in range(500))))),
    "head: no HTTP": lambda: repeat(Attack(b"\x16\x03\x01" * 2_000 + b"\r\n\r\n")),
    "sockets: opened and closed": lambda: repeat(_socket(b"{}", greets=False)),
    "sockets: garbage": lambda: repeat(_socket(b"[" * 60_000)),
    "sockets: operations, 100 each": lambda: repeat(_socket(*(_subscribed(number) for number in range(_FRAMES)))),
}
"""By name, endless. Documents among them are new each time, and those of our own making do not fit the schema."""
