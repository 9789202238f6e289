"""The shape of documents: what is counted, through fragments as in the answer; our own clients are far below."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import (
    DocumentNode,
    ExecutableDefinitionNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    get_introspection_query,
    parse,
)
from hypothesis import given
from hypothesis import strategies as st

from gateway.schema import shape
from gateway.schema.limits import ANALYST, PUBLIC, Limit
from tests.operations import catalogue
from tests.operations.catalogue import OPERATIONS


def counts(document: DocumentNode) -> dict[Limit, int]:
    """All that is counted of a document."""
    return {limit: count for step in shape.steps(document) for limit, count in step.items()}


def test_a_fragment_that_nothing_spreads_is_counted_too() -> None:
    """Validation reads it like the others: alone, and when another has its name."""
    idle = f"fragment f on Query {{ x {{ {'a ' * 31} }} }}"

    alone, named_like_another = parse("{ x } " + idle), parse("{ ...f } " + idle + " fragment f on Query { x }")

    assert shape.exceeded(alone, PUBLIC) == shape.exceeded(named_like_another, PUBLIC) == [Limit.PLACE]


@pytest.mark.parametrize(
    "document",
    [
        "{ ...a } fragment a on Query { ...a }",
        "{ ...a } fragment a on Query { x { ...b } } fragment b on X { ... { ...a } }",
        "{ x } fragment a on Query { ...b } fragment b on Query { ...c } fragment c on Query { ...b }",
    ],
    ids=["itself", "each other", "unused"],
)
def test_fragments_that_contain_each_other_are_refused(document: str) -> None:
    """Nothing can be counted through them."""
    assert shape.exceeded(parse(document), ANALYST) == [Limit.CIRCLES]


@pytest.mark.parametrize(
    "document",
    [
        "{ ...nowhere x { ...nowhere } } type A { b: String }",
        "{ ...f } fragment f on X { ...nowhere }",
        "type A { b: String }",
    ],
)
def test_what_is_not_a_selection_is_left_to_validation(document: str) -> None:
    """An unknown fragment has nothing in it, and a definition of a type asks for nothing."""
    assert shape.exceeded(parse(document), PUBLIC) == []


def test_what_our_clients_send_is_served() -> None:
    """To the public, with room to spare."""
    files = sorted(Path(catalogue.__file__).parent.glob("*.graphql"))
    sent = {file.stem: counts(parse(file.read_text(encoding="utf-8"))) for file in files}

    assert sent.keys() >= {operation.name for operation in OPERATIONS}
    assert {name: PUBLIC.exceeded(counted) for name, counted in sent.items() if PUBLIC.exceeded(counted)} == {}


def test_what_tools_ask_of_the_schema_is_served() -> None:
    """The question that graphical tools begin with just fits."""
    asked = counts(parse(get_introspection_query()))

    assert (asked[Limit.INTROSPECTION_DEPTH], ANALYST.exceeded(asked)) == (15, [])


def test_how_deep_the_schema_is_asked_for_is_counted_apart() -> None:
    """From `__schema` or `__type` on, through fragments, and also below what asks for neither."""
    document = "{ a { b ...f } } fragment f on X { c { __type { d ...g } } } fragment g on Y { e { h { i } } }"

    counted = counts(parse(document))

    assert (counted[Limit.DEPTH], counted[Limit.INTROSPECTION_DEPTH]) == (2, 4)


@st.composite
def _selections(draw: st.DrawFn, spread: tuple[str, ...], levels: int = 3) -> str:
    """A selection set in which these fragments may be spread."""
    kinds = ["leaf", "inline", *(["field"] if levels else []), *(["spread"] if spread else [])]
    chosen = []
    for _ in range(draw(st.integers(1, 3))):
        name = draw(st.sampled_from(["a", "b", "a: b"]))
        match draw(st.sampled_from(kinds)):
            case "leaf":
                chosen.append(name)
            case "spread":
                chosen.append(f"...{draw(st.sampled_from(spread))}")
            case "inline":
                chosen.append("... " + draw(_selections(spread, 0)))
            case _:
                chosen.append(f"{name} {draw(_selections(spread, levels - 1))}")
    return "{ " + " ".join(chosen) + " }"


@st.composite
def documents(draw: st.DrawFn) -> str:
    """A document with an operation or two, and fragments that contain those named after them."""
    names = ("f", "g", "h")
    fragments = [f"fragment {name} on X {draw(_selections(names[place:]))}" for place, name in enumerate(names, 1)]
    kinds = draw(st.sampled_from([["query"], ["mutation"], ["query", "mutation"]]))
    return " ".join([f"{kind} {kind}1 {draw(_selections(names))}" for kind in kinds] + fragments)


def expanded(document: DocumentNode, one: ExecutableDefinitionNode) -> list[tuple[SelectionNode, tuple[str, ...]]]:
    """Everything that is selected when each fragment is written out wherever it is spread, with its path."""
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}

    def below(
        nodes: tuple[SelectionNode, ...], path: tuple[str, ...]
    ) -> Iterator[tuple[SelectionNode, tuple[str, ...]]]:
        for node in nodes:
            inner = (*path, (node.alias or node.name).value) if isinstance(node, FieldNode) else path
            yield node, inner
            if isinstance(node, FragmentSpreadNode):
                yield from below(fragments[node.name.value].selection_set.selections, inner)
            elif isinstance(node, FieldNode | InlineFragmentNode) and node.selection_set:
                yield from below(node.selection_set.selections, inner)

    return list(below(one.selection_set.selections, ()))


def naive(document: DocumentNode) -> dict[Limit, int]:
    """What is counted through fragments, by writing them all out."""
    trees = [
        (one, expanded(document, one)) for one in document.definitions if isinstance(one, ExecutableDefinitionNode)
    ]
    spread = {node.name.value for _, tree in trees for node, _ in tree if isinstance(node, FragmentSpreadNode)}
    crowds, roots = [0], {OperationType.QUERY: 0, OperationType.MUTATION: 0}
    depth = selections = 0
    for one, tree in trees:
        if isinstance(one, FragmentDefinitionNode) and one.name.value in spread:
            continue
        places = defaultdict(set)
        for node, path in tree:
            if isinstance(node, FieldNode):
                places[path].add(id(node))
        crowds += map(len, places.values())
        depth, selections = max(depth, *map(len, places), 0), selections + len(tree)
        if isinstance(one, OperationDefinitionNode):
            roots[one.operation] += sum(len(path) == 1 for path in places)
    return {
        Limit.DEPTH: depth,
        Limit.SELECTIONS: selections,
        Limit.ROOT_FIELDS: sum(roots.values()),
        Limit.MUTATIONS: roots[OperationType.MUTATION],
        Limit.PLACE: max(crowds),
        Limit.PAIRS: sum(crowd * (crowd - 1) // 2 for crowd in crowds),
    }


@given(documents())
def test_what_is_counted_is_as_if_fragments_were_written_out(text: str) -> None:
    """Counting each fragment once finds what counting it wherever it is spread would."""
    document = parse(text)

    counted, written_out = counts(document), naive(document)

    assert {limit: counted[limit] for limit in written_out} == written_out
