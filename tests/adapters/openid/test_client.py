"""What we ask a provider, and what we make of its answers: every one is a value, a clear no, or nothing known."""

import base64
import hashlib
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from starlette.responses import JSONResponse, Response

from gateway.ports.deadline import Deadline
from gateway.ports.openid import (
    Handshake,
    Profile,
    ProviderRefusedError,
    ProviderUnavailableError,
    TokenRejectedError,
    Tokens,
)
from tests.support.doors import Clock
from tests.support.openid import CALLBACK, CLIENT_ID, CLIENT_SECRET, ISSUER, Provider, signed, signing_key

HANDSHAKE = Handshake(state="s" * 43, nonce="n" * 43, verifier="v" * 43)
METADATA, KEYS = "/.well-known/openid-configuration", "/keys"


def soon() -> Deadline:
    """In five seconds."""
    return Deadline.after(5)


async def test_the_browser_is_sent_with_all_that_ties_the_sign_in_together(provider: Provider) -> None:
    """State, nonce and the hash of the verifier go out; the verifier itself stays."""
    address = await provider.client().address(HANDSHAKE, deadline=soon())

    challenge = base64.urlsafe_b64encode(hashlib.sha256(b"v" * 43).digest()).rstrip(b"=").decode()
    assert address.partition("?")[0] == "https://login.example.org/authorize"
    assert dict(parse_qsl(urlsplit(address).query)) == {
        "response_type": "code",
        "client_id": CLIENT_ID,
        "redirect_uri": CALLBACK,
        "scope": "openid profile",
        "state": "s" * 43,
        "nonce": "n" * 43,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }


BASIC = "Basic " + base64.b64encode(b"tenant-gateway:s3cret%3A+with%2Fodd%2Bsigns").decode()
AUTHENTICATION: dict[str, tuple[dict[str, Any], str | None, dict[str, str]]] = {
    "in the header": ({}, BASIC, {}),
    "in the form": (
        {"token_endpoint_auth_methods_supported": ["client_secret_post"]},
        None,
        {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET},
    ),
}


@pytest.mark.parametrize(("changes", "header", "form"), AUTHENTICATION.values(), ids=AUTHENTICATION)
async def test_a_code_is_redeemed_by_whoever_began(
    changes: dict[str, Any], header: str | None, form: dict[str, str], provider: Provider
) -> None:
    """With the PKCE verifier, and with our secret in the way that the provider takes."""
    provider.changes = changes
    client = provider.client()
    back = provider.authorize(await client.address(HANDSHAKE, deadline=soon()), "sam")

    await client.redeem(back["code"], handshake=HANDSHAKE, deadline=soon())

    details = {"grant_type": "authorization_code", "code": back["code"], "redirect_uri": CALLBACK}
    assert provider.forms == [details | {"code_verifier": "v" * 43} | form]
    assert provider.sent[-1].get("authorization") == header


@pytest.mark.parametrize("verifier", ["v" * 42 + "w", "v" * 42])
async def test_a_stolen_code_is_worth_nothing(verifier: str, provider: Provider) -> None:
    """Another browser's sign-in has another verifier, and the provider says no."""
    client = provider.client()
    back = provider.authorize(await client.address(HANDSHAKE, deadline=soon()), "sam")

    with pytest.raises(ProviderRefusedError):
        await client.redeem(back["code"], handshake=Handshake("s", "n" * 43, verifier), deadline=soon())


async def test_a_code_is_taken_once(provider: Provider) -> None:
    """The second time the provider says no."""
    client = provider.client()
    back = provider.authorize(await client.address(HANDSHAKE, deadline=soon()), "sam")
    await client.redeem(back["code"], handshake=HANDSHAKE, deadline=soon())

    with pytest.raises(ProviderRefusedError):
        await client.redeem(back["code"], handshake=HANDSHAKE, deadline=soon())


