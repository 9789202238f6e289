"""What operations cost: objects times the sizes of lists, through fragments, as variables tell; too much is refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import process_time
from typing import Any

import pytest
import strawberry
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionNode,
    VariableNode,
    get_named_type,
    parse,
)
from hypothesis import given
from hypothesis import strategies as st

from gateway.schema.cost import MOST, MUTATION, directive_of, is_list
from gateway.schema.directives import PAGED, Cost, ListSize, sized
from gateway.schema.documents import Asked
from gateway.schema.limits import ANALYST, PUBLIC, Limit, Limits, by_view
from gateway.schema.operations import Operations, Prepared
from gateway.schema.policy import composites
from gateway.schema.reading import Rejected
from gateway.schema.survey import Surveyor
from gateway.schema.views import View
from gateway.telemetry.metrics import Metrics
from tests.operations.catalogue import OPERATIONS
from tests.schema.matrix import BUILT, GRAPH


def page(first: int = 20) -> "Page":
    """Nothing is ever executed here."""
    raise NotImplementedError


def named(ids: list[strawberry.ID] | None = None) -> list["Item"]:
    """Nor here."""
    raise NotImplementedError


@strawberry.type
class Item:
    """Something of each kind."""

    name: str
    one: "Item"
    heavy: "Item" = strawberry.field(directives=[Cost(weight="5")])
    weighty: int = strawberry.field(directives=[Cost(weight="7")])
    two: list["Item"] = strawberry.field(directives=[sized(2)])
    words: list[str] = strawberry.field(directives=[sized(2)])
    unsized: list["Item"]
    page: "Page" = strawberry.field(resolver=page, directives=[PAGED])
    named: list["Item"] = strawberry.field(resolver=named, directives=[sized(9, by="ids")])


@strawberry.type
class Page:
    """A connection; `others` is a list that the page's size says nothing of."""

    edges: list[Item] = strawberry.field(directives=[sized(3)])
    others: list[Item] = strawberry.field(directives=[sized(3)])


@strawberry.type
class Query(Item):
    """The root."""


@strawberry.type
class Mutation:
    """What changes something."""

    change: Item


TOY = strawberry.Schema(Query, Mutation)._schema  # noqa: SLF001 - Strawberry has no public way to its own schema


def cost(document: str, **variables: object) -> int:
    """The cost of the only operation of a document."""
    [plan] = Surveyor(TOY).survey(parse(document)).plans.values()
    return plan.cost(variables)


COSTS = {
    "{ name }": 0,
    "{ __typename }": 0,
    "{ one { name } }": 1,
    "{ one { one { name } one { name } } }": 3,
    "{ heavy { name } }": 6,
    "{ weighty two { weighty } }": 23,
    "{ two { name } }": 2,
    "{ two { one { two { name } } } }": 2 * (1 + 1 + 2),
    "{ words }": 0,
    "{ unsized { name } }": 10,
    "mutation { change { name } }": MUTATION + 1,
    "{ page(first: 7) { edges { name } } }": 1 + 7,
    "{ page { edges { name } } }": 1 + 20,
    "{ page(first: -7) { edges { name } } }": 1,
    "{ page(first: 7) { others { name } } }": 1 + 3,
    "{ page(first: 7) { edges { one { name } } others { name } } }": 1 + 7 * 2 + 3,
    "{ page(first: null) { edges { name } } }": 1 + 20,
    '{ named(ids: ["a", "b"]) { name } }': 2,
    '{ named(ids: "a") { name } }': 1,
    "{ named { name } }": 9,
    "{ two @skip(if: true) { name } }": 0,
    "{ two @include(if: false) { name } }": 0,
    "{ two @skip(if: false) @include(if: true) { name } }": 2,
    "query($v: Boolean!) { two @include(if: $v) { name } }": 2,
    "{ ... @skip(if: true) { two { name } } ... { one { name } } }": 1,
    "{ ...f @include(if: false) ...f } fragment f on Query { two { name } }": 2,
    "{ page(first: 7) { ...f } } fragment f on Page { ...g } fragment g on Page { edges { name } }": 1 + 7,
    "{ a: page(first: 7) { ...f } b: page(first: 8) { ...f } two { page(first: 9) { ...f } } } "
    "fragment f on Page { edges { name } }": 1 + 7 + 1 + 8 + 2 * (1 + 1 + 9),
    "{ ... on Page { edges { name } } }": 3,
    "{ page(first: 2147483647) { edges { page(first: 2147483647) { edges { name } } } } }": MOST,
    "{ nothing { two { name } } ...nowhere }": 0,
}


@pytest.mark.parametrize("document", COSTS)
def test_an_operation_has_a_cost(document: str) -> None:
    """Known from its text; what is no field costs nothing, for it will not run."""
    assert cost(document) == COSTS[document]


