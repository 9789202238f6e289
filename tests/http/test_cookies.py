"""What the browser is given to keep: for this host alone, over https alone, out of reach of scripts and other sites."""

import pytest
from starlette.requests import Request
from starlette.responses import Response

from gateway.http.authentication import clear_cookie, device_token_of, set_cookie, set_device_cookie
from tests.support.doors import CAMILLE_TOKEN, PASSWORD, Doors

EVERYWHERE = {"path=/", "secure", "httponly", "samesite=strict"}
SIGN_IN = "mutation($input: SignInInput!) { signIn(input: $input) { __typename } }"


def given(response: Response) -> tuple[str, set[str]]:
    """Name and value of the only cookie of an answer, and its attributes in lower case."""
    [header] = [value for name, value in response.headers.items() if name.lower() == "set-cookie"]
    pair, *attributes = header.split("; ")
    return pair, {attribute.lower() for attribute in attributes}


def test_the_session_ends_with_the_browser() -> None:
    """`__Host-` lets the browser itself insist on https, this host, and every path; no Domain, no Max-Age."""
    response = Response()

    set_cookie(response, "token")

    assert given(response) == ("__Host-gw_sid=token", EVERYWHERE)


def test_the_device_is_known_for_a_year() -> None:
    """Guarded as the session is; it lasts beyond it."""
    response = Response()

    set_device_cookie(response, "token")

    assert given(response) == ("__Host-gw_did=token", EVERYWHERE | {"max-age=31536000"})


def test_a_cookie_is_taken_back_as_it_was_given() -> None:
    """A browser deletes only what has the same name, host and path, and `__Host-` demands the rest."""
    response = Response()

    clear_cookie(response)

    pair, attributes = given(response)
    assert pair == '__Host-gw_sid=""'
    assert EVERYWHERE | {"max-age=0"} < attributes
    assert not any(attribute.startswith("domain") for attribute in attributes)


@pytest.mark.parametrize(
    ("header", "token"), [("__Host-gw_did=x", "x"), ("__Host-gw_did=", None), ("gw_did=x", None), ("", None)]
)
def test_a_device_is_known_by_its_cookie(header: str, token: str | None) -> None:
    """And by none of another name."""
    request = Request({"type": "http", "headers": [(b"cookie", header.encode())]})

    assert device_token_of(request) == token


@pytest.mark.parametrize("before", ["planted-by-an-attacker", CAMILLE_TOKEN])
async def test_signing_in_never_goes_on_with_the_cookie_that_was_there(before: str, doors: Doors) -> None:
    """Whoever planted a cookie in the browser, or knows the one before, does not know the session that follows."""
    credentials = {"accountReference": "12345", "password": PASSWORD}
    headers = {"Cookie": f"__Host-gw_sid={before}", "X-GW-Client": "web"}

    response = await doors.post({"query": SIGN_IN, "variables": {"input": credentials}}, headers=headers)

    assert response.json()["data"]["signIn"]["__typename"] == "SignInSuccess"
    [cookie] = [given for given in response.headers.get_list("set-cookie") if given.startswith("__Host-gw_sid=")]
    token = cookie.partition("=")[2].partition(";")[0]
    assert (len(token), token == before) == (43, False)
    planted = await doors.post({"query": "{ viewer { channel } }"}, headers=headers)
    assert planted.json()["data"]["viewer"] == ({"channel": "MOBILE"} if before == CAMILLE_TOKEN else None)
