"""Getting in, staying in, and being out: on either store."""

import time
from http.cookies import Morsel, SimpleCookie
from typing import Any

import httpx
import pytest

from tests.support.client import SIGN_IN, Answer, Client, answer, question
from tests.support.gateway import RunningGateway, credentials_of
from tests.support.processes import wait_until

pytestmark = pytest.mark.servers

COOKIE = "__Host-gw_sid"
WHO = "{ viewer { roles channel tenant { id } } }"
SIGN_OUT = "mutation { signOut { ... on SignOutSuccess { at } } }"
OUR_PAGE = {"X-GW-Client": "web"}


def attempt(gateway: RunningGateway, reference: str, password: str, channel: str = "MOBILE") -> httpx.Response:
    """The response to one sign-in."""
    variables = {"input": {"accountReference": reference, "password": password, "channel": channel}}
    return gateway.http.post(f"{gateway.url}/graphql", json=question(SIGN_IN, variables))


def ask_with_cookie(gateway: RunningGateway, cookie: str, document: str, **headers: str) -> Answer:
    """What our own page is answered with that cookie, or another page with other headers."""
    sent = {"Cookie": f"{COOKIE}={cookie}", **(headers or OUR_PAGE)}
    return answer(gateway.http.post(f"{gateway.url}/graphql", json=question(document, {}), headers=sent))


def newly_signed_in(gateway: RunningGateway) -> Client:
    """A session that no other test uses."""
    return gateway.stranger().sign_in(*credentials_of("plain"))


def session_ids(gateway: RunningGateway) -> set[Any]:
    """Every session in the store."""
    return {row[0] for row in gateway.query("SELECT id FROM session")}


def cookie_in(response: httpx.Response | Answer) -> Morsel[str]:
    """The session's cookie, beside that of the device."""
    found = SimpleCookie()
    for header in response.headers.get_list("set-cookie"):
        found.load(header)
    return found[COOKIE]


def test_a_wrong_password_and_an_unknown_account_are_one_answer(either: RunningGateway) -> None:
    """Nobody learns here who has an account, and no session is opened."""
    reference, password = credentials_of("plain")
    before = session_ids(either)

    wrong = attempt(either, reference, password + "x").json()
    unknown = attempt(either, "0099999", password).json()
    nonsense = attempt(either, "", "").json()

    assert wrong == unknown == nonsense
    assert wrong["data"]["signIn"]["__typename"] == "InvalidCredentialsProblem"
    assert wrong["data"]["signIn"]["code"] == "DENIED"
    assert session_ids(either) == before


def test_the_reference_may_be_written_as_people_write_it(either: RunningGateway) -> None:
    """With or without zeros, with spaces, with the letter of a lease: it is one account."""
    reference, password = credentials_of("plain")
    bare = reference.lstrip("0")

    for written in (bare, f"L {reference}", f" {bare[:2]} {bare[2:]} "):
        outcome = attempt(either, written, password).json()["data"]["signIn"]

        assert outcome["viewer"]["account"] == {"accountReference": bare}


def test_the_application_gets_a_token_and_the_web_a_cookie(either: RunningGateway) -> None:
    """The cookie is for this host alone, out of reach of scripts and other sites; its value is nowhere else."""
    reference, password = credentials_of("plain")

    mobile, web = (attempt(either, reference, password, channel) for channel in ("MOBILE", "WEB"))

    tokens = mobile.json()["data"]["signIn"]["tokens"]
    assert len(tokens["accessToken"]) == 43
    assert "set-cookie" not in mobile.headers
    cookie = cookie_in(web)
    assert (cookie["path"], cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["domain"]) == (
        *("/", True, True, "strict"),
        "",
    )
    assert web.json()["data"]["signIn"]["tokens"] is None
    assert cookie.value not in web.text


def test_a_cookie_counts_only_from_our_own_page(either: RunningGateway) -> None:
    """The browser sends it with any request; only ours carry the header."""
    web = attempt(either, *credentials_of("plain"), "WEB")
    cookie = cookie_in(web).value

    ours, elsewhere = ask_with_cookie(either, cookie, WHO), ask_with_cookie(either, cookie, WHO, Origin="null")

    assert ours.whole()["viewer"]["channel"] == "WEB"
    assert (elsewhere.status, elsewhere.errors[0]["extensions"]["code"]) == (403, "ORIGIN_NOT_ALLOWED")


def test_signing_out_of_the_web_takes_the_cookie_back(either: RunningGateway) -> None:
    """The cookie is emptied, and whoever kept a copy is a stranger at once."""
    web = attempt(either, *credentials_of("plain"), "WEB")
    cookie = cookie_in(web).value

    out = ask_with_cookie(either, cookie, SIGN_OUT)

    emptied = cookie_in(out)
    assert (emptied.value, emptied["max-age"]) == ("", "0")
    assert ask_with_cookie(either, cookie, WHO).whole() == {"viewer": None}


def test_signing_out_of_the_application_ends_its_token(either: RunningGateway) -> None:
    """The next request is told to sign in again, and other sessions of the account go on."""
    leaving, staying = newly_signed_in(either), newly_signed_in(either)

    leaving.ask(SIGN_OUT).whole()

    refused = leaving.ask(WHO)
    assert (refused.status, refused.errors[0]["extensions"]["code"]) == (401, "SESSION_ENDED")
    assert refused.headers["www-authenticate"] == "Bearer"
    assert staying.ask(WHO).whole()["viewer"]["roles"] == ["TENANT"]


def test_a_session_killed_in_the_store_is_over_within_two_seconds(either: RunningGateway) -> None:
    """Whoever has access to the store can end a session without asking the gateway."""
    before = session_ids(either)
    client = newly_signed_in(either)
    (killed,) = session_ids(either) - before
    client.ask(WHO).whole()

    either.query(f"DELETE FROM session WHERE id = '{killed}'")  # noqa: S608 - an id of ours
    killed_at = time.monotonic()
    wait_until(lambda: client.ask(WHO).status == 401, seconds=5)

    assert time.monotonic() - killed_at < 2.5


def test_staff_have_their_roles_and_nobodys_file(either: RunningGateway) -> None:
    """The seeded advisor, analyst and operator are signed in, and are no tenants."""
    for role in ("ADVISOR", "ANALYST", "OPERATOR"):
        viewer = either.member(role).ask("{ viewer { roles } }").whole()["viewer"]
        refused = either.member(role).ask(WHO)

        assert viewer == {"roles": [role]}
        assert (refused.data, refused.errors[0]["extensions"]["code"]) == (None, "GRAPHQL_VALIDATION_FAILED")


def test_a_stranger_sees_what_is_public_and_nothing_else(gateway: RunningGateway) -> None:
    """Offices, advice, the state of the systems; no viewer, and no object by its id."""
    account = gateway.tenant("plain").ask("{ viewer { tenant { rentalAccounts { id } } } }").whole()
    (known,) = account["viewer"]["tenant"]["rentalAccounts"]
    document = "query Public($id: ID!) { viewer { roles } node(id: $id) { id } offices { name } advice { title } }"

    public = gateway.stranger().ask(document, id=known["id"]).whole()

    assert (public["viewer"], public["node"]) == (None, None)
    assert "Accueil de Metz" in {office["name"] for office in public["offices"]}
    assert public["advice"]
