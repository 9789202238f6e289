"""Reading a request's body: bounded before it is held, decoded strictly."""

import asyncio
import re

import orjson
from starlette.requests import Request

from gateway.http.refusals import RequestRefusedError

MAX_BODY_BYTES = 100_000
MAX_JSON_DEPTH = 64

_QUOTE, _BACKSLASH = b'"\\'
_OPENING, _CLOSING = b"[{", b"]}"
_LONG = re.compile(rb"[0-9]{19}")
_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"')
_NUMBER = re.compile(rb"-?[0-9][0-9.eE+-]*")


async def read(request: Request, *, seconds: float) -> bytes:
    """The whole body, at most MAX_BODY_BYTES, within `seconds`.

    Raises RequestRefusedError: 413 before holding more, 408 for a client that sends too slowly.
    """
    try:
        async with asyncio.timeout(seconds):
            return await _read(request)
    except TimeoutError:
        message = f"the body did not come within {seconds:g} s"
        raise RequestRefusedError(408, "BODY_TOO_SLOW", message, headers={"Connection": "close"}) from None


async def _read(request: Request) -> bytes:
    announced = request.headers.get("content-length", "0")
    if announced.isascii() and announced.isdigit() and (len(announced) > 18 or int(announced) > MAX_BODY_BYTES):
        raise _too_large()
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise _too_large()
    return bytes(body)


def decode(text: bytes) -> object:
    """The JSON value in `text`, of a body or a parameter.

    Of a key that comes twice the last counts, as for every client's own JSON library; nothing between them and us
    reads requests by other rules. Raises RequestRefusedError (400) for what is not JSON in UTF-8, or not read exactly:
    orjson takes neither NaN, nor another encoding, nor unpaired surrogates, but makes long integers into floats.
    """
    if _depth_exceeds(text, MAX_JSON_DEPTH):
        raise _bad(f"the request nests deeper than {MAX_JSON_DEPTH} levels")
    try:
        value: object = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise _bad("the request is not JSON in UTF-8") from None
    if _LONG.search(text) and any(map(_overflows, _NUMBER.findall(_STRING.sub(b"", text)))):
        raise _bad("an integer of the request does not fit into 64 bits")
    return value


def _overflows(number: bytes) -> bool:
    """Whether a number that JSON takes for an integer is one that orjson has made into a float.

    It is short enough to be reckoned with: what no float can hold, orjson refuses.
    """
    return number.removeprefix(b"-").isdigit() and not -(2**63) <= int(number) < 2**64


def _depth_exceeds(body: bytes, limit: int) -> bool:
    """Whether brackets outside strings nest deeper than `limit`; counts bytes, so it never recurses."""
    if body.count(b"[") + body.count(b"{") <= limit:
        return False
    depth, quoted, escaped = 0, False, False
    for byte in body:
        if quoted:
            quoted = escaped or byte != _QUOTE
            escaped = byte == _BACKSLASH and not escaped
        elif byte == _QUOTE:
            quoted = True
        elif byte in _OPENING:
            depth += 1
            if depth > limit:
                return True
        elif byte in _CLOSING:
            depth -= 1
    return False


def _bad(message: str) -> RequestRefusedError:
    return RequestRefusedError(400, "BAD_JSON", message)


def _too_large() -> RequestRefusedError:
    return RequestRefusedError(413, "BODY_TOO_LARGE", f"the body is at most {MAX_BODY_BYTES} bytes")
