"""Advisors, offices and useful contacts."""

from dataclasses import replace
from datetime import date, time

import pytest

from gateway.adapters.erp_soap.directory import SoapDirectory
from gateway.domain.address import PostalAddress
from gateway.domain.directory import (
    Advisor,
    LeaseContacts,
    Office,
    OpeningHours,
    OpeningSpan,
    Phone,
    SpecialOpening,
    UsefulContact,
    UsefulContactKind,
)
from gateway.domain.identifiers import AdvisorId, LeaseId, OfficeId
from gateway.domain.source import DataQualityCode, DataQualityIssue, SourceSystem
from gateway.ports.answers import MISSING, Answer, Failed, Seen
from tests.adapters.erp_soap.sheets import (
    AGENCE,
    CONSEILLER,
    CONTACT_UTILE,
    HORAIRE_SPECIAL,
    answer,
    erp_saying,
    origin,
    record,
    soon,
)

LEASE = LeaseId("012345/01")
ORIGIN = origin(SourceSystem.DIRECTORY)
MORNING, AFTERNOON = OpeningSpan(time(8, 30), time(12)), OpeningSpan(time(13, 30), time(17))
HOURS = OpeningHours(
    regular=((MORNING, AFTERNOON), (), (), (), (MORNING,), (), ()),
    special=(),
    conditions="Sur rendez-vous l’après-midi",
)
OFFICE = Office(
    id=OfficeId("AG01"),
    name="Accueil de Metz",
    address=PostalAddress((), "12 rue aux Arènes", "57000", "Metz", "57463"),
    phone=Phone("+33353011001", "03 53 01 10 01"),
    opening=HOURS,
    step_free=True,
)
ADVISOR = Advisor(
    id=AdvisorId("CH001"),
    display_name="Solène L'Hote",
    title="Conseillère habitat",
    phone=Phone("+33353014217", "03 53 01 42 17"),
    phone_as_given="03 5301 4217",
    office_id=OfficeId("AG01"),
    absent_until=None,
    stand_in=None,
)
CARETAKER = UsefulContact(
    kind=UsefulContactKind.CARETAKER,
    name="Loge B",
    phone=Phone("+33639980001", "06 39 98 00 01"),
    purpose="Propreté",
    availability=None,
)


def agence(*special: str, **changes: str) -> str:
    """An office."""
    return record("Agence", AGENCE, *special, **changes)


def conseiller(*more: str, **changes: str) -> str:
    """Whom the holder of the lease turns to; `changes` are the advisor's."""
    advisor = record("Conseiller", CONSEILLER, **changes)
    return record("ConseillerContrat", {"NUM_CONTRAT": "012345/01   "}, advisor, *more)


async def contacts_of(*rows: str) -> Answer[LeaseContacts]:
    """What is answered for the lease when these rows come."""
    async with erp_saying(answer("LireConseillers", *rows)) as (erp, _):
        batch = await SoapDirectory(erp).contacts([LEASE], deadline=soon())
    return batch[LEASE]


async def advisor_of(*more: str, **changes: str) -> Advisor | None:
    """The advisor in charge of the lease."""
    found = await contacts_of(conseiller(*more, **changes))
    assert isinstance(found, Seen)
    return found.value.advisor


async def one_office(*special: str, **changes: str) -> Office:
    """The only office there is."""
    async with erp_saying(answer("LireAgences", agence(*special, **changes))) as (erp, _):
        found = await SoapDirectory(erp).offices(deadline=soon())
    assert found.origin == ORIGIN
    (office,) = found.value
    return office


async def test_contacts_are_read_whole() -> None:
    """Advisor, office and caretaker of the lease."""
    found = await contacts_of(conseiller(agence(), record("ContactUtile", CONTACT_UTILE)))

    assert found == Seen(LeaseContacts(ADVISOR, OFFICE, (CARETAKER,)), ORIGIN)


async def test_a_lease_that_is_not_in_the_answer_is_missing() -> None:
    """Unknown to the directory."""
    assert await contacts_of() == MISSING


async def test_a_lease_may_have_nobody() -> None:
    """Then nobody is shown."""
    found = await contacts_of(record("ConseillerContrat", {"NUM_CONTRAT": "012345/01"}))

    assert found == Seen(LeaseContacts(None, None, ()), ORIGIN)


