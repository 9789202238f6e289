"""The landlord's OpenID provider: it knows the staff, we only believe what it signs or says itself.

OpenIdError                    the sign-in does not go on; `code` is stable and tells no name and no token
├── ProviderUnavailableError   no answer, or none that can be read: nothing is known
├── ProviderRefusedError       the provider says no: a code that was spent, a token withdrawn, a person disabled
└── TokenRejectedError         a token that it, or somebody in its name, gave us does not hold
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Protocol

from gateway.ports.deadline import Deadline


class OpenIdError(Exception):
    """The provider did not vouch for anybody."""

    code: ClassVar[str] = "OPENID_ERROR"


class ProviderUnavailableError(OpenIdError):
    """The provider does not answer in time, or not in words we understand. It may do so later."""

    code = "PROVIDER_UNAVAILABLE"


class ProviderRefusedError(OpenIdError):
    """The provider understood and said no."""

    code = "PROVIDER_REFUSED"


class TokenRejectedError(OpenIdError):
    """A token is not believed. `reason` names the check it failed, never what it held."""

    code = "TOKEN_REJECTED"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Handshake:
    """What ties one sign-in together: each is 256 random bits, known to one browser and to us.

    `state` comes back with the browser, `nonce` inside the ID token; `verifier` is the PKCE secret (RFC 7636), of
    which the provider first sees the hash only.
    """

    state: str
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Tokens:
    """What opens the provider's answers about one person: an access token and, from most providers, a refresh token."""

    access: str = field(repr=False)
    refresh: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Redeemed:
    """Who signed in at the provider: its name for the person (`sub`) and, if it tells, for their session (`sid`)."""

    subject: str
    provider_session: str | None
    tokens: Tokens


@dataclass(frozen=True, slots=True)
class Profile:
    """What the provider says of a person at this moment.

    `name` is for the access log, one line; `groups` are the landlord's own. `tokens` replace those it was asked with.
    """

    subject: str
    name: str
    groups: frozenset[str]
    tokens: Tokens


@dataclass(frozen=True, slots=True)
class LogoutNotice:
    """A checked order of the provider to end sessions: of a person, of one session there, or both at once.

    `id` is unique at this provider; nobody accepts the notice after `expires_at`, so it need not be remembered
    longer.
    """

    id: str
    subject: str | None
    provider_session: str | None
    expires_at: datetime


class OpenIdPort(Protocol):
    """One provider, at `issuer`. Every method may raise ProviderUnavailableError."""

    issuer: str

    async def address(self, handshake: Handshake, *, deadline: Deadline) -> str:
        """Where the browser signs in: the provider's page, with all that it needs to send the browser back."""

    async def redeem(self, code: str, *, handshake: Handshake, deadline: Deadline) -> Redeemed:
        """Who signed in, for the code with which the browser came back.

        The ID token is signed with a key of the provider, for us, now, and for this handshake. Raises
        TokenRejectedError when it is not; ProviderRefusedError for a code that it does not take.
        """

    async def profile(self, tokens: Tokens, *, subject: str, deadline: Deadline) -> Profile:
        """What the provider says of `subject` now.

        Raises ProviderRefusedError when it does not answer these tokens any more; TokenRejectedError when it speaks
        of somebody else.
        """

    async def logout_notice(self, token: str, *, deadline: Deadline) -> LogoutNotice:
        """What a logout token orders (OpenID Connect Back-Channel Logout 1.0 §2.6). Raises TokenRejectedError."""
