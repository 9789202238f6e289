"""SOAP 1.1 messages of IMMO-GEST: questions as bytes, and bytes as the records of an accepted answer."""

import html
import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeVar

from lxml import etree

from gateway.adapters.erp_soap import native
from gateway.adapters.erp_soap.record import NAMESPACE, Record
from gateway.adapters.erp_soap.text import decode
from gateway.adapters.upstream import Reply
from gateway.domain.period import paris_date
from gateway.domain.source import DataQualityCode, Origin
from gateway.ports.answers import Answer, Failed, Seen
from gateway.ports.errors import Call, UpstreamGarbledError, UpstreamRefusedError, UpstreamUnavailableError

_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_CODE = re.compile(r"[A-Z][A-Z0-9_]{0,39}", re.ASCII)
_OK = "OK"
_SESSION_LOST = "SESSION_INVALIDE"
_COME_BACK_LATER = frozenset({"BATCH_EN_COURS", "ERREUR_INTERNE"})

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Question:
    """An operation of the interface note with its parameters, in the order of the schema."""

    operation: str
    parameters: tuple[tuple[str, str], ...] = ()

    @classmethod
    def about(cls, operation: str, key: str, keys: Iterable[str]) -> "Question":
        """A question about all of `keys`."""
        return cls(operation, tuple((key, value) for value in keys))

    def plus(self, **parameters: str) -> "Question":
        """The same question with more parameters after those it has."""
        return replace(self, parameters=(*self.parameters, *parameters.items()))

    def signed_in(self, token: str) -> "Question":
        """The same question with the session's token in front, where every operation expects it."""
        return replace(self, parameters=(("Jeton", token), *self.parameters))


class SessionLostError(Exception):
    """IMMO-GEST has forgotten our session: it is too old, or the system was restarted."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The data of one accepted answer: `body` holds the records, `origin` says from when they are."""

    body: Record
    origin: Origin

    @property
    def today(self) -> date:
        """The Paris date that the data are of."""
        return paris_date(self.origin.as_of or self.origin.fetched_at)


def write(question: Question) -> bytes:
    """The request's body. Values are escaped: what is data stays data."""
    fields = "".join(f"<{name}>{html.escape(value)}</{name}>" for name, value in question.parameters)
    content = f'<{question.operation} xmlns="{NAMESPACE}">{fields}</{question.operation}>'
    envelope = f'<s:Envelope xmlns:s="{_SOAP}"><s:Body>{content}</s:Body></s:Envelope>'
    return f'<?xml version="1.0" encoding="UTF-8"?>{envelope}'.encode()


def read(call: Call, reply: Reply, *, operation: str, fetched_at: datetime) -> Sheet:
    """The data in `reply` to `operation`.

    Raises SessionLostError; UpstreamRefusedError with IMMO-GEST's own code; UpstreamUnavailableError in its
    nightly batch, on errors of its own and on a status 500 that explains nothing; UpstreamGarbledError.
    """
    try:
        content = _content(call, reply.body)
    except UpstreamGarbledError:
        if reply.status == 200:
            raise
        raise UpstreamUnavailableError(call, f"HTTP {reply.status}") from None
    _raise_fault(call, content)
    if content.tag != f"{{{NAMESPACE}}}{operation}Reponse":
        raise UpstreamGarbledError(call, "envelope")
    body = Record(content, call=call)
    _raise_refusal(call, body)
    return Sheet(body, Origin(call.system, as_of=_as_of(body), fetched_at=fetched_at))


def grouped(records: Iterable[Record], key: Callable[[Record], str]) -> dict[str, list[Record]]:
    """`records` by their `key`, in the order met."""
    groups: dict[str, list[Record]] = {}
    for record in records:
        groups.setdefault(key(record), []).append(record)
    return groups


def answered(groups: dict[str, list[Record]], read: Callable[[list[Record]], Seen[V]]) -> dict[str, Answer[V]]:
    """What `read` makes of each group; a group that it cannot read fails alone."""
    return {key: _attempt(rows, read) for key, rows in groups.items()}


def sole(rows: Sequence[Record], *, key: str) -> Record:
    """The one record among `rows`, which should be one; when they differ, nobody can tell which is right."""
    record, *others = rows
    if any(record.values() != other.values() for other in others):
        raise record.garbled(key)
    if others:
        record.note(DataQualityCode.DUPLICATE_RECORD, "id")
    return record


def _attempt(rows: list[Record], read: Callable[[list[Record]], Seen[V]]) -> Answer[V]:
    try:
        return read(rows)
    except UpstreamGarbledError as error:
        return Failed(error)


def _content(call: Call, body: bytes) -> etree._Element:
    """What is inside the SOAP body; nothing that a document type could expand is read."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(_DECLARATION.sub("", decode(body)), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UpstreamGarbledError(call, "envelope") from error
    content = root.find(f"{{{_SOAP}}}Body/*") if root.tag == f"{{{_SOAP}}}Envelope" else None
    if content is None or root.getroottree().docinfo.internalDTD is not None:
        raise UpstreamGarbledError(call, "envelope")
    return content


def _raise_fault(call: Call, content: etree._Element) -> None:
    if content.tag != f"{{{_SOAP}}}Fault":
        return
    # Its text is for developers and may quote what was sent: only the class of the fault is kept.
    if (content.findtext("faultcode") or "").rpartition(":")[2].startswith("Client"):
        raise UpstreamRefusedError(call, "soap:Client")
    raise UpstreamUnavailableError(call, "SOAP fault")


def _raise_refusal(call: Call, body: Record) -> None:
    code = body.code("CodeRetour")
    if code == _OK:
        return
    if not _CODE.fullmatch(code):
        raise UpstreamGarbledError(call, "CodeRetour")
    if code == _SESSION_LOST:
        raise SessionLostError
    if code in _COME_BACK_LATER:
        raise UpstreamUnavailableError(call, code)
    raise UpstreamRefusedError(call, code)


def _as_of(body: Record) -> datetime | None:
    with suppress(UpstreamGarbledError):
        return body.required("Horodatage", native.read_stamp)
    return None
