"""DocumentsPort over the store's HTTP interface: `POST /ged/index` and `GET /ged/documents/{identifiant}`."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from datetime import datetime
from typing import NoReturn
from urllib.parse import quote

from gateway.adapters.batches import Chunks, in_chunks
from gateway.adapters.documents import file, wire
from gateway.adapters.upstream import Request, StreamedReply, Upstream, within
from gateway.domain.document import Document
from gateway.domain.identifiers import DocumentId, NoticeId
from gateway.domain.source import SourceSystem
from gateway.ports.answers import Answer, Batch
from gateway.ports.deadline import Deadline
from gateway.ports.documents import ByteRange, OpenedDocument
from gateway.ports.errors import Call, UpstreamGarbledError

_OF_NOTICES = Call(SourceSystem.DOCUMENT_STORE, "of_notices")
_OPEN = Call(SourceSystem.DOCUMENT_STORE, "open")
_CHUNKS: Chunks[NoticeId] = Chunks(100, wire.read_reference)
_REFUSAL_BYTES = 64 * 1024


class DocumentStore:
    """The store behind `upstream`, entered with `access_key`. `now` stamps what was read, aware UTC."""

    def __init__(self, upstream: Upstream, *, access_key: str, now: Callable[[], datetime]) -> None:
        self._upstream = upstream
        self._access = {"X-Cle-Acces": access_key}
        self._now = now

    async def of_notices(self, notices: Sequence[NoticeId], *, deadline: Deadline) -> Batch[NoticeId, Document]:
        """As the port says; one call for every 100 notices."""

        async def ask(references: Sequence[str]) -> Mapping[str, Answer[Document]]:
            headers = {**self._access, "Content-Type": "application/json"}
            request = Request("POST", "/ged/index", headers, content=wire.write_question(references))
            reply = await self._upstream.request(_OF_NOTICES, request, deadline=deadline)
            return wire.read_index(_OF_NOTICES, reply.body, fetched_at=self._now())

        return await in_chunks(notices, chunks=_CHUNKS, ask=ask)

    @asynccontextmanager
    async def open(
        self, document: DocumentId, *, part: ByteRange | None, deadline: Deadline
    ) -> AsyncIterator[OpenedDocument]:
        """As the port says; one call, or two for a part that does not show that the file is a PDF.

        The index cannot vouch for it: it tells what was archived, whatever became of the file. A file that changes
        between the two calls is given whole.
        """
        if not wire.is_identifier(document):
            raise LookupError("no identifier of the document store")
        headers = dict(self._access)
        if part and not file.shows_beginning(part):
            headers["If-Range"] = await self._etag_of_pdf(document, deadline)
        async with self._reply(document, part, headers, deadline=deadline) as reply:
            extent, received = await _opened(reply, part, deadline)
            async with aclosing(received) as chunks:
                yield OpenedDocument(
                    byte_size=extent.byte_size,
                    first_byte=extent.first_byte,
                    byte_count=extent.byte_count,
                    etag=file.strong_etag(reply),
                    chunks=chunks,
                )

    async def _etag_of_pdf(self, document: DocumentId, deadline: Deadline) -> str:
        """The ETag of a file whose first bytes are those of a PDF."""
        async with self._reply(document, file.BEGINNING, self._access, deadline=deadline) as reply:
            _, received = await _opened(reply, file.BEGINNING, deadline)
            await received.aclose()
            etag = file.strong_etag(reply)
        if etag is None:
            raise UpstreamGarbledError(_OPEN, "ETag")
        return etag

    @asynccontextmanager
    async def _reply(
        self, document: DocumentId, part: ByteRange | None, headers: Mapping[str, str], *, deadline: Deadline
    ) -> AsyncIterator[StreamedReply]:
        asked = {"Range": file.range_header(part)} if part else {}
        request = Request(
            "GET",
            f"/ged/documents/{quote(document, safe='')}",
            headers={**headers, **asked},
            accepts=file.STATUSES,
        )
        async with self._upstream.stream(_OPEN, request, deadline=deadline) as reply:
            yield reply


async def _opened(
    reply: StreamedReply, part: ByteRange | None, deadline: Deadline
) -> tuple[file.Extent, AsyncGenerator[bytes, None]]:
    """What `reply` holds of a PDF, and its bytes; they have begun to come, so that it is known to be one."""
    async with within(_OPEN, deadline):
        if reply.headers.get("Content-Type", "").startswith("application/json"):
            await _raise_refusal(reply)
        extent = file.read_extent(_OPEN, reply, part)
        beginning = await file.read_beginning(_OPEN, reply.chunks) if extent.tells_a_pdf else b""
    return extent, _joined(beginning, reply.chunks)


async def _raise_refusal(reply: StreamedReply) -> NoReturn:
    """The store refuses with status 200, in a small JSON."""
    body = b""
    async for chunk in reply.chunks:
        body += chunk
        if len(body) > _REFUSAL_BYTES:
            break
    wire.read_content(_OPEN, body)
    raise UpstreamGarbledError(_OPEN, "Content-Type")


async def _joined(beginning: bytes, rest: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
    if beginning:
        yield beginning
    async for chunk in rest:
        yield chunk
