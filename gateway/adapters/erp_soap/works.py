"""WorksPort over IMMO-GEST: `LireInterventions`."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from gateway.adapters.batches import Chunks, in_chunks
from gateway.adapters.erp_soap import native
from gateway.adapters.erp_soap.client import KEYS_PER_CALL, ErpClient
from gateway.adapters.erp_soap.phones import read_phone
from gateway.adapters.erp_soap.record import Record
from gateway.adapters.erp_soap.wire import Question, Sheet, answered, grouped, sole
from gateway.domain.identifiers import LeaseId, WorksId
from gateway.domain.source import DataQualityCode, SourceSystem
from gateway.domain.works import Contractor, WorksImpact, WorksOperation, WorksScope, WorksState, WorksUpdate
from gateway.ports.answers import Answer, Batch, Failed, Seen
from gateway.ports.deadline import Deadline
from gateway.ports.errors import Call

_WORKS = Call(SourceSystem.WORKS, "works")
_CHUNKS: Chunks[LeaseId] = Chunks(KEYS_PER_CALL, native.read_key)
_STATES = {
    "AN": WorksState.ANNOUNCED,
    "EC": WorksState.IN_PROGRESS,
    "SU": WorksState.SUSPENDED,
    "TE": WorksState.COMPLETED,
    "AB": WorksState.CANCELLED,
}
_SCOPES = {"L": WorksScope.DWELLING, "C": WorksScope.COMMON_PARTS, "R": WorksScope.ESTATE}
_IMPACTS = {
    "EAU": WorksImpact.WATER_CUT,
    "ELEC": WorksImpact.POWER_CUT,
    "CHAUFF": WorksImpact.HEATING_CUT,
    "ASC": WorksImpact.LIFT_OUT,
    "BRUIT": WorksImpact.NOISE,
    "ECHAF": WorksImpact.SCAFFOLDING,
    "PARK": WorksImpact.PARKING_RESTRICTED,
}


class SoapWorks:
    """Works by lease. IMMO-GEST does not tell a lease without works from one it does not know: both have none."""

    def __init__(self, erp: ErpClient) -> None:
        self._erp = erp

    async def works(
        self, leases: Sequence[LeaseId], *, deadline: Deadline
    ) -> Batch[LeaseId, tuple[WorksOperation, ...]]:
        """As the port says; one call for every 200 leases."""

        async def ask(keys: Sequence[str]) -> Mapping[str, Answer[tuple[WorksOperation, ...]]]:
            question = Question.about("LireInterventions", "NumContrat", keys)

            def read(sheet: Sheet) -> Mapping[str, Answer[tuple[WorksOperation, ...]]]:
                return _read_works(sheet, leases=keys)

            return await self._erp.ask(_WORKS, question, read=read, deadline=deadline)

        return await in_chunks(leases, chunks=_CHUNKS, ask=ask)


def _read_works(sheet: Sheet, *, leases: Sequence[str]) -> Mapping[str, Answer[tuple[WorksOperation, ...]]]:
    """The works of each lease; one that cannot be read fails the leases it concerns."""
    found: dict[str, list[WorksOperation]] = {lease: [] for lease in leases}
    failed: dict[str, Answer[tuple[WorksOperation, ...]]] = {}
    numbered = grouped(sheet.body.records("Intervention"), lambda row: row.key("NUM_INTERV"))
    operations = answered(numbered, lambda rows: Seen(_operation(sole(rows, key="NUM_INTERV")), sheet.origin))
    for number, rows in numbered.items():
        for lease in rows[0].keys("NUM_CONTRAT"):
            match operations[number]:
                case Seen(value=operation) if lease in found:
                    found[lease].append(operation)
                case Failed() as failure:
                    failed[lease] = failure
    return {lease: Seen(_latest_first(works), sheet.origin) for lease, works in found.items()} | failed


def _latest_first(works: Sequence[WorksOperation]) -> tuple[WorksOperation, ...]:
    return tuple(sorted(works, key=lambda it: (it.starts_on or date.min, it.id), reverse=True))


def _operation(record: Record) -> WorksOperation:
    access = record.flag("ACCES", "access_required")
    if access is None:
        record.note(DataQualityCode.MISSING_VALUE, "access_required")
    updates = sorted(_updates(record), key=lambda update: update.at, reverse=True)
    return WorksOperation(
        id=WorksId(record.key("NUM_INTERV")),
        lease_ids=tuple(map(LeaseId, record.keys("NUM_CONTRAT"))),
        title=record.text("TITRE", "title"),
        description=record.optional_text("DESCRIPTIF", "description"),
        state=record.choice("ETAT", "state", _STATES) or WorksState.UNKNOWN,
        scope=record.choice("PORTEE", "scope", _SCOPES) or WorksScope.UNKNOWN,
        impacts=tuple(_impacts(record)),
        starts_on=record.day("DAT_DEB", "starts_on"),
        expected_end_on=record.day("DAT_FIN_PREVUE", "expected_end_on"),
        ended_on=record.day("DAT_FIN_REELLE", "ended_on"),
        contractor=_contractor(record),
        access_required=bool(access),
        updates=tuple(updates),
        issues=record.issues,
    )


def _impacts(record: Record) -> Iterator[WorksImpact]:
    for code in filter(None, record.code("IMPACTS").split(";")):
        if code in _IMPACTS:
            yield _IMPACTS[code]
        else:
            record.note(DataQualityCode.UNKNOWN_CODE, "impacts", code)


def _contractor(record: Record) -> Contractor | None:
    name = record.text("ENTREPRISE", "contractor")
    phone = read_phone(record, "TEL_ENTREPRISE", field="contractor")
    return Contractor(name, phone=phone.e164 if phone else None) if name else None


def _updates(record: Record) -> Iterator[WorksUpdate]:
    """The news; one whose day cannot be read cannot be put in order and is left out, with an issue."""
    for part in record.parts("Suivi"):
        at = part.moment("DAT_FAIT", "updates", read=native.read_minute)
        recorded_at = part.moment("DAT_SAISIE", "updates", read=native.read_minute)
        if at is not None:
            yield WorksUpdate(at, recorded_at=recorded_at, message=part.text("TEXTE", "updates"))
