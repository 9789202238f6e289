"""The gateway's own memory: online accounts, sessions, looks at documents."""

from datetime import datetime
from typing import Protocol

from gateway.domain.access import Download, OnlineAccount, OnlineAccountId, Session, SessionId


class StoreError(Exception):
    """The store does not answer, or cannot keep what it was given. Whoever needs it to decide about access refuses."""


class Store(Protocol):
    """One atomic statement for each verb. Instants are aware UTC. Every method may raise StoreError."""

    async def account(self, reference: str) -> OnlineAccount | None:
        """The account with this normalised reference (intitulé de compte)."""

    async def account_by_id(self, account_id: OnlineAccountId) -> OnlineAccount | None:
        """The account with this id."""

    async def add_account(self, account: OnlineAccount) -> bool:
        """Adds an account; False, and nothing changed, when its reference or id is taken."""

    async def open_session(self, session: Session, *, token_sha256: bytes) -> bool:
        """Stores a session under the hash of its token.

        False, and nothing stored, when it belongs to an account that is gone or whose credential version differs.
        Ids and tokens are random and new: one that is taken already is a StoreError.
        """

    async def session(self, token_sha256: bytes, *, now: datetime) -> Session | None:
        """The session of that token, if it is open at `now` and the credential version of its account is unchanged."""

    async def touch_session(self, session_id: SessionId, *, seen_at: datetime, idle_expires_at: datetime) -> None:
        """Records the latest request of a session; never moves either instant backwards, nor past `expires_at`.

        Does nothing to a session that was not open at `seen_at`: an ended session stays ended.
        """

    async def close_session(self, session_id: SessionId, *, now: datetime) -> bool:
        """Ends a session at `now`; False when it was not open any more."""

    async def sessions_of(self, account_id: OnlineAccountId, *, now: datetime) -> tuple[Session, ...]:
        """The open sessions of an account, most recently seen first."""

    async def record_download(self, download: Download) -> None:
        """Appends one look at a document to the log."""