SILENT: dict[str, Callable[[], Response]] = {
    "down": lambda: JSONResponse({}, 503),
    "not there": lambda: JSONResponse({}, 404),
    "a page": lambda: Response("<html>", media_type="text/html"),
    "no JSON": lambda: Response("{"),
    "another shape": lambda: JSONResponse([]),
    "another type": lambda: JSONResponse({"keys": 7, "access_token": 7, "issuer": 7}),
    "endless": lambda: Response(b" " * 2_000_000),
    "deep": lambda: Response(b"[" * 200_000),
    "elsewhere": lambda: JSONResponse({}, 302, headers={"Location": "https://evil.example"}),
}


@pytest.mark.parametrize("answer", SILENT.values(), ids=SILENT)
@pytest.mark.parametrize("path", [METADATA, KEYS, "/token"])
async def test_what_cannot_be_read_is_no_answer(path: str, answer: Callable[[], Response], provider: Provider) -> None:
    """Nobody is signed in, and nothing is said about the person."""
    client = provider.client()
    back = {"code": "unknown"}
    provider.answers[path] = answer

    with pytest.raises(ProviderUnavailableError):
        await client.redeem(back["code"], handshake=HANDSHAKE, deadline=soon())


@pytest.mark.parametrize("answer", SILENT.values(), ids=SILENT)
async def test_a_person_of_whom_nothing_can_be_read_is_not_judged(
    answer: Callable[[], Response], provider: Provider
) -> None:
    """Another shape of userinfo is somebody else's, though, if it is JSON at all: it does not name the person."""
    provider.answers["/userinfo"] = answer

    with pytest.raises((ProviderUnavailableError, TokenRejectedError)) as refused:
        await provider.client().profile(Tokens("a", None), subject="sam", deadline=soon())

    is_an_object = isinstance(refused.value, TokenRejectedError)
    assert is_an_object == (answer is SILENT["another type"])


@pytest.mark.parametrize("error", ["invalid_client", "invalid_request", "unauthorized_client"])
async def test_a_refusal_that_is_about_us_says_nothing_about_the_person(error: str, provider: Provider) -> None:
    """Such as our secret having expired: nobody is signed in, and nobody is signed out."""
    provider.answers["/token"] = lambda: JSONResponse({"error": error}, 401)

    with pytest.raises(ProviderUnavailableError):
        await provider.client().redeem("code", handshake=HANDSHAKE, deadline=soon())


@pytest.mark.parametrize("kind", ["access_token", "refresh_token", "id_token"])
async def test_a_huge_token_is_not_kept(kind: str, provider: Provider) -> None:
    """None is longer than 16 KiB."""
    provider.answers["/token"] = lambda: JSONResponse({"access_token": "a", kind: "a" * 16_385})

    with pytest.raises(TokenRejectedError, match="size"):
        await provider.client().redeem("code", handshake=HANDSHAKE, deadline=soon())


@pytest.mark.parametrize(
    "changes",
    [
        {"issuer": "https://evil.example"},
        {"issuer": "http://login.example.org"},
        {"token_endpoint": "http://login.example.org/token"},
        {"jwks_uri": "http://login.example.org/keys"},
        {"userinfo_endpoint": "ftp://login.example.org/userinfo"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"userinfo_endpoint": None},
    ],
)
async def test_metadata_that_lead_elsewhere_are_not_followed(changes: dict[str, Any], provider: Provider) -> None:
    """Of another issuer, over plain http, or without userinfo."""
    provider.changes = changes

    with pytest.raises(ProviderUnavailableError):
        await provider.client().address(HANDSHAKE, deadline=soon())


@pytest.mark.parametrize(("told", "configured"), [(ISSUER, ISSUER + "/"), (ISSUER + "/", ISSUER)])
async def test_a_slash_at_the_end_makes_no_other_issuer(told: str, configured: str, provider: Provider) -> None:
    """What tokens must name is what the provider calls itself."""
    provider.changes = {"issuer": told}
    provider.sign = lambda claims: signed(claims | {"iss": told})
    client = provider.client(issuer=configured)
    back = provider.authorize(await client.address(HANDSHAKE, deadline=soon()), "sam")

    assert (await client.redeem(back["code"], handshake=HANDSHAKE, deadline=soon())).subject == "sam"


