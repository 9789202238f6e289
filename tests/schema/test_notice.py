"""Notices and their documents: the source's own figures, in force or replaced, with a link that is personal."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from gateway.domain.document import DocumentAvailability
from gateway.domain.identifiers import LeaseId, NoticeId
from gateway.domain.notice import NoticeLine, RentNotice
from gateway.domain.source import DataQualityCode, DataQualityIssue
from tests.support.doors import Doors
from tests.support.household import ACCOUNT, MARCH_NOTICE, PDF
from tests.support.legible import legible


async def march(doors: Doors, fields: str, language: str = "fr") -> Any:
    """What the notice of March answers to `fields`."""
    query = f'{{ viewer {{ tenant {{ rentalAccounts {{ notice(period: "2026-03") {{ {fields} }} }} }} }} }}'
    answer = await doors.ask(query, language=language)
    assert "errors" not in answer, answer
    return answer["data"]["viewer"]["tenant"]["rentalAccounts"][0]["notice"]


def change(doors: Doors, **values: Any) -> RentNotice:
    """Another notice of March in the books."""
    first, *others = doors.landlord.books.notices[ACCOUNT]
    changed = replace(first, **values)
    doors.landlord.books.notices[ACCOUNT] = (changed, *others)
    return changed


async def test_a_notice_shows_the_figures_of_the_source(doors: Doors) -> None:
    """Totals are those printed, and are not computed again."""
    notice = await march(
        doors,
        """number period title state issuedOn dueOn broughtForward { amount } periodTotal { amount }
        amountDue { display } collectionOn replacedBy { number } provenance { source asOf }""",
    )

    assert notice == {
        "number": "2026-03",
        "period": "2026-03",
        "title": "Avis de mars 2026",
        "state": "ISSUED",
        "issuedOn": "2026-02-28",
        "dueOn": "2026-03-10",
        "broughtForward": {"amount": "155.00"},
        "periodTotal": {"amount": "288.71"},
        "amountDue": {"display": "443,71\N{NO-BREAK SPACE}€"},
        "collectionOn": None,
        "replacedBy": None,
        "provenance": {"source": "RENT_ERP", "asOf": None},
    }


async def test_the_lines_of_a_notice_say_what_they_are_for(doors: Doors) -> None:
    """Each names its lease when the account has several; water its quantity and price; help where it is needed."""
    notice = await march(
        doors, "lines { kind label help direction amount { amount } lease { reference } quantity unitPrice { amount } }"
    )

    plain = {"help": None, "direction": "DEBIT", "lease": None, "quantity": None, "unitPrice": None}
    assert notice["lines"] == [
        plain
        | {"kind": "RENT", "label": "Loyer", "amount": {"amount": "415.00"}, "lease": {"reference": "0012345/01"}},
        plain
        | {"kind": "PARKING", "label": "Garage", "amount": {"amount": "40.00"}, "lease": {"reference": "0012345/02"}},
        plain
        | {
            "kind": "WATER_ACTUAL",
            "label": "Eau froide",
            "amount": {"amount": "13.71"},
            "quantity": "3.000",
            "unitPrice": {"amount": "4.57"},
        },
        plain
        | {
            "kind": "HOUSING_BENEFIT",
            "label": "Aide au logement",
            "help": "Aide au logement versée directement à votre bailleur et déduite de votre loyer.",
            "direction": "CREDIT",
            "amount": {"amount": "180.00"},
        },
    ]


async def test_a_line_of_a_lease_the_viewer_does_not_hold_names_none(doors: Doors) -> None:
    """The former co-holder's garage stays theirs."""
    first, *_ = doors.landlord.books.notices[ACCOUNT][0].lines
    change(doors, lines=(replace(first, lease_id=LeaseId("L-HADDAD")),))

    assert (await march(doors, "lines { lease { reference } }"))["lines"] == [{"lease": None}]


@pytest.mark.parametrize(
    ("attribute", "field", "selection"),
    [
        ("issued_on", "issuedOn", ""),
        ("due_on", "dueOn", ""),
        ("brought_forward", "broughtForward", "{ amount }"),
        ("period_total", "periodTotal", "{ amount }"),
        ("amount_due", "amountDue", "{ amount }"),
    ],
)
async def test_a_figure_that_cannot_be_read_is_an_error_never_zero(
    attribute: str, field: str, selection: str, doors: Doors
) -> None:
    """The notice is not shown with a wrong amount; the account around it is."""
    change(doors, **{attribute: None})

    notice = f'notice(period: "2026-03") {{ {field} {selection} }}'
    answer = await doors.ask(f"{{ viewer {{ tenant {{ rentalAccounts {{ reference {notice} }} }} }} }}")

    assert answer["data"]["viewer"]["tenant"]["rentalAccounts"] == [{"reference": "0012345", "notice": None}]
    [error] = answer["errors"]
    assert error["path"][-1] == field
    assert error["extensions"]["code"] == ("UNREADABLE_AMOUNT" if selection else "SOURCE_UNREADABLE")


