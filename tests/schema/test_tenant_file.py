"""The tenant's file and what they rent: every field, as the systems have it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from gateway.domain.identifiers import AccountId, LeaseId
from gateway.domain.lease import LeaseState
from gateway.domain.person import Civility
from gateway.domain.source import DataQualityCode, DataQualityIssue
from tests.support.doors import Doors
from tests.support.household import CAMILLE, DWELLING, GARAGE


async def tenant(doors: Doors, fields: str) -> Any:
    """What Camille's file answers to `fields`."""
    answer = await doors.ask(f"{{ viewer {{ tenant {{ {fields} }} }} }}")
    assert "errors" not in answer, answer
    return answer["data"]["viewer"]["tenant"]


def change_lease(doors: Doors, **values: Any) -> None:
    """Another lease in the books, in place of Camille's dwelling."""
    dwelling, *others = doors.landlord.books.leases_of[CAMILLE]
    doors.landlord.books.leases_of[CAMILLE] = (replace(dwelling, **values), *others)


async def test_an_account_shows_who_signs_in(doors: Doors) -> None:
    """The account was created on a Paris day: it was already February there."""
    answer = await doors.ask("{ viewer { account { accountReference createdOn email } } }")

    account = {"accountReference": "12345", "createdOn": "2024-02-01", "email": "camille@example.org"}
    assert answer == {"data": {"viewer": {"account": account}}}


async def test_an_account_may_have_no_address(doors: Doors) -> None:
    """Null, not an empty text."""
    doors.execute("UPDATE online_account SET email = NULL")

    assert await doors.ask("{ viewer { account { email } } }") == {"data": {"viewer": {"account": {"email": None}}}}


async def test_a_file_shows_person_and_contacts(doors: Doors) -> None:
    """What cannot be used is shown as it is, and said to be unusable."""
    file = await tenant(
        doors,
        """greetingName person { civility firstName lastName provenance { source } }
        contacts { kind value display verifiedOn } provenance { issues { code field message } }""",
    )

    assert file == {
        "greetingName": "Camille",
        "person": {
            "civility": "MME",
            "firstName": "Camille",
            "lastName": "Roussel",
            "provenance": {"source": "RENT_ERP"},
        },
        "contacts": [
            {"kind": "MOBILE", "value": "+33639980012", "display": "06 39 98 00 12", "verifiedOn": "2025-09-02"},
            {"kind": "EMAIL", "value": None, "display": "camille.roussel(a)example.org", "verifiedOn": None},
        ],
        "provenance": {
            "issues": [
                {
                    "code": "UNUSABLE_CONTACT",
                    "field": "contacts",
                    "message": "Un numéro ou une adresse de nos fichiers n'est pas utilisable.",
                }
            ]
        },
    }


@pytest.mark.parametrize(
    ("civility", "shown"), [(Civility.M, "M"), (Civility.COUPLE, "UNSPECIFIED"), (Civility.UNSPECIFIED, "UNSPECIFIED")]
)
async def test_a_record_for_two_people_has_no_civility_of_one(civility: Civility, shown: str, doors: Doors) -> None:
    """« M. et Mme » is neither Monsieur nor Madame."""
    file = doors.landlord.books.tenants[CAMILLE]
    person = replace(file.person, civility=civility, first_name=None)
    doors.landlord.books.tenants[CAMILLE] = replace(file, person=person)

    assert (await tenant(doors, "person { civility firstName }"))["person"] == {"civility": shown, "firstName": None}


async def test_a_lease_shows_all_that_the_erp_has(doors: Doors) -> None:
    """State, days, holders by name, what is let, the account it is charged to."""
    file = await tenant(
        doors,
        """leases { reference state startsOn endsOn noticeReceivedOn rentTerm
        parties { role since until person { firstName } }
        unit { kind typology surfaceSquareMetres floor estate address { complement street postalCode city inseeCode }
            provenance { issues { code } } }
        rentalAccount { reference leases { reference } } }""",
    )

    account = {"reference": "0012345", "leases": [{"reference": "0012345/01"}, {"reference": "0012345/02"}]}
    holder = {"since": "2019-06-01", "until": None}
    address = {"street": "4 rue des Tanneurs", "postalCode": "57000", "city": "Metz", "inseeCode": "57463"}
    lease = {
        "state": "CURRENT",
        "startsOn": "2019-06-01",
        "endsOn": None,
        "noticeReceivedOn": None,
        "rentTerm": "IN_ARREARS",
        "rentalAccount": account,
    }
    assert file["leases"] == [
        lease
        | {
            "reference": "0012345/01",
            "parties": [
                {"role": "PRINCIPAL_HOLDER", "person": {"firstName": "Camille"}} | holder,
                {"role": "CO_HOLDER", "person": {"firstName": "Dominique"}} | holder,
            ],
            "unit": {
                "kind": "DWELLING",
                "typology": "T3",
                "surfaceSquareMetres": "64.50",
                "floor": "3",
                "estate": "Les Tanneurs",
                "address": {"complement": ["Bâtiment B", "3e étage"]} | address,
                "provenance": {"issues": []},
            },
        },
        lease
        | {
            "reference": "0012345/02",
            "parties": [],
            "unit": {
                "kind": "PARKING",
                "typology": None,
                "surfaceSquareMetres": None,
                "floor": None,
                "estate": "Les Tanneurs",
                "address": {"complement": ["Garage 12"]} | address,
                "provenance": {"issues": []},
            },
        },
    ]


