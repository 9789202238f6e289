"""A token is believed when the provider's own key signed it, for us, now and for this sign-in; otherwise not at all."""

import base64
import hmac
from collections.abc import Callable
from typing import Any

import pytest
from joserfc.jwk import ECKey, RSAKey

from gateway.adapters.openid import OpenIdClient
from gateway.ports.deadline import Deadline
from gateway.ports.openid import Handshake, LogoutNotice, ProviderUnavailableError, Redeemed, TokenRejectedError
from tests.support.doors import Clock
from tests.support.openid import CLIENT_ID, ISSUER, LOGOUT_EVENT, Provider, signed, signed_as_it_is, signing_key

HANDSHAKE = Handshake(state="s" * 43, nonce="n" * 43, verifier="v" * 43)
Sign = Callable[[dict[str, Any]], str]


def soon() -> Deadline:
    """In five seconds."""
    return Deadline.after(5)


async def redeemed(provider: Provider, client: OpenIdClient | None = None) -> Redeemed:
    """What our client makes of Sam's sign-in."""
    client = client or provider.client()
    back = provider.authorize(await client.address(HANDSHAKE, deadline=soon()), "sam")
    return await client.redeem(back["code"], handshake=HANDSHAKE, deadline=soon())


@pytest.mark.parametrize("algorithm", ["RS256", "PS256", "ES256", "EdDSA"])
async def test_a_token_of_the_provider_is_believed(algorithm: str, provider: Provider) -> None:
    """Whichever of the four algorithms its key is for."""
    provider.algorithms = (algorithm,)
    provider.sign = lambda claims: signed(claims, algorithm=algorithm)

    found = await redeemed(provider)

    assert (found.subject, found.provider_session) == ("sam", "sid-of-sam")
    assert provider.access == {found.tokens.access: "sam"}


def changed(**changes: Any) -> Sign:
    """Signed by the provider, with other claims; a change to None takes a claim out."""
    return lambda claims: signed({name: value for name, value in (claims | changes).items() if value is not None})


def shifted(**seconds: int) -> Sign:
    """Signed by the provider, with instants that many seconds later."""
    return lambda claims: signed(claims | {name: claims[name] + by for name, by in seconds.items()})


def unsigned(claims: dict[str, Any]) -> str:
    """A token that says that it needs no signature."""
    return signed(claims, algorithm="none", key=signing_key(), kid="RS256")


def confused(claims: dict[str, Any]) -> str:
    """A token « signed » with the provider's public key as if it were a secret shared with us.

    By hand: joserfc would not lend itself to it.
    """
    key = signing_key()
    assert isinstance(key, RSAKey)
    text = signed_as_it_is({"alg": "HS256", "kid": "RS256"}, claims).rpartition(".")[0]
    mac = hmac.digest(key.as_pem(private=False), text.encode(), "sha256")
    return f"{text}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


ATTACKER, SMALL = RSAKey.generate_key(2048), ECKey.generate_key("P-256")
PUBLIC = SMALL.as_dict(private=False)
HEADER = {"alg": "RS256", "kid": "RS256"}

