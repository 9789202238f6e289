"""What we ask a provider, as requests: the page to sign in at, and its token endpoint. Authlib builds what RFCs define.

Authlib's own HTTP client is not used: it knows neither our deadlines nor our limits on the size of an answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote_plus

from authlib.oauth2.auth import ClientAuth  # type: ignore[import-untyped]  # Authlib comes without types
from authlib.oauth2.client import OAuth2Client  # type: ignore[import-untyped]  # the same
from authlib.oauth2.rfc6749.parameters import prepare_token_request  # type: ignore[import-untyped]  # the same

from gateway.adapters.openid.wire import Metadata
from gateway.adapters.upstream import Request
from gateway.ports.openid import Handshake

_FORM = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True, slots=True)
class Registration:
    """The gateway as the provider knows it.

    `issuer` is the provider's own name for itself, `redirect_uri` where the browser comes back; `groups_claim` is the
    claim of userinfo with a person's groups.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str
    scope: str = "openid profile"
    groups_claim: str = "groups"


def address(metadata: Metadata, registration: Registration, handshake: Handshake) -> str:
    """The provider's page, asked for a code, with the state, the nonce and the S256 challenge of `handshake`."""
    client = OAuth2Client(
        None,
        client_id=registration.client_id,
        scope=registration.scope,
        redirect_uri=registration.redirect_uri,
        code_challenge_method="S256",
    )
    url, _ = client.create_authorization_url(
        metadata.authorization_endpoint,
        state=handshake.state,
        code_verifier=handshake.verifier,
        nonce=handshake.nonce,
    )
    return str(url)


def redemption(metadata: Metadata, registration: Registration, *, code: str, verifier: str) -> Request:
    """The code against tokens, shown to be ours by the PKCE verifier and, with a secret, by that."""
    details = {"code": code, "redirect_uri": registration.redirect_uri, "code_verifier": verifier}
    return _token_request(metadata, registration, prepare_token_request("authorization_code", "", **details))


def renewal(metadata: Metadata, registration: Registration, *, refresh_token: str) -> Request:
    """A refresh token against an access token."""
    return _token_request(
        metadata, registration, prepare_token_request("refresh_token", "", refresh_token=refresh_token)
    )


def userinfo(metadata: Metadata, access_token: str) -> Request:
    """Who the holder of the access token is now."""
    headers = {"Accept": "application/json", "Authorization": f"Bearer {access_token}"}
    return Request("GET", metadata.userinfo_endpoint, headers, accepts=frozenset({200, 400, 401, 403}))


def _token_request(metadata: Metadata, registration: Registration, body: str) -> Request:
    uri, headers, content = _authentication(metadata, registration).prepare("POST", metadata.token_endpoint, {}, body)
    return Request("POST", uri, _told(headers), content.encode(), accepts=frozenset({200, 400, 401}))


def _authentication(metadata: Metadata, registration: Registration) -> ClientAuth:
    """By HTTP Basic wherever the provider takes it, as RFC 6749 §2.3.1 prefers; in the form otherwise."""
    secret, name = registration.client_secret, registration.client_id
    if "client_secret_basic" in metadata.token_endpoint_auth_methods_supported:
        return ClientAuth(quote_plus(name), quote_plus(secret), "client_secret_basic")
    return ClientAuth(name, secret, "client_secret_post")


def _told(headers: Mapping[str, str]) -> dict[str, str]:
    return {**_FORM, **headers}
