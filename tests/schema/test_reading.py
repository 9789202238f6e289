"""Reading a document: refused before it is understood, before it is valid, or for what it asks; never quoted."""

import pytest
from graphql import get_introspection_query

from gateway.schema.limits import LIMITS
from gateway.schema.reading import Document, Reader, Rejected
from gateway.schema.views import INTROSPECTABLE, View
from tests.operations.catalogue import OPERATIONS, Operation
from tests.schema.matrix import VIEWS

READER = Reader(VIEWS, LIMITS)
SIGN_IN = "mutation m($i: SignInInput!) { signIn(input: $i) { __typename } }"


def codes(source: str, view: View = View.TENANT) -> list[object]:
    """The codes that refuse a document."""
    read = READER.read(source, view)
    return [(error.extensions or {})["code"] for error in read.errors] if isinstance(read, Rejected) else []


def document(source: str) -> Document:
    """The document, as it is read for tenants."""
    read = READER.read(source, View.TENANT)
    assert isinstance(read, Document), read
    return read


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_what_our_clients_send_is_read(operation: Operation) -> None:
    """Under the limits of the public, with nothing to warn of."""
    assert document(operation.document).warned == ()


@pytest.mark.parametrize(
    ("source", "takes_credential"),
    [
        (SIGN_IN, True),
        (f"query q {{ offices {{ name }} }} {SIGN_IN}", True),
        (SIGN_IN.replace("$i)", "$i) @skip(if: true)"), True),
        ("{ offices { name } }", False),
        ("mutation { signOut { __typename } }", False),
    ],
)
def test_a_document_knows_whether_it_takes_a_credential(source: str, takes_credential: bool) -> None:
    """Also in an operation that will not run, or in a field that is skipped."""
    assert document(source).takes_credential is takes_credential


ASKING_FOR_THE_SCHEMA = [
    get_introspection_query(),
    '{ __type(name: "Query") { name } }',
    "query a { ...f } query b { __typename } fragment f on Query { ... { __schema { queryType { name } } } }",
]


@pytest.mark.parametrize("source", ASKING_FOR_THE_SCHEMA)
@pytest.mark.parametrize("view", View)
def test_the_schema_is_told_to_few(source: str, view: View) -> None:
    """Wherever it is asked for; everybody may ask what something is called."""
    assert codes(source, view) == ([] if view in INTROSPECTABLE else ["INTROSPECTION_NOT_ALLOWED"])
    assert codes("{ __typename }", view) == []


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("", "GRAPHQL_PARSE_FAILED"),
        ('{ "Document contains more than you think" }', "GRAPHQL_PARSE_FAILED"),
        ("{" * 900, "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ viewer { ...nowhere } }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ ...f } fragment f on Query { ...nowhere }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ node(id: [[[[1]]]]) { id } }", "GRAPHQL_VALIDATION_FAILED"),
        ("query($v: Nothing! = 1) { __typename @include(if: $v) }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ ... on Nothing { x } }", "GRAPHQL_VALIDATION_FAILED"),
        ("fragment f on Nothing { x }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ offices }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ __typename { x } }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("mutation { signOut { __typename } } type A { b: Int }", "GRAPHQL_VALIDATION_FAILED"),
    ],
)
def test_what_cannot_be_read_is_refused(source: str, code: str) -> None:
    """By whichever step finds out; those before it take it as it is."""
    assert set(codes(source)) == {code}


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a", "a"), ("b", "b"), ("c", "OPERATION_NOT_FOUND"), (None, "OPERATION_NAME_REQUIRED")],
)
def test_of_several_operations_one_is_named(name: str | None, expected: str) -> None:
    """Otherwise nobody can tell which is meant, and none is."""
    found = document("query a { __typename } query b { __typename }").operation(name)

    if isinstance(found, Rejected):
        assert [(error.extensions or {})["code"] for error in found.errors] == [expected]
    else:
        assert found.name
        assert found.name.value == expected
