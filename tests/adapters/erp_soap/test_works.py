"""Works, with what was told about them and when."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from gateway.adapters.erp_soap.works import SoapWorks
from gateway.domain.identifiers import LeaseId, WorksId
from gateway.domain.source import DataQualityCode, DataQualityIssue, SourceSystem
from gateway.domain.works import Contractor, WorksImpact, WorksOperation, WorksScope, WorksState, WorksUpdate
from gateway.ports.answers import MISSING, Answer, Failed, Seen
from gateway.ports.errors import UpstreamGarbledError
from tests.adapters.erp_soap.sheets import INTERVENTION, SUIVI, answer, erp_saying, origin, record, soon

LEASE = LeaseId("012345/01")
NEIGHBOUR = LeaseId("012346/01")
ORIGIN = origin(SourceSystem.WORKS)
UPDATE = WorksUpdate(
    at=datetime(2026, 3, 2, 7, 0, tzinfo=UTC),
    recorded_at=datetime(2026, 3, 9, 16, 30, tzinfo=UTC),
    message="Début du chantier",
)
WORKS = WorksOperation(
    id=WorksId("OT0123451"),
    lease_ids=(LEASE,),
    title="Remplacement des fenêtres",
    description=None,
    state=WorksState.IN_PROGRESS,
    scope=WorksScope.DWELLING,
    impacts=(WorksImpact.NOISE, WorksImpact.WATER_CUT),
    starts_on=date(2026, 3, 2),
    expected_end_on=date(2026, 4, 20),
    ended_on=None,
    contractor=Contractor("Menuiserie Exemple", phone="+33353014217"),
    access_required=True,
    updates=(UPDATE,),
)


def intervention(*inner: str, **changes: str) -> str:
    """Works with one piece of news, unless others are given."""
    return record("Intervention", INTERVENTION, *(inner or (record("Suivi", SUIVI),)), **changes)


async def works_of(*rows: str) -> Answer[tuple[WorksOperation, ...]]:
    """What is answered for the lease when these rows come."""
    async with erp_saying(answer("LireInterventions", *rows)) as (erp, _):
        batch = await SoapWorks(erp).works([LEASE], deadline=soon())
    return batch[LEASE]


async def one_operation(*inner: str, **changes: str) -> WorksOperation:
    """The only works of the lease."""
    found = await works_of(intervention(*inner, **changes))
    assert isinstance(found, Seen)
    (operation,) = found.value
    return operation


async def test_works_are_read_whole() -> None:
    """With news a week late: when it happened and when it was recorded."""
    assert await works_of(intervention()) == Seen((WORKS,), ORIGIN)


async def test_a_lease_without_works_has_none() -> None:
    """The ERP does not tell it from a lease it does not know; what cannot be a lease is missing."""
    impossible = LeaseId("<>")
    async with erp_saying(answer("LireInterventions")) as (erp, _):
        batch = await SoapWorks(erp).works([LEASE, impossible], deadline=soon())

    assert batch == {LEASE: Seen((), ORIGIN), impossible: MISSING}


async def test_works_of_a_building_come_under_each_of_its_leases() -> None:
    """With the same number; a lease that was not asked for is not answered."""
    row = intervention(record("Suivi", SUIVI), "<NUM_CONTRAT>012346/01 </NUM_CONTRAT><NUM_CONTRAT>9/9</NUM_CONTRAT>")
    async with erp_saying(answer("LireInterventions", row)) as (erp, _):
        batch = await SoapWorks(erp).works([LEASE, NEIGHBOUR], deadline=soon())

    shared = replace(WORKS, lease_ids=(LEASE, NEIGHBOUR, LeaseId("9/9")))
    assert batch == {LEASE: Seen((shared,), ORIGIN), NEIGHBOUR: Seen((shared,), ORIGIN)}


async def test_the_latest_works_come_first() -> None:
    """Works without a start come last."""
    found = await works_of(
        intervention(NUM_INTERV="1", DAT_DEB="00000000"),
        intervention(NUM_INTERV="2", DAT_DEB="20260101"),
        intervention(NUM_INTERV="3", DAT_DEB="20260301"),
    )

    assert isinstance(found, Seen)
    assert [it.id for it in found.value] == ["3", "2", "1"]


async def test_the_latest_news_come_first() -> None:
    """By when they happened, not by when they were recorded."""
    late = record("Suivi", SUIVI, DAT_FAIT="2026-03-01 08:00", DAT_SAISIE="2026-03-12 08:00", TEXTE="Affichage")

    operation = await one_operation(record("Suivi", SUIVI), late)

    assert [it.message for it in operation.updates] == ["Début du chantier", "Affichage"]


def told(code: str, field: str, raw: str | None = None) -> tuple[DataQualityIssue, ...]:
    """The only issue."""
    return (DataQualityIssue(DataQualityCode(code), field, raw),)


@pytest.mark.parametrize(
    ("changes", "works"),
    [
        ({"ETAT": "X9"}, replace(WORKS, state=WorksState.UNKNOWN, issues=told("UNKNOWN_CODE", "state", "X9"))),
        ({"PORTEE": "Z"}, replace(WORKS, scope=WorksScope.UNKNOWN, issues=told("UNKNOWN_CODE", "scope", "Z"))),
        ({"ETAT": "  ", "PORTEE": " "}, replace(WORKS, state=WorksState.UNKNOWN, scope=WorksScope.UNKNOWN)),
        ({"IMPACTS": ""}, replace(WORKS, impacts=())),
        (
            {"IMPACTS": "GAZ;ASC"},
            replace(WORKS, impacts=(WorksImpact.LIFT_OUT,), issues=told("UNKNOWN_CODE", "impacts", "GAZ")),
        ),
        ({"DESCRIPTIF": "Côté rue"}, replace(WORKS, description="Côté rue")),
        ({"ACCES": "N"}, replace(WORKS, access_required=False)),
        (
            {"ACCES": ""},
            replace(WORKS, access_required=False, issues=told("MISSING_VALUE", "access_required")),
        ),
        ({"ENTREPRISE": "", "TEL_ENTREPRISE": ""}, replace(WORKS, contractor=None)),
        ({"TEL_ENTREPRISE": ""}, replace(WORKS, contractor=Contractor("Menuiserie Exemple", phone=None))),
        (
            {"TEL_ENTREPRISE": "SANS"},
            replace(
                WORKS,
                contractor=Contractor("Menuiserie Exemple", phone=None),
                issues=told("UNUSABLE_CONTACT", "contractor", "SANS"),
            ),
        ),
        (
            {"DAT_FIN_PREVUE": "31/12/26"},
            replace(WORKS, expected_end_on=None, issues=told("INVALID_DATE", "expected_end_on", "31/12/26")),
        ),
    ],
)
async def test_fields_of_works(changes: dict[str, str], works: WorksOperation) -> None:
    """What is not known is none and told."""
    assert await one_operation(**changes) == works


async def test_news_without_a_day_cannot_be_put_in_order() -> None:
    """They are left out and told; without a day of recording they are kept."""
    undated = record("Suivi", SUIVI, DAT_FAIT="02/03/2026")
    unrecorded = record("Suivi", SUIVI, DAT_SAISIE="?")

    operation = await one_operation(undated, unrecorded)

    assert operation.updates == (replace(UPDATE, recorded_at=None),)
    assert operation.issues == (*told("INVALID_DATE", "updates", "02/03/2026"), *told("INVALID_DATE", "updates", "?"))


async def test_works_that_cannot_be_read_fail_the_leases_they_concern() -> None:
    """Two records of one number that differ: nobody can tell which is right. The neighbour is answered."""
    rows = (intervention(), intervention(TITRE="Autre chose"), intervention(NUM_INTERV="2", NUM_CONTRAT="012346/01"))
    async with erp_saying(answer("LireInterventions", *rows)) as (erp, _):
        batch = await SoapWorks(erp).works([LEASE, NEIGHBOUR], deadline=soon())

    failed = batch[LEASE]
    assert isinstance(failed, Failed)
    assert str(failed.error) == "WORKS.works: cannot read NUM_INTERV"
    assert isinstance(batch[NEIGHBOUR], Seen)


async def test_works_of_nobody_knows_whom_fail_the_call() -> None:
    """A lease number that cannot be read could be anybody's."""
    with pytest.raises(UpstreamGarbledError) as caught:
        await works_of(intervention(NUM_CONTRAT="???"))

    assert caught.value.field == "NUM_CONTRAT"