async def test_of_several_notices_of_a_month_the_last_one_stands(doors: Doors) -> None:
    """February was reissued: the first one is replaced by the second, which says that it corrects."""
    query = """{ viewer { tenant { rentalAccounts {
        notice(period: "2026-02") { number title }
        notices(first: 10, includeSuperseded: true) { edges { node { number state replacedBy { number } } } }
    } } } }"""

    answer = await doors.ask(query)

    [account] = answer["data"]["viewer"]["tenant"]["rentalAccounts"]
    assert account["notice"] == {"number": "2026-02-B", "title": "Avis de février 2026 (rectifié)"}
    assert [edge["node"] for edge in account["notices"]["edges"]] == [
        {"number": "2026-03", "state": "ISSUED", "replacedBy": None},
        {"number": "2026-02-B", "state": "ISSUED", "replacedBy": None},
        {"number": "2026-02-A", "state": "REPLACED", "replacedBy": {"number": "2026-02-B"}},
        {"number": "2026-01", "state": "ISSUED", "replacedBy": None},
    ]


async def test_a_notice_replaced_by_one_that_is_gone_has_no_successor(doors: Doors) -> None:
    """The link leads nowhere, and no error is made of it."""
    change(doors, replaced_by=NoticeId("N-GONE"))

    assert (await march(doors, "replacedBy { number }")) == {"replacedBy": None}


@pytest.mark.parametrize("period", ["2027-01", "2025-12", "0001-01", "9999-12"])
async def test_a_month_without_a_notice_has_none(period: str, doors: Doors) -> None:
    """Null without an error means that there is none."""
    query = f'{{ viewer {{ tenant {{ rentalAccounts {{ notice(period: "{period}") {{ number }} }} }} }} }}'

    assert await doors.ask(query) == {"data": {"viewer": {"tenant": {"rentalAccounts": [{"notice": None}]}}}}


async def test_oddities_of_a_notice_are_told(doors: Doors) -> None:
    """What was unreadable and left out is known to the reader."""
    change(
        doors,
        number=None,
        collection_on=date(2026, 3, 12),
        lines=(NoticeLine(**{**_fields(doors), "quantity_litres": None}),),
        issues=(DataQualityIssue(DataQualityCode.UNREADABLE_AMOUNT, "period_total", "12,3,4"),),
    )

    notice = await march(doors, "number collectionOn provenance { issues { code field } } lines { quantity }")

    assert notice == {
        "number": None,
        "collectionOn": "2026-03-12",
        "provenance": {"issues": [{"code": "UNREADABLE_AMOUNT", "field": "periodTotal"}]},
        "lines": [{"quantity": None}],
    }


def _fields(doors: Doors) -> dict[str, Any]:
    line = doors.landlord.books.notices[ACCOUNT][0].lines[0]
    return {"kind": line.kind, "label": line.label, "direction": line.direction, "amount": line.amount}


DOCUMENT = """document { kind title on mediaType byteSize sha256 availability accessible downloadUrl
    provenance { source issues { code field message } } }"""


async def test_a_document_shows_what_the_index_says(doors: Doors) -> None:
    """The link is the session's own, for this document, for five minutes."""
    notice = legible(await march(doors, DOCUMENT), doors.parts.seals)

    assert notice["document"] == {
        "kind": "RENT_NOTICE",
        "title": "Avis de mars 2026",
        "on": "2026-02-28",
        "mediaType": "application/pdf",
        "byteSize": len(PDF),
        "sha256": None,
        "availability": "AVAILABLE",
        "accessible": False,
        "downloadUrl": "https://account.example.org/documents/"
        "session-T-CAMILLE | D-2026-03 | Avis de mars 2026.pdf | 1773740100",
        "provenance": {"source": "DOCUMENT_STORE", "issues": []},
    }


async def test_a_file_is_saved_under_a_name_in_the_readers_language(doors: Doors) -> None:
    """English on request."""
    notice = legible(await march(doors, "document { title downloadUrl }", "en"), doors.parts.seals)

    assert notice["document"]["title"] == "Notice for March 2026"
    assert " | Notice for March 2026.pdf | " in notice["document"]["downloadUrl"]


@pytest.mark.parametrize("availability", [DocumentAvailability.BEING_PREPARED, DocumentAvailability.MISSING])
async def test_a_document_that_cannot_be_had_has_no_link(availability: DocumentAvailability, doors: Doors) -> None:
    """No link leads to nothing; what the store lacks is told beside the amounts, which stay."""
    documents = doors.landlord.books.documents
    issue = DataQualityIssue(DataQualityCode.DOCUMENT_MISSING, "availability")
    documents[MARCH_NOTICE] = replace(documents[MARCH_NOTICE], availability=availability, issues=(issue,))

    document = (await march(doors, DOCUMENT))["document"]

    assert (document["availability"], document["downloadUrl"]) == (availability.value, None)
    assert document["provenance"]["issues"] == [
        {
            "code": "DOCUMENT_MISSING",
            "field": "availability",
            "message": "Le document est introuvable pour le moment ; les montants restent affichés.",
        }
    ]
