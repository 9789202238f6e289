"""Files kept in the document store. Their bytes never travel through GraphQL."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gateway.domain.identifiers import DocumentId
from gateway.domain.source import DataQualityIssue


class DocumentKind(StrEnum):
    """Kinds of document."""

    RENT_NOTICE = "RENT_NOTICE"
    RENT_RECEIPT = "RENT_RECEIPT"
    LEASE = "LEASE"
    INVENTORY = "INVENTORY"
    CHARGE_SETTLEMENT = "CHARGE_SETTLEMENT"
    WORKS_NOTIFICATION = "WORKS_NOTIFICATION"
    DIAGNOSTIC = "DIAGNOSTIC"
    INSURANCE = "INSURANCE"
    LETTER = "LETTER"
    OTHER = "OTHER"


class DocumentAvailability(StrEnum):
    """Whether a document can be had."""

    AVAILABLE = "AVAILABLE"
    BEING_PREPARED = "BEING_PREPARED"
    MISSING = "MISSING"


@dataclass(frozen=True, slots=True)
class Document:
    """What the store's index says of a file.

    `byte_size` in bytes; `sha256` hexadecimal; None when it does not say.
    """

    id: DocumentId
    kind: DocumentKind
    title: str
    on: date | None
    media_type: str
    byte_size: int | None
    sha256: str | None
    availability: DocumentAvailability
    accessible: bool | None = None
    issues: tuple[DataQualityIssue, ...] = ()