PAGES = "query($n: Int = 5, $i: [ID!]) { page(first: $n) { edges { named(ids: $i) { name } } } }"


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, 1 + 5 * (1 + 9)),
        ({"n": 2}, 1 + 2 * (1 + 9)),
        ({"n": 2.0, "i": ["a"]}, 1 + 2 * (1 + 1)),
        ({"n": None, "i": None}, 1 + 20 * (1 + 9)),
        ({"n": 0, "i": []}, 1),
        ({"n": -3}, 1),
        ({"n": 2, "i": "a"}, 1 + 2 * (1 + 1)),
        ({"n": 2**31}, 1 + (1 + 9)),
        ({"n": float("inf"), "i": {"not": "a list"}}, 1 + (1 + 1)),
    ],
)
def test_variables_tell_sizes(variables: Mapping[str, Any], expected: int) -> None:
    """Given, left out or null; what does not fit will not run, whatever it is reckoned at."""
    assert cost(PAGES, **variables) == expected


def test_each_operation_of_a_document_has_its_own_cost() -> None:
    """And its own defaults of variables, also below the same fragment."""
    document = "query a($n: Int = 2) { ...f } query b($n: Int = 3) { ...f } query { name } "
    document += "fragment f on Query { page(first: $n) { edges { name } } }"

    plans = Surveyor(TOY).survey(parse(document)).plans

    assert {name: plan.cost({}) for name, plan in plans.items()} == {"a": 1 + 2, "b": 1 + 3, None: 0}


FIELDS = {
    "Item": ["name", "one", "heavy", "two", "unsized", "page", "page(first: 3)", "page(first: $n)", "named(ids: $i)"],
    "Page": ["edges", "others"],
}
FRAGMENTS = {"f": "Item", "p": "Page", "g": "Item", "q": "Page"}
"""With their types; each may contain those named after it."""


@st.composite
def _selections(draw: st.DrawFn, kind: str, spread: tuple[str, ...], levels: int = 3) -> str:
    """A selection set on that type."""
    fields = FIELDS[kind] if levels or kind == "Page" else ["name"]
    chosen = []
    for _ in range(draw(st.integers(1, 3))):
        name = draw(st.sampled_from([*fields, *(f"...{one}" for one in spread if FRAGMENTS[one] == kind)]))
        below = "Page" if name.startswith("page") else "Item"
        is_whole = name == "name" or name.startswith("...")
        chosen.append(name if is_whole else f"{name} {draw(_selections(below, spread, max(0, levels - 1)))}")
    return "{ " + " ".join(chosen) + " }"


@st.composite
def documents(draw: st.DrawFn) -> str:
    """A document of one operation and some fragments."""
    names = tuple(FRAGMENTS)
    fragments = [
        f"fragment {name} on {FRAGMENTS[name]} {draw(_selections(FRAGMENTS[name], names[place:], 2))}"
        for place, name in enumerate(names, 1)
    ]
    return f"query($n: Int, $i: [ID!]) {draw(_selections('Item', names))} " + " ".join(fragments)


@dataclass
class Naive:
    """Reckons by walking down, fragments written out; `above` tells the sizes that the field above tells."""

    fragments: Mapping[str, FragmentDefinitionNode]
    sizes: Mapping[str, int]

    def cost(self, nodes: Sequence[SelectionNode], kind: str, above: Mapping[str, int]) -> int:
        """The cost of a selection set."""
        return sum(self._one(node, kind, above) for node in nodes)

    def _one(self, node: SelectionNode, kind: str, above: Mapping[str, int]) -> int:
        if isinstance(node, FragmentSpreadNode):
            return self.cost(self.fragments[node.name.value].selection_set.selections, kind, above)
        assert isinstance(node, FieldNode)
        match node.name.value:
            case "name":
                return 0
            case "page":
                return 1 + self._below(node, "Page", {"edges": self._size(node, 20)})
            case "named":
                return self._size(node, 9) * (1 + self._below(node, "Item", {}))
            case name:
                size = above.get(name, {"two": 2, "unsized": 10, "edges": 3, "others": 3}.get(name, 1))
                return 5 * (name == "heavy") + size * (1 + self._below(node, "Item", {}))

    def _below(self, node: FieldNode, kind: str, sizes: Mapping[str, int]) -> int:
        assert node.selection_set
        return self.cost(node.selection_set.selections, kind, sizes)

    def _size(self, node: FieldNode, otherwise: int) -> int:
        if not node.arguments:
            return otherwise
        value = node.arguments[0].value
        if isinstance(value, IntValueNode):
            return int(value.value)
        assert isinstance(value, VariableNode)
        return self.sizes[value.name.value]


@given(documents(), st.integers(0, 5), st.integers(0, 5))
def test_the_cost_is_as_if_fragments_were_written_out(text: str, first: int, ids: int) -> None:
    """Adding each fragment up once, for whatever variables, finds what walking down with these would."""
    document = parse(text)
    operation, *fragments = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    named = {one.name.value: one for one in fragments if isinstance(one, FragmentDefinitionNode)}

    reckoned = cost(text, n=first, i=["a"] * ids)

    naive = Naive(named, {"n": first, "i": ids})
    assert reckoned == naive.cost(operation.selection_set.selections, "Item", {})


