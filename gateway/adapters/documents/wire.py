"""The store's index as JSON: references as bytes, and bytes as documents."""

import json
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, NoReturn

import msgspec

from gateway.domain.document import Document, DocumentAvailability, DocumentKind
from gateway.domain.identifiers import DocumentId
from gateway.domain.period import PARIS
from gateway.domain.source import DataQualityCode, DataQualityIssue, Origin
from gateway.ports.answers import Answer, Failed, Seen
from gateway.ports.errors import Call, UpstreamGarbledError, UpstreamRefusedError

_REFERENCE = re.compile(r"[0-9A-Z]{1,20}", re.ASCII)
_IDENTIFIER = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,63}", re.ASCII)
_CODE = re.compile(r"[A-Z][A-Z0-9_]{0,39}", re.ASCII)
_STAMP = re.compile(r"(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})", re.ASCII)
_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_SIZE = re.compile(r"\d{9}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_KINDS = {"AVIS": DocumentKind.RENT_NOTICE}
_AVAILABILITIES = {
    "DISPO": DocumentAvailability.AVAILABLE,
    "ATTENTE": DocumentAvailability.BEING_PREPARED,
    "ABSENT": DocumentAvailability.MISSING,
}


class _Entry(msgspec.Struct, frozen=True):
    """One document; formats in the interface note §2."""

    reference: str
    identifiant: str
    libelle: str
    type: str
    date: str
    taille: str
    empreinte: str
    statut: str


class _Listing(msgspec.Struct, frozen=True):
    """The answer; entries are read one by one, so that one that cannot be read fails alone."""

    horodatage: str
    documents: list[dict[str, Any]]


def read_reference(text: str) -> str | None:
    """A notice number as the index knows it; None outside its grammar."""
    reference = text.strip().upper()
    return reference if _REFERENCE.fullmatch(reference) else None


def is_identifier(text: str) -> bool:
    """Whether `text` may be an identifier of the store: nothing that means anything in a path."""
    return _IDENTIFIER.fullmatch(text) is not None


def write_question(references: Sequence[str]) -> bytes:
    """The question which documents there are."""
    return msgspec.json.encode({"references": references})


def read_index(call: Call, body: bytes, *, fetched_at: datetime) -> dict[str, Answer[Document]]:
    """The documents in `body` by their reference. Raises UpstreamRefusedError and UpstreamGarbledError."""
    content = read_content(call, body)
    try:
        listing = msgspec.convert(content, _Listing)
    except msgspec.ValidationError as error:
        raise UpstreamGarbledError(call, "documents") from error
    origin = Origin(call.system, as_of=_as_of(listing.horodatage), fetched_at=fetched_at)
    found: dict[str, Answer[Document]] = {}
    for entry in listing.documents:
        reference = read_reference(str(entry.get("reference", "")))
        if reference is None:
            raise UpstreamGarbledError(call, "reference")
        answer = _answer(call, entry, origin)
        again = found.setdefault(reference, answer)
        if again != answer:
            found[reference] = Failed(UpstreamGarbledError(call, "reference"))
    return found


def read_content(call: Call, body: bytes) -> object:
    """The JSON in `body`. Raises UpstreamRefusedError when it is the store's error envelope."""
    try:
        content = json.loads(body.decode("utf-8"), object_pairs_hook=_unambiguous, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise UpstreamGarbledError(call, "body") from error
    match content:
        case {"erreur": {"code": str(code)}} if _CODE.fullmatch(code):
            raise UpstreamRefusedError(call, code)
        case {"erreur": _}:
            raise UpstreamGarbledError(call, "erreur")
    return content


def _answer(call: Call, content: dict[str, Any], origin: Origin) -> Answer[Document]:
    try:
        entry = msgspec.convert(content, _Entry)
    except msgspec.ValidationError:
        return Failed(UpstreamGarbledError(call, "documents"))
    if not is_identifier(entry.identifiant):
        return Failed(UpstreamGarbledError(call, "identifiant"))
    if entry.statut not in _AVAILABILITIES:
        return Failed(UpstreamGarbledError(call, "statut"))
    return Seen(_document(entry), origin)


def _document(entry: _Entry) -> Document:
    issues: list[DataQualityIssue] = []
    if entry.type not in _KINDS:
        issues.append(DataQualityIssue(DataQualityCode.UNKNOWN_CODE, "kind", entry.type))
    if (on := _day(entry.date)) is None:
        issues.append(DataQualityIssue(DataQualityCode.INVALID_DATE, "on", entry.date))
    if (size := _size(entry.taille)) is None:
        issues.append(DataQualityIssue(DataQualityCode.UNREADABLE_AMOUNT, "byte_size", entry.taille))
    availability = _AVAILABILITIES[entry.statut]
    # What is said to be there without a byte is not there.
    if size == 0 and availability is DocumentAvailability.AVAILABLE:
        availability = DocumentAvailability.MISSING
    if availability is DocumentAvailability.MISSING:
        issues.append(DataQualityIssue(DataQualityCode.DOCUMENT_MISSING, "availability", entry.statut))
    return Document(
        id=DocumentId(entry.identifiant),
        kind=_KINDS.get(entry.type, DocumentKind.OTHER),
        title=entry.libelle.strip(),
        on=on,
        media_type="application/pdf",
        byte_size=size or None,
        sha256=entry.empreinte if _SHA256.fullmatch(entry.empreinte) else None,
        availability=availability,
        issues=tuple(issues),
    )


def _day(text: str) -> date | None:
    try:
        return date(*map(int, match.groups())) if (match := _DAY.fullmatch(text)) else None
    except ValueError:
        return None


def _size(text: str) -> int | None:
    return int(text) if _SIZE.fullmatch(text) else None


def _as_of(text: str) -> datetime | None:
    """Paris wall time, in the hour that October has twice the first one; None when it is no time."""
    if (match := _STAMP.fullmatch(text)) is None:
        return None
    year, month, day, hour, minute, second = map(int, match.groups())
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=PARIS).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _unambiguous(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object; one that says something twice says nothing."""
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a name occurs twice")
    return members


def _refuse(_: str) -> NoReturn:
    raise ValueError("not a number of JSON")
