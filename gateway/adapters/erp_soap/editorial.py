"""EditorialPort over IMMO-GEST: `LireInformations`."""

from datetime import datetime

from gateway.adapters.erp_soap import native
from gateway.adapters.erp_soap.client import ErpClient
from gateway.adapters.erp_soap.record import Record
from gateway.adapters.erp_soap.wire import Question, Sheet
from gateway.domain.editorial import Advice, Announcement, AnnouncementSeverity, Editorial
from gateway.domain.identifiers import AdviceId, AnnouncementId
from gateway.domain.source import SourceSystem
from gateway.ports.answers import Seen
from gateway.ports.deadline import Deadline
from gateway.ports.errors import Call

_EDITORIAL = Call(SourceSystem.DIRECTORY, "editorial")
_SEVERITIES = {
    "I": AnnouncementSeverity.INFO,
    "A": AnnouncementSeverity.WARNING,
    "U": AnnouncementSeverity.EMERGENCY,
}


class SoapEditorial:
    """Announcements and advice."""

    def __init__(self, erp: ErpClient) -> None:
        self._erp = erp

    async def editorial(self, *, deadline: Deadline) -> Seen[Editorial]:
        """As the port says; one call."""
        return await self._erp.ask(_EDITORIAL, Question("LireInformations"), read=_read_editorial, deadline=deadline)


def _read_editorial(sheet: Sheet) -> Seen[Editorial]:
    published = Editorial(
        announcements=tuple(_announcement(row) for row in sheet.body.records("Information")),
        advice=tuple(_advice(row) for row in sheet.body.records("Conseil")),
    )
    return Seen(published, sheet.origin)


def _announcement(record: Record) -> Announcement:
    """One announcement; when it is to be shown must be certain, how grave it is need not be."""
    return Announcement(
        id=AnnouncementId(record.key("NUM_INFO")),
        title=record.text("TITRE", "title"),
        body=record.text("TEXTE", "body"),
        severity=record.choice("GRAVITE", "severity", _SEVERITIES) or AnnouncementSeverity.INFO,
        since=record.required("DAT_DEB", native.read_minute),
        until=_until(record),
    )


def _until(record: Record) -> datetime | None:
    if record.code("DAT_FIN") == native.NO_END:
        return None
    return record.required("DAT_FIN", native.read_minute)


def _advice(record: Record) -> Advice:
    return Advice(
        id=AdviceId(record.key("NUM_CONSEIL")),
        title=record.text("TITRE", "title"),
        body=record.text("TEXTE", "body"),
        topic=record.text("THEME", "topic"),
    )
