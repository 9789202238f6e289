"""Attachments in Tryton: files that belong to a record."""

import re
from collections.abc import Sequence
from typing import Annotated

import msgspec

from gateway.adapters.erp_tryton.values import Instant
from gateway.adapters.erp_tryton.wire import Query
from gateway.domain.document import Document, DocumentAvailability, DocumentKind
from gateway.domain.identifiers import DocumentId, NoticeId
from gateway.domain.period import paris_date
from gateway.domain.source import DataQualityCode, DataQualityIssue

_NUMBER = re.compile(r"[1-9]\d{0,9}", re.ASCII)
_OF_INVOICE = "account.invoice,"


class AttachmentKey(msgspec.Struct, frozen=True):
    """The part of an attachment that tells the record it belongs to, as model and id."""

    resource: Annotated[str, msgspec.Meta(pattern=f"^{re.escape(_OF_INVOICE)}")]

    @property
    def key(self) -> str:
        """The record."""
        return self.resource


class Attachment(AttachmentKey, frozen=True):
    """A file of an invoice; `data_size` in bytes, None when Tryton's own store has lost it."""

    id: int
    name: str
    data_size: int | None
    create_date: Instant
    write_date: Instant | None

    @property
    def etag(self) -> str:
        """Another one after each change."""
        changed = (self.write_date or self.create_date).value
        return f'"{self.id}-{changed:%Y%m%d%H%M%S%f}"'


def resource_of(notice: NoticeId) -> str | None:
    """The invoice that is `notice`, as attachments refer to it; None for what is no id of Tryton's."""
    number = notice.strip()
    return f"{_OF_INVOICE}{number}" if _NUMBER.fullmatch(number) else None


def number_of(document: DocumentId) -> int | None:
    """Tryton's id of an attachment; None for what is none."""
    return int(document) if _NUMBER.fullmatch(document) else None


def attachments(field: str, values: Sequence[object]) -> Query:
    """The PDF files of invoices whose `field` is among `values`."""
    where = ((field, "in", values), ("resource", "like", f"{_OF_INVOICE}%"), ("name", "ilike", "%.pdf"))
    fields = ("resource", "name", "data_size", "create_date", "write_date")
    return Query("ir.attachment", (*where, ("type", "=", "data")), fields)


def read_document(found: Sequence[Attachment]) -> Document:
    """The document of one notice: of several files the one attached last."""
    attachment = max(found, key=lambda it: it.id)
    is_there = bool(attachment.data_size)
    missing = DataQualityIssue(DataQualityCode.DOCUMENT_MISSING, "availability")
    return Document(
        id=DocumentId(str(attachment.id)),
        kind=DocumentKind.RENT_NOTICE,
        title=attachment.name,
        on=paris_date(attachment.create_date.value),
        media_type="application/pdf",
        byte_size=attachment.data_size or None,
        sha256=None,
        availability=DocumentAvailability.AVAILABLE if is_there else DocumentAvailability.MISSING,
        issues=() if is_there else (missing,),
    )
