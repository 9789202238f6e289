"""Ending sessions: one's own, or another of the same account."""

from dataclasses import dataclass

from gateway.auth.sessions import Sessions
from gateway.auth.tokens import token_sha256
from gateway.auth.trail import Trail
from gateway.domain.access import Session, SessionId
from gateway.domain.audit import Action
from gateway.domain.lockout import Subject
from gateway.ports.store import Store, Transaction


@dataclass(frozen=True, slots=True)
class Leaving:
    """The use cases. StoreError: the session may be open still."""

    store: Store
    sessions: Sessions
    trail: Trail

    async def sign_out(self, session: Session) -> None:
        """Ends the present session."""
        await self._end(session, by=session, action=Action.SIGN_OUT)

    async def revoke(self, session_id: SessionId, *, by: Session) -> bool:
        """Ends a session of the same account and forgets its device; False when there is none with that id."""
        if by.account_id is None:
            return False
        own = await self.sessions.of(by.account_id)
        session = next((one for one in own if one.id == session_id), None)
        if session is None:
            return False
        await self._end(session, by=by, action=Action.SESSION_REVOKED)
        return True

    async def _end(self, session: Session, *, by: Session, action: Action) -> None:
        async def work(tx: Transaction) -> None:
            await tx.close_session(session.id, now=tx.now)
            if action is Action.SESSION_REVOKED and session.device_id is not None:
                await tx.remove_device(session.device_id)
            await tx.append_audit(self.trail.by_session(action, "Ended", at=tx.now, session=by))

        try:
            await self.store.transact(Subject(token_sha256(session.id)), work)
        finally:
            # Also when the store failed: it may have ended the session before.
            self.sessions.forget([session.id])
