"""Whoever may send registered documents only gets nothing else, on whichever way they ask for it."""

from typing import Any

import pytest

from gateway.domain.access import Role
from gateway.http.admission import Admission
from gateway.http.clients import Clients
from gateway.schema.reading import sha256_of
from tests.support.doors import CAMILLE_TOKEN, STAFF_TOKENS, Doors
from tests.support.readings import counted
from tests.support.registering import with_registered

HOME = "query Home { viewer { roles } }"
FREE = "query Free { viewer { channel } }"
NAME = {"query": "{ __typename }"}
CLOSED = Admission(is_open=False)
CLIENTS = Clients(frozenset({"web", "graphiql"}))
G = {"Accept": "application/graphql-response+json"}


def bearer(token: str | None, client: str | None = None) -> dict[str, str]:
    """The head of a request by the holder of a token, with a client that gives its name."""
    return (
        G
        | ({"Authorization": f"Bearer {token}"} if token else {})
        | ({"apollographql-client-name": client} if client else {})
    )


def apq(source: str) -> dict[str, Any]:
    """The extensions of automatic persisted queries, for the hash of a text."""
    return {"persistedQuery": {"version": 1, "sha256Hash": sha256_of(source)}}


async def outcome(doors: Doors, body: dict[str, Any], headers: dict[str, str]) -> tuple[int, str]:
    """Status, and the code of the one error or what the data hold."""
    response = await doors.post(body, headers=headers)
    answer = response.json()
    if "data" in answer:
        return response.status_code, "".join(answer["data"])
    [error] = answer["errors"]
    return response.status_code, error["extensions"]["code"]


NOT_FOUND, REQUIRED = (400, "PERSISTED_QUERY_NOT_FOUND"), (400, "PERSISTED_QUERY_REQUIRED")


@pytest.mark.parametrize("token", [None, CAMILLE_TOKEN])
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"query": HOME}, (200, "viewer")),
        ({"documentId": f"sha256:{sha256_of(HOME)}"}, (200, "viewer")),
        ({"documentId": sha256_of(HOME)}, (200, "viewer")),
        ({"doc_id": sha256_of(HOME)}, (200, "viewer")),
        ({"extensions": apq(HOME)}, (200, "viewer")),
        ({"query": HOME, "extensions": apq(HOME)}, (200, "viewer")),
        ({"query": FREE}, REQUIRED),
        ({"query": "{ not even GraphQL"}, REQUIRED),
        ({"query": FREE, "extensions": apq(FREE)}, REQUIRED),
        ({"extensions": apq(FREE)}, NOT_FOUND),
        ({"query": FREE, "extensions": apq(HOME)}, (400, "PERSISTED_QUERY_HASH_MISMATCH")),
        ({"query": HOME, "documentId": sha256_of(FREE)}, (400, "PERSISTED_QUERY_HASH_MISMATCH")),
        ({"documentId": sha256_of(HOME), "extensions": apq(FREE)}, (400, "BAD_REQUEST")),
    ],
)
async def test_tenants_and_strangers_ask_for_registered_documents(
    token: str | None, body: dict[str, Any], expected: tuple[int, str], doors: Doors
) -> None:
    """In production: by text or by hash, in any form; anything else is refused before it is read."""
    closed = with_registered(doors, HOME, admission=CLOSED)

    assert await outcome(closed, body, bearer(token)) == expected


async def test_a_request_for_a_registered_document_reads_nothing(doors: Doors) -> None:
    """Parsed, measured, planned and validated once when it was loaded: no request waits for that, in any form."""
    closed = with_registered(doors, HOME, admission=CLOSED)
    forms: list[dict[str, Any]] = [{"query": HOME}, {"documentId": sha256_of(HOME)}, {"extensions": apq(HOME)}]

    with counted() as counts:
        outcomes = [await outcome(closed, form, bearer(token)) for form in forms for token in (None, CAMILLE_TOKEN)]

    assert outcomes == [(200, "viewer")] * 6
    assert counts == {"parsed": 0, "planned": 0, "validated": 0}


@pytest.mark.parametrize("role", [Role.ADVISOR, Role.ANALYST, Role.OPERATOR])
async def test_staff_send_what_they_like(role: Role, doors: Doors) -> None:
    """Their questions are not known beforehand."""
    closed = with_registered(doors, HOME, admission=CLOSED)

    assert await outcome(closed, {"query": FREE}, bearer(STAFF_TOKENS[role])) == (200, "viewer")
    assert await outcome(closed, {"extensions": apq("{ viewer { roles } }")}, bearer(STAFF_TOKENS[role])) == NOT_FOUND


async def test_a_client_that_has_a_manifest_is_held_to_it(doors: Doors) -> None:
    """Whoever uses it: a build that lost its manifest is seen by its developers, and not by tenants."""
    held = with_registered(
        doors, HOME, clients=CLIENTS, admission=Admission(is_open=True, registered_only=frozenset({"web"}))
    )
    analyst = STAFF_TOKENS[Role.ANALYST]

    assert await outcome(held, {"query": FREE}, bearer(analyst, "web")) == REQUIRED
    assert await outcome(held, {"query": HOME}, bearer(analyst, "web")) == (200, "viewer")
    assert await outcome(held, {"query": FREE}, bearer(analyst, "graphiql")) == (200, "viewer")
    assert await outcome(held, {"query": FREE}, bearer(None)) == (200, "viewer")


async def test_an_apollo_client_persists_its_queries_by_itself(doors: Doors) -> None:
    """The hash alone, then the text with it, then the hash alone again; another kind of viewer begins anew."""
    opened = with_registered(doors)
    hash_alone, both = {"extensions": apq(FREE)}, {"query": FREE, "extensions": apq(FREE)}
    camille = bearer(CAMILLE_TOKEN)

    assert await outcome(opened, hash_alone, camille) == NOT_FOUND
    assert await outcome(opened, both, bearer(None)) == (200, "viewer")
    assert await outcome(opened, hash_alone, camille) == NOT_FOUND
    assert await outcome(opened, both, camille) == (200, "viewer")
    assert await outcome(opened, hash_alone, camille) == (200, "viewer")
    assert await outcome(opened, hash_alone, bearer(STAFF_TOKENS[Role.ADVISOR])) == NOT_FOUND


async def test_an_unknown_hash_is_told_in_the_words_that_clients_know(doors: Doors) -> None:
    """Apollo's link sends the text after this very message, and after nothing else; with 200 in plain JSON."""
    response = await with_registered(doors).post(
        {"extensions": apq(FREE)}, headers={"Accept": "application/json", "Accept-Language": "fr"}
    )

    assert response.status_code == 200
    [error] = response.json()["errors"]
    assert (error["message"], error["extensions"]["code"]) == ("PersistedQueryNotFound", "PERSISTED_QUERY_NOT_FOUND")


async def test_a_refused_document_is_not_logged(doors: Doors) -> None:
    """Neither its text nor its hash: somebody's password may be written in it."""
    closed = with_registered(doors, admission=CLOSED)

    response = await closed.post({"query": 'mutation { signIn(input: {password: "hunter2"}) { __typename } }'})

    assert "hunter2" not in doors.log.getvalue() + response.text
