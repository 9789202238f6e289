"""Staff sign in where the landlord's staff always do: at the landlord's OpenID provider, by code flow with PKCE.

What must be remembered between leaving and coming back travels sealed in a cookie of the one browser that left, for
ten minutes and one use: a state without it is another browser's.
"""

import base64
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec
import structlog

from gateway.auth.sessions import OpenedSession, Sessions
from gateway.auth.spent import Spent
from gateway.auth.staff import StaffMember
from gateway.auth.tokens import new_token
from gateway.auth.trail import Trail
from gateway.auth.vault import Content, SealedValueError, Vault
from gateway.domain.access import Role, StaffGrant
from gateway.domain.audit import Action
from gateway.ports.deadline import Deadline
from gateway.ports.openid import Handshake, OpenIdPort, Profile, ProviderRefusedError, Redeemed, Tokens
from gateway.ports.store import Store

ERRAND_LASTS = timedelta(minutes=10)
"""How long somebody may take to sign in at the provider."""

log = structlog.get_logger()

_PRECEDENCE = (Role.ADVISOR, Role.ANALYST, Role.OPERATOR)


class SignInRefusedError(Exception):
    """Nobody is signed in. `code` is stable: STATE_MISMATCH, or NO_ROLE for whom the landlord gave none."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Groups:
    """The landlord's groups that make somebody a member of staff here, by the role they give."""

    of_role: Mapping[Role, str]

    def role(self, groups: frozenset[str]) -> Role | None:
        """The one role of somebody in `groups`; None for whoever is in no group that counts.

        Of several the first of advisor, analyst, operator: a role is a job with its own view, none contains
        another, and the order must not depend on what a provider lists first.
        """
        return next((role for role in _PRECEDENCE if self.of_role.get(role) in groups), None)


@dataclass(frozen=True, slots=True)
class Departure:
    """Where the browser goes to sign in, and what it must bring back."""

    address: str
    errand: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Return:
    """What the browser brought back: the provider's `state` and `code`, no code if it said no, and the errand."""

    state: str
    code: str | None = field(repr=False)
    errand: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A session of a member of staff, and the path they were on their way to."""

    opened: OpenedSession
    path: str


class _Errand(msgspec.Struct, frozen=True, tag="errand"):
    """What is in the cookie. The tag keeps it apart from everything else sealed."""

    state: str
    nonce: str
    verifier: str
    path: str
    expires_at: datetime


class _SealedTokens(msgspec.Struct, frozen=True, tag="tokens"):
    """What the store has of the provider's tokens."""

    access: str
    refresh: str | None


@dataclass(frozen=True, slots=True)
class StaffSignIn:
    """Signs staff in. A state is spent in this process; elsewhere the provider refuses to take its code twice."""

    provider: OpenIdPort
    store: Store
    sessions: Sessions
    groups: Groups
    trail: Trail
    clock: Callable[[], datetime]
    spent: Spent

    async def leave(self, path: str, *, deadline: Deadline) -> Departure:
        """The way to the provider for somebody on their way to `path`. Raises ProviderUnavailableError."""
        handshake = Handshake(state=new_token(), nonce=new_token(), verifier=new_token())
        address = await self.provider.address(handshake, deadline=deadline)
        errand = _Errand(handshake.state, handshake.nonce, handshake.verifier, path, self.clock() + ERRAND_LASTS)
        return Departure(address, _text(self.trail.vault.seal(Content.PROVIDER_TOKEN, errand)))

    async def arrive(self, back: Return, *, deadline: Deadline) -> Arrival:
        """A session for whoever the provider vouches for and the landlord gave a role.

        Raises SignInRefusedError, OpenIdError, StoreError; then there is no session that anybody could use.
        """
        errand = self._errand(back)
        if back.code is None:
            raise ProviderRefusedError("the person was not signed in there")
        handshake = Handshake(errand.state, errand.nonce, errand.verifier)
        redeemed = await self.provider.redeem(back.code, handshake=handshake, deadline=deadline)
        profile = await self.provider.profile(redeemed.tokens, subject=redeemed.subject, deadline=deadline)
        role = self.groups.role(profile.groups)
        if role is None:
            raise SignInRefusedError("NO_ROLE")
        member = StaffMember(profile.name, role, person=f"{self.provider.issuer} {redeemed.subject}")
        opened = await self._opened(member, redeemed, profile)
        return Arrival(opened, errand.path)

    def _errand(self, back: Return) -> _Errand:
        """The errand of this browser, and of this return only."""
        try:
            errand = self.trail.vault.open(Content.PROVIDER_TOKEN, _bytes(back.errand), _Errand)
        except (SealedValueError, ValueError):
            raise SignInRefusedError("STATE_MISMATCH") from None
        is_ours = hmac.compare_digest(errand.state.encode(), back.state.encode("utf-8", "surrogatepass"))
        if not is_ours or errand.expires_at <= self.clock():
            raise SignInRefusedError("STATE_MISMATCH")
        if not self.spent.spend(errand.state, until=errand.expires_at):
            raise SignInRefusedError("STATE_MISMATCH")
        return errand

    async def _opened(self, member: StaffMember, redeemed: Redeemed, profile: Profile) -> OpenedSession:
        """A session with its grant and its line in the trail. Its token leaves only when all three are written."""
        opened = await self.sessions.open_for_staff(member)
        now = self.clock()
        grant = StaffGrant(
            session_id=opened.session.id,
            issuer=self.provider.issuer,
            subject=redeemed.subject,
            provider_session=redeemed.provider_session,
            sealed_token=sealed_tokens(self.trail.vault, profile.tokens),
            checked_at=now,
        )
        await self.store.add_staff_grant(grant)
        entry = self.trail.by_session(Action.STAFF_SIGN_IN, "OPENED", at=now, session=opened.session)
        await self.store.append_audit(entry)
        log.info("staff.signed_in", role=member.role.value, session_id=opened.session.id)
        return opened


def sealed_tokens(vault: Vault, tokens: Tokens) -> bytes:
    """The provider's tokens as they rest in the store."""
    return vault.seal(Content.PROVIDER_TOKEN, _SealedTokens(tokens.access, tokens.refresh))


def unsealed_tokens(vault: Vault, sealed: bytes) -> Tokens:
    """The tokens again. Raises SealedValueError."""
    found = vault.open(Content.PROVIDER_TOKEN, sealed, _SealedTokens)
    return Tokens(found.access, found.refresh)


def _text(sealed: bytes) -> str:
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
