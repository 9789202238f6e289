"""Sessions, open while both their ends lie ahead, nobody closed them and the password is the one they began with."""
# ruff: noqa: D102, S608 - the port documents the verbs; statements are made of constants of ours

from datetime import datetime

import asyncpg

from gateway.adapters.store_postgres.rows import columns_of, listed, values_of
from gateway.adapters.store_postgres.verbs import TransactionVerbs, Verbs
from gateway.domain.access import Channel, OnlineAccountId, Role, Session, SessionId

IS_OPEN = """
    closed_at IS NULL AND $2 < idle_expires_at AND $2 < expires_at AND (account_id IS NULL OR
    credential_version = (SELECT a.credential_version FROM online_account a WHERE a.id = account_id))
"""
"""Whether a row of `session` is open at $2."""

_COLUMNS = columns_of(Session)
_PLACE = {column: f"${place}" for place, column in enumerate((*_COLUMNS, "token_sha256"), start=1)}
# FOR SHARE waits for a change of password, or the end of the account, that is under way; then it looks again.
_OPEN = f"""
    INSERT INTO session ({", ".join(_PLACE)})
    SELECT {", ".join(_PLACE.values())}
    WHERE {_PLACE["account_id"]}::text IS NULL OR EXISTS (
        SELECT FROM online_account
        WHERE id = {_PLACE["account_id"]} AND credential_version = {_PLACE["credential_version"]} FOR SHARE)
    RETURNING id
"""
_SELECT = f"SELECT {listed(Session)} FROM session"
_BY_TOKEN = f"""
    {_SELECT} WHERE token_sha256 = $1 AND {IS_OPEN} AND (access_expires_at IS NULL OR $2 < access_expires_at)
"""
_BY_ID = f"{_SELECT} WHERE id = $1 AND {IS_OPEN}"
_OF_ACCOUNT = f"{_SELECT} WHERE account_id = $1 AND {IS_OPEN} ORDER BY last_seen_at DESC, id"
_TOUCH = f"""
    UPDATE session SET last_seen_at = greatest(last_seen_at, least($2, expires_at)),
        idle_expires_at = greatest(idle_expires_at, least($3, expires_at))
    WHERE id = $1 AND {IS_OPEN}
"""
_CLOSE = f"UPDATE session SET closed_at = $2 WHERE id = $1 AND {IS_OPEN} RETURNING id"
_CLOSE_ALL = f"""
    UPDATE session SET closed_at = $2 WHERE account_id = $1 AND {IS_OPEN} AND id NOT IN (
        SELECT id FROM session WHERE account_id = $1 AND {IS_OPEN} ORDER BY last_seen_at DESC, id LIMIT $3)
    RETURNING id
"""
_ROTATE = f"""
    UPDATE session SET token_sha256 = $3, access_expires_at = $4, refresh_counter = $5, rotated_at = $6,
        idle_expires_at = $7
    WHERE id = $1 AND {IS_OPEN} AND refresh_counter = $5 - 1
    RETURNING id
"""


class SessionVerbs(Verbs):
    """Sessions, in a transaction and outside."""

    async def open_session(self, session: Session, *, token_sha256: bytes) -> bool:
        return bool(await self._runner.write(_OPEN, *values_of(session), token_sha256))

    async def session(self, token_sha256: bytes, *, now: datetime) -> Session | None:
        found = await self._runner.read(_BY_TOKEN, token_sha256, now)
        return _session_of(found[0]) if found else None

    async def session_by_id(self, session_id: SessionId, *, now: datetime) -> Session | None:
        found = await self._runner.read(_BY_ID, session_id, now)
        return _session_of(found[0]) if found else None

    async def touch_session(self, session_id: SessionId, *, seen_at: datetime, idle_expires_at: datetime) -> None:
        await self._runner.write(_TOUCH, session_id, seen_at, idle_expires_at)

    async def close_session(self, session_id: SessionId, *, now: datetime) -> bool:
        return bool(await self._runner.write(_CLOSE, session_id, now))

    async def sessions_of(self, account_id: OnlineAccountId, *, now: datetime) -> tuple[Session, ...]:
        return tuple(map(_session_of, await self._runner.read(_OF_ACCOUNT, account_id, now)))


class SessionTransactionVerbs(SessionVerbs, TransactionVerbs):
    """What is done to the sessions of an account by whoever is alone on it."""

    async def close_sessions(self, account_id: OnlineAccountId, *, keep: int = 0) -> tuple[SessionId, ...]:
        closed = await self._runner.write(_CLOSE_ALL, account_id, self.now, keep)
        return tuple(row["id"] for row in closed)

    async def rotate_session(self, session: Session, *, token_sha256: bytes) -> bool:
        new = (session.access_expires_at, session.refresh_counter, session.rotated_at, session.idle_expires_at)
        return bool(await self._runner.write(_ROTATE, session.id, self.now, token_sha256, *new))


def _session_of(row: asyncpg.Record) -> Session:
    return Session(**(dict(row) | {"role": Role(row["role"]), "channel": Channel(row["channel"])}))
