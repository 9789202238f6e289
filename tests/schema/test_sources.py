"""Health of the systems behind the gateway, and the origin of each value with its sealed proof."""

from dataclasses import replace
from typing import Any

import pytest

from gateway.domain.access import Role
from gateway.domain.source import DataQualityCode, DataQualityIssue, SourceSystem
from gateway.ports.errors import Call, UpstreamUnavailableError
from gateway.schema.seals import Purpose
from tests.support.doors import NOOR_TOKEN, STAFF_TOKENS, Doors
from tests.support.household import METZ
from tests.support.legible import legible

SOURCES = "{ sources { system label health since statement } }"
SINCE = {"since": "2026-03-17T09:30:00+00:00"}
UP = SINCE | {"health": "UP", "statement": "Ce service répond normalement."}


async def test_the_health_of_each_connected_system_is_public(doors: Doors) -> None:
    """A stranger sees which services answer, without figures and without asking any of them."""
    answer = await doors.ask(SOURCES, token=None)

    assert answer["data"]["sources"] == [
        UP | {"system": "RENT_ERP", "label": "Gestion locative"},
        UP | {"system": "METERING", "label": "Relevé des compteurs"},
        UP | {"system": "WORKS", "label": "Suivi des travaux"},
        UP | {"system": "DOCUMENT_STORE", "label": "Documents"},
        UP | {"system": "DIRECTORY", "label": "Annuaire du bailleur"},
    ]
    assert doors.landlord.journal == []


async def test_a_system_that_fails_is_seen_to_fail(doors: Doors) -> None:
    """One failure is a difficulty, the third in a row a silence; the other systems stay up."""
    doors.landlord.failing["offices"] = UpstreamUnavailableError(Call(SourceSystem.DIRECTORY, "offices"))
    answers = []
    for _ in range(3):
        await doors.ask("{ offices { name } }")
        answers.append(await doors.ask("{ sources { system health statement } }"))

    degraded = "Ce service répond avec des difficultés ; certaines informations peuvent manquer."
    assert [answer["data"]["sources"][4] for answer in answers] == [
        *[{"system": "DIRECTORY", "health": "DEGRADED", "statement": degraded}] * 2,
        {"system": "DIRECTORY", "health": "DOWN", "statement": "Ce service ne répond pas pour le moment."},
    ]
    assert {one["health"] for one in answers[2]["data"]["sources"][:4]} == {"UP"}


def refusals(answer: dict[str, Any]) -> list[str]:
    """Why nothing was answered: what is not for somebody does not exist for them."""
    assert set(answer) == {"errors"}
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"GRAPHQL_VALIDATION_FAILED"}
    return [error["message"] for error in answer["errors"]]


@pytest.mark.parametrize(
    ("token", "sees"),
    [(None, False), (NOOR_TOKEN, False), *((token, role is Role.OPERATOR) for role, token in STAFF_TOKENS.items())],
)
async def test_figures_are_for_operators(token: str | None, sees: bool, doors: Doors) -> None:
    """How often and how slowly a system answers is for IT alone."""
    doors.landlord.failing["offices"] = UpstreamUnavailableError(Call(SourceSystem.DIRECTORY, "offices"))
    await doors.ask("{ offices { name } }")

    answer = await doors.ask("{ sources { errorRate p95Milliseconds } }", token=token)

    if sees:
        figures = answer["data"]["sources"][4]
        assert (figures["errorRate"], figures["p95Milliseconds"] is None) == (1.0, False)
    else:
        assert refusals(answer) == [
            "Cannot query field 'errorRate' on type 'SourceStatus'.",
            "Cannot query field 'p95Milliseconds' on type 'SourceStatus'.",
        ]


@pytest.mark.parametrize(
    ("token", "sees"),
    [
        (None, False),
        (NOOR_TOKEN, False),
        (STAFF_TOKENS[Role.ANALYST], False),
        (STAFF_TOKENS[Role.ADVISOR], True),
        (STAFF_TOKENS[Role.OPERATOR], True),
    ],
)
async def test_raw_values_are_for_those_who_mend_them(token: str | None, sees: bool, doors: Doors) -> None:
    """What stood in the legacy file is shown to advisors and IT, and to nobody else."""
    issue = DataQualityIssue(DataQualityCode.UNUSABLE_CONTACT, "phone", "poste 12")
    doors.landlord.books.offices = (replace(METZ, issues=(issue,)),)

    answer = await doors.ask("{ offices { provenance { issues { code rawValue } } } }", token=token)

    if sees:
        shown = {"code": "UNUSABLE_CONTACT", "rawValue": "poste 12"}
        assert answer["data"]["offices"] == [{"provenance": {"issues": [shown]}}]
    else:
        assert refusals(answer) == ["Cannot query field 'rawValue' on type 'DataQualityIssue'."]