async def test_the_provider_is_known_for_an_hour(provider: Provider, clock: Clock) -> None:
    """Metadata and keys are asked for once, also by many at once."""
    client = provider.client()
    for minutes in (0, 59):
        clock.forward(minutes=minutes)
        await client.address(HANDSHAKE, deadline=soon())
    assert provider.journal == [METADATA, KEYS]

    clock.forward(minutes=1)
    await client.address(HANDSHAKE, deadline=soon())

    assert provider.journal == [METADATA, KEYS] * 2


async def test_a_new_key_is_found_but_made_up_names_cost_one_look_a_minute(provider: Provider, clock: Clock) -> None:
    """A provider may change its keys at any time; a stranger may not make us ask it a thousand times."""
    client = provider.client()
    token = signed(provider.logout_claims(), algorithm="ES256")
    await client.address(HANDSHAKE, deadline=soon())
    clock.forward(seconds=60)
    for _ in range(100):
        with pytest.raises(TokenRejectedError, match="kid"):
            await client.logout_notice(token, deadline=soon())
    assert provider.journal == [METADATA, KEYS] * 2

    provider.algorithms = ("RS256", "ES256")
    with pytest.raises(TokenRejectedError, match="kid"):
        await client.logout_notice(token, deadline=soon())
    clock.forward(seconds=60)

    assert (await client.logout_notice(token, deadline=soon())).id == "notice-1"
    assert provider.journal == [METADATA, KEYS] * 3


UNUSABLE: dict[str, dict[str, Any]] = {
    "for encryption": {"use": "enc"},
    "short": {"n": "w" + "A" * 169 + "E"},  # 1,024 bits
    "unreadable": {"n": "é" * 400},
    "a shared secret": {"kty": "oct", "k": "c2VjcmV0"},
    "of an unknown kind": {"kty": "PQC"},
    "of no kind": {"kty": None},
    "on another curve": {"kty": "EC", "crv": "secp256k1", "x": "AQ", "y": "AQ"},
    "half a point": {"kty": "EC", "crv": "P-256", "x": "AQ"},
    "another Edwards curve": {"kty": "OKP", "crv": "X25519", "x": "AQ"},
    "half an Edwards point": {"kty": "OKP", "crv": "Ed25519", "x": "AQ"},
}


@pytest.mark.parametrize("changes", UNUSABLE.values(), ids=UNUSABLE)
async def test_a_key_that_cannot_be_used_does_not_spoil_the_others(changes: dict[str, Any], provider: Provider) -> None:
    """It is as if it were not there."""
    good = signing_key().as_dict(private=False)
    provider.answers[KEYS] = lambda: JSONResponse({"keys": [good | {"kid": "bad"} | changes, good]})
    client = provider.client()

    assert (await client.logout_notice(signed(provider.logout_claims()), deadline=soon())).id == "notice-1"
    with pytest.raises(TokenRejectedError, match="kid"):
        await client.logout_notice(signed(provider.logout_claims(), kid="bad"), deadline=soon())


async def test_two_keys_of_one_name_are_none(provider: Provider) -> None:
    """There is no telling which is meant."""
    good = signing_key().as_dict(private=False)
    provider.answers[KEYS] = lambda: JSONResponse({"keys": [good, good]})

    with pytest.raises(TokenRejectedError, match="kid"):
        await provider.client().logout_notice(signed(provider.logout_claims()), deadline=soon())


