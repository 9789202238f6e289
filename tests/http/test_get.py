"""A GET asks a registered query, from our own pages and clients only, and nobody keeps what it is answered."""

from typing import Any

import httpx
import pytest

from gateway.schema.reading import sha256_of
from tests.support.doors import CAMILLE_TOKEN, PUBLIC_URL, Doors
from tests.support.registering import with_registered

WHO = "query Who($deep: Boolean = false) { viewer { roles account @include(if: $deep) { accountReference } } }"
SIGN_OUT = "mutation SignOut { signOut { __typename } }"
EVIDENCE = {"X-GW-Client": "web"}
BEARER = {"Authorization": f"Bearer {CAMILLE_TOKEN}"}
G = {"Accept": "application/graphql-response+json"}


async def get(doors: Doors, params: Any, *, method: str = "GET", **headers: str) -> httpx.Response:
    """The answer to a GET with evidence."""
    async with doors.client() as client:
        return await client.request(method, "/graphql", params=params, headers=EVIDENCE | headers)


def code(response: httpx.Response) -> tuple[int, str]:
    """Status and code of a refusal."""
    [error] = response.json()["errors"]
    return response.status_code, error["extensions"]["code"]


@pytest.mark.parametrize(
    "form", [{"query": WHO}, {"documentId": f"sha256:{sha256_of(WHO)}"}, {"doc_id": sha256_of(WHO)}]
)
async def test_a_registered_query_is_answered(form: dict[str, str], doors: Doors) -> None:
    """With its variables, to whoever shows a bearer token; and not a word of it stays on the way."""
    registered = with_registered(doors, WHO)

    response = await get(registered, form | {"variables": '{"deep":true}', "operationName": "Who"}, **BEARER)

    assert response.json() == {"data": {"viewer": {"roles": ["TENANT"], "account": {"accountReference": "12345"}}}}
    assert (response.status_code, response.headers["cache-control"]) == (200, "no-store")
    assert response.headers["content-type"] == "application/json; charset=utf-8"


async def test_a_session_in_a_cookie_is_taken_too(doors: Doors) -> None:
    """The evidence that the cookie needs has been shown already."""
    registered = with_registered(doors, WHO)

    response = await get(registered, {"query": WHO}, Cookie=f"__Host-gw_sid={CAMILLE_TOKEN}")

    assert response.json() == {"data": {"viewer": {"roles": ["TENANT"]}}}


async def test_a_head_is_answered_as_a_get(doors: Doors) -> None:
    """The server keeps the body to itself."""
    assert (await get(with_registered(doors, WHO), {"query": WHO}, method="HEAD")).status_code == 200


@pytest.mark.parametrize("headers", [{}, BEARER])
async def test_a_get_without_evidence_is_refused(headers: dict[str, str], doors: Doors) -> None:
    """Also with a bearer token: what a link can ask for, a link asks for."""
    registered = with_registered(doors, WHO)

    async with registered.client() as client:
        response = await client.get("/graphql", params={"query": WHO}, headers=headers)

    assert code(response) == (403, "CSRF_EVIDENCE_MISSING")


async def test_a_get_of_another_page_is_refused(doors: Doors) -> None:
    """Evidence or not."""
    registered = with_registered(doors, WHO)

    assert code(await get(registered, {"query": WHO}, Origin="https://evil.example.net")) == (403, "ORIGIN_NOT_ALLOWED")
    assert (await get(registered, {"query": WHO}, Origin=PUBLIC_URL)).status_code == 200


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"query": "{ viewer { roles } }"}, "PERSISTED_QUERY_REQUIRED"),
        ({"query": "{"}, "PERSISTED_QUERY_REQUIRED"),
        ({"query": "mutation { __typename }"}, "PERSISTED_QUERY_REQUIRED"),
        ({"documentId": sha256_of("{ viewer { roles } }")}, "PERSISTED_QUERY_NOT_FOUND"),
    ],
)
async def test_a_free_query_is_refused_to_everybody(params: dict[str, str], expected: str, doors: Doors) -> None:
    """Addresses stand in histories and logs, where the text of a query has no place."""
    assert code(await get(with_registered(doors, WHO), params, **BEARER, **G)) == (400, expected)


async def test_a_registered_mutation_is_refused(doors: Doors) -> None:
    """405, and the answer says what it is sent by; the session is still open."""
    registered = with_registered(doors, SIGN_OUT)

    response = await get(registered, {"query": SIGN_OUT}, **BEARER, **G)

    assert (code(response), response.headers["allow"]) == ((405, "METHOD_NOT_ALLOWED"), "POST")
    assert (await registered.post({"query": "{ viewer { roles } }"}, headers=BEARER)).json()["data"]["viewer"]


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ([("query", WHO), ("query", WHO)], (400, "BAD_REQUEST")),
        ({"query": WHO, "variables": "{"}, (400, "BAD_JSON")),
        ({"query": WHO, "variables": "7"}, (400, "BAD_REQUEST")),
        ({"query": WHO, "variables": "{}" + " " * 8_000}, (414, "URI_TOO_LONG")),
        ({}, (400, "BAD_REQUEST")),
    ],
)
async def test_a_bad_address_is_refused(params: Any, expected: tuple[int, str], doors: Doors) -> None:
    """Each with its code."""
    assert code(await get(with_registered(doors, WHO), params)) == expected


async def test_what_is_no_parameter_is_ignored(doors: Doors) -> None:
    """Also when it comes twice."""
    response = await get(with_registered(doors, WHO), [("query", WHO), ("utm", "1"), ("utm", "2"), ("extensions", "")])

    assert response.status_code == 200