FORGED: dict[str, tuple[Sign, str]] = {
    "no algorithm": (unsigned, "alg"),
    "the public key as a secret": (confused, "alg"),
    "an algorithm that is none": (lambda c: signed_as_it_is({"alg": ["RS256"], "kid": "RS256"}, c), "alg"),
    "not a word of an algorithm": (lambda c: signed_as_it_is({"kid": "RS256"}, c), "form"),
    "an algorithm off the list": (lambda c: signed(c, algorithm="RS512", key=signing_key(), kid="RS256"), "alg"),
    "another key under its name": (lambda c: signed(c, key=ATTACKER), "signature"),
    "a key in the header": (lambda c: signed(c, algorithm="ES256", key=SMALL, kid="RS256", jwk=PUBLIC), "signature"),
    "the address of a key": (lambda c: signed(c, key=ATTACKER, jku="https://evil.example/keys"), "signature"),
    "an unknown key": (lambda c: signed(c, kid="other"), "kid"),
    "a name that is no text": (lambda c: signed_as_it_is({"alg": "RS256", "kid": [7]}, c), "kid"),
    "a critical extension": (lambda c: signed_as_it_is(HEADER | {"crit": ["x"], "x": 1}, c), "signature"),
    "claims that are no object": (lambda _: signed_as_it_is(HEADER, []), "signature"),  # type: ignore[arg-type]  # the fault
    "an altered claim": (lambda c: swapped(signed(c), signed(c | {"sub": "eve"})), "signature"),
    "a header that is no object": (lambda c: signed_as_it_is([], c), "form"),  # type: ignore[arg-type]  # the fault
    "no token": (lambda _: "", "form"),
    "half a token": (lambda c: signed(c).rpartition(".")[0], "form"),
    "five parts": (lambda c: signed(c) + ".a.b", "form"),
    "a text that is no ASCII": (lambda c: signed(c) + "é", "size"),
    "16 KiB and one": (lambda _: "a" * 16_385, "size"),
    "wrong audience": (changed(aud="another-application"), "claims"),
    "no audience": (changed(aud=None), "claims"),
    "several audiences without a party": (changed(aud=[CLIENT_ID, "another"]), "claims"),
    "another authorised party": (changed(azp="another-application"), "claims"),
    "wrong issuer": (changed(iss="https://evil.example"), "claims"),
    "issuer with a slash": (changed(iss=ISSUER + "/"), "claims"),
    "no issuer": (changed(iss=None), "claims"),
    "no subject": (changed(sub=None), "claims"),
    "a subject that is no text": (changed(sub=7), "claims"),
    "no end": (changed(exp=None), "claims"),
    "an end that never comes": (changed(exp=float("nan")), "claims"),
    "an end in words": (changed(exp="tomorrow"), "claims"),
    "expired": (shifted(exp=-361), "claims"),
    "from the future": (shifted(iat=61), "claims"),
    "no beginning": (changed(iat=None), "claims"),
    "wrong nonce": (changed(nonce="n" * 42 + "m"), "claims"),
    "no nonce": (changed(nonce=None), "claims"),
    "a nonce that is no text": (changed(nonce=["n" * 43]), "claims"),
    "another access token": (changed(at_hash="AAAAAAAAAAAAAAAAAAAAAA"), "claims"),
    "a logout token": (changed(nonce=None, events=LOGOUT_EVENT, jti="x"), "claims"),
}


def swapped(token: str, other: str) -> str:
    """`token` with the claims of `other`."""
    (head, _, signature), (_, claims, _) = token.split("."), other.split(".")
    return f"{head}.{claims}.{signature}"


@pytest.mark.parametrize(("sign", "reason"), FORGED.values(), ids=FORGED)
async def test_a_token_that_does_not_hold_is_refused(sign: Sign, reason: str, provider: Provider) -> None:
    """Each check by itself keeps the token out, whatever else is right about it."""
    provider.sign = sign

    with pytest.raises(TokenRejectedError) as refused:
        await redeemed(provider)

    assert refused.value.reason == reason


@pytest.mark.parametrize(
    "sign",
    [
        shifted(exp=-359),
        shifted(iat=60),
        changed(aud=[CLIENT_ID]),
        changed(aud=[CLIENT_ID, "another"], azp=CLIENT_ID),
        changed(sid=None),
        changed(sid=7),
    ],
    ids=["clock behind", "clock ahead", "list of one", "list of two with our party", "no session", "odd session"],
)
async def test_what_the_standard_allows_is_believed(sign: Sign, provider: Provider) -> None:
    """Clocks may be a minute apart, and there may be other audiences if the token says it was issued to us."""
    provider.sign = sign

    assert (await redeemed(provider)).subject == "sam"


async def test_five_megabytes_are_not_read(provider: Provider) -> None:
    """The answer is given up at its first megabyte, long before anything looks at the token."""
    provider.sign = lambda _: "a" * 5_000_000

    with pytest.raises(ProviderUnavailableError):
        await redeemed(provider)


async def test_an_answer_without_an_id_token_signs_nobody_in(provider: Provider) -> None:
    """Plain OAuth says what one may do, not who one is."""
    provider.sign = lambda _: None  # type: ignore[assignment,return-value]  # the fault under test

    with pytest.raises(TokenRejectedError, match="missing"):
        await redeemed(provider)


@pytest.mark.parametrize(("algorithms", "is_believed"), [(("RS256",), True), (("RS256", "ES256"), False)])
async def test_a_token_without_a_name_of_its_key_needs_a_single_key(
    algorithms: tuple[str, ...], is_believed: bool, provider: Provider
) -> None:
    """With one key there is no doubt; with two nothing is tried out."""
    provider.algorithms = algorithms
    provider.sign = lambda claims: signed(claims, kid=None)

    if is_believed:
        assert (await redeemed(provider)).subject == "sam"
    else:
        with pytest.raises(TokenRejectedError, match="kid"):
            await redeemed(provider)


