"""JWTs of the provider: signed by a key of its own, for us, in time. joserfc checks signatures, Authlib the claims.

A token is believed as a whole or not at all, and nothing in it chooses the key: not its `jwk`, `jku` or `x5c`, and
of its `alg` only what is on our list, where no algorithm takes a public key for a shared secret.
"""

import binascii
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from authlib.oauth2.claims import JWTClaims  # type: ignore[import-untyped]  # Authlib comes without types
from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]  # the same
from joserfc import jws, jwt
from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from gateway.adapters.openid.wire import LONGEST_TOKEN
from gateway.ports.openid import LogoutNotice, TokenRejectedError

ALGORITHMS = frozenset({"RS256", "PS256", "ES256", "EdDSA"})
SKEW_SECONDS = 60
"""How far the provider's clock and ours may be apart."""

_LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
_LOGOUT_SECONDS = 5 * 60
_SHORTEST_MODULUS = 342  # characters of base64url in 2048 bits
_UNREADABLE = (JoseError, ValueError, TypeError, RecursionError, binascii.Error)


class _Registry(JWSRegistry):
    """Our algorithms; also `EdDSA`, of which joserfc warns since RFC 9864 named its curves. The key has one anyway."""

    def get_alg(self, name: str) -> Any:
        if name not in ALGORITHMS:
            raise UnsupportedAlgorithmError
        return self.algorithms[name]


_REGISTRY = _Registry(strict_check_header=False)


def read_key(told: Mapping[str, Any]) -> Key | None:
    """A key to check signatures with; None for one that is for something else, too short, or unreadable."""
    if told.get("use", "sig") != "sig":
        return None
    try:
        match told:
            case {"kty": "RSA", "n": str(modulus)} if len(modulus) >= _SHORTEST_MODULUS:
                return RSAKey.import_key(dict(told))
            case {"kty": "EC", "crv": "P-256"}:
                return ECKey.import_key(dict(told))
            case {"kty": "OKP", "crv": "Ed25519"}:
                return OKPKey.import_key(dict(told))
    except _UNREADABLE:
        return None
    return None


def key_id(token: str) -> str | None:
    """The name of the key that is said to have signed `token`. Raises TokenRejectedError."""
    if len(token) > LONGEST_TOKEN or not token.isascii():
        raise TokenRejectedError("size")
    try:
        header = jws.extract_compact(token.encode(), registry=_REGISTRY).headers()
    except _UNREADABLE as error:
        raise TokenRejectedError("form") from error
    try:
        _REGISTRY.get_alg(header["alg"])
    except (*_UNREADABLE, KeyError) as error:
        raise TokenRejectedError("alg") from error
    name = header.get("kid")
    return None if name is None else str(name)


def verified(token: str, key: Key) -> jwt.Token:
    """Header and claims of a token that `key` has signed. Raises TokenRejectedError."""
    try:
        return jwt.decode(token, key, registry=_REGISTRY)
    except _UNREADABLE as error:
        raise TokenRejectedError("signature") from error


def check_identity(token: jwt.Token, *, expected: Mapping[str, str], now: datetime) -> Mapping[str, Any]:
    """The claims of an ID token (OpenID Connect Core §3.1.3.7). Raises TokenRejectedError.

    `expected` has the `issuer`, our `client_id`, the `nonce` of the handshake and the `access_token` it came with.
    """
    params = {name: expected[name] for name in ("client_id", "nonce")}
    if token.header["alg"] != "EdDSA":  # OpenID Connect does not say with which hash at_hash would then be made
        params["access_token"] = expected["access_token"]
    claims = CodeIDToken(token.claims, token.header, options=_for_us(expected), params=params)
    return _checked(claims, now=now)


def check_logout(token: jwt.Token, *, expected: Mapping[str, str], now: datetime) -> LogoutNotice:
    """What a logout token orders (Back-Channel Logout §2.6), `expected` as above. Raises TokenRejectedError.

    It is at most five minutes old: whoever got hold of one cannot keep it for later.
    """
    options = {**_for_us(expected), "iat": {"essential": True}, "jti": {"essential": True}}
    claims = _checked(JWTClaims(token.claims, token.header, options=options), now=now)
    events, subject, provider_session = (claims.get(claim) for claim in ("events", "sub", "sid"))
    if not isinstance(events, dict) or not isinstance(events.get(_LOGOUT_EVENT), dict):
        raise TokenRejectedError("events")
    if "nonce" in claims:  # so that an ID token is never taken for an order
        raise TokenRejectedError("nonce")
    if not (subject or provider_session) or not isinstance(provider_session, str | None):
        raise TokenRejectedError("sub")
    seconds_left = claims["iat"] + _LOGOUT_SECONDS + SKEW_SECONDS - now.timestamp()
    if seconds_left <= 0:
        raise TokenRejectedError("iat")
    return LogoutNotice(claims["jti"], subject or None, provider_session or None, now + timedelta(seconds=seconds_left))


def _for_us(expected: Mapping[str, str]) -> dict[str, Any]:
    return {
        "iss": {"essential": True, "value": expected["issuer"]},
        "aud": {"essential": True, "value": expected["client_id"]},
    }


def _checked(claims: Any, *, now: datetime) -> Mapping[str, Any]:
    try:
        claims.validate(now=int(now.timestamp()), leeway=SKEW_SECONDS)
    except _UNREADABLE as error:
        raise TokenRejectedError("claims") from error
    checked: Mapping[str, Any] = claims
    return checked
