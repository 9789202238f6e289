"""A session of staff lasts as long as the landlord's OpenID provider vouches for it, and not until it expires."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import structlog

from gateway.auth.sessions import Sessions
from gateway.auth.spent import Spent
from gateway.auth.staff_sign_in import Groups, sealed_tokens, unsealed_tokens
from gateway.auth.trail import GATEWAY, Trail
from gateway.auth.vault import SealedValueError
from gateway.domain.access import Session, SessionId, StaffGrant
from gateway.domain.audit import Action, AuditEntry
from gateway.ports.deadline import Deadline
from gateway.ports.openid import OpenIdPort, ProviderRefusedError, ProviderUnavailableError, TokenRejectedError
from gateway.ports.store import Store

CHECKED_EVERY = timedelta(minutes=5)
UNCHECKED_AT_MOST = timedelta(minutes=15)
"""A provider that does not answer keeps nobody out for so long, and nobody in for longer."""

_TRIED_EVERY = timedelta(minutes=1)
_CHECK_SECONDS = 2.0
_CAPACITY = 4096
_NEVER = datetime.min.replace(tzinfo=UTC)

log = structlog.get_logger()


class Ending(StrEnum):
    """Why a session of staff ended before its time."""

    WITHDRAWN = "WITHDRAWN"
    ROLE_CHANGED = "ROLE_CHANGED"
    UNCHECKED = "UNCHECKED"
    LOGGED_OUT = "LOGGED_OUT"


@dataclass(slots=True)
class _Watch:
    """What this process remembers of a session: when it was vouched for, when we last asked, and who is asking."""

    checked_at: datetime = _NEVER
    tried_at: datetime = _NEVER
    is_local: bool = False
    has_ended: bool = False
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def is_due(self, now: datetime) -> bool:
        """Whether the provider is to be asked: after five minutes, again each minute, and at once after fifteen."""
        age = now - self.checked_at
        is_overdue = age >= UNCHECKED_AT_MOST
        return not self.is_local and (is_overdue or (age >= CHECKED_EVERY and now - self.tried_at >= _TRIED_EVERY))


@dataclass(frozen=True, slots=True)
class Vouching:
    """Asks the provider about sessions in use, and does what it orders. A session it did not open is not its matter."""

    provider: OpenIdPort
    store: Store
    sessions: Sessions
    groups: Groups
    trail: Trail
    clock: Callable[[], datetime]
    spent: Spent
    _watches: OrderedDict[SessionId, _Watch] = field(default_factory=OrderedDict)

    async def holds(self, session: Session, *, deadline: Deadline) -> bool:
        """Whether a session of staff may go on; it has ended when not.

        It ends when the provider does not know the person any more, or gives them another role: they sign in again,
        with that. While the provider does not answer it goes on until UNCHECKED_AT_MOST. Raises StoreError.
        """
        watch = self._watch(session.id)
        if watch.is_due(self.clock()) or watch.turn.locked():
            async with watch.turn:  # whoever comes first asks for all
                if watch.is_due(self.clock()) and not watch.has_ended:
                    await self._look(session, watch, Deadline.after(min(_CHECK_SECONDS, deadline.remaining_seconds())))
        return not watch.has_ended

    async def log_out(self, token: str, *, deadline: Deadline) -> int:
        """Ends what a logout token of the provider orders to end; how many sessions that were.

        A notice is taken once by each process; to another it could be played again for five minutes, by whoever can
        read what the provider sends us. Raises TokenRejectedError, ProviderUnavailableError, StoreError.
        """
        notice = await self.provider.logout_notice(token, deadline=deadline)
        if self.spent.holds(notice.id):
            raise TokenRejectedError("jti")
        ended = await self._ordered(notice.subject, notice.provider_session)
        for session_id in ended:
            await self._end(session_id, Ending.LOGGED_OUT)
        # Only now: a provider whose notice met a silent store sends it again.
        self.spent.spend(notice.id, until=notice.expires_at)
        return len(ended)

    async def _ordered(self, subject: str | None, provider_session: str | None) -> tuple[SessionId, ...]:
        """The sessions meant: that of the provider's session; all of the person where none is known by it."""
        issuer, now = self.provider.issuer, self.clock()
        if provider_session:
            named = await self.store.staff_sessions(issuer, subject=subject, provider_session=provider_session, now=now)
            if named or subject is None:
                return named
        return await self.store.staff_sessions(issuer, subject=subject, provider_session=None, now=now)

    def _watch(self, session_id: SessionId) -> _Watch:
        watch = self._watches.setdefault(session_id, _Watch())
        self._watches.move_to_end(session_id)
        if len(self._watches) > _CAPACITY:
            self._watches.popitem(last=False)
        return watch

    async def _look(self, session: Session, watch: _Watch, deadline: Deadline) -> None:
        now, grant = self.clock(), await self.store.staff_grant(session.id)
        watch.is_local = grant is None
        if grant is None:
            return
        watch.checked_at = grant.checked_at
        if not watch.is_due(now):  # another process has asked meanwhile
            return
        watch.tried_at = now
        verdict = await self._asked(session, grant, deadline)
        if isinstance(verdict, Ending):
            watch.has_ended = True  # here also when the store then fails
            await self._end(session.id, verdict)
        elif verdict is not grant:
            watch.checked_at = verdict.checked_at
            await self.store.save_staff_grant(verdict)

    async def _asked(self, session: Session, grant: StaffGrant, deadline: Deadline) -> StaffGrant | Ending:
        """The grant as it goes on, unchanged while the provider is silent; or why it does not."""
        now, vault = self.clock(), self.trail.vault
        if grant.issuer != self.provider.issuer:
            return Ending.WITHDRAWN
        try:
            tokens = unsealed_tokens(vault, grant.sealed_token)
            profile = await self.provider.profile(tokens, subject=grant.subject, deadline=deadline)
        except ProviderUnavailableError:
            log.warning("staff.unchecked", session_id=session.id)
            return grant if now - grant.checked_at < UNCHECKED_AT_MOST else Ending.UNCHECKED
        except (ProviderRefusedError, TokenRejectedError, SealedValueError):
            return Ending.WITHDRAWN
        if self.groups.role(profile.groups) is not session.role:
            return Ending.ROLE_CHANGED
        return replace(grant, sealed_token=sealed_tokens(vault, profile.tokens), checked_at=now)

    async def _end(self, session_id: SessionId, ending: Ending) -> None:
        await self.sessions.close(session_id)
        log.info("staff.session_ended", session_id=session_id, outcome=ending.value)
        entry = AuditEntry(self.clock(), Action.STAFF_SESSION_ENDED, ending.value, GATEWAY, session_id=session_id)
        await self.store.append_audit(entry)