@pytest.mark.parametrize(("field", "named"), [("starts_on", "startsOn"), ("term", "rentTerm")])
async def test_a_lease_whose_value_cannot_be_read_is_an_error_that_says_so(
    field: str, named: str, doors: Doors
) -> None:
    """What the contract promises and the ERP does not give is never made up."""
    change_lease(doors, **{field: None})

    answer = await doors.ask(f"{{ viewer {{ tenant {{ greetingName leases {{ {named} }} }} }} }}")

    assert answer["data"]["viewer"]["tenant"] == {"greetingName": "Camille", "leases": None}
    [error] = answer["errors"]
    assert error["path"] == ["viewer", "tenant", "leases", 0, named]
    assert (error["extensions"]["code"], error["extensions"]["source"]) == ("SOURCE_UNREADABLE", "RENT_ERP")


@pytest.mark.parametrize(
    ("argument", "references"),
    [
        ("", ["current", "given", "upcoming", "unknown"]),
        ("(states: [ENDED])", ["ended"]),
        ("(states: [CURRENT, ENDED])", ["current", "ended"]),
        ("(states: [])", []),
        ("(states: null)", ["current", "given", "upcoming", "unknown", "ended"]),
    ],
)
async def test_ended_leases_stay_readable_on_demand(argument: str, references: list[str], doors: Doors) -> None:
    """By default what runs, what will run, and what we cannot tell."""
    sample = doors.landlord.books.leases_of[CAMILLE][0]
    states = {
        "current": LeaseState.CURRENT,
        "given": LeaseState.NOTICE_GIVEN,
        "upcoming": LeaseState.UPCOMING,
        "unknown": LeaseState.UNKNOWN,
        "ended": LeaseState.ENDED,
    }
    doors.landlord.books.leases_of[CAMILLE] = tuple(
        replace(sample, id=LeaseId(name), reference=name, state=state) for name, state in states.items()
    )

    file = await tenant(doors, f"leases{argument} {{ reference }}")

    assert file["leases"] == [{"reference": reference} for reference in references]


async def test_each_account_stands_once_in_the_order_of_its_leases(doors: Doors) -> None:
    """The account of an ended lease, which may still be open, is there too."""
    books = doors.landlord.books
    ended = replace(
        books.leases_of[CAMILLE][0],
        id=LeaseId("L-OLD"),
        reference="0000777/01",
        state=LeaseState.ENDED,
        ends_on=date(2019, 5, 31),
        account_id=AccountId("A-OLD"),
        account_reference="0000777",
    )
    books.leases_of[CAMILLE] = (*books.leases_of[CAMILLE], ended)

    file = await tenant(doors, "rentalAccounts { reference leases { reference } }")

    assert file["rentalAccounts"] == [
        {"reference": "0012345", "leases": [{"reference": "0012345/01"}, {"reference": "0012345/02"}]},
        {"reference": "0000777", "leases": [{"reference": "0000777/01"}]},
    ]


async def test_a_tenant_whom_the_erp_does_not_know_has_no_file(doors: Doors) -> None:
    """The account is signed in; the ERP has lost the tenant: there is none, and no error."""
    doors.landlord.books.tenants.clear()

    assert await doors.ask("{ viewer { roles tenant { greetingName } } }") == {
        "data": {"viewer": {"roles": ["TENANT"], "tenant": None}}
    }


async def test_a_tenant_without_any_lease_has_empty_lists(doors: Doors) -> None:
    """An unknown tenant and one without leases are the same to the ERP; nobody else is asked."""
    del doors.landlord.books.leases_of[CAMILLE]

    file = await tenant(doors, "leases { id } rentalAccounts { id } works { id }")

    assert file == {"leases": [], "rentalAccounts": [], "works": []}
    assert {question.operation for question in doors.landlord.journal} == {"tenants", "leases_of"}


@pytest.mark.parametrize(
    ("fields", "asks_leases"),
    [
        ("greetingName", False),
        ("__typename id greetingName person { lastName } contacts { display } provenance { source }", False),
        ("greetingName leases { id }", True),
        ("... on Tenant { greetingName }", True),
        ("...F", True),
    ],
)
async def test_leases_are_asked_for_only_when_something_needs_them(
    fields: str,
    asks_leases: bool,
    doors: Doors,
) -> None:
    """The file alone costs one call; with anything more the leases leave together with it."""
    fragment = " fragment F on Tenant { greetingName }" if "...F" in fields else ""

    await doors.ask(f"{{ viewer {{ tenant {{ {fields} }} }} }}{fragment}")

    asked = [question.operation for question in doors.landlord.journal]
    assert asked == (["leases_of", "tenants"] if asks_leases else ["tenants"])


async def test_issues_of_a_lease_and_its_unit_are_told_where_they_belong(doors: Doors) -> None:
    """The names are those of the schema."""
    lease = doors.landlord.books.leases_of[CAMILLE][0]
    change_lease(
        doors,
        issues=(DataQualityIssue(DataQualityCode.SENTINEL_DATE, "notice_received_on", "9999-12-31"),),
        unit=replace(lease.unit, issues=(DataQualityIssue(DataQualityCode.UNKNOWN_CODE, "kind", "ZZ"),)),
    )

    file = await tenant(
        doors, "leases { provenance { issues { code field } } unit { provenance { issues { code field } } } }"
    )

    assert file["leases"][0] == {
        "provenance": {"issues": [{"code": "SENTINEL_DATE", "field": "noticeReceivedOn"}]},
        "unit": {"provenance": {"issues": [{"code": "UNKNOWN_CODE", "field": "kind"}]}},
    }


async def test_two_leases_cost_no_more_calls_than_one(doors: Doors) -> None:
    """Whatever is asked below a lease is asked for all of them at once."""
    await tenant(
        doors, "leases { advisor { title } office { name } usefulContacts { name } water { meters { kind } } }"
    )

    assert doors.landlord.calls("contacts") == [(DWELLING, GARAGE)]
    assert doors.landlord.calls("meters") == [(DWELLING, GARAGE)]
