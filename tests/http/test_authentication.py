"""Which session a request carries: a cookie with evidence, or a bearer token, never both, and nobody else's."""

import asyncio
import re
import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

import pytest
from argon2 import PasswordHasher

from gateway.app import Entrance, application
from gateway.auth.passwords import HashPool
from gateway.domain.renewal import RenewalMode
from tests.support.doors import CAMILLE_TOKEN, NOOR_TOKEN, PASSWORD, PUBLIC_URL, STAFF_TOKENS, Doors

WHO = {"query": "{ viewer { roles channel account { accountReference } } }"}
CAMILLE = {"viewer": {"roles": ["TENANT"], "channel": "MOBILE", "account": {"accountReference": "12345"}}}
EVIDENCE = {"X-GW-Client": "web"}
COOKIE = {"Cookie": f"__Host-gw_sid={CAMILLE_TOKEN}"}
BEARER = {"Authorization": f"Bearer {CAMILLE_TOKEN}"}

SIGN_IN = """mutation($input: SignInInput!) { signIn(input: $input) {
    __typename
    ... on SignInSuccess { viewer { roles channel } tokens { accessToken accessExpiresAt } }
    ... on Problem { code message }
    ... on ServiceBusyProblem { retryAfterSeconds }
} }"""
SIGN_OUT = "mutation { signOut { ... on SignOutSuccess { at } } }"


async def refusal(doors: Doors, headers: Mapping[str, str | bytes]) -> tuple[int, str, str | None]:
    """Status, code and WWW-Authenticate of a refused request."""
    response = await doors.post(WHO, headers=headers)
    [error] = response.json()["errors"]
    return response.status_code, error["extensions"]["code"], response.headers.get("www-authenticate")


@pytest.mark.parametrize("headers", [BEARER, {"Authorization": f"bearer   {CAMILLE_TOKEN} "}])
async def test_a_bearer_token_opens_its_session(headers: dict[str, str], doors: Doors) -> None:
    """The application is known by its token; it needs no evidence, for no other site can send it."""
    response = await doors.post(WHO, headers=headers)

    assert response.json() == {"data": CAMILLE}


@pytest.mark.parametrize(
    "evidence", ["X-GW-Client", "Apollo-Require-Preflight", "GraphQL-Require-Preflight", "X-Apollo-Operation-Name"]
)
async def test_a_cookie_opens_its_session_with_evidence(evidence: str, doors: Doors) -> None:
    """A header that no foreign form can send shows that our own page asks."""
    response = await doors.post(WHO, headers=COOKIE | {evidence: "1"})

    assert response.json() == {"data": CAMILLE}


@pytest.mark.parametrize("evidence", [{}, {"X-GW-Client": ""}, {"Origin": PUBLIC_URL}, {"X-Requested-With": "x"}])
async def test_a_cookie_without_evidence_is_refused(evidence: dict[str, str], doors: Doors) -> None:
    """Another site that makes the browser send the cookie gets nothing, and nothing is asked for it."""
    assert await refusal(doors, COOKIE | evidence) == (403, "CSRF_EVIDENCE_MISSING", None)
    assert doors.landlord.journal == []


async def test_two_credentials_are_refused(doors: Doors) -> None:
    """Nobody has to guess which of them counts; also when both open something."""
    both = COOKIE | EVIDENCE | {"Authorization": f"Bearer {NOOR_TOKEN}"}

    assert await refusal(doors, both) == (400, "TWO_CREDENTIALS", None)


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("Bearer unknown", "SESSION_ENDED"),
        ("Bearer " + "x" * 5000, "SESSION_ENDED"),
        ("Bearer é", "SESSION_ENDED"),
        ("Bearer", "BAD_CREDENTIALS"),
        ("Bearer  ", "BAD_CREDENTIALS"),
        (f"Basic {CAMILLE_TOKEN}", "BAD_CREDENTIALS"),
        (CAMILLE_TOKEN, "BAD_CREDENTIALS"),
        ("", "BAD_CREDENTIALS"),
    ],
)
async def test_a_bearer_token_that_opens_nothing_is_refused(header: str, code: str, doors: Doors) -> None:
    """401: the application must sign in again, rather than show a stranger's page."""
    assert await refusal(doors, {"Authorization": header.encode("latin-1")}) == (401, code, "Bearer")


@pytest.mark.parametrize("headers", [{}, {"Cookie": "__Host-gw_sid=unknown"} | EVIDENCE, {"Cookie": "__Host-gw_sid="}])
async def test_a_cookie_that_opens_nothing_is_a_stranger(headers: dict[str, str], doors: Doors) -> None:
    """Who comes back the next day sees the page of a stranger, where they sign in."""
    response = await doors.post(WHO, headers=headers)

    assert (response.status_code, response.json()) == (200, {"data": {"viewer": None}})


