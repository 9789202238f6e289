"""The messages of `graphql-transport-ws`: what a client may send, and what it is sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import orjson

from gateway.http import body
from gateway.http.refusals import RequestRefusedError

SUBPROTOCOL = "graphql-transport-ws"
MAX_MESSAGE_BYTES = 65_536
MAX_ID_LENGTH = 128
_MAX_REASON_BYTES = 123
"""RFC 6455 §5.5: a control frame has at most 125, of which the code takes two."""


class Close(IntEnum):
    """The codes that a socket is closed with. Those below 4000 are of RFC 6455 and its registry.

    Clients stay away after 4400, 4401, 4406, 4409 and 4429, and come back after the others.
    """

    NORMAL = 1000
    TOO_BIG = 1009
    RESTART = 1012
    TRY_AGAIN = 1013
    BAD_REQUEST = 4400
    UNAUTHORIZED = 4401
    FORBIDDEN = 4403
    SUBPROTOCOL_NOT_ACCEPTABLE = 4406
    INITIALISATION_TIMEOUT = 4408
    SUBSCRIBER_EXISTS = 4409
    TOO_MANY = 4429


class SocketClosedError(Exception):
    """The socket is to be closed: `code` tells clients whether to come back, `reason` people why."""

    def __init__(self, code: Close, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason.encode()[:_MAX_REASON_BYTES].decode(errors="ignore")


@dataclass(frozen=True, slots=True)
class Init:
    """`connection_init`."""

    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Ping:
    """`ping`, to be answered with the same payload."""

    payload: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Pong:
    """`pong`, asked for or not."""


@dataclass(frozen=True, slots=True)
class Subscribe:
    """`subscribe`: an operation of any kind, under an id that the client chose. The payload is not looked at yet."""

    id: str
    payload: object


@dataclass(frozen=True, slots=True)
class Complete:
    """`complete`: the client does not listen any more."""

    id: str


Frame = Init | Ping | Pong | Subscribe | Complete


def read(text: str) -> Frame:
    """The message that a client has sent. Raises SocketClosedError for what is none."""
    content = text.encode(errors="surrogatepass")
    if len(content) > MAX_MESSAGE_BYTES:
        raise SocketClosedError(Close.TOO_BIG, f"a message is at most {MAX_MESSAGE_BYTES} bytes")
    try:
        message = body.decode(content)
    except RequestRefusedError as refusal:
        raise _bad(str(refusal)) from None
    if not isinstance(message, dict):
        raise _bad("a message is a JSON object")
    return _frame(message)


def _frame(message: Mapping[str, Any]) -> Frame:
    match message.get("type"):
        case "connection_init":
            return Init(_payload(message) or {})
        case "ping":
            return Ping(_payload(message))
        case "pong":
            return Pong()
        case "subscribe":
            return Subscribe(_id(message), message.get("payload"))
        case "complete":
            return Complete(_id(message))
        case _:
            raise _bad("the type of a message is one that a client sends")


def _payload(message: Mapping[str, Any]) -> dict[str, Any] | None:
    payload = message.get("payload")
    if not isinstance(payload, dict | None):
        raise _bad("the payload of this message is an object, or there is none")
    return payload


def _id(message: Mapping[str, Any]) -> str:
    name = message.get("id")
    if not isinstance(name, str) or not 0 < len(name) <= MAX_ID_LENGTH:
        raise _bad(f"the id of an operation is a string of 1 to {MAX_ID_LENGTH} characters")
    return name


def _bad(reason: str) -> SocketClosedError:
    return SocketClosedError(Close.BAD_REQUEST, reason)


def acknowledged() -> str:
    """`connection_ack`."""
    return _written({"type": "connection_ack"})


def pong(payload: Mapping[str, Any] | None) -> str:
    """`pong`."""
    return _written({"type": "pong"} | ({} if payload is None else {"payload": payload}))


def next_of(name: str, encoded: bytes) -> str:
    """`next`: an answer of the operation, which is JSON in UTF-8."""
    return _written({"id": name, "type": "next", "payload": orjson.Fragment(encoded)})


def error_of(name: str, errors: Sequence[Mapping[str, Any]]) -> str:
    """`error`: why the operation does not run, or not any more; its last message."""
    return _written({"id": name, "type": "error", "payload": errors})


def complete_of(name: str) -> str:
    """`complete`: the operation is over; its last message."""
    return _written({"id": name, "type": "complete"})


def _written(message: Mapping[str, Any]) -> str:
    return orjson.dumps(message).decode()