def test_a_bomb_of_fragments_is_added_up_in_no_time() -> None:
    """Thirty that spread each other twice: a thousand million objects, reckoned at once."""
    bomb = "{ ...f0 }" + "".join(f" fragment f{n} on Query {{ ...f{n + 1} ...f{n + 1} }}" for n in range(30))
    began = process_time()

    reckoned = cost(bomb + " fragment f30 on Query { one { name } }")

    assert (reckoned, process_time() - began < 0.05) == (2**30, True)


def test_every_list_of_the_schema_says_how_long_it_is() -> None:
    """By itself, or by every field that leads to it: none is reckoned at what nobody thought of."""
    fields = {
        f"{name}.{field}": found for name, kind in composites(GRAPH).items() for field, found in kind.fields.items()
    }
    sized_above = {
        f"{get_named_type(found.type).name}.{inner}"
        for found in fields.values()
        if (above := directive_of(found, ListSize)) and above.sized_fields
        for inner in above.sized_fields
    }
    lists = {name for name, found in fields.items() if is_list(found)}

    assert {name for name in lists - sized_above if directive_of(fields[name], ListSize) is None} == set()


def test_sizes_are_told_by_arguments_that_there_are() -> None:
    """One at most, of the field itself, and fields of what it leads to."""
    told = [
        (found, one)
        for kind in composites(GRAPH).values()
        for found in kind.fields.values()
        if (one := directive_of(found, ListSize))
    ]

    assert len(told) > 30
    for found, one in told:
        assert len(one.slicing_arguments or ()) <= 1
        assert {*(one.slicing_arguments or ())} <= found.args.keys()
        assert {*(one.sized_fields or ())} <= getattr(get_named_type(found.type), "fields", {}).keys()


NOTICES = "notices(first: $n) { edges { node { id } } }"
PLAIN = f"query($n: Int!) {{ viewer {{ tenant {{ rentalAccounts {{ {NOTICES} }} }} }} }}"
IN_FRAGMENTS = (
    "query($n: Int!) { ...f } fragment f on Query { viewer { tenant { ... { rentalAccounts { ...g } } } } } "
    f"fragment g on RentalAccount {{ {NOTICES} }}"
)


def prepared(operations: Operations, document: str, **variables: object) -> Prepared | Rejected:
    """What becomes of a document that a tenant sends."""
    return operations.prepare(Asked(document, None, variables), View.TENANT, is_stranger=False)


def verdicts(metrics: Metrics) -> dict[tuple[str, str], float]:
    """How often which limit was exceeded, with which verdict."""
    samples = [one for metric in metrics.limits.collect() for one in metric.samples if one.name.endswith("_total")]
    return {(one.labels["limit"], one.labels["verdict"]): one.value for one in samples}


@pytest.mark.parametrize("tier", [PUBLIC, ANALYST], ids=["public", "analyst"])
@pytest.mark.parametrize("document", [PLAIN, IN_FRAGMENTS], ids=["plain", "in fragments"])
def test_an_operation_that_costs_too_much_is_refused(document: str, tier: Limits) -> None:
    """Known from the variables, in less than fifty milliseconds; what is told is the estimate and what is allowed."""
    allowed, metrics = tier.allowed[Limit.COST], Metrics()
    most = (allowed - 8) // 6
    operations = Operations(BUILT, limits=by_view(tier, tier), metrics=metrics)

    inside = prepared(operations, document, n=most)
    began = process_time()
    outside = prepared(operations, document, n=most + 1)
    seconds = process_time() - began

    assert isinstance(inside, Prepared)
    assert isinstance(outside, Rejected)
    assert [error.extensions for error in outside.errors] == [
        {"code": "GRAPHQL_COST_TOO_HIGH", "limit": "cost", "allowed": allowed, "estimated": 8 + 6 * (most + 1)}
    ]
    assert seconds < 0.05
    assert verdicts(metrics) == {("cost", "refused"): 1}


def test_a_cost_that_only_warns_is_counted() -> None:
    """Each time, for how often it happens is what a landlord wants to know before refusing it."""
    metrics, warning = Metrics(), PUBLIC.but({Limit.COST: 1}, warned=frozenset({Limit.COST}))
    operations = Operations(BUILT, limits=by_view(warning, ANALYST), metrics=metrics)

    outcomes = [prepared(operations, PLAIN, n=1) for _ in range(3)]

    assert [type(outcome) for outcome in outcomes] == [Prepared] * 3
    assert verdicts(metrics) == {("cost", "warned"): 3}


def test_what_our_clients_send_costs_little() -> None:
    """Half of what is allowed, at most."""
    operations = Operations(BUILT)

    found = {one.name: prepared(operations, one.document) for one in OPERATIONS}

    costs = {name: one.cost for name, one in found.items() if isinstance(one, Prepared)}
    assert costs == {"web_home": 346, "mobile_home": 56, "balance_explained": 401}