async def test_an_ended_session_is_a_stranger_on_the_web_and_refused_to_the_application(doors: Doors) -> None:
    """A day later both sessions are over."""
    doors.clock.forward(days=1)

    cookie = await doors.post(WHO, headers=COOKIE | EVIDENCE)

    assert cookie.json() == {"data": {"viewer": None}}
    assert await refusal(doors, BEARER) == (401, "SESSION_ENDED", "Bearer")


@pytest.mark.parametrize("headers", [BEARER, COOKIE | EVIDENCE])
async def test_nobody_gets_in_while_the_store_is_down(headers: dict[str, str], doors: Doors) -> None:
    """Sessions that cannot be checked are not believed."""
    doors.execute("DROP TABLE session")

    response = await doors.post(WHO, headers=headers)

    assert (response.status_code, response.headers["retry-after"]) == (503, "5")
    [error] = response.json()["errors"]
    assert (error["message"], error["extensions"]["code"]) == (
        "sessions cannot be checked just now",
        "SERVICE_UNAVAILABLE",
    )


async def test_nobody_goes_on_while_nobody_can_say_whether_they_must_renew(doors: Doors) -> None:
    """Where the yearly renewal is an obligation, and the store falls silent after the session was found."""
    desk = doors.parts.desk
    parts = replace(doors.parts, desk=replace(desk, rules=replace(desk.rules, renewal=RenewalMode.REQUIRE)))
    strict = replace(doors, app=application(parts, doors.ports, Entrance(clock=doors.clock, deadline_seconds=8)))
    assert (await strict.post(WHO, headers=BEARER)).json() == {"data": CAMILLE}
    doors.execute("DROP TABLE online_account")

    response = await strict.post(WHO, headers=BEARER)

    assert (response.status_code, response.headers["retry-after"]) == (503, "5")


async def test_a_stranger_is_served_while_the_store_is_down(doors: Doors) -> None:
    """What is public needs no session."""
    doors.execute("DROP TABLE session")

    assert await doors.ask("{ offices { name } }", token=None) == {
        "data": {"offices": [{"name": "Accueil de Metz"}, {"name": "Accueil de Thionville"}]}
    }


async def sign_in(doors: Doors, **typed: str) -> Any:
    """The response to somebody who types `typed`; the right credentials of Camille unless said otherwise."""
    credentials = {"accountReference": "12345", "password": PASSWORD} | typed
    return await doors.post({"query": SIGN_IN, "variables": {"input": credentials}})


async def test_signing_in_on_the_web_sets_a_cookie_and_shows_no_token(doors: Doors) -> None:
    """The session's cookie ends with the browser; that of the device stays, so that the holder is known again."""
    response = await sign_in(doors)

    assert response.json()["data"]["signIn"] == {
        "__typename": "SignInSuccess",
        "viewer": {"roles": ["TENANT"], "channel": "WEB"},
        "tokens": None,
    }
    cookies = [re.sub("=[A-Za-z0-9_-]{43};", "=…;", cookie) for cookie in response.headers.get_list("set-cookie")]
    everywhere = {"secure", "httponly", "path=/", "samesite=strict"}
    assert {cookie.split("; ")[0]: {one.lower() for one in cookie.split("; ")[1:]} for cookie in cookies} == {
        "__Host-gw_sid=…": everywhere,
        "__Host-gw_did=…": everywhere | {"max-age=31536000"},
    }


async def test_the_cookie_of_a_sign_in_opens_its_session(doors: Doors) -> None:
    """After signing in, the browser's next request is the tenant's."""
    async with doors.client() as client:
        headers = {"Content-Type": "application/json"} | EVIDENCE
        credentials = {"accountReference": " 012-345 ", "password": PASSWORD}
        await client.post("/graphql", json={"query": SIGN_IN, "variables": {"input": credentials}}, headers=headers)
        answer = await client.post("/graphql", json=WHO, headers=headers)

    assert answer.json()["data"]["viewer"] == CAMILLE["viewer"] | {"channel": "WEB"}


async def test_signing_in_in_the_application_gives_a_token_and_no_cookie(doors: Doors) -> None:
    """The application keeps its token itself; it is valid for ten minutes."""
    response = await sign_in(doors, channel="MOBILE", device="Pixel 9")

    tokens = response.json()["data"]["signIn"]["tokens"]
    assert tokens["accessExpiresAt"] == "2026-03-17T09:40:00+00:00"
    assert "set-cookie" not in response.headers
    answer = await doors.post(WHO, headers={"Authorization": f"Bearer {tokens['accessToken']}"})
    assert answer.json() == {"data": CAMILLE}


@pytest.mark.parametrize(
    "typed", [{"password": "wrong"}, {"accountReference": "99999"}, {"accountReference": "…"}, {"password": ""}]
)
async def test_wrong_credentials_look_the_same_whether_or_not_the_account_exists(
    typed: dict[str, str], doors: Doors
) -> None:
    """A wrong password and an unknown account are one answer, and no session is opened."""
    before = doors.execute("SELECT count(*) FROM session")

    response = await sign_in(doors, **typed)

    assert response.json() == {
        "data": {
            "signIn": {
                "__typename": "InvalidCredentialsProblem",
                "code": "DENIED",
                "message": "Identifiant ou mot de passe incorrect.",
            }
        }
    }
    assert "set-cookie" not in response.headers
    assert doors.execute("SELECT count(*) FROM session") == before


