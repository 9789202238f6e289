"""Misshapen documents are refused at once; those of our clients, and of tools that ask for the schema, are not."""

from collections.abc import Callable
from operator import itemgetter
from pathlib import Path
from time import process_time

import pytest
from graphql import get_introspection_query, parse

from gateway.schema.documents import Asked
from gateway.schema.operations import Executed, Operations
from gateway.schema.reading import Rejected
from gateway.schema.shape import (
    MAX_ALIASES,
    MAX_COMPARISONS,
    MAX_DEPTH,
    MAX_DIRECTIVES,
    MAX_FRAGMENTS,
    MAX_IN_ONE_PLACE,
    MAX_OPERATIONS,
    MAX_ROOT_FIELDS,
    MAX_SELECTIONS,
    MAX_SPREADS,
    shape_faults,
)
from tests.operations import catalogue
from tests.operations.catalogue import OPERATIONS
from tests.schema.matrix import BUILT
from tests.schema.test_views import context
from tests.support.doors import Doors
from tests.support.operations import run


def told(document: str) -> list[str]:
    """Why a document is not looked at any further."""
    faults = shape_faults(parse(document))
    assert {(fault.extensions or {})["code"] for fault in faults} <= {"GRAPHQL_DOCUMENT_TOO_COMPLEX"}
    return [fault.message for fault in faults]


def fragments(count: int) -> str:
    """A document with so many fragments."""
    return "{ x }" + "".join(f" fragment f{number} on Query {{ x }}" for number in range(count))


def operations(count: int) -> str:
    """A document with so many operations."""
    return " ".join(f"query q{number} {{ x }}" for number in range(count))


def directives(count: int) -> str:
    """A document with so many directives, on everything that may have one."""
    return "query($v: X @a) @a { ...f @a } fragment f on Query @a { ... @a { x " + "@a " * (count - 5) + "} }"


def aliases(count: int) -> str:
    """A document with so many aliases, all of them down in fragments."""
    below = " ".join(f"a{number}: x" for number in range(count))
    return f"{{ ...f }} fragment f on Query {{ x {{ ...g }} }} fragment g on X {{ ... {{ x {{ {below} }} }} }}"


def spreads(count: int) -> str:
    """A document with so many inline fragments and spreads, most of them in a fragment and in vain."""
    return "{ ...f ... { x } } fragment f on Query { x " + "...g " * (count - 2) + "} fragment g on Query { y }"


def deep(levels: int) -> str:
    """A document whose deepest field is so many fields down, through two fragments and an inline one."""
    bottom = "{ a " * (levels - 1) + "}" * (levels - 1)
    return f"{{ x ...f }} fragment f on Query {{ a {{ ... on Query {{ ...g }} }} }} fragment g on Query {bottom}"


def eightfold(inside: str) -> str:
    """Eight fields with the same selections."""
    return " ".join(f"{name} {{ {inside} }}" for name in "abcdefgh")


def selections(count: int) -> str:
    """A document of so many selections: 1,317, most of them by fragments that are spread again and again, and more."""
    more = " ".join(f"x{number}" for number in range(count - 1_317))
    return (
        f"{{ p {{ ...f }} q {{ ...f }} r {{ {more} }} }} fragment f on X {{ {eightfold('...g')} }}"
        f" fragment g on X {{ {eightfold('...h')} }} fragment h on X {{ a b c d e f g h }}"
    )


def root_fields(count: int) -> str:
    """A document with so many fields at the root, of two operations, most of them twice, and in a fragment."""
    twice = " ".join(f"x{number} ... {{ x{number} }}" for number in range(count - 2))
    return f"query a {{ x {{ y z }} }} query b {{ x ...f }} fragment f on Query {{ {twice} }}"


def crowd(count: int) -> str:
    """A document with so many fields in one place of the answer, from two fragments and two fields above."""
    others = "a " * (count - 2)
    return (
        "{ p { x { a: y ...f ...f } } ... { p { ...g } } }"
        f" fragment f on X {{ ... {{ a }} }} fragment g on X {{ x {{ {others} ...f }} }}"
    )


