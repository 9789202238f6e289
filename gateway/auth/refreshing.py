"""New tokens for a mobile session. One that comes back after it was replaced ends the session: somebody copied it."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeAlias

import structlog

from gateway.auth.letters.kinds import LetterKind
from gateway.auth.sessions import OpenedSession, Sessions
from gateway.auth.tokens import Mint, token_sha256
from gateway.auth.trail import Trail
from gateway.auth.vault import Vault
from gateway.auth.work import HolderWarning, promised
from gateway.domain.access import Session, SessionId
from gateway.domain.audit import Action
from gateway.domain.lockout import Subject
from gateway.ports.store import Store, Transaction

GRACE = timedelta(seconds=10)
"""So long the token before is answered with the present pair: an answer was lost, or two parts of an app asked."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Refreshed:
    """The session goes on with these tokens."""

    opened: OpenedSession = field(repr=False)


@dataclass(frozen=True, slots=True)
class SessionEnded:
    """There is no such session any more; sign in again."""


RefreshOutcome: TypeAlias = Refreshed | SessionEnded


@dataclass(frozen=True, slots=True)
class RefreshSession:
    """The use case."""

    store: Store
    sessions: Sessions
    mint: Mint
    vault: Vault
    trail: Trail

    async def __call__(self, refresh_token: str) -> RefreshOutcome:
        """Takes any text. StoreError: the session may go on, ask again."""
        known = self.mint.read_refresh_token(refresh_token)
        if known is None:
            return SessionEnded()
        session_id, counter = known
        # One at a time for each session, in whichever process.
        turn = Subject(token_sha256(session_id))
        try:
            return await self.store.transact(turn, lambda tx: self._refresh(tx, session_id, counter=counter))
        finally:
            self.sessions.forget([session_id])

    async def _refresh(self, tx: Transaction, session_id: SessionId, *, counter: int) -> RefreshOutcome:
        session = await tx.session_by_id(session_id, now=tx.now)
        if session is None or counter > session.refresh_counter:
            return SessionEnded()
        if counter == session.refresh_counter:
            opened = await self.sessions.rotate(session, tx=tx)
            return Refreshed(opened) if opened else SessionEnded()
        if counter == session.refresh_counter - 1 and session.rotated_at and tx.now - session.rotated_at <= GRACE:
            return Refreshed(self.sessions.present_tokens(session))
        await self._end(tx, session)
        return SessionEnded()

    async def _end(self, tx: Transaction, session: Session) -> None:
        await tx.close_session(session.id, now=tx.now)
        await tx.append_audit(self.trail.by_session(Action.REFRESH, "Reused", at=tx.now, session=session))
        account = await tx.account_by_id(session.account_id) if session.account_id else None
        if account is not None:
            warning = HolderWarning(account.reference, LetterKind.SESSION_REVOKED_REUSE, 0)
            await tx.promise(promised(self.vault, warning, now=tx.now))
        log.warning("session.token_reused", session_id=session.id)
