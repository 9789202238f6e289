"""Whom to turn to: advisors and their stand-ins, offices and their hours, contacts that are right at the moment."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from gateway.domain.directory import LeaseContacts, Office
from gateway.domain.source import DataQualityCode, DataQualityIssue
from tests.support.doors import Doors
from tests.support.household import DWELLING, METZ


async def leases(doors: Doors, fields: str) -> Any:
    """What Camille's dwelling and garage answer to `fields`."""
    answer = await doors.ask(f"{{ viewer {{ tenant {{ leases {{ {fields} }} }} }} }}")
    assert "errors" not in answer, answer
    return answer["data"]["viewer"]["tenant"]["leases"]


ADVISOR = """advisor { displayName title phone phoneDisplay absentUntil office { name }
    standIn { displayName phone absentUntil standIn { title } office { name } }
    provenance { source issues { code field } } }"""


async def test_an_absent_advisor_names_who_stands_in(doors: Doors) -> None:
    """Claude is away until Friday; Sacha answers, from another office."""
    dwelling, garage = await leases(doors, ADVISOR)

    assert dwelling["advisor"] == {
        "displayName": "Claude MEYER",
        "title": "Conseillère habitat",
        "phone": "+33353010030",
        "phoneDisplay": "03 53 01 00 30",
        "absentUntil": "2026-03-20",
        "office": {"name": "Accueil de Metz"},
        "standIn": {
            "displayName": "Sacha KLEIN",
            "phone": "+33353010031",
            "absentUntil": None,
            "standIn": None,
            "office": None,
        },
        "provenance": {"source": "DIRECTORY", "issues": []},
    }
    assert garage["advisor"] == {
        "displayName": "Lou BECKER",
        "title": "Conseillère habitat",
        "phone": None,
        "phoneDisplay": "poste 12",
        "absentUntil": None,
        "office": None,
        "standIn": None,
        "provenance": {"source": "DIRECTORY", "issues": [{"code": "UNUSABLE_CONTACT", "field": "phone"}]},
    }


@pytest.mark.parametrize(("day", "is_absent"), [(20, True), (21, False)])
async def test_an_advisor_is_absent_up_to_the_last_day(day: int, is_absent: bool, doors: Doors) -> None:
    """On the last day of absence the stand-in still answers; the day after, the advisor."""
    contacts = doors.landlord.books.contacts[DWELLING]
    assert contacts.advisor is not None
    advisor = replace(contacts.advisor, absent_until=date(2026, 3, day - 3 if is_absent else 16))
    doors.landlord.books.contacts[DWELLING] = replace(contacts, advisor=advisor)

    [dwelling, _] = await leases(doors, "advisor { absentUntil standIn { displayName } }")

    expected = {"absentUntil": "2026-03-17", "standIn": {"displayName": "Sacha KLEIN"}}
    assert dwelling["advisor"] == (expected if is_absent else {"absentUntil": None, "standIn": None})


async def test_an_absent_advisor_without_a_stand_in_names_nobody(doors: Doors) -> None:
    """Null rather than somebody who does not know."""
    contacts = doors.landlord.books.contacts[DWELLING]
    assert contacts.advisor is not None
    advisor = replace(contacts.advisor, stand_in=None)
    doors.landlord.books.contacts[DWELLING] = replace(contacts, advisor=advisor)

    [dwelling, _] = await leases(doors, "advisor { absentUntil standIn { displayName } }")

    assert dwelling["advisor"] == {"absentUntil": "2026-03-20", "standIn": None}


async def test_a_lease_unknown_to_the_directory_has_nobody(doors: Doors) -> None:
    """There is none, and no error; a lease that is known may have nobody either."""
    doors.landlord.books.contacts = {DWELLING: LeaseContacts(None, None, ())}

    nobody = {"advisor": None, "office": None}
    assert await leases(doors, "advisor { title } office { name } usefulContacts { name }") == [
        nobody | {"usefulContacts": []},
        nobody | {"usefulContacts": None},
    ]