def comparisons(count: int) -> str:
    """A document with so many pairs of fields, in as few places as there can be, each with one field in a fragment."""
    places: list[str] = []
    while count:
        crowd = max(size for size in range(2, MAX_IN_ONE_PLACE + 1) if size * (size - 1) // 2 <= count)
        name = f"x{len(places)} "
        places.append(name * (crowd - 1) + f"... {{ {name}}}")
        count -= crowd * (crowd - 1) // 2
    return f"{{ x {{ ...f }} }} fragment f on X {{ {' '.join(places)} }}"


LIMITS: list[tuple[Callable[[int], str], int, str]] = [
    (fragments, MAX_FRAGMENTS, "30 fragments"),
    (operations, MAX_OPERATIONS, "20 operations"),
    (directives, MAX_DIRECTIVES, "20 directives"),
    (aliases, MAX_ALIASES, "30 aliases"),
    (spreads, MAX_SPREADS, "50 inline fragments and spreads"),
    (deep, MAX_DEPTH, "15 fields below each other"),
    (selections, MAX_SELECTIONS, "2000 selections"),
    (root_fields, MAX_ROOT_FIELDS, "20 fields at the root"),
    (crowd, MAX_IN_ONE_PLACE, "30 fields in one place of the answer"),
    (comparisons, MAX_COMPARISONS, "3000 pairs of fields in one place"),
]


@pytest.mark.parametrize(("made", "most", "what"), LIMITS, ids=[made.__name__ for made, _, _ in LIMITS])
def test_a_document_has_its_limits(made: Callable[[int], str], most: int, what: str) -> None:
    """At the limit it is served, one further it is not, and the limit is told; fragments hide nothing."""
    assert (told(made(most)), told(made(most + 1))) == ([], [f"a document has at most {what}"])


def test_a_fragment_that_nothing_spreads_is_counted_too() -> None:
    """Validation reads it like the others: alone, and when another has its name."""
    idle = f"fragment f on Query {{ x {{ {'a ' * 31} }} }}"

    assert told("{ x } " + idle) == ["a document has at most 30 fields in one place of the answer"]
    assert told("{ ...f } " + idle + " fragment f on Query { x }") == told("{ x } " + idle)


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
    assert told(document) == ["a document has no fragment that contains itself"]


def test_what_is_not_a_selection_is_left_to_validation() -> None:
    """An unknown fragment has nothing in it, and a definition of a type asks for nothing."""
    assert told("{ ...nowhere x { ...nowhere } } type A { b: String }") == []


def test_a_document_without_operations_is_left_to_validation() -> None:
    """There is nothing to count."""
    assert told("type A { b: String }") == []


def test_what_real_clients_send_is_served() -> None:
    """With room to spare, and the question that graphical tools begin with just fits."""
    files = sorted(Path(catalogue.__file__).parent.glob("*.graphql"))
    documents = [*(file.read_text(encoding="utf-8") for file in files), get_introspection_query()]

    assert len(documents) > len(OPERATIONS)
    assert [told(document) for document in documents] == [[]] * len(documents)


BOMB = "{ ...f0 }" + "".join(f" fragment f{n} on Query {{ ...f{n + 1} ...f{n + 1} }}" for n in range(24))

HEAVY = {
    "three hundred inline fragments": "{" + "...{viewer{account{renewal{mode}}}}" * 300 + "}",
    "three hundred lookups": "{" + " ".join(f"a{n}: nodes(ids: [1]) {{ id }}" for n in range(300)) + "}",
    "sixteen million spreads": BOMB + " fragment f24 on Query { __typename }",
    "one field a thousand times": "{ " + "offices { name } " * 900 + "}",
    "a thousand directives": "{ __typename " + "@skip(if: false) " * 1000 + "}",
    "ten thousand words": "{ " + "a " * 9000 + "}",
    "fifty levels": "{ viewer { tenant { " + "leases { rentalAccount { " * 24 + "id" + " } }" * 24 + " } } }",
    "three hundred levels": "{ a" * 300 + " }" * 300,
    "fragments in a circle": "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }",
}


async def work(document: str, doors: Doors) -> tuple[float, Executed | Rejected]:
    """Seconds of work, at the best of five tries, that a document costs who has never seen it; and its outcome."""
    tries = []
    for _ in range(5):
        operations, request = Operations(BUILT), context(doors)
        began = process_time()
        outcome = await run(operations, Asked(document, None, {}), request)
        tries.append((process_time() - began, outcome))
    return min(tries, key=itemgetter(0))


async def test_a_heavy_document_costs_little(doors: Doors) -> None:
    """Each is refused for less than ten home pages cost (some fifty milliseconds), and no system is asked."""
    home, served = await work(OPERATIONS[0].document, doors)
    doors.landlord.journal.clear()

    refused = {name: await work(document, doors) for name, document in HEAVY.items()}

    assert isinstance(served, Executed)
    assert {type(outcome) for _, outcome in refused.values()} == {Rejected}
    assert {name: cost / home for name, (cost, _) in refused.items() if cost >= 10 * home} == {}
    assert doors.landlord.journal == []
