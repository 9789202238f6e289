"""The answers that are the system's own until something happens to them on the way."""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import assert_never

from gateway.demo.control.dialect import Dialect
from gateway.demo.control.exchange import Connection, Reply
from gateway.demo.control.kinds import Altering, CorruptField, Drip, Reset, Truncate, WrongCharset
from gateway.demo.control.transport import reset_connection

_XML_ENCODING = re.compile(rb"""^(<\?xml[^>]*encoding=["'])[^"']+""")
_CHARSET = re.compile(rb";\s*charset=[^;]*", re.IGNORECASE)
_DRIPS_PER_SECOND = 20
_FLUSH_SECONDS = 0.02
"""Long enough for the part already written to leave, so that the reset comes in the middle of the body."""


async def send_altered(fault: Altering, reply: Reply, *, connection: Connection, dialect: Dialect) -> None:
    """Send `reply` the way `fault` spoils it."""
    match fault:
        case Truncate():
            await _send_beginning(reply, _kept_bytes(fault, len(reply.body)), connection)
        case Reset():
            await _send_beginning(reply, len(reply.body) // 2, connection)
            await asyncio.sleep(_FLUSH_SECONDS)
            reset_connection(connection.scope)
        case Drip():
            await _drip(reply, fault.bytes_per_second, connection)
        case WrongCharset():
            await connection.send_reply(_announced_as(reply, fault.charset.encode("ascii")))
        case CorruptField():
            await connection.send_reply(dialect.corrupted(reply, field=fault.field, value=fault.value))
        case _:
            assert_never(fault)


def _kept_bytes(fault: Truncate, length: int) -> int:
    if fault.at_bytes is not None:
        return min(fault.at_bytes, length)
    return int(length * (fault.fraction or 0.0))


async def _send_beginning(reply: Reply, kept: int, connection: Connection) -> None:
    """Announce everything, send `kept` bytes; the server closes a connection left in mid-body."""
    await connection.send_head(reply.measured())
    await connection.send_part(reply.body[:kept])


async def _drip(reply: Reply, bytes_per_second: float, connection: Connection) -> None:
    await connection.send_head(reply.measured())
    leaving = asyncio.ensure_future(connection.client_left())
    try:
        for drop in _drops(reply.body, bytes_per_second):
            await connection.send_part(drop)
            gone, _ = await asyncio.wait({leaving}, timeout=len(drop) / bytes_per_second)
            if gone:
                return
        await connection.send_end()
    finally:
        leaving.cancel()


def _drops(body: bytes, bytes_per_second: float) -> Iterator[bytes]:
    size = max(1, int(bytes_per_second / _DRIPS_PER_SECOND))
    return (body[start : start + size] for start in range(0, len(body), size))


def _announced_as(reply: Reply, charset: bytes) -> Reply:
    content_type = _CHARSET.sub(b"", reply.header(b"content-type") or b"") + b"; charset=" + charset
    body = _XML_ENCODING.sub(lambda found: found[1] + charset, reply.body)
    return replace(reply.with_headers([(b"content-type", content_type)]), body=body)
