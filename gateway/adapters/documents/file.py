"""What the store gives for one file: whether it is the part asked for, how long it is, whether it is a PDF."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

from gateway.adapters.upstream import StreamedReply
from gateway.ports.documents import ByteRange, RangeNotSatisfiableError
from gateway.ports.errors import Call, UpstreamGarbledError

MAGIC = b"%PDF-"
BEGINNING = ByteRange(first=0, last=len(MAGIC) - 1)

STATUSES = frozenset({200, 206, 404, 416})

_LENGTH = re.compile(r"\d{1,15}", re.ASCII)
_PART_OF = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15})", re.ASCII)
_SIZE_ONLY = re.compile(r"bytes \*/(\d{1,15})", re.ASCII)
_STRONG_ETAG = re.compile(r'"[\x21\x23-\x7e]*"', re.ASCII)


@dataclass(frozen=True, slots=True)
class Extent:
    """Which bytes of a file of `byte_size` an answer holds."""

    byte_size: int
    first_byte: int
    byte_count: int

    @property
    def tells_a_pdf(self) -> bool:
        """Whether it holds the first bytes of the file, all that tell a PDF or all there are."""
        return self.first_byte == 0 and self.byte_count >= min(len(MAGIC), self.byte_size)


def shows_beginning(part: ByteRange) -> bool:
    """Whether `part` is sure to hold the bytes that tell a PDF."""
    return part.first == 0 and (part.last is None or part.last >= len(MAGIC) - 1)


def range_header(part: ByteRange) -> str:
    """`part` as HTTP writes it."""
    first = "" if part.first is None else part.first
    last = "" if part.last is None else part.last
    return f"bytes={first}-{last}"


def read_extent(call: Call, reply: StreamedReply, part: ByteRange | None) -> Extent:
    """The bytes that `reply` announces for `part`; a store may answer with the whole file instead.

    Raises LookupError, RangeNotSatisfiableError, and UpstreamGarbledError for an empty file or another part.
    """
    match reply.status:
        case 404:
            raise LookupError("the document store has no such file")
        case 416 if size := _size_beside(reply):
            raise RangeNotSatisfiableError(size)
        case 206 if part:
            return _part(call, reply, part)
        case 200:
            return _whole(call, reply)
        case _:
            raise UpstreamGarbledError(call, "status")


def strong_etag(reply: StreamedReply) -> str | None:
    """The file's ETag, None when it does not promise the very same bytes."""
    etag = reply.headers.get("ETag", "")
    return etag if _STRONG_ETAG.fullmatch(etag) else None


async def read_beginning(call: Call, chunks: AsyncIterator[bytes]) -> bytes:
    """The first chunks of a file, enough of them to see that it is a PDF. Raises UpstreamGarbledError."""
    beginning = b""
    while len(beginning) < len(MAGIC):
        chunk = await anext(chunks, b"")
        if not chunk:
            break
        beginning += chunk
    if not beginning.startswith(MAGIC):
        raise UpstreamGarbledError(call, "first bytes")
    return beginning


def _whole(call: Call, reply: StreamedReply) -> Extent:
    length = _LENGTH.fullmatch(reply.headers.get("Content-Length", ""))
    if length is None or not int(length[0]):
        raise UpstreamGarbledError(call, "Content-Length")
    return Extent(byte_size=int(length[0]), first_byte=0, byte_count=int(length[0]))


def _part(call: Call, reply: StreamedReply, part: ByteRange) -> Extent:
    given = _PART_OF.fullmatch(reply.headers.get("Content-Range", ""))
    if given is None:
        raise UpstreamGarbledError(call, "Content-Range")
    first, last, size = map(int, given.groups())
    if (first, last) != _expected(part, size):
        raise UpstreamGarbledError(call, "Content-Range")
    if reply.headers.get("Content-Length") != str(last - first + 1):
        raise UpstreamGarbledError(call, "Content-Length")
    return Extent(byte_size=size, first_byte=first, byte_count=last - first + 1)


def _expected(part: ByteRange, size: int) -> tuple[int, int]:
    """First and last byte of `part` in a file of `size` bytes."""
    if part.first is None:
        return max(size - (part.last or 0), 0), size - 1
    return part.first, size - 1 if part.last is None else min(part.last, size - 1)


def _size_beside(reply: StreamedReply) -> int:
    """The size of a file that the part lies outside of, 0 when it is empty or not told."""
    size = _SIZE_ONLY.fullmatch(reply.headers.get("Content-Range", ""))
    return int(size[1]) if size else 0
