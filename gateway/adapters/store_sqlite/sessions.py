"""Sessions in SQLite."""
# ruff: noqa: D102, S608 - the port documents the verbs; statements are made of constants of this module

from datetime import datetime

from gateway.adapters.store_sqlite import rows
from gateway.adapters.store_sqlite.lane import Parameters
from gateway.adapters.store_sqlite.verbs import TransactionVerbs, Verbs
from gateway.domain.access import OnlineAccountId, Session, SessionId

_SESSION = rows.columns(Session)
IS_OPEN = """
    closed_at IS NULL AND :now < idle_expires_at AND :now < expires_at AND (account_id IS NULL OR
    credential_version = (SELECT a.credential_version FROM online_account a WHERE a.id = account_id))
"""
_OPEN = f"""
    INSERT INTO session ({_SESSION}, token_sha256)
    SELECT {rows.placeholders(Session)}, :token_sha256
    WHERE :account_id IS NULL OR EXISTS (
        SELECT 1 FROM online_account WHERE id = :account_id AND credential_version = :credential_version)
    RETURNING id
"""
_BY_TOKEN = f"""
    SELECT {_SESSION} FROM session WHERE token_sha256 = :token_sha256 AND {IS_OPEN}
    AND (access_expires_at IS NULL OR :now < access_expires_at)
"""
_BY_ID = f"SELECT {_SESSION} FROM session WHERE id = :id AND {IS_OPEN}"
_LATEST_FIRST = "ORDER BY last_seen_at DESC, id"
_OF = f"SELECT {_SESSION} FROM session WHERE account_id = :account_id AND {IS_OPEN} {_LATEST_FIRST}"
_TOUCH = f"""
    UPDATE session SET last_seen_at = max(last_seen_at, min(:now, expires_at)),
        idle_expires_at = max(idle_expires_at, min(:idle_expires_at, expires_at))
    WHERE id = :id AND {IS_OPEN}
"""
_CLOSE = f"UPDATE session SET closed_at = :now WHERE id = :id AND {IS_OPEN} RETURNING id"
_CLOSE_ALL_BUT = f"""
    UPDATE session SET closed_at = :now WHERE id IN (
        SELECT id FROM session WHERE account_id = :account_id AND {IS_OPEN} {_LATEST_FIRST} LIMIT -1 OFFSET :keep)
    RETURNING id
"""
_ROTATE = f"""
    UPDATE session SET token_sha256 = :token_sha256, access_expires_at = :access_expires_at,
        refresh_counter = :refresh_counter, rotated_at = :rotated_at, idle_expires_at = :idle_expires_at
    WHERE id = :id AND refresh_counter = :refresh_counter - 1 AND {IS_OPEN} RETURNING id
"""


class SessionVerbs(Verbs):
    """Opening, finding and ending sessions."""

    async def open_session(self, session: Session, *, token_sha256: bytes) -> bool:
        return bool(await self._write(_OPEN, {**rows.parameters(session), "token_sha256": token_sha256}))

    async def session(self, token_sha256: bytes, *, now: datetime) -> Session | None:
        found = await self._read(_BY_TOKEN, {"token_sha256": token_sha256, "now": rows.micros(now)})
        return rows.session_of(found[0]) if found else None

    async def session_by_id(self, session_id: SessionId, *, now: datetime) -> Session | None:
        found = await self._read(_BY_ID, {"id": session_id, "now": rows.micros(now)})
        return rows.session_of(found[0]) if found else None

    async def touch_session(self, session_id: SessionId, *, seen_at: datetime, idle_expires_at: datetime) -> None:
        seen, idle = rows.micros(seen_at), rows.micros(idle_expires_at)
        await self._write(_TOUCH, {"id": session_id, "now": seen, "idle_expires_at": idle})

    async def close_session(self, session_id: SessionId, *, now: datetime) -> bool:
        return bool(await self._write(_CLOSE, {"id": session_id, "now": rows.micros(now)}))

    async def sessions_of(self, account_id: OnlineAccountId, *, now: datetime) -> tuple[Session, ...]:
        found = await self._read(_OF, {"account_id": account_id, "now": rows.micros(now)})
        return tuple(map(rows.session_of, found))


class SessionTransactionVerbs(TransactionVerbs):
    """Ending many sessions, and giving one a new token."""

    async def close_sessions(self, account_id: OnlineAccountId, *, keep: int = 0) -> tuple[SessionId, ...]:
        values: Parameters = {"account_id": account_id, "keep": keep, "now": rows.micros(self.now)}
        return tuple(row["id"] for row in await self._write(_CLOSE_ALL_BUT, values))

    async def rotate_session(self, session: Session, *, token_sha256: bytes) -> bool:
        values = {**rows.parameters(session), "token_sha256": token_sha256, "now": rows.micros(self.now)}
        return bool(await self._write(_ROTATE, values))
