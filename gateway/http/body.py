"""Reading a request's body: bounded before it is held, decoded strictly."""

import asyncio

import orjson
from starlette.requests import Request

from gateway.http.refusals import RequestRefusedError
from gateway.schema.documents import Asked

MAX_BODY_BYTES = 100_000
MAX_JSON_DEPTH = 64

_QUOTE, _BACKSLASH = b'"\\'
_OPENING, _CLOSING = b"[{", b"]}"


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


def decode(body: bytes) -> Asked:
    """The request in `body`. Raises RequestRefusedError (400) for anything that is not exactly one."""
    root = _json(body)
    if not isinstance(root, dict):
        raise _bad("BAD_REQUEST", "the body is one JSON object; batches are not served")
    source, name, variables = root.get("query"), root.get("operationName"), root.get("variables")
    if not isinstance(source, str) or not source:
        raise _bad("BAD_REQUEST", "query is the text of a GraphQL document")
    if name is not None and not isinstance(name, str):
        raise _bad("BAD_REQUEST", "operationName is a string or null")
    if variables is not None and not isinstance(variables, dict):
        raise _bad("BAD_REQUEST", "variables is an object or null")
    if not isinstance(root.get("extensions"), dict | None):
        raise _bad("BAD_REQUEST", "extensions is an object or null")
    return Asked(source, name or None, variables or {})


def _json(body: bytes) -> object:
    """The JSON value; orjson takes neither NaN, nor another encoding than UTF-8, nor unpaired surrogates."""
    if _depth_exceeds(body, MAX_JSON_DEPTH):
        raise _bad("BAD_JSON", f"the body nests deeper than {MAX_JSON_DEPTH} levels")
    try:
        value: object = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise _bad("BAD_JSON", "the body is not JSON in UTF-8") from None
    return value


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


def _bad(code: str, message: str) -> RequestRefusedError:
    return RequestRefusedError(400, code, message)


def _too_large() -> RequestRefusedError:
    return RequestRefusedError(413, "BODY_TOO_LARGE", f"the body is at most {MAX_BODY_BYTES} bytes")