PEOPLE: dict[str, tuple[dict[str, Any], str, set[str]]] = {
    "a name and groups": ({"name": "Sam Fournier", "groups": ["desk", "all"]}, "Sam Fournier", {"desk", "all"}),
    "a user name": ({"preferred_username": "sfournier"}, "sfournier", set()),
    "an address": ({"name": "", "email": "sam@example.org"}, "sam@example.org", set()),
    "nothing": ({}, "sam", set()),
    "a name of several lines": ({"name": " Sam\r\n\u202eFournier\t" + "x" * 90}, "Sam Fournier " + "x" * 67, set()),
    "a name that is none": ({"name": 7, "preferred_username": "\u200b "}, "sam", set()),
    "one group": ({"groups": "desk"}, "sam", {"desk"}),
    "groups that are none": ({"groups": {"desk": True}}, "sam", set()),
    "odd groups": ({"groups": ["desk", 7, None, ["x"]]}, "sam", {"desk"}),
}


@pytest.mark.parametrize(("claims", "name", "groups"), PEOPLE.values(), ids=PEOPLE)
async def test_a_person_has_a_name_for_the_log_and_groups(
    claims: dict[str, Any], name: str, groups: set[str], provider: Provider
) -> None:
    """One line of visible text, whatever a provider tells; groups only if they are plain texts."""
    provider.people["sam"], provider.access["a"] = claims, "sam"
    tokens = Tokens("a", None)

    profile = await provider.client().profile(tokens, subject="sam", deadline=soon())

    assert profile == Profile("sam", name, frozenset(groups), tokens)


async def test_a_person_without_any_visible_name_is_still_shown(provider: Provider) -> None:
    """The access log has no empty names."""
    provider.people["\u200b"], provider.access["a"] = {}, "\u200b"

    profile = await provider.client().profile(Tokens("a", None), subject="\u200b", deadline=soon())

    assert profile.name == "?"


async def test_the_groups_are_where_the_landlord_keeps_them(provider: Provider) -> None:
    """In the claim that the settings name."""
    provider.people["sam"], provider.access["a"] = {"roles": ["desk"], "groups": ["other"]}, "sam"

    profile = await provider.client(groups_claim="roles").profile(Tokens("a", None), subject="sam", deadline=soon())

    assert profile.groups == {"desk"}


async def test_what_is_said_of_somebody_else_does_not_count(provider: Provider) -> None:
    """Userinfo must name the person of the ID token (OpenID Connect Core §5.3.2)."""
    provider.access["a"] = "sam"

    with pytest.raises(TokenRejectedError, match="somebody else"):
        await provider.client().profile(Tokens("a", None), subject="eve", deadline=soon())


async def test_an_access_token_that_has_expired_is_renewed(provider: Provider) -> None:
    """With the refresh token, which may change each time; the new ones come back to be kept."""
    provider.gives_refresh_tokens = True
    provider.refresh["r"] = "sam"

    profile = await provider.client().profile(Tokens("expired", "r"), subject="sam", deadline=soon())

    assert profile.groups == {"desk"}
    assert provider.access == {profile.tokens.access: "sam"}
    assert provider.refresh == {profile.tokens.refresh: "sam"}
    assert provider.forms == [{"grant_type": "refresh_token", "refresh_token": "r"}]


async def test_a_refresh_token_that_stays_is_kept(provider: Provider) -> None:
    """Providers may give no new one."""
    provider.refresh["r"] = "sam"

    profile = await provider.client().profile(Tokens("expired", "r"), subject="sam", deadline=soon())

    assert profile.tokens == Tokens(next(iter(provider.access)), "r")


@pytest.mark.parametrize("tokens", [Tokens("withdrawn", None), Tokens("withdrawn", "withdrawn too")])
async def test_a_person_whose_tokens_were_withdrawn_is_not_vouched_for(tokens: Tokens, provider: Provider) -> None:
    """The provider's no is a no."""
    with pytest.raises(ProviderRefusedError):
        await provider.client().profile(tokens, subject="sam", deadline=soon())


def test_tokens_are_not_shown_by_accident() -> None:
    """Neither in a log nor in a traceback."""
    shown = repr(Tokens("a-token", "r-token")) + repr(HANDSHAKE)

    assert [secret for secret in ("a-token", "r-token", "nnn", "vvv") if secret in shown] == []
