"""Files of the document store: their index, and their bytes as a stream."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from gateway.domain.document import Document
from gateway.domain.identifiers import DocumentId, NoticeId
from gateway.ports.answers import Batch
from gateway.ports.deadline import Deadline


@dataclass(frozen=True, slots=True)
class ByteRange:
    """Part of a file, in bytes: `first` to `last` inclusive, to the end when `last` is None.

    A suffix (« the last n bytes ») has `first` None and its length in `last`.
    """

    first: int | None
    last: int | None


@dataclass(frozen=True, slots=True)
class OpenedDocument:
    """A file being read. `first_byte` and `byte_count` describe the part in `chunks`; `byte_size` is the whole file."""

    byte_size: int
    first_byte: int
    byte_count: int
    etag: str | None
    chunks: AsyncIterator[bytes]


class RangeNotSatisfiableError(Exception):
    """The part asked for lies outside the file, which is `byte_size` bytes long."""

    def __init__(self, byte_size: int) -> None:
        super().__init__(f"the file has {byte_size} bytes")
        self.byte_size = byte_size


class DocumentsPort(Protocol):
    """The document store."""

    async def of_notices(self, notices: Sequence[NoticeId], *, deadline: Deadline) -> Batch[NoticeId, Document]:
        """The PDF of each notice as the store's index knows it; `Missing` when the index has no entry for it."""

    def open(
        self, document: DocumentId, *, part: ByteRange | None, deadline: Deadline
    ) -> AbstractAsyncContextManager[OpenedDocument]:
        """Opens the file, streamed and never held whole.

        On entry, raises LookupError when the store does not find it, UpstreamGarbledError when what it has is no PDF
        (first bytes, empty file, page), RangeNotSatisfiableError for a part outside the file, UpstreamError otherwise.
        While reading, raises UpstreamGarbledError when fewer bytes come than were announced.
        `deadline` bounds the opening; each chunk must then come within the client's own idle limit.
        """
