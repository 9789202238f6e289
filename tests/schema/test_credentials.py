"""Secrets come by variable, in one field of a document at most: what breaks that is refused before anything runs."""

from typing import Any

import pytest
from graphql import build_schema

from gateway.schema.credentials import takes_secret
from tests.schema.matrix import GRAPH
from tests.support.doors import Doors

SECRET = "hunter2-7391"
GIVEN = {"accountReference": "12345", "password": SECRET}


async def refusal(doors: Doors, document: str, **request: Any) -> list[str]:
    """The codes that refuse a document; nothing of the secret is repeated or kept, and nobody tried to sign in."""
    response = await doors.post({"query": document, **request})
    assert set(response.json()) == {"errors"}, response.text
    log = doors.log.getvalue()
    assert "hunter2" not in response.text + log
    assert "sign_in" not in log
    return [error["extensions"]["code"] for error in response.json()["errors"]]


LITERALS = {
    "in an input": f'mutation {{ signIn(input: {{accountReference: "1", password: "{SECRET}"}}) {{ __typename }} }}',
    "as a block": f'mutation {{ signIn(input: {{accountReference: "1", password: """{SECRET}"""}}) {{ __typename }} }}',
    "as a list": f'mutation {{ signIn(input: {{accountReference: "1", password: ["{SECRET}"]}}) {{ __typename }} }}',
    "as an object": f'mutation {{ signIn(input: {{accountReference: "1", password: {{p: "{SECRET}"}}}}) '
    "{ __typename } }",
    "as a list of lists": 'mutation { signIn(input: {accountReference: "1", password: [["hunter2"]]}) { __typename } }',
    "as a name": "mutation { signIn(input: {accountReference: 1, password: hunter2}) { __typename } }",
    "as a number": "mutation { signIn(input: {accountReference: 1, password: 73917391}) { __typename } }",
    "as a fraction": "mutation { signIn(input: {accountReference: 1, password: 7391.5}) { __typename } }",
    "as a boolean": "mutation { signIn(input: {accountReference: 1, password: true}) { __typename } }",
    "as a default": f'mutation($p: Secret! = "{SECRET}") {{ signIn(input: {{accountReference: "1", password: $p}}) '
    "{ __typename } }",
    "in a default": f'mutation($i: SignInInput! = {{accountReference: "1", password: "{SECRET}"}}) '
    "{ signIn(input: $i) { __typename } }",
    "as an unused default": f'query($p: Secret = "{SECRET}") {{ __typename }}',
    "in what is skipped": f'mutation {{ signIn(input: {{accountReference: "1", password: "{SECRET}"}}) @skip(if: true) '
    "{ __typename } }",
    "in what does not run": f'query a {{ __typename }} mutation b {{ signIn(input: {{accountReference: "1", '
    f'password: "{SECRET}"}}) {{ __typename }} }}',
    "beside what is wrong": f'mutation {{ signIn(input: {{accountReference: "1", password: "{SECRET}", '
    "remember: true}) { nothing } }",
}


async def test_a_secret_is_not_written_into_a_document(doors: Doors) -> None:
    """Wherever it stands and whatever it looks like, the document is refused and the secret is not repeated."""
    refusals = {name: await refusal(doors, document) for name, document in LITERALS.items()}

    assert refusals == {name: ["SECRETS_MUST_BE_VARIABLES"] for name in LITERALS}


async def test_a_secret_in_a_fragment_has_two_faults(doors: Doors) -> None:
    """It is written out, and it stands where no secret belongs."""
    document = (
        "mutation { ...enter } fragment enter on Mutation { "
        f'signIn(input: {{accountReference: "1", password: "{SECRET}"}}) {{ __typename }} }}'
    )

    assert await refusal(doors, document) == ["SECRETS_MUST_BE_VARIABLES", "CREDENTIAL_IN_FRAGMENT"]


