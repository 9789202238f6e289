"""Whose account it is, by the conventions of the landlord."""

from typing import Any

import pytest

from gateway.domain.source import Origin, SourceSystem
from gateway.ports.answers import MISSING, Failed, Seen
from gateway.ports.errors import UpstreamRefusedError
from tests.adapters.erp_tryton.conftest import NOW, Erp, connected, soon, values
from tests.adapters.erp_tryton.scripted import SIGNED_IN, binding, error, result
from tests.support.chaos import chaos

LEASE, GARAGE = "000101/01", "000101/02"
PRINCIPAL, CO_HOLDER = "Titulaire", "Co-titulaire"


async def _holders(erp: Erp, *references: str) -> dict[str, list[str]]:
    """The numbers of the holders of each account, none for one that has none."""
    answer = await erp.tenancy.holders_of(references, deadline=soon())
    told = {key: found for key, found in answer.items() if found != MISSING}
    return {key: [] for key in references} | {key: [it.id for it in files] for key, files in values(told).items()}


def _number(party: str, lease: str) -> dict[str, Any]:
    """A party's number of a lease, as the first question asks for it."""
    return {"code": lease, "party.": {"code": party}}


def _bound(party: str, lease: str, *, role: str = PRINCIPAL, number: int = 1, active: bool = True) -> dict[str, Any]:
    """The same with whom and what it is about, as the second question asks for it."""
    address = dict.fromkeys(
        ("building_name", "unit_number", "building_number", "street_name", "street_unstructured", "postal_code", "city")
    )
    return binding(party, lease, role=role) | {"id": number, "address.": {"id": 1, "active": active, **address}}


def _file(party: str) -> dict[str, Any]:
    return {"code": party, "name": "Inès Seule", "contact_mechanisms.": []}


async def test_an_account_is_its_principal_holders(erp: Erp) -> None:
    """With their file: the name, and the address that can be written to."""
    answer = await erp.tenancy.holders_of(["4120001"], deadline=soon())

    files = await erp.tenancy.tenants([values(answer)["4120001"][0].id], deadline=soon())
    assert values(answer)["4120001"] == tuple(values(files).values())
    assert [found.origin for found in answer.values() if isinstance(found, Seen)] == [
        Origin(SourceSystem.RENT_ERP, as_of=None, fetched_at=NOW)
    ]


async def test_it_costs_three_questions(erp: Erp) -> None:
    """Their leases, who else is on those, their files."""
    erp.calls.clear()

    await _holders(erp, "4120001", "4120009")

    assert erp.calls == [
        "model.party.identifier.search_read",
        "model.party.identifier.search_read",
        "model.party.party.search_read",
    ]


async def test_an_account_nobody_has_costs_one_question(erp: Erp) -> None:
    """There is nothing to ask about further."""
    erp.calls.clear()

    assert await _holders(erp, "4129999") == {"4129999": []}
    assert erp.calls == ["model.party.identifier.search_read"]


async def test_who_is_no_principal_holder_has_no_account(erp: Erp) -> None:
    """A co-holder, a former holder and a guarantor have numbers in Tryton, and no lease is charged to those."""
    references = ("4120003", "4120016", "4120023", "BAILLEUR")

    assert await _holders(erp, *references) == {key: [] for key in references}


async def test_the_co_holder_is_not_told_with_the_holders_account(erp: Erp) -> None:
    """The right reference with the name of the co-holder opens nothing."""
    assert await _holders(erp, "4120002") == {"4120002": ["4120002"]}


async def test_of_two_principal_holders_both_are_told_on_the_account_of_the_first(erp: Erp) -> None:
    """The rent goes to the account of the first one; nothing is charged to that of the second."""
    assert await _holders(erp, "4120021", "4120022") == {"4120021": ["4120021", "4120022"], "4120022": []}


async def test_the_holder_of_a_lease_that_has_ended_is_told(erp: Erp) -> None:
    """There may be a deposit to give back."""
    assert await _holders(erp, "4120012") == {"4120012": ["4120012"]}


async def test_zeros_that_fill_up_a_short_number_are_taken_off() -> None:
    """Account 12 is `0012` to us and `12` to Tryton; what is nothing but zeros is no account."""
    said = result([_number("12", LEASE)]), result([_bound("12", LEASE)]), result([_file("12")])
    with chaos(SIGNED_IN, *said) as server:
        async with connected(server.url) as erp:
            told = await _holders(erp, "0012", "0000")

    assert told == {"0012": ["12"], "0000": []}
    assert b'["party.code","in",["12"]]' in server.requests[1]


async def test_the_second_holder_of_an_ended_lease_gives_way_to_the_running_one() -> None:
    """Whoever has moved out does not share the account with who stays."""
    numbers = [_number("1", LEASE), _number("1", GARAGE)]
    bound = [_bound("1", LEASE, active=False), _bound("2", LEASE, number=2, active=False), _bound("1", GARAGE)]
    with chaos(SIGNED_IN, result(numbers), result(bound), result([_file("1"), _file("2")])) as server:
        async with connected(server.url) as erp:
            told = await _holders(erp, "1")

    assert told == {"1": ["1"]}


async def test_a_lease_charged_to_another_account_tells_nothing_of_this_one() -> None:
    """Party 2 is principal holder of a lease on the account of party 1, and co-holder of one that has no principal."""
    numbers = [_number("2", LEASE), _number("2", GARAGE)]
    bound = [_bound("2", LEASE, number=2), _bound("1", LEASE), _bound("2", GARAGE, role=CO_HOLDER)]
    with chaos(SIGNED_IN, result(numbers), result(bound), result([_file("1"), _file("2")])) as server:
        async with connected(server.url) as erp:
            told = await _holders(erp, "2")

    assert told == {"2": []}


@pytest.mark.parametrize(
    ("numbers", "bound", "files", "text"),
    [
        ([{"code": 5, "party.": {"code": "1"}}], [], [], "holders_of: cannot read code"),
        ([_number("1", LEASE)], [{"code": LEASE, "party.": None}], [], "holders_of: cannot read party."),
        ([_number("1", LEASE)], [_bound("1", LEASE)], [{"code": "1", "name": 5}], "tenants: cannot read name"),
    ],
)
async def test_what_cannot_be_read_fails_its_account_alone(
    numbers: list[dict[str, Any]], bound: list[dict[str, Any]], files: list[dict[str, Any]], text: str
) -> None:
    """Nobody knows whom it is about; the neighbour's account is answered."""
    said = (
        result([*numbers, _number("2", GARAGE)]),
        result([*bound, _bound("2", GARAGE)]),
        result([*files, _file("2")]),
    )
    with chaos(SIGNED_IN, *said) as server:
        async with connected(server.url) as erp:
            answer = await erp.tenancy.holders_of(["1", "2"], deadline=soon())

    failed = answer["1"]
    assert isinstance(failed, Failed)
    assert str(failed.error) == f"RENT_ERP.{text}"
    assert isinstance(answer["2"], Seen)


@pytest.mark.parametrize("answered", range(3))
async def test_a_question_that_fails_is_an_error_and_no_stranger(answered: int) -> None:
    """Whichever of the three it is: « unknown » would be an answer."""
    said = (result([_number("1", LEASE)]), result([_bound("1", LEASE)]))[:answered]
    with chaos(SIGNED_IN, *said, error("UserError", [])) as server:
        async with connected(server.url) as erp:
            with pytest.raises(UpstreamRefusedError):
                await erp.tenancy.holders_of(["1"], deadline=soon())
