"""DirectoryPort over IMMO-GEST: `LireConseillers` and `LireAgences`."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from gateway.adapters.batches import Chunks, in_chunks
from gateway.adapters.erp_soap import native
from gateway.adapters.erp_soap.client import KEYS_PER_CALL, ErpClient
from gateway.adapters.erp_soap.offices import read_office
from gateway.adapters.erp_soap.phones import read_phone
from gateway.adapters.erp_soap.record import Record
from gateway.adapters.erp_soap.wire import Question, Sheet, answered, grouped, sole
from gateway.domain.directory import Advisor, LeaseContacts, Office, UsefulContact, UsefulContactKind
from gateway.domain.identifiers import AdvisorId, LeaseId, OfficeId
from gateway.domain.names import usual_spelling
from gateway.domain.source import SourceSystem
from gateway.ports.answers import Answer, Batch, Seen
from gateway.ports.deadline import Deadline
from gateway.ports.errors import Call

_CONTACTS = Call(SourceSystem.DIRECTORY, "contacts")
_OFFICES = Call(SourceSystem.DIRECTORY, "offices")
_CHUNKS: Chunks[LeaseId] = Chunks(KEYS_PER_CALL, native.read_key)
_KINDS = {
    "GAR": UsefulContactKind.CARETAKER,
    "AST": UsefulContactKind.EMERGENCY_LINE,
    "ENT": UsefulContactKind.MAINTENANCE_FIRM,
    "ASS": UsefulContactKind.TENANT_ASSOCIATION,
    "SOC": UsefulContactKind.SOCIAL_WORKER,
    "AUT": UsefulContactKind.OTHER,
}


class SoapDirectory:
    """The landlord's staff directory."""

    def __init__(self, erp: ErpClient) -> None:
        self._erp = erp

    async def contacts(self, leases: Sequence[LeaseId], *, deadline: Deadline) -> Batch[LeaseId, LeaseContacts]:
        """As the port says; one call for every 200 leases."""

        async def ask(keys: Sequence[str]) -> Mapping[str, Answer[LeaseContacts]]:
            question = Question.about("LireConseillers", "NumContrat", keys)
            return await self._erp.ask(_CONTACTS, question, read=_read_contacts, deadline=deadline)

        return await in_chunks(leases, chunks=_CHUNKS, ask=ask)

    async def offices(self, *, deadline: Deadline) -> Seen[tuple[Office, ...]]:
        """As the port says; one call."""
        return await self._erp.ask(_OFFICES, Question("LireAgences"), read=_read_offices, deadline=deadline)


def _read_contacts(sheet: Sheet) -> Mapping[str, Answer[LeaseContacts]]:
    def read(rows: list[Record]) -> Seen[LeaseContacts]:
        record = sole(rows, key="NUM_CONTRAT")
        contacts = LeaseContacts(
            advisor=_advisor(record),
            office=next((read_office(office) for office in record.records("Agence")), None),
            useful=tuple(_useful(contact) for contact in record.records("ContactUtile")),
        )
        return Seen(contacts, sheet.origin)

    return answered(grouped(sheet.body.records("ConseillerContrat"), lambda row: row.key("NUM_CONTRAT")), read)


def _read_offices(sheet: Sheet) -> Seen[tuple[Office, ...]]:
    return Seen(tuple(read_office(office) for office in sheet.body.records("Agence")), sheet.origin)


def _advisor(record: Record) -> Advisor | None:
    stand_in = next((_colleague(row) for row in record.records("Remplacant")), None)
    advisor = next((_colleague(row) for row in record.records("Conseiller")), None)
    return replace(advisor, stand_in=stand_in) if advisor else None


def _colleague(record: Record) -> Advisor:
    first, last = record.text("PRENOM", "display_name"), record.text("NOM", "display_name")
    office = record.optional_key("CODE_AGENCE")
    return Advisor(
        id=AdvisorId(record.key("CODE_CONSEILLER")),
        display_name=f"{first} {usual_spelling(last)}".strip(),
        title=record.text("FONCTION", "title"),
        phone=read_phone(record, "TEL", field="phone"),
        phone_as_given=record.optional_text("TEL", "phone"),
        office_id=OfficeId(office) if office else None,
        absent_until=record.day("DAT_FIN_ABSENCE", "absent_until"),
        stand_in=None,
        issues=record.issues,
    )


def _useful(record: Record) -> UsefulContact:
    return UsefulContact(
        kind=record.choice("TYPE", "kind", _KINDS) or UsefulContactKind.OTHER,
        name=record.text("NOM", "name"),
        phone=read_phone(record, "TEL", field="phone"),
        purpose=record.optional_text("OBJET", "purpose"),
        availability=record.optional_text("DISPONIBILITE", "availability"),
    )