async def test_a_contact_says_what_for_and_whether_it_is_the_right_one_now(doors: Doors) -> None:
    """While the office is open it is the caretaker; at night the emergency line."""
    fields = "usefulContacts { kind name phone purpose availability reachableNow }"
    [by_day, _] = await leases(doors, fields)
    doors.clock.forward(hours=9)
    [by_night, _] = await leases(doors, fields)

    caretaker = {
        "kind": "CARETAKER",
        "name": "M. Weber",
        "phone": "+33353010020",
        "purpose": "Petites réparations",
        "availability": "Le matin",
    }
    line = {
        "kind": "EMERGENCY_LINE",
        "name": "Astreinte",
        "phone": "+33353010099",
        "purpose": "Nuits et fins de semaine",
        "availability": None,
    }
    assert by_day["usefulContacts"] == [caretaker | {"reachableNow": True}, line | {"reachableNow": False}]
    assert by_night["usefulContacts"] == [caretaker | {"reachableNow": False}, line | {"reachableNow": True}]


async def test_without_an_office_the_emergency_line_is_right(doors: Doors) -> None:
    """Hours that are not known do not keep anybody from help; a contact without a number is never right."""
    contacts = doors.landlord.books.contacts[DWELLING]
    caretaker, line = contacts.useful
    useful = (replace(caretaker, phone=None), line)
    doors.landlord.books.contacts[DWELLING] = replace(contacts, office=None, useful=useful)

    [dwelling, _] = await leases(doors, "usefulContacts { phone reachableNow }")

    assert dwelling["usefulContacts"] == [
        {"phone": None, "reachableNow": False},
        {"phone": "+33353010099", "reachableNow": True},
    ]


OFFICE = """{ offices(inseeCode: "57463") { name phone stepFree address { lines }
    opening { statement conditions regular { day spans { opens closes } } special { from to label spans { opens } } }
    provenance { source issues { code } } } }"""


