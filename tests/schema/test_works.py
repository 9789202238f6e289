"""Works: what is planned and under way, whom to let in, and what they may give a right to."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from gateway.domain.identifiers import WorksId
from gateway.domain.lease import LeaseState
from gateway.domain.source import DataQualityCode, DataQualityIssue
from gateway.domain.works import Contractor, WorksState
from tests.support.doors import Doors
from tests.support.household import CAMILLE, DWELLING, GARAGE


async def works(doors: Doors, fields: str, argument: str = "") -> Any:
    """What each of Camille's works answers to `fields`."""
    answer = await doors.ask(f"{{ viewer {{ tenant {{ works{argument} {{ {fields} }} }} }} }}")
    assert "errors" not in answer, answer
    return answer["data"]["viewer"]["tenant"]["works"]


async def test_works_show_all_that_their_system_has(doors: Doors) -> None:
    """News came in four days late: both moments are told. After 21 days in the dwelling the rent may be reduced."""
    [windows, lift] = await works(
        doors,
        """title description state scope impacts startsOn expectedEndOn endedOn contractor { name phone }
        accessRequired rentReductionFrom updates { at recordedAt message } provenance { source }""",
    )

    assert windows == {
        "title": "Remplacement des fenêtres",
        "description": None,
        "state": "IN_PROGRESS",
        "scope": "DWELLING",
        "impacts": ["NOISE"],
        "startsOn": "2026-03-02",
        "expectedEndOn": "2026-04-30",
        "endedOn": None,
        "contractor": {"name": "Menuiserie du Saulcy", "phone": "+33353010042"},
        "accessRequired": True,
        "rentReductionFrom": "2026-03-23",
        "updates": [
            {
                "at": "2026-03-10T07:00:00+00:00",
                "recordedAt": "2026-03-14T15:00:00+00:00",
                "message": "Pose commencée au troisième étage.",
            }
        ],
        "provenance": {"source": "WORKS"},
    }
    assert (lift["scope"], lift["accessRequired"], lift["rentReductionFrom"]) == ("COMMON_PARTS", False, None)


@pytest.mark.parametrize(
    ("contractor", "shown"),
    [(None, None), (Contractor("Weber", None), {"name": "Weber", "phone": None})],
)
async def test_a_firm_may_be_unknown_or_unreachable(contractor: Contractor | None, shown: object, doors: Doors) -> None:
    """Null where nothing usable is known."""
    windows, lift = doors.landlord.books.works[DWELLING]
    issue = DataQualityIssue(DataQualityCode.UNUSABLE_CONTACT, "contractor", "bureau")
    doors.landlord.books.works[DWELLING] = (replace(windows, contractor=contractor, issues=(issue,)), lift)

    first, _ = await works(doors, "contractor { name phone } provenance { issues { code } }")

    assert first == {"contractor": shown, "provenance": {"issues": [{"code": "UNUSABLE_CONTACT"}]}}


STATES = [state.value for state in WorksState]


@pytest.mark.parametrize(
    ("argument", "states"),
    [
        ("", ["ANNOUNCED", "IN_PROGRESS", "SUSPENDED", "UNKNOWN"]),
        ("(states: [COMPLETED])", ["COMPLETED"]),
        ("(states: [])", []),
        ("(states: null)", STATES),
    ],
)
async def test_works_that_are_over_are_told_on_demand(argument: str, states: list[str], doors: Doors) -> None:
    """By default what is to come, what goes on, and what we cannot tell."""
    sample, _ = doors.landlord.books.works[DWELLING]
    doors.landlord.books.works = {
        DWELLING: tuple(replace(sample, id=WorksId(state), state=state) for state in WorksState)
    }

    assert [one["state"] for one in await works(doors, "state", argument)] == states


async def test_works_on_several_leases_are_told_once(doors: Doors) -> None:
    """The lift serves dwelling and garage; one call asks for both."""
    found = await works(doors, "title")

    assert [one["title"] for one in found] == ["Remplacement des fenêtres", "Rénovation de l'ascenseur"]
    assert doors.landlord.calls("works") == [(DWELLING, GARAGE)]


async def test_works_at_a_former_home_do_not_concern_the_tenant(doors: Doors) -> None:
    """Who has moved out of the dwelling hears of the garage only."""
    dwelling, garage = doors.landlord.books.leases_of[CAMILLE]
    ended = replace(dwelling, state=LeaseState.ENDED, ends_on=date(2026, 1, 31))
    doors.landlord.books.leases_of[CAMILLE] = (garage, ended)

    assert [one["title"] for one in await works(doors, "title")] == ["Rénovation de l'ascenseur"]
    assert doors.landlord.calls("works") == [(GARAGE,)]


async def test_a_lease_unknown_to_the_works_system_has_no_works(doors: Doors) -> None:
    """There are none, and no error."""
    doors.landlord.books.works.clear()

    assert await works(doors, "title") == []