async def test_an_absent_advisor_has_a_stand_in() -> None:
    """Until the last day of absence."""
    stand_in = record("Remplacant", CONSEILLER, CODE_CONSEILLER="CH002", NOM="DA SILVA", PRENOM="Noël")

    advisor = await advisor_of(stand_in, DAT_FIN_ABSENCE="20260320")

    assert advisor == replace(
        ADVISOR,
        absent_until=date(2026, 3, 20),
        stand_in=replace(ADVISOR, id=AdvisorId("CH002"), display_name="Noël Da Silva"),
    )


@pytest.mark.parametrize("typed", ["SANS", "0000000000"])
async def test_an_advisors_number_that_is_none_is_shown_as_it_is(typed: str) -> None:
    """Nobody is called on it."""
    advisor = await advisor_of(TEL=typed)

    issue = DataQualityIssue(DataQualityCode.UNUSABLE_CONTACT, "phone", typed)
    assert advisor == replace(ADVISOR, phone=None, phone_as_given=typed, issues=(issue,))


async def test_an_advisor_without_number_or_office() -> None:
    """Left empty is none."""
    advisor = await advisor_of(TEL="", CODE_AGENCE="     ")

    assert advisor == replace(ADVISOR, phone=None, phone_as_given=None, office_id=None)


async def test_an_advisor_without_a_number_of_their_own_fails_the_lease() -> None:
    """The record is not what it should be."""
    found = await contacts_of(conseiller(CODE_CONSEILLER="     "))

    assert isinstance(found, Failed)
    assert str(found.error) == "DIRECTORY.contacts: cannot read CODE_CONSEILLER"


async def test_a_contact_of_an_unknown_kind_is_another_contact() -> None:
    """Its name and number are still useful."""
    found = await contacts_of(conseiller(record("ContactUtile", CONTACT_UTILE, TYPE="ZZZ")))

    assert isinstance(found, Seen)
    assert found.value.useful == (replace(CARETAKER, kind=UsefulContactKind.OTHER),)


async def test_offices_are_read_whole() -> None:
    """With the special hours of the summer and a day off."""
    summer = record("HoraireSpecial", HORAIRE_SPECIAL)
    closed = record("HoraireSpecial", HORAIRE_SPECIAL, DAT_DEB="20261224", DAT_FIN="20261231", LIB="", HORAIRES="")

    office = await one_office(summer, closed)

    special = (
        SpecialOpening(date(2026, 7, 15), date(2026, 8, 20), "Horaires d’été", (OpeningSpan(time(9), time(12)),)),
        SpecialOpening(date(2026, 12, 24), date(2026, 12, 31), "", ()),
    )
    assert office == replace(OFFICE, opening=replace(HOURS, special=special))


@pytest.mark.parametrize(("written", "step_free"), [("O", True), ("N", False), ("", None)])
async def test_step_free_access_may_be_unknown(written: str, *, step_free: bool | None) -> None:
    """Unknown is not no."""
    assert await one_office(ACCES_PMR=written) == replace(OFFICE, step_free=step_free)


@pytest.mark.parametrize(
    ("written", "code"),
    [("", "MISSING_VALUE"), ("8h-12h", "INVALID_DATE"), ("1:1200-0830", "INVALID_DATE")],
)
async def test_hours_that_cannot_be_read_are_none(written: str, code: str) -> None:
    """Nobody is sent to a closed door."""
    office = await one_office(HORAIRES=written)

    issue = DataQualityIssue(DataQualityCode(code), "opening", written or None)
    assert office == replace(OFFICE, opening=None, issues=(issue,))


@pytest.mark.parametrize("changes", [{"DAT_DEB": "?"}, {"DAT_FIN": "?"}, {"HORAIRES": "?"}])
async def test_a_special_period_that_cannot_be_read_leaves_no_hours(changes: dict[str, str]) -> None:
    """The usual hours would be wrong for some days, nobody knows which."""
    office = await one_office(record("HoraireSpecial", HORAIRE_SPECIAL, **changes))

    issue = DataQualityIssue(DataQualityCode.INVALID_DATE, "opening", "?")
    assert office == replace(OFFICE, opening=None, issues=(issue,))


async def test_address_lines_above_the_street() -> None:
    """Those that are there."""
    office = await one_office(ADR_2="Entrée C", VOIE="", INSEE="")

    assert office.address == PostalAddress(("Entrée C",), None, "57000", "Metz", None)
