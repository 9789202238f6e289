"""Who reads what: the policies of all fields against a matrix that people have read and agreed on.

When a policy changes on purpose, `python -m tests.schema.matrix > tests/schema/golden/policy.csv` writes it again; the
change of that file is what a reviewer looks at.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from graphql import GraphQLField, parse, validate

from gateway.domain.access import Role
from gateway.schema.directives import Access
from gateway.schema.policy import access_of, composites, own_fields, policy_faults, readable
from gateway.schema.seals import Purpose
from gateway.schema.views import AUDIENCES, View, cut
from tests.schema.matrix import GOLDEN, GRAPH, VIEWS, as_csv, golden, matrix
from tests.schema.test_node import ROUND_TRIPS
from tests.schema.ways import Way, some_value, ways
from tests.support.doors import CAMILLE_TOKEN, Doors

pytestmark = pytest.mark.thorough

AGREED = golden()
WAYS = ways(GRAPH)
BY_VIEWER = ways(cut(GRAPH, readable(GRAPH, AUDIENCES["TENANT"]) - {"Query.node", "Query.nodes"}))
"""Ways of tenants that do not use an id."""

OWN = {
    f"{name}.{field}": definition
    for name, kind in composites(GRAPH).items()
    for field, definition in own_fields(kind).items()
}
"""Fields where they are declared; objects have those of their interfaces with the same policy."""


def test_the_policies_are_those_agreed_on() -> None:
    """Every field and every audience, as committed."""
    assert as_csv(matrix()) == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize("view", View)
def test_each_view_gives_each_field_the_agreed_verdict(view: View) -> None:
    """For every field the shortest document that asks for it is accepted or refused by validation itself."""
    graph = VIEWS[view]
    here = ways(graph)

    verdicts = {}
    for coordinate in AGREED:
        document = here.get(coordinate, WAYS[coordinate]).document
        verdicts[coordinate] = "refused" if validate(graph, parse(document)) else "read"

    assert verdicts == {coordinate: row[view] for coordinate, row in AGREED.items()}


def variables(way: Way, doors: Doors) -> dict[str, Any]:
    """Values for the variables of a way; an id is that of one of Camille's objects of the kind the way goes on to."""
    values = {name: some_value(kind) for name, kind in way.variables.items()}
    if "id0" in values and len(way.steps) > 1:
        key, _, _ = ROUND_TRIPS.get(way.steps[1].name, ROUND_TRIPS["Lease"])
        values["id0"] = doors.parts.seals.seal(Purpose.NODE, way.steps[1].name, *key)
    return values


def leaves(answer: object) -> list[object]:
    """Everything in an answer that says something."""
    match answer:
        case dict():
            return [leaf for value in answer.values() for leaf in leaves(value)]
        case list():
            return [leaf for value in answer for leaf in leaves(value)]
        case _:
            return [] if answer is None else [answer]


@pytest.mark.parametrize("known", [WAYS, BY_VIEWER], ids=["by the shortest way", "by the viewer"])
async def test_a_stranger_gets_no_value_of_what_is_the_tenants(known: dict[str, Way], doors: Doors) -> None:
    """Field by field: the question is accepted, the answer is empty, no system is asked. Camille gets hers."""
    asked = {name: known[name] for name, row in AGREED.items() if row["STRANGER"] == "null" and name in known}

    strangers, tenants = {}, {}
    for coordinate, way in asked.items():
        answer = await doors.ask(way.document, variables(way, doors), token=None)
        strangers[coordinate] = (leaves(answer["data"]), "errors" in answer)
    asked_of_systems = len(doors.landlord.journal)
    for coordinate, way in asked.items():
        if way.root == "query":
            answer = await doors.ask(way.document, variables(way, doors), token=CAMILLE_TOKEN)
            tenants[coordinate] = leaves(answer["data"])

    assert {coordinate: told for coordinate, told in strangers.items() if told[0] or told[1]} == {}
    assert asked_of_systems == 0
    assert sum(map(bool, tenants.values())) > len(tenants) / 2


async def test_a_stranger_reads_what_is_open(doors: Doors) -> None:
    """What is open to strangers is answered without an error."""
    for coordinate, row in AGREED.items():
        way = WAYS[coordinate]
        if row["STRANGER"] == "read" and way.root == "query":
            answer = await doors.ask(way.document, variables(way, doors), token=None)
            assert "errors" not in answer, coordinate


async def test_a_stranger_changes_only_what_is_open(doors: Doors) -> None:
    """A mutation that is not open to strangers is refused before it runs."""
    refused = [name for name, row in AGREED.items() if (row["STRANGER"], row["TENANT"]) == ("refused", "read")]

    for coordinate in refused:
        way = WAYS[coordinate]
        response = await doors.post({"query": way.document, "variables": variables(way, doors)})
        codes = [error["extensions"]["code"] for error in response.json()["errors"]]
        assert (coordinate, codes) == (coordinate, ["NOT_SIGNED_IN"])


@contextmanager
def policy(field: GraphQLField, access: Access | None) -> Iterator[None]:
    """Another policy for a field, or none, for the time of the block."""
    definition = field.extensions["strawberry-definition"]
    before = definition.directives
    others = [one for one in before if not isinstance(one, Access)]
    definition.directives = others if access is None else [access, *others]
    try:
        yield
    finally:
        definition.directives = before


def test_no_policy_can_be_forgotten() -> None:
    """Without any one of them the build fails, and names it."""
    assert policy_faults(GRAPH, AUDIENCES) == []

    for coordinate, field in OWN.items():
        with policy(field, None):
            assert policy_faults(GRAPH, AUDIENCES) == [f"{coordinate} has no policy"]


def changed(access: Access) -> Iterator[tuple[str, Access]]:
    """Every policy that differs from `access` in one grant, and the audience that it concerns."""
    for role in Role:
        others = [one for one in access.roles if one is not role]
        yield role.value, replace(access, roles=others if role in access.roles else [*others, role])
    yield "STRANGER", replace(access, strangers=not access.strangers)
    if not access.strangers:
        yield "RENEWING", replace(access, renewing=not access.renewing)


def test_no_single_grant_can_change_unseen() -> None:
    """One field given to one audience more, or to one less, changes the matrix or fails the build."""
    before = {audience: readable(GRAPH, may) for audience, may in AUDIENCES.items()}

    unseen = []
    for coordinate, field in OWN.items():
        for audience, access in changed(access_of(field) or pytest.fail(coordinate)):
            may = {audience: AUDIENCES[audience]}
            with policy(field, access):
                if readable(GRAPH, may[audience]) == before[audience] and not policy_faults(GRAPH, may):
                    unseen.append((coordinate, audience))

    assert unseen == []
