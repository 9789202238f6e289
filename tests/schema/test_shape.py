"""Misshapen documents are refused at once; those of our clients, and of tools that ask for the schema, are not."""

from operator import itemgetter
from time import process_time

import pytest
from graphql import get_introspection_query, parse

from gateway.schema.operations import Asked, Executed, Operations, Rejected
from gateway.schema.shape import MAX_DEPTH, MAX_DIRECTIVES, MAX_FRAGMENTS, MAX_OPERATIONS, MAX_REPEATED, shape_faults
from tests.operations.catalogue import OPERATIONS
from tests.schema.matrix import BUILT
from tests.schema.test_views import context
from tests.support.doors import Doors


def told(document: str) -> list[str]:
    """Why a document is not looked at any further."""
    faults = shape_faults(parse(document))
    assert {(fault.extensions or {})["code"] for fault in faults} <= {"GRAPHQL_DOCUMENT_TOO_COMPLEX"}
    return [fault.message for fault in faults]


def repeated(times: int) -> str:
    """A field and `times` more of its name: at one place, under an alias, and further down."""
    return "{ a: x b { " + "a: x " * (times - 2) + "a a: z } a: y }"


def fragments(count: int) -> str:
    """A document with so many fragments."""
    return "{ x }" + "".join(f" fragment f{number} on Query {{ x }}" for number in range(count))


def operations(count: int) -> str:
    """A document with so many operations."""
    return " ".join(f"query q{number} {{ x }}" for number in range(count))


def directives(count: int) -> str:
    """A document with so many directives, on fields, fragments and operations."""
    return "query @a { ...f @a x " + "@a " * (count - 3) + "} fragment f on Query @a { x }"


def deep(levels: int) -> str:
    """A document whose deepest field is so many fields down, through two fragments and an inline one."""
    bottom = "{ a " * (levels - 1) + "}" * (levels - 1)
    return f"{{ x ...f }} fragment f on Query {{ a {{ ... on Query {{ ...g }} }} }} fragment g on Query {bottom}"


LIMITS = [
    (repeated, MAX_REPEATED, f"a document has at most {MAX_REPEATED} fields beside another of their name"),
    (fragments, MAX_FRAGMENTS, f"a document has at most {MAX_FRAGMENTS} fragments"),
    (operations, MAX_OPERATIONS, f"a document has at most {MAX_OPERATIONS} operations"),
    (directives, MAX_DIRECTIVES, f"a document has at most {MAX_DIRECTIVES} directives"),
    (deep, MAX_DEPTH, f"a document has at most {MAX_DEPTH} fields below each other"),
]


@pytest.mark.parametrize(("made", "most", "message"), LIMITS, ids=[made.__name__ for made, _, _ in LIMITS])
def test_a_document_has_its_limits(made: object, most: int, message: str) -> None:
    """At the limit it is served, one further it is not, and the limit is told."""
    assert callable(made)

    assert (told(made(most)), told(made(most + 1))) == ([], [message])


def test_fragments_that_contain_each_other_are_left_to_validation() -> None:
    """They have no depth; validation names them. An unknown one has none either."""
    assert told("{ ...a ...nowhere } fragment a on Query { ...b } fragment b on Query { ...a }") == []


def test_what_real_clients_send_is_served() -> None:
    """With room to spare, and the question that graphical tools begin with just fits."""
    documents = [*(operation.document for operation in OPERATIONS), get_introspection_query()]

    assert [told(document) for document in documents] == [[]] * len(documents)


HEAVY = {
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
        outcome = await operations.run(Asked(document, None, {}), request)
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