@pytest.mark.parametrize("attack", [SMALL, signing_key("ES256")], ids=["foreign", "own"])
async def test_a_key_in_a_token_is_never_used(attack: ECKey, provider: Provider) -> None:
    """The key that counts is the one the provider published, though the token brings another that fits it."""
    provider.algorithms = ("ES256",)
    provider.sign = lambda claims: signed(claims, algorithm="ES256", key=attack, jwk=PUBLIC)

    if attack is SMALL:
        with pytest.raises(TokenRejectedError, match="signature"):
            await redeemed(provider)
    else:
        assert (await redeemed(provider)).subject == "sam"


NOTICE_CHANGES: dict[str, dict[str, Any]] = {
    "no event": {"events": None},
    "another event": {"events": {"http://schemas.openid.net/event/other": {}}},
    "an event in words": {"events": "http://schemas.openid.net/event/backchannel-logout"},
    "an event without an object": {"events": {"http://schemas.openid.net/event/backchannel-logout": 1}},
    "a nonce": {"nonce": "n"},
    "nobody": {"sid": None},
    "an empty name": {"sid": ""},
    "a session that is no text": {"sub": "sam", "sid": 7},
    "a person that is no text": {"sub": 7},
    "no id": {"jti": None},
    "an id that is no text": {"jti": 7},
    "another audience": {"aud": "another-application"},
    "another issuer": {"iss": "https://evil.example"},
    "no beginning": {"iat": None},
    "long ago": {"iat": -1e300},
}


@pytest.mark.parametrize("changes", NOTICE_CHANGES.values(), ids=NOTICE_CHANGES)
async def test_a_logout_token_that_does_not_hold_is_refused(changes: dict[str, Any], provider: Provider) -> None:
    """Nobody but the provider ends sessions, and not with a token made for something else."""
    with pytest.raises(TokenRejectedError):
        await provider.client().logout_notice(signed(provider.logout_claims(**changes)), deadline=soon())


async def test_a_logout_token_forged_by_another_is_refused(provider: Provider) -> None:
    """The signature is checked as that of any token."""
    with pytest.raises(TokenRejectedError, match="signature"):
        await provider.client().logout_notice(signed(provider.logout_claims(), key=ATTACKER), deadline=soon())


async def test_a_huge_logout_token_is_not_looked_at(provider: Provider) -> None:
    """Not even at its head."""
    token = signed(provider.logout_claims(padding="x" * 16_384))

    with pytest.raises(TokenRejectedError, match="size"):
        await provider.client().logout_notice(token, deadline=soon())
    assert provider.journal == []


async def test_an_id_token_is_no_logout_token(provider: Provider) -> None:
    """Whoever got hold of one cannot sign its owner out."""
    with pytest.raises(TokenRejectedError):
        await provider.client().logout_notice(signed(provider.claims("sam", "nonce", jti="x")), deadline=soon())


@pytest.mark.parametrize(
    ("changes", "subject", "session"),
    [({}, None, "sid-1"), ({"sub": "sam"}, "sam", "sid-1"), ({"sub": "sam", "sid": None}, "sam", None)],
)
async def test_a_logout_token_names_a_person_or_a_session(
    changes: dict[str, Any], subject: str | None, session: str | None, provider: Provider, clock: Clock
) -> None:
    """Or both; it is remembered for the six minutes in which it could be played again."""
    notice = await provider.client().logout_notice(signed(provider.logout_claims(**changes)), deadline=soon())

    seconds = (notice.expires_at - clock.now).total_seconds()
    assert (notice, round(seconds)) == (LogoutNotice("notice-1", subject, session, notice.expires_at), 360)


@pytest.mark.parametrize(("age", "holds"), [(359, True), (361, False)])
async def test_a_logout_token_does_not_keep(age: int, holds: bool, provider: Provider, clock: Clock) -> None:
    """Five minutes and the minute between the clocks; also one that says it lasts longer."""
    token = signed(provider.logout_claims(exp=int(clock.now.timestamp()) + 86_400))
    clock.forward(seconds=age)

    if holds:
        assert (await provider.client().logout_notice(token, deadline=soon())).id == "notice-1"
    else:
        with pytest.raises(TokenRejectedError, match="iat"):
            await provider.client().logout_notice(token, deadline=soon())
