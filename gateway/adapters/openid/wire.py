"""What a provider answers, as values: its metadata, its tokens, what it says of a person. Strict and total."""

import unicodedata
from collections.abc import Mapping
from typing import Any, TypeVar
from urllib.parse import urlsplit

import msgspec

from gateway.adapters.upstream import Reply
from gateway.ports.openid import Profile, ProviderRefusedError, ProviderUnavailableError, TokenRejectedError, Tokens

LONGEST_TOKEN = 16 * 1024
"""Characters of any token. Real ones have a tenth of it; a larger one is not looked at."""

_LONGEST_NAME = 80

T = TypeVar("T")


class Metadata(msgspec.Struct, frozen=True):
    """OpenID Connect Discovery 1.0 §3: where the provider does what."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    userinfo_endpoint: str
    jwks_uri: str
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)


class KeySet(msgspec.Struct, frozen=True):
    """RFC 7517 §5; each key is read by itself, so that one that cannot be read fails alone."""

    keys: tuple[dict[str, Any], ...]


class TokenAnswer(msgspec.Struct, frozen=True):
    """RFC 6749 §5.1, with the ID token where it is due."""

    access_token: str
    refresh_token: str | None = None
    id_token: str | None = None


class _Refusal(msgspec.Struct, frozen=True):
    """RFC 6749 §5.2."""

    error: str


def read_metadata(body: bytes, *, issuer: str) -> Metadata:
    """The metadata of `issuer`, which may end in a slash in one place and not in the other.

    Raises ProviderUnavailableError: for those of another issuer (RFC 8414 §3.3), and for an address that is less
    protected than the issuer's own.
    """
    metadata = decoded(body, Metadata)
    scheme = urlsplit(issuer).scheme
    places = (metadata.authorization_endpoint, metadata.token_endpoint, metadata.userinfo_endpoint, metadata.jwks_uri)
    if metadata.issuer.rstrip("/") != issuer.rstrip("/"):
        raise ProviderUnavailableError("metadata of another issuer")
    if any(urlsplit(place).scheme not in {"https", scheme} for place in places):
        raise ProviderUnavailableError("metadata with an unprotected address")
    return metadata


def read_tokens(reply: Reply) -> TokenAnswer:
    """What the token endpoint gave. ProviderRefusedError only when it does not take the code or refresh token.

    Other refusals are about us, such as a secret that has expired, and say nothing about the person.
    """
    if reply.status != 200:
        error = decoded(reply.body, _Refusal).error
        if error == "invalid_grant":
            raise ProviderRefusedError("the provider does not take this grant")
        raise ProviderUnavailableError("the provider does not take our registration")
    answer = decoded(reply.body, TokenAnswer)
    if max(map(len, (answer.access_token, answer.refresh_token or "", answer.id_token or ""))) > LONGEST_TOKEN:
        raise TokenRejectedError("size")
    return answer


def read_profile(reply: Reply, tokens: Tokens, *, subject: str, groups_claim: str) -> Profile:
    """What userinfo said of `subject`. ProviderRefusedError when it takes the access token no more."""
    if reply.status != 200:
        raise ProviderRefusedError("the provider does not take this access token")
    claims = decoded(reply.body, dict[str, Any])
    if claims.get("sub") != subject:  # OpenID Connect Core §5.3.2
        raise TokenRejectedError("userinfo of somebody else")
    return Profile(subject, _name(claims), _groups(claims.get(groups_claim)), tokens)


def decoded(body: bytes, kind: type[T]) -> T:
    """`body` as JSON of that shape. Raises ProviderUnavailableError."""
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ProviderUnavailableError("an answer that cannot be read") from error


def _name(claims: Mapping[str, Any]) -> str:
    """One line of at most 80 visible characters; the subject when the provider tells no name."""
    told = (claims.get(claim) for claim in ("name", "preferred_username", "email", "sub"))
    lines = (_line(text) for text in told if isinstance(text, str))
    return next(filter(None, lines), "?")


def _line(text: str) -> str:
    visible = "".join(" " if unicodedata.category(character)[0] in "CZ" else character for character in text[:400])
    return " ".join(visible.split())[:_LONGEST_NAME].strip()


def _groups(told: object) -> frozenset[str]:
    """Groups told as a list, or one as a text; anything else is none."""
    if isinstance(told, str):
        return frozenset({told})
    return frozenset(name for name in told if isinstance(name, str)) if isinstance(told, list) else frozenset()