async def test_an_office_shows_its_week_and_its_exceptions(doors: Doors) -> None:
    """Public: a stranger asks too. The holidays of Moselle are among the exceptions of the next twelve months."""
    answer = await doors.ask(OFFICE, token=None)

    [office] = answer["data"]["offices"]
    both = [{"opens": "08:30", "closes": "12:00"}, {"opens": "13:30", "closes": "17:00"}]
    assert office["name"] == "Accueil de Metz"
    assert (office["phone"], office["stepFree"]) == ("+33353010001", True)
    assert office["address"] == {"lines": ["1 place du Marché", "57000 METZ"]}
    assert office["opening"]["conditions"] == "sur rendez-vous le mercredi"
    assert office["opening"]["regular"] == [
        *({"day": day, "spans": both} for day in ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY")),
        {"day": "FRIDAY", "spans": both[:1]},
        {"day": "SATURDAY", "spans": []},
        {"day": "SUNDAY", "spans": []},
    ]
    special = {period["from"]: period for period in office["opening"]["special"]}
    assert special["2026-03-19"] == {"from": "2026-03-19", "to": "2026-03-20", "label": "Inventaire", "spans": []}
    assert special["2026-04-03"] == {"from": "2026-04-03", "to": "2026-04-03", "label": "Vendredi saint", "spans": []}
    assert special["2026-12-26"]["label"] == "Saint-Étienne"
    assert max(special) < "2027-03-18"
    assert office["provenance"] == {"source": "DIRECTORY", "issues": []}


async def test_holidays_have_their_english_names_on_request(doors: Doors) -> None:
    """The reader understands why the office is closed."""
    answer = await doors.ask("{ offices { opening { statement special { from label } } } }", language="en")

    opening = answer["data"]["offices"][0]["opening"]
    assert {"from": "2026-04-03", "label": "Good Friday"} in opening["special"]
    assert opening["statement"].startswith("Open Monday to Thursday from 08:30")


@pytest.mark.parametrize(
    ("argument", "names"),
    [
        ("", ["Accueil de Metz", "Accueil de Thionville"]),
        ("(inseeCode: null)", ["Accueil de Metz", "Accueil de Thionville"]),
        ('(inseeCode: "57672")', ["Accueil de Thionville"]),
        ('(inseeCode: "75056")', []),
    ],
)
async def test_offices_are_found_by_commune(argument: str, names: list[str], doors: Doors) -> None:
    """All of them, or those of one commune."""
    answer = await doors.ask(f"{{ offices{argument} {{ name }} }}", token=None)

    assert answer["data"]["offices"] == [{"name": name} for name in names]


@pytest.mark.parametrize(
    ("at", "is_open", "following"),
    [
        (None, True, "2026-03-17T12:30:00+00:00"),
        (datetime(2026, 3, 17, 11, 0, tzinfo=UTC), False, "2026-03-17T12:30:00+00:00"),
        (datetime(2026, 3, 19, 9, 0, tzinfo=UTC), False, "2026-03-23T07:30:00+00:00"),
    ],
)
async def test_an_office_tells_whether_it_is_open_and_when_next(
    at: datetime | None,
    is_open: bool,
    following: str,
    doors: Doors,
) -> None:
    """Now, or at a moment somebody plans for; closures are respected."""
    query = "query($at: DateTime) { offices { opening { openAt(at: $at) nextOpening(after: $at) } } }"

    answer = await doors.ask(query, {"at": at and at.isoformat()})

    assert answer["data"]["offices"][0]["opening"] == {"openAt": is_open, "nextOpening": following}


async def test_an_office_that_never_opens_has_no_next_opening(doors: Doors) -> None:
    """Null within a year."""
    assert METZ.opening is not None
    doors.landlord.books.offices = (_with(opening=replace(METZ.opening, regular=((),) * 7)),)

    answer = await doors.ask("{ offices { opening { statement nextOpening } } }")

    assert answer["data"]["offices"] == [{"opening": {"statement": "Fermé au public", "nextOpening": None}}]


async def test_an_office_whose_hours_cannot_be_read_says_so(doors: Doors) -> None:
    """The other answers stay; no hours are made up."""
    issue = DataQualityIssue(DataQualityCode.UNKNOWN_CODE, "opening", "LU-VE??")
    doors.landlord.books.offices = (_with(opening=None, phone=None, issues=(issue,)),)

    known = await doors.ask("{ offices { phone provenance { issues { code field } } } }")
    unread = await doors.ask("{ offices { opening { statement } } __typename }")

    issues = [{"code": "UNKNOWN_CODE", "field": "opening"}]
    assert known == {"data": {"offices": [{"phone": None, "provenance": {"issues": issues}}]}}
    assert unread["data"] == {"offices": None, "__typename": "Query"}
    [error] = unread["errors"]
    assert (error["path"], error["extensions"]["code"]) == (["offices", 0, "opening"], "SOURCE_UNREADABLE")


def _with(**values: Any) -> Office:
    return replace(METZ, **values)


async def test_announcements_are_shown_in_their_time(doors: Doors) -> None:
    """The winter's is over, at its very end; the survey's still runs."""
    answer = await doors.ask("{ viewer { announcements { title body severity from until } } }")

    assert answer["data"]["viewer"]["announcements"] == [
        {
            "title": "Enquête sur les ressources",
            "body": "Répondez avant le 31 mars.",
            "severity": "WARNING",
            "from": "2026-02-01T00:00:00+00:00",
            "until": "2026-04-01T00:00:00+00:00",
        }
    ]


@pytest.mark.parametrize(
    ("argument", "topics"), [("", ["Eau", "Chauffage"]), ('(topic: "Eau")', ["Eau"]), ('(topic: "Jardin")', [])]
)
async def test_advice_is_public_and_found_by_topic(argument: str, topics: list[str], doors: Doors) -> None:
    """A stranger may read it."""
    answer = await doors.ask(f"{{ advice{argument} {{ topic title body }} }}", token=None)

    assert [one["topic"] for one in answer["data"]["advice"]] == topics