FIELD = "signIn(input: $i) { __typename }"
SEVERAL = {
    "two aliases": (f"{{ a: {FIELD} b: {FIELD} }}", "ONE_CREDENTIAL_PER_DOCUMENT"),
    "the same twice": (f"{{ {FIELD} {FIELD} }}", "ONE_CREDENTIAL_PER_DOCUMENT"),
    "three aliases": ("{ " + " ".join(f"a{n}: {FIELD}" for n in range(3)) + " }", "ONE_CREDENTIAL_PER_DOCUMENT"),
    "four aliases": ("{ " + " ".join(f"a{n}: {FIELD}" for n in range(4)) + " }", "GRAPHQL_DOCUMENT_TOO_COMPLEX"),
    "one left out": (
        f"{{ a: {FIELD} b: signIn(input: $i) @include(if: false) {{ __typename }} }}",
        "ONE_CREDENTIAL_PER_DOCUMENT",
    ),
    "both left out": (
        "{ a: signIn(input: $i) @skip(if: true) { __typename } b: signIn(input: $i) @skip(if: true) { __typename } }",
        "ONE_CREDENTIAL_PER_DOCUMENT",
    ),
    "another operation": (
        f"{{ {FIELD} }} mutation other($i: SignInInput!) {{ {FIELD} }}",
        "ONE_CREDENTIAL_PER_DOCUMENT",
    ),
    "an unused fragment": (
        f"{{ signOut {{ __typename }} }} fragment unused on Mutation {{ {FIELD} }}",
        "CREDENTIAL_IN_FRAGMENT",
    ),
    "a fragment": (f"{{ ...enter }} fragment enter on Mutation {{ {FIELD} }}", "CREDENTIAL_IN_FRAGMENT"),
    "an inline fragment": (f"{{ ... on Mutation {{ {FIELD} }} }}", "CREDENTIAL_IN_FRAGMENT"),
    "a bare fragment": (f"{{ ... @include(if: true) {{ {FIELD} }} }}", "CREDENTIAL_IN_FRAGMENT"),
    "two kinds of credential": (
        f"{{ {FIELD} }} mutation other($c: ChangePasswordInput!) {{ changePassword(input: $c) {{ __typename }} }}",
        "ONE_CREDENTIAL_PER_DOCUMENT",
    ),
}


async def test_a_document_has_one_credential(doors: Doors) -> None:
    """Aliases, fragments and operations that do not even run count: no document is a list of guesses."""
    request = {"operationName": "guess", "variables": {"i": GIVEN}}

    refusals = {
        name: await refusal(doors, f"mutation guess($i: SignInInput!) {rest}", **request)
        for name, (rest, _) in SEVERAL.items()
    }

    assert refusals == {name: [code] for name, (_, code) in SEVERAL.items()}


@pytest.mark.parametrize("count", [950, 1000])
async def test_a_thousand_guesses_are_one_refusal(count: int, doors: Doors) -> None:
    """The document is too long to be looked at; the answer is one line and tells nothing of our insides."""
    document = "mutation($i: SignInInput!) { " + " ".join(f"a{n}: {FIELD}" for n in range(count)) + " }"

    assert await refusal(doors, document, variables={"i": GIVEN}) == ["GRAPHQL_DOCUMENT_TOO_LARGE"]
    assert "recursion" not in (await doors.post({"query": document})).text


async def test_a_credential_beside_a_question_runs_alone(doors: Doors) -> None:
    """Another operation of the document may ask something; the one that is named is the one that runs."""
    document = f"query look {{ offices {{ name }} }} mutation enter($i: SignInInput!) {{ {FIELD} }}"
    body = {"query": document, "operationName": "enter", "variables": {"i": GIVEN}}

    response = await doors.post(body)

    assert response.json() == {"data": {"signIn": {"__typename": "InvalidCredentialsProblem"}}}
    assert doors.landlord.journal == []


async def test_a_variable_in_a_list_is_no_literal(doors: Doors) -> None:
    """It does not fit, and that is all that is wrong with it."""
    document = 'mutation($p: Secret!) { signIn(input: {accountReference: "1", password: [$p]}) { __typename } }'

    assert await refusal(doors, document, variables={"p": SECRET}) == ["GRAPHQL_VALIDATION_FAILED"]


async def test_no_secret_is_no_literal(doors: Doors) -> None:
    """`null` where a secret may be left out gives nothing away."""
    document = (
        "mutation($r: String!, $p: Secret!) { "
        "signIn(input: {accountReference: $r, password: $p, deviceToken: null}) { __typename } }"
    )

    answer = await doors.ask(document, {"r": "12345", "p": SECRET}, token=None)

    assert answer == {"data": {"signIn": {"__typename": "InvalidCredentialsProblem"}}}


def test_credentials_are_told_by_the_type_of_what_they_take() -> None:
    """A field that will take a secret tomorrow is under the rule without anybody thinking of it."""
    assert GRAPH.query_type
    assert GRAPH.mutation_type
    fields = {**GRAPH.query_type.fields, **GRAPH.mutation_type.fields}

    assert {name for name, field in fields.items() if takes_secret(field)} == {
        "changePassword",
        "chooseAccountPassword",
        "refreshSession",
        "signIn",
    }


@pytest.mark.parametrize(("last", "expected"), [("Secret", True), ("String", False)])
def test_a_secret_is_found_however_deep(last: str, expected: bool) -> None:
    """Inputs within inputs, in lists, and inputs that contain themselves."""
    graph = build_schema(
        f"""
        scalar Secret
        input Outer {{ again: Outer, inner: [Inner!]! }}
        input Inner {{ outer: Outer, last: {last} }}
        type Query {{ ask(given: [Outer]): Int, plain: Int }}
        """
    )
    assert graph.query_type

    assert takes_secret(graph.query_type.fields["ask"]) is expected
    assert takes_secret(graph.query_type.fields["plain"]) is takes_secret(None) is False
