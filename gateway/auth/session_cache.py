"""Sessions as the store told them a moment ago, so that most requests need not ask it."""

from collections import OrderedDict
from datetime import datetime, timedelta

from gateway.domain.access import Session, SessionId

TIME_TO_LIVE = timedelta(seconds=2)
"""How long a session that another process has closed may go on in this one."""


class SessionCache:
    """The `capacity` sessions used last, by the hash of their token. Tokens of no session are not kept."""

    def __init__(self, *, capacity: int = 4096) -> None:
        self._capacity = capacity
        self._entries: OrderedDict[bytes, tuple[Session, datetime]] = OrderedDict()
        self.generation = 0
        """Grows with each session forgotten: what was read from the store before that may be out of date."""

    def get(self, token_sha256: bytes, *, now: datetime) -> Session | None:
        """The session, if the store told it less than TIME_TO_LIVE ago and its token is good at `now`."""
        if token_sha256 not in self._entries:
            return None
        session, told_at = self._entries[token_sha256]
        self._entries.move_to_end(token_sha256)
        # A clock that was set back makes an age negative, and must not make it young.
        is_fresh = timedelta(0) <= now - told_at < TIME_TO_LIVE
        return session if is_fresh and session.takes_token_at(now) else None

    def put(self, token_sha256: bytes, session: Session, *, told_at: datetime) -> None:
        """Keeps what the store told at `told_at`."""
        self._entries[token_sha256] = (session, told_at)
        self._entries.move_to_end(token_sha256)
        if len(self._entries) > self._capacity:
            self._entries.popitem(last=False)

    def replace(self, token_sha256: bytes, session: Session) -> None:
        """Keeps our own later version of a session that is here, without making it look younger."""
        if token_sha256 in self._entries:
            _, told_at = self._entries[token_sha256]
            self._entries[token_sha256] = (session, told_at)

    def forget(self, session_id: SessionId) -> None:
        """Drops the session at once, and whatever is being read meanwhile."""
        self.generation += 1
        for token_sha256, (session, _) in list(self._entries.items()):
            if session.id == session_id:
                del self._entries[token_sha256]
