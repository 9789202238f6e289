"""The bytes of an attachment, taken out of Tryton's JSON while it comes: no file is ever held whole."""

import base64
import re
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

from gateway.ports.errors import Call, UpstreamGarbledError

PDF = b"%PDF-"

_MARKER = re.compile(rb'"base64"\s*:\s*"')
_LONGEST_HEAD = 4096


class Base64Value:
    """The one base64 value of a JSON answer, given in parts of any size. Raises ValueError for what is none."""

    def __init__(self) -> None:
        self.is_complete = False
        self._is_inside = False
        self._pending = b""

    def feed(self, received: bytes) -> bytes:
        """The bytes of the value that are known now and were not before."""
        pending = self._pending + received
        if not self._is_inside:
            marker = _MARKER.search(pending)
            if marker is None:
                return self._wait_for_marker(pending)
            self._is_inside, pending = True, pending[marker.end() :]
        return b"" if self.is_complete else self._decode(pending)

    def _wait_for_marker(self, pending: bytes) -> bytes:
        if len(pending) > _LONGEST_HEAD:
            raise ValueError("the answer has no base64 value")
        self._pending = pending
        return b""

    def _decode(self, pending: bytes) -> bytes:
        text, quote, _ = pending.partition(b'"')
        self.is_complete = bool(quote)
        # Tryton breaks its base64 into lines, and JSON escapes the break: one may be cut in the middle.
        half_break = b"\\" if text.endswith(b"\\") else b""
        text = text.removesuffix(half_break).replace(b"\\n", b"")
        usable = len(text) if self.is_complete else len(text) - len(text) % 4
        self._pending = text[usable:] + half_break
        return base64.b64decode(text[:usable], validate=True)


async def decoded(call: Call, chunks: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
    """The value in `chunks`. Raises UpstreamGarbledError when it is none, or not complete."""
    value = Base64Value()
    try:
        async for chunk in chunks:
            if part := value.feed(chunk):
                yield part
    except ValueError as error:
        raise UpstreamGarbledError(call, "data") from error
    if not value.is_complete:
        raise UpstreamGarbledError(call, "data")


async def pdf_head(call: Call, content: AsyncIterator[bytes]) -> bytes:
    """What `content` begins with, more than enough to know a PDF. Raises UpstreamGarbledError when it is none."""
    head = b""
    async for part in content:
        head += part
        if len(head) >= len(PDF):
            break
    if not head.startswith(PDF):
        raise UpstreamGarbledError(call, "data")
    return head


async def cut(
    call: Call, head: bytes, rest: AsyncGenerator[bytes, None], *, span: range
) -> AsyncGenerator[bytes, None]:
    """The bytes of `head` and `rest` at the positions of `span`. Raises UpstreamGarbledError when they end before."""
    position, part = 0, head
    async with aclosing(rest):
        while position < span.stop:
            if piece := part[max(span.start - position, 0) : span.stop - position]:
                yield piece
            position += len(part)
            if position < span.stop:
                part = await anext(rest, b"")
                if not part:
                    raise UpstreamGarbledError(call, "data")
