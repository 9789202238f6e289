"""What the control plane must know of the store: the names of its requests, its errors, its fields."""

from dataclasses import dataclass, replace
from typing import Any

import msgspec

from gateway.demo.control import Incoming, Operation, PlainHttp, Reply
from gateway.demo.documents import envelope
from gateway.demo.documents.index import Question

INDEX_PATH = "/ged/index"
DOCUMENT_PATH = "/ged/documents/"


def operation_of(incoming: Incoming) -> Operation:
    """`index` with its references counted, `document`, or `GET /path` for what is neither."""
    if incoming.path == INDEX_PATH:
        return Operation("index", _references(incoming.body))
    if incoming.path.startswith(DOCUMENT_PATH):
        return Operation("document", 1)
    return Operation(f"{incoming.method} {incoming.path}")


@dataclass(frozen=True, slots=True)
class Ged:
    """The dialect of the store: JSON with its own envelope, files beside."""

    content_type: str = envelope.CONTENT_TYPE

    def in_band(self, operation: str, *, code: str, label: str) -> Reply:
        """The error envelope, whatever was asked for; it names the request when no label was ordered."""
        return Reply.of(self.content_type, envelope.refusal(code, label=label or operation))

    def corrupted(self, reply: Reply, *, field: str, value: str) -> Reply:
        """An index with `value` in that field of every document; a file with `value` in that header."""
        if reply.header(b"content-type") != self.content_type.encode("ascii"):
            return PlainHttp().corrupted(reply, field=field, value=value)
        listing: dict[str, Any] = msgspec.json.decode(reply.body)
        entries = [listing, *listing.get("documents", [])]
        for entry in entries:
            if field in entry:
                entry[field] = value
        return replace(reply, body=msgspec.json.encode(listing))


def _references(body: bytes) -> int:
    try:
        return len(msgspec.json.decode(body, type=Question).references)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return 0
