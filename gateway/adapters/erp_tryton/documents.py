"""DocumentsPort over Tryton: the PDF attachments of customer invoices."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager

from gateway.adapters.batches import Chunks, in_chunks
from gateway.adapters.erp_tryton import content, wire
from gateway.adapters.erp_tryton.attachments import (
    Attachment,
    AttachmentKey,
    attachments,
    number_of,
    read_document,
    resource_of,
)
from gateway.adapters.erp_tryton.client import KEYS_PER_CALL, TrytonClient
from gateway.adapters.erp_tryton.wire import Found
from gateway.adapters.upstream import within
from gateway.domain.document import Document
from gateway.domain.identifiers import DocumentId, NoticeId
from gateway.domain.source import SourceSystem
from gateway.ports.answers import MISSING, Answer, Batch, Failed, Seen
from gateway.ports.deadline import Deadline
from gateway.ports.documents import ByteRange, OpenedDocument, RangeNotSatisfiableError
from gateway.ports.errors import Call, UpstreamGarbledError

_INDEX = Call(SourceSystem.DOCUMENT_STORE, "of_notices")
_OPEN = Call(SourceSystem.DOCUMENT_STORE, "open")
_CHUNKS: Chunks[NoticeId] = Chunks(KEYS_PER_CALL, resource_of)


class TrytonDocuments:
    """Index and bytes of the notices' PDF files."""

    def __init__(self, tryton: TrytonClient) -> None:
        self._tryton = tryton

    async def of_notices(self, notices: Sequence[NoticeId], *, deadline: Deadline) -> Batch[NoticeId, Document]:
        """As the port says; one call for every 500 notices."""

        async def ask(resources: Sequence[str]) -> Mapping[str, Answer[Document]]:
            query = attachments("resource", resources)
            return await self._tryton.ask(_INDEX, query, read=_read_documents, deadline=deadline)

        return await in_chunks(notices, chunks=_CHUNKS, ask=ask)

    @asynccontextmanager
    async def open(
        self, document: DocumentId, *, part: ByteRange | None, deadline: Deadline
    ) -> AsyncIterator[OpenedDocument]:
        """As the port says. Tryton gives a file from its beginning only: what lies before `part` is passed over."""
        attachment = await self._find(document, deadline)
        size = attachment.data_size or 0
        span = _span(part, size)
        body = wire.write("model.ir.attachment.read", ([attachment.id], ["data"], {}))
        async with self._tryton.stream(_OPEN, body, deadline=deadline) as reply:
            rest = content.decoded(_OPEN, reply.chunks)
            async with within(_OPEN, deadline):
                head = await content.pdf_head(_OPEN, rest)
            async with aclosing(content.cut(_OPEN, head, rest, span=span)) as chunks:
                yield OpenedDocument(size, span.start, len(span), attachment.etag, chunks)

    async def _find(self, document: DocumentId, deadline: Deadline) -> Attachment:
        """The attachment, which has content. Raises LookupError, UpstreamGarbledError for an empty file."""
        number = number_of(document)
        if number is None:
            raise LookupError("not a document of this store")
        query = attachments("id", (number,))
        found = await self._tryton.ask(_OPEN, query, read=_read_one, deadline=deadline)
        if found is None or found.data_size is None:
            raise LookupError("the store does not find this document")
        if found.data_size == 0:
            raise UpstreamGarbledError(_OPEN, "data")
        return found


def _read_documents(found: Found) -> Mapping[str, Answer[Document]]:
    return found.answers(Attachment, keyed=AttachmentKey, read=read_document)


def _read_one(found: Found) -> Attachment | None:
    """The only attachment found, if any. Raises UpstreamGarbledError when it cannot be read."""
    answers = found.answers(Attachment, keyed=AttachmentKey, read=lambda those: those[0])
    match next(iter(answers.values()), MISSING):
        case Seen(value=attachment):
            return attachment
        case Failed(error=error):
            raise error
        case _:
            return None


def _span(part: ByteRange | None, size: int) -> range:
    """The positions that `part` means in a file of `size` bytes, never none. Raises RangeNotSatisfiableError."""
    if part is None:
        return range(size)
    if part.first is None:
        span = range(max(size - (part.last or 0), 0), size)
    else:
        span = range(part.first, size if part.last is None else min(part.last + 1, size))
    if not span:
        raise RangeNotSatisfiableError(size)
    return span
