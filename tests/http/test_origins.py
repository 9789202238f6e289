"""Another site cannot make a tenant's browser do anything here, nor read what we answer."""

from typing import Any

import pytest

from gateway.http.origins import origin_of
from gateway.schema.build import build_schema
from gateway.schema.operations import Operations
from tests.support.doors import CAMILLE_TOKEN, PASSWORD, PUBLIC_URL, Doors, with_operations

OFFICES = {"query": "{ offices { name } }"}
SIGN_IN = {
    "query": "mutation($input: SignInInput!) { signIn(input: $input) { __typename } }",
    "variables": {"input": {"accountReference": "12345", "password": PASSWORD}},
}
COOKIE = {"Cookie": f"__Host-gw_sid={CAMILLE_TOKEN}", "X-GW-Client": "web"}
REFUSED = (403, "ORIGIN_NOT_ALLOWED")
FOREIGN: dict[str, list[tuple[str, str]]] = {
    "another site": [("Origin", "https://evil.example")],
    "a sandboxed page": [("Origin", "null")],
    "a look-alike above us": [("Origin", "https://account.example.org.evil.example")],
    "a look-alike beside us": [("Origin", "https://evil-account.example.org")],
    "a subdomain of ours": [("Origin", "https://forum.account.example.org")],
    "plain http": [("Origin", "http://account.example.org")],
    "another port": [("Origin", "https://account.example.org:8443")],
    "another spelling": [("Origin", "https://ACCOUNT.example.org")],
    "a path behind it": [("Origin", "https://account.example.org/")],
    "nothing": [("Origin", "")],
    "two origins": [("Origin", PUBLIC_URL), ("Origin", "https://evil.example")],
    "cross-site": [("Sec-Fetch-Site", "cross-site")],
    "same-site": [("Sec-Fetch-Site", "same-site")],
    "none": [("Sec-Fetch-Site", "none")],
    "an unknown relation": [("Sec-Fetch-Site", "Same-Origin")],
    "our origin from elsewhere": [("Origin", PUBLIC_URL), ("Sec-Fetch-Site", "cross-site")],
    "another origin as ours": [("Origin", "https://evil.example"), ("Sec-Fetch-Site", "same-origin")],
}
OURS: dict[str, list[tuple[str, str]]] = {
    "a browser of today": [("Origin", PUBLIC_URL), ("Sec-Fetch-Site", "same-origin")],
    "an older browser": [("Origin", PUBLIC_URL)],
    "a browser that hides its origin": [("Sec-Fetch-Site", "same-origin")],
    "no browser": [],
}


async def asked(doors: Doors, body: object, headers: list[tuple[str, str]]) -> Any:
    """The response to a POST with these headers, repeated ones too."""
    async with doors.client() as client:
        return await client.post("/graphql", json=body, headers=headers)


@pytest.mark.parametrize("headers", FOREIGN.values(), ids=FOREIGN)
async def test_what_a_foreign_page_sends_is_refused(headers: list[tuple[str, str]], doors: Doors) -> None:
    """With the tenant's cookie or without it: nothing is executed, and nothing of the answer is for that page."""
    for cookie in (list(COOKIE.items()), []):
        response = await asked(doors, OFFICES, headers + cookie)

        [error] = response.json()["errors"]
        assert (response.status_code, error["extensions"]["code"]) == REFUSED
        assert error["message"] == "operations are taken from the account's own pages only"
        assert [name for name in response.headers if name.startswith("access-control")] == []
    assert doors.landlord.journal == []


@pytest.mark.parametrize("headers", OURS.values(), ids=OURS)
async def test_what_our_page_or_no_browser_sends_is_served(headers: list[tuple[str, str]], doors: Doors) -> None:
    """The account's page is known by what the browser says; the application says nothing, and carries a token."""
    response = await asked(doors, OFFICES, headers + list(COOKIE.items()))

    assert (response.status_code, "errors" in response.json()) == (200, False)
    assert [name for name in response.headers if name.startswith("access-control")] == []


@pytest.mark.parametrize("headers", FOREIGN.values(), ids=FOREIGN)
async def test_a_foreign_page_cannot_sign_a_browser_in(headers: list[tuple[str, str]], doors: Doors) -> None:
    """Nobody ends up in an account that is not theirs, where they would type what is theirs: no session, no cookie."""
    before = doors.execute("SELECT count(*) FROM session")

    response = await asked(doors, SIGN_IN, headers)

    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == REFUSED
    assert "set-cookie" not in response.headers
    assert doors.execute("SELECT count(*) FROM session") == before


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
async def test_a_form_of_another_site_does_nothing(media_type: str, doors: Doors) -> None:
    """What a page may send without asking us first is not taken, whoever the browser says it comes from."""
    headers = {"Content-Type": media_type} | COOKIE

    response = await doors.post(OFFICES, headers=headers)

    assert response.status_code == 415
    assert doors.landlord.journal == []


async def test_a_browser_that_asks_for_leave_is_given_none(doors: Doors) -> None:
    """A preflight from another site gets no `Access-Control-*` header, so the request itself is never sent."""
    headers = {
        "Origin": "https://evil.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type,x-gw-client",
    }
    async with doors.client() as client:
        response = await client.options("/graphql", headers=headers)

    assert response.status_code == 405
    assert [name for name in response.headers if name.startswith("access-control")] == []


async def test_a_landlord_may_have_pages_at_further_addresses(doors: Doors) -> None:
    """An origin that the settings name is ours, in front of the same gateway; its subdomains are not."""
    ours = frozenset({"https://espace.example.org"})
    wider = with_operations(doors, Operations(build_schema()), allowed_origins=ours)

    statuses = [
        (await asked(wider, OFFICES, [("Origin", origin)])).status_code
        for origin in (PUBLIC_URL, "https://espace.example.org", "https://x.espace.example.org")
    ]

    assert statuses == [200, 200, 403]


async def test_no_other_connection_is_upgraded(doors: Doors) -> None:
    """A WebSocket is opened for operations only, and its door holds it to these checks."""
    sent: list[Any] = []
    scope = {"type": "websocket", "path": "/readyz", "headers": [], "query_string": b"", "subprotocols": []}

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    await doors.app(scope, receive, send)

    assert [message["type"] for message in sent] == ["websocket.close"]


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://account.example.org", "https://account.example.org"),
        ("https://Account.Example.org:443/desk", "https://account.example.org"),
        ("https://account.example.org:8443", "https://account.example.org:8443"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://localhost:80", "http://localhost"),
        ("http://[::1]:8000/", "http://[::1]:8000"),
    ],
)
def test_an_address_has_the_origin_that_a_browser_writes(url: str, origin: str) -> None:
    """Lower case, no default port, no path."""
    assert origin_of(url) == origin