async def test_signing_in_while_the_store_is_down_asks_to_wait(doors: Doors) -> None:
    """Nothing was wrong with the credentials; nobody gets in either."""
    doors.execute("DROP TABLE session")

    response = await sign_in(doors)

    assert response.json()["data"]["signIn"] == {
        "__typename": "ServiceBusyProblem",
        "code": "BUSY",
        "message": "Service momentanément très sollicité. Réessayez dans un instant.",
        "retryAfterSeconds": 5,
    }


class HeldHasher(PasswordHasher):
    """Checks no password before it is released."""

    def __init__(self) -> None:
        super().__init__(memory_cost=8, time_cost=1, parallelism=1)
        self.begun, self.released = threading.Event(), threading.Event()

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - the library's name
        """Waits, then checks."""
        self.begun.set()
        self.released.wait(10)
        return super().verify(hash, password)


async def test_one_sign_in_too_many_is_asked_to_wait(doors: Doors) -> None:
    """While all hands are full the next one is told so at once; the one before is served."""
    hasher = HeldHasher()
    pool = HashPool(hasher, workers=1, queue=0, deadline_seconds=10)
    desk = doors.parts.desk
    parts = replace(doors.parts, desk=replace(desk, foundation=replace(desk.foundation, passwords=pool)))
    crowded = replace(doors, app=application(parts, doors.ports, Entrance(clock=doors.clock, deadline_seconds=8)))

    first = asyncio.ensure_future(sign_in(crowded))
    await asyncio.to_thread(hasher.begun.wait, 10)
    second = await sign_in(crowded)
    hasher.released.set()

    busy = second.json()["data"]["signIn"]
    assert (busy["__typename"], busy["code"], busy["retryAfterSeconds"]) == ("ServiceBusyProblem", "BUSY", 2)
    assert (await first).json()["data"]["signIn"]["__typename"] == "SignInSuccess"
    pool.close()


@pytest.mark.parametrize("channel", ["DESK", "ANALYST_TOOL"])
async def test_a_tenant_cannot_sign_in_as_staff_does(channel: str, doors: Doors) -> None:
    """Staff sign in elsewhere."""
    response = await sign_in(doors, channel=channel)

    [error] = response.json()["errors"]
    assert error["extensions"]["code"] == "INVALID_ARGUMENT"
    assert error["extensions"]["argument"] == "channel"
    assert response.json()["data"] is None


async def test_signing_out_ends_the_session_and_takes_the_cookie_back(doors: Doors) -> None:
    """The cookie is worthless at once, here and in every other tab."""
    response = await doors.post({"query": SIGN_OUT}, headers=COOKIE | EVIDENCE)

    assert response.json() == {"data": {"signOut": {"at": "2026-03-17T09:30:00+00:00"}}}
    cleared = response.headers["set-cookie"].lower().split("; ")
    assert cleared[0] == '__host-gw_sid=""'
    assert {"max-age=0", "path=/", "secure", "httponly", "samesite=strict"} < set(cleared)
    assert (await doors.post(WHO, headers=COOKIE | EVIDENCE)).json() == {"data": {"viewer": None}}


async def test_a_stranger_may_sign_out(doors: Doors) -> None:
    """Signing out twice is no mistake; a worthless cookie is taken back."""
    response = await doors.post({"query": SIGN_OUT})

    assert response.json() == {"data": {"signOut": {"at": "2026-03-17T09:30:00+00:00"}}}
    assert "max-age=0" in response.headers["set-cookie"].lower()


async def test_signing_out_while_the_store_is_down_says_so(doors: Doors) -> None:
    """Nobody is told that the session has ended when it may go on."""
    await doors.post(WHO, headers=BEARER)  # the session is known from now on for two seconds
    doors.execute("DROP TABLE session")

    response = await doors.post({"query": SIGN_OUT}, headers=BEARER)

    [error] = response.json()["errors"]
    assert response.json()["data"] is None
    assert error["message"] == "Service momentanément indisponible. Réessayez dans un instant."
    assert (error["extensions"]["code"], error["extensions"]["retryable"]) == ("SERVICE_UNAVAILABLE", True)
    assert "set-cookie" not in response.headers


@pytest.mark.parametrize(("role", "token"), STAFF_TOKENS.items())
async def test_staff_are_known_by_their_role(role: str, token: str, doors: Doors) -> None:
    """A member of staff has a role and a channel; what belongs to tenants their schema does not even have."""
    answer = await doors.ask("{ viewer { roles channel } }", token=token)

    assert answer == {"data": {"viewer": {"roles": [role], "channel": "DESK"}}}
    assert doors.landlord.journal == []