async def test_a_context_token_says_who_saw_what_from_where(doors: Doors) -> None:
    """It opens to the session, the tenant, the object, its origin, and the figures shown; to nobody outside."""
    answer = await doors.ask("{ viewer { tenant { provenance { contextToken } } } }")

    token = answer["data"]["viewer"]["tenant"]["provenance"]["contextToken"]
    assert doors.parts.seals.open(Purpose.CONTEXT, token) == (
        "session-T-CAMILLE",
        "T-CAMILLE",
        "Tenant",
        "RENT_ERP",
        "",
        "2026-03-17T09:30:00+00:00",
        "LIVE",
        "2026-03-17T09:30:00+00:00",
        "greetingName=Camille",
    )


EXHIBITS = {
    "tenant { person { provenance { contextToken } } }": "firstName=Camille | lastName=Roussel",
    "tenant { rentalAccounts { provenance { contextToken } } }": "reference=0012345",
    "tenant { leases { provenance { contextToken } } }": "reference=0012345/01 | state=CURRENT",
    "tenant { leases { unit { provenance { contextToken } } } }": (
        "address=Bâtiment B, 3e étage, 4 rue des Tanneurs, 57000 METZ"
    ),
    "tenant { leases { advisor { provenance { contextToken } } } }": "displayName=Claude MEYER",
    "tenant { leases { office { provenance { contextToken } } } }": "name=Accueil de Metz",
    "tenant { leases { water { meters { provenance { contextToken } } } } }": (
        "lastReading=150.000 2026-02-28 | serialNumber=26-M-COLD"
    ),
    "tenant { works { provenance { contextToken } } }": "state=IN_PROGRESS | title=Remplacement des fenêtres",
    "tenant { rentalAccounts { ledger(first: 1) { edges { node { provenance { contextToken } } } } } }": (
        "amount=100.00 | direction=CREDIT | label=Paiement par carte | valueOn=2026-03-17"
    ),
    "tenant { rentalAccounts { notices(first: 1) { edges { node { provenance { contextToken } } } } } }": (
        "amountDue=443.71 | period=2026-03"
    ),
    "tenant { rentalAccounts { notices(first: 1) { edges { node { document { provenance { contextToken } } } } } } }": (
        "availability=AVAILABLE | period=2026-03"
    ),
    'tenant { rentalAccounts { balance(on: "2026-02-28") { provenance { contextToken } } } }': (
        "due=190.00 | on=2026-02-28 | state=DUE | unexplainedDifference="
    ),
}


@pytest.mark.parametrize("fields", EXHIBITS)
async def test_a_context_token_holds_the_figures_shown(fields: str, doors: Doors) -> None:
    """Whoever reports a figure reports exactly what was on the screen."""
    answer = await doors.ask(f"{{ viewer {{ {fields} }} }}")

    [first, *_] = tokens(legible(answer, doors.parts.seals))
    assert first.startswith("session-T-CAMILLE | T-CAMILLE | ")
    assert first.endswith(f" | {EXHIBITS[fields]}")


def tokens(answer: object) -> list[str]:
    """Every context token in an answer."""
    match answer:
        case {"contextToken": str(token)}:
            return [token]
        case dict():
            return [token for value in answer.values() for token in tokens(value)]
        case list():
            return [token for value in answer for token in tokens(value)]
        case _:
            return []


async def test_a_stranger_who_reports_an_office_is_nobody(doors: Doors) -> None:
    """The token of a public figure names no session and no tenant."""
    answer = await doors.ask("{ offices { provenance { contextToken } } }", token=None)

    opened = doors.parts.seals.open(Purpose.CONTEXT, answer["data"]["offices"][0]["provenance"]["contextToken"])
    assert opened[:4] == ("", "", "Office", "DIRECTORY")
