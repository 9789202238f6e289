"""Sessions: opened with a token, found by it, ended by time, by their owner or by a change of password."""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from gateway.auth.session_cache import SessionCache
from gateway.auth.staff import StaffMember
from gateway.auth.tokens import new_id, new_token, token_sha256
from gateway.domain.access import Channel, OnlineAccount, Role, Session, SessionId
from gateway.ports.store import Store, StoreError

_TOUCH_EVERY = timedelta(minutes=1)
_LONGEST_DEVICE = 80

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Lifetime:
    """When a session ends by itself: `idle` after its latest request, `absolute` after its start."""

    idle: timedelta
    absolute: timedelta


LIFETIMES: Mapping[Channel, Lifetime] = {
    Channel.WEB: Lifetime(idle=timedelta(minutes=30), absolute=timedelta(hours=12)),
    Channel.MOBILE: Lifetime(idle=timedelta(minutes=10), absolute=timedelta(minutes=10)),
    Channel.DESK: Lifetime(idle=timedelta(minutes=15), absolute=timedelta(hours=8)),
    Channel.ANALYST_TOOL: Lifetime(idle=timedelta(minutes=15), absolute=timedelta(hours=8)),
}
"""The defaults. A mobile token does not slide: it is short, and will be renewed by a refresh token."""


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """A new session and the only copy of its token."""

    session: Session
    token: str = field(repr=False)


class Sessions:
    """Every session of this gateway. All methods may raise StoreError: then nobody gets in."""

    def __init__(
        self,
        store: Store,
        *,
        clock: Callable[[], datetime],
        lifetimes: Mapping[Channel, Lifetime] = LIFETIMES,
    ) -> None:
        self._store = store
        self._clock = clock
        self._lifetimes = lifetimes
        self._cache = SessionCache()

    async def open(
        self, account: OnlineAccount, *, channel: Channel, device: str | None = None
    ) -> OpenedSession | None:
        """A session of the holder of `account`; None when the account or its password has changed meanwhile.

        `device` is what the client calls itself, for example « Pixel 9 »; it may be any text.
        """
        now, lifetime = self._clock(), self._lifetimes[channel]
        session = Session(
            id=SessionId(new_id()),
            role=Role.TENANT,
            channel=channel,
            account_id=account.id,
            tenant_id=account.tenant_id,
            staff_name=None,
            device=device_name(device),
            started_at=now,
            last_seen_at=now,
            idle_expires_at=now + lifetime.idle,
            expires_at=now + lifetime.absolute,
            credential_version=account.credential_version,
        )
        token = new_token()
        is_stored = await self._store.open_session(session, token_sha256=token_sha256(token))
        return OpenedSession(session, token) if is_stored else None

    async def open_for_staff(self, member: StaffMember) -> OpenedSession:
        """A session of a member of staff, on the channel of that role."""
        now, lifetime = self._clock(), self._lifetimes[member.channel]
        session = Session(
            id=SessionId(new_id()),
            role=member.role,
            channel=member.channel,
            account_id=None,
            tenant_id=None,
            staff_name=member.name,
            device=None,
            started_at=now,
            last_seen_at=now,
            idle_expires_at=now + lifetime.idle,
            expires_at=now + lifetime.absolute,
        )
        token = new_token()
        await self._store.open_session(session, token_sha256=token_sha256(token))
        return OpenedSession(session, token)

    async def resolve(self, token: str) -> Session | None:
        """The open session of a token, which may be any text; None when there is none.

        What ends a session elsewhere is noticed within two seconds. A session in use is touched at most once
        a minute, so its idle time may be counted from up to a minute before its latest request.
        """
        now, digest = self._clock(), token_sha256(token)
        session = self._cache.get(digest, now=now) or await self._ask_store(digest, now=now)
        if session is None or now - session.last_seen_at < _TOUCH_EVERY:
            return session
        return await self._touch(session, digest, now=now)

    async def close(self, session_id: SessionId) -> bool:
        """Ends a session, here at once; False when it was not open any more."""
        try:
            return await self._store.close_session(session_id, now=self._clock())
        finally:
            # Also when the store failed: it may have closed the session before.
            self._cache.forget(session_id)

    async def _ask_store(self, digest: bytes, *, now: datetime) -> Session | None:
        generation = self._cache.generation
        session = await self._store.session(digest, now=now)
        if touched_meanwhile := self._cache.get(digest, now=now):
            return touched_meanwhile
        if session is not None and generation == self._cache.generation:
            self._cache.put(digest, session, told_at=now)
        return session

    async def _touch(self, session: Session, digest: bytes, *, now: datetime) -> Session:
        idle_expires_at = min(now + self._lifetimes[session.channel].idle, session.expires_at)
        touched = replace(session, last_seen_at=now, idle_expires_at=max(idle_expires_at, session.idle_expires_at))
        self._cache.replace(digest, touched)  # before waiting, so that requests meanwhile do not touch it too
        try:
            await self._store.touch_session(session.id, seen_at=now, idle_expires_at=idle_expires_at)
        except StoreError as error:
            log.warning("session.touch_failed", session_id=session.id, exc_info=error)
        return touched


def device_name(told: str | None) -> str | None:
    """What a client calls its device, one line of at most 80 visible characters; None if nothing is left."""
    if told is None:
        return None
    visible = "".join(" " if unicodedata.category(character)[0] in "CZ" else character for character in told[:400])
    return " ".join(visible.split())[:_LONGEST_DEVICE].strip() or None
