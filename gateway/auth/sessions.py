"""Sessions: opened with a token, found by it, ended by time, by their owner or by a change of password."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from gateway.auth.session_cache import SessionCache
from gateway.auth.staff import StaffMember
from gateway.auth.tokens import Mint, new_id, new_token, token_sha256
from gateway.domain.access import Channel, KnownDevice, OnlineAccount, OnlineAccountId, Role, Session, SessionId
from gateway.ports.store import Store, StoreError, Transaction

_TOUCH_EVERY = timedelta(minutes=1)
_LONGEST_DEVICE = 80
MAX_SESSIONS = 10
"""Of one account, open at the same time."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Lifetime:
    """When a session ends by itself: `idle` after its latest request, `absolute` after its start.

    Where `access` is set, its token ends sooner, and is renewed with a refresh token.
    """

    idle: timedelta
    absolute: timedelta
    access: timedelta | None = None


LIFETIMES: Mapping[Channel, Lifetime] = {
    Channel.WEB: Lifetime(idle=timedelta(minutes=30), absolute=timedelta(hours=12)),
    Channel.MOBILE: Lifetime(idle=timedelta(days=30), absolute=timedelta(days=90), access=timedelta(minutes=10)),
    Channel.DESK: Lifetime(idle=timedelta(minutes=15), absolute=timedelta(hours=8)),
    Channel.ANALYST_TOOL: Lifetime(idle=timedelta(minutes=15), absolute=timedelta(hours=8)),
}
"""The defaults."""


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """A session and the only copy of its tokens; `refresh_token` is for the mobile channel."""

    session: Session
    token: str = field(repr=False)
    refresh_token: str | None = field(default=None, repr=False)


class Sessions:
    """Every session of this gateway. All methods may raise StoreError: then nobody gets in."""

    def __init__(
        self,
        store: Store,
        *,
        clock: Callable[[], datetime],
        mint: Mint,
        lifetimes: Mapping[Channel, Lifetime] = LIFETIMES,
    ) -> None:
        self._store = store
        self._clock = clock
        self._mint = mint
        self._lifetimes = lifetimes
        self._cache = SessionCache()
        self.lookups = Counter[tuple[str, ...]]()
        """How often a token was found in memory, and how often the store was asked."""

    async def open(
        self, account: OnlineAccount, *, channel: Channel, tx: Transaction, device: KnownDevice
    ) -> OpenedSession | None:
        """A session of the holder of `account`; None when the account or its password has changed meanwhile.

        An account has ten at most: the one seen longest ago ends.
        """
        now, lifetime = tx.now, self._lifetimes[channel]
        session = Session(
            id=SessionId(new_id()),
            role=Role.TENANT,
            channel=channel,
            account_id=account.id,
            tenant_id=account.tenant_id,
            staff_name=None,
            device=device.label,
            started_at=now,
            last_seen_at=now,
            idle_expires_at=now + lifetime.idle,
            expires_at=now + lifetime.absolute,
            credential_version=account.credential_version,
            device_id=device.id,
            access_expires_at=now + lifetime.access if lifetime.access else None,
        )
        opened = self._with_tokens(session) if lifetime.access else OpenedSession(session, new_token())
        # Makes room first: the new session is never the one to go, whatever the clocks of other processes say.
        self.forget(await tx.close_sessions(account.id, keep=MAX_SESSIONS - 1))
        return opened if await tx.open_session(session, token_sha256=token_sha256(opened.token)) else None

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
            staff_person=member.identity,
            device=None,
            started_at=now,
            last_seen_at=now,
            idle_expires_at=now + lifetime.idle,
            expires_at=now + lifetime.absolute,
        )
        token = new_token()
        await self._store.open_session(session, token_sha256=token_sha256(token))
        return OpenedSession(session, token)

    async def rotate(self, session: Session, *, tx: Transaction) -> OpenedSession | None:
        """The session with its next pair of tokens; None when another request was first, or the session has ended."""
        lifetime = self._lifetimes[session.channel]
        if lifetime.access is None:
            return None
        rotated = replace(
            session,
            refresh_counter=session.refresh_counter + 1,
            rotated_at=tx.now,
            access_expires_at=min(tx.now + lifetime.access, session.expires_at),
            last_seen_at=tx.now,
            idle_expires_at=min(tx.now + lifetime.idle, session.expires_at),
        )
        opened = self._with_tokens(rotated)
        is_first = await tx.rotate_session(rotated, token_sha256=token_sha256(opened.token))
        self._cache.forget(session.id)
        return opened if is_first else None

    def present_tokens(self, session: Session) -> OpenedSession:
        """The pair of tokens that a mobile session has now, for whoever lost the answer that held them."""
        return self._with_tokens(session)

    def _with_tokens(self, session: Session) -> OpenedSession:
        access = self._mint.access_token(session.id, counter=session.refresh_counter)
        return OpenedSession(session, access, self._mint.refresh_token(session.id, counter=session.refresh_counter))

    async def resolve(self, token: str) -> Session | None:
        """The open session of a token, which may be any text; None when there is none.

        What ends a session elsewhere is noticed within two seconds. A session in use is touched at most once
        a minute, so its idle time may be counted from up to a minute before its latest request.
        """
        now, digest = self._clock(), token_sha256(token)
        session = self._cache.get(digest, now=now)
        self.lookups[("store",) if session is None else ("memory",)] += 1
        session = session or await self._ask_store(digest, now=now)
        if session is None or now - session.last_seen_at < _TOUCH_EVERY:
            return session
        return await self._touch(session, digest, now=now)

    async def look(self, token: str) -> Session | None:
        """The open session of a token as the store tells it now, whatever is remembered here.

        It is not touched: what stays open by itself, such as a stream, is no use of a session.
        """
        return await self._store.session(token_sha256(token), now=self._clock())

    async def is_open(self, session_id: SessionId) -> bool:
        """Whether the session is open, also with another token than before, as the store tells it now."""
        return await self._store.session_by_id(session_id, now=self._clock()) is not None

    async def close(self, session_id: SessionId) -> bool:
        """Ends a session, here at once; False when it was not open any more."""
        try:
            return await self._store.close_session(session_id, now=self._clock())
        finally:
            # Also when the store failed: it may have closed the session before.
            self._cache.forget(session_id)

    async def of(self, account_id: OnlineAccountId) -> tuple[Session, ...]:
        """The open sessions of an account, most recently seen first."""
        return await self._store.sessions_of(account_id, now=self._clock())

    def forget(self, session_ids: Iterable[SessionId]) -> None:
        """Notices at once that these sessions were ended in the store."""
        for session_id in session_ids:
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
