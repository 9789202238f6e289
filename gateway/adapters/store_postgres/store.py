"""The verbs of the store as statements of PostgreSQL."""
# ruff: noqa: D102, S608 - the port documents the verbs; statements are made of constants of this module

from datetime import datetime
from typing import Self

from gateway.adapters.store_postgres import rows
from gateway.adapters.store_postgres.connections import Connections, Limits
from gateway.domain.access import Download, OnlineAccount, OnlineAccountId, Session, SessionId

_ACCOUNT = "id, reference, tenant_id, password_hash, created_at, credential_version, email"
_ACCOUNT_BY_REFERENCE = f"SELECT {_ACCOUNT} FROM online_account WHERE reference = $1"
_ACCOUNT_BY_ID = f"SELECT {_ACCOUNT} FROM online_account WHERE id = $1"
_ADD_ACCOUNT = f"""
    INSERT INTO online_account ({_ACCOUNT}) VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT DO NOTHING RETURNING id
"""
_SESSION = """
    id, role, channel, account_id, tenant_id, staff_name, device,
    started_at, last_seen_at, idle_expires_at, expires_at, credential_version
"""
_IS_OPEN = """
    closed_at IS NULL AND $2 < idle_expires_at AND $2 < expires_at AND (account_id IS NULL OR
    credential_version = (SELECT a.credential_version FROM online_account a WHERE a.id = account_id))
"""
# FOR SHARE waits for a change of password, or the end of the account, that is under way; then it looks again.
_OPEN_SESSION = f"""
    INSERT INTO session ({_SESSION}, token_sha256)
    SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13
    WHERE $4::text IS NULL OR EXISTS (
        SELECT FROM online_account WHERE id = $4 AND credential_version = $12 FOR SHARE)
    RETURNING id
"""
_SESSION_BY_TOKEN = f"SELECT {_SESSION} FROM session WHERE token_sha256 = $1 AND {_IS_OPEN}"
_SESSIONS_OF = f"""
    SELECT {_SESSION} FROM session WHERE account_id = $1 AND {_IS_OPEN}
    ORDER BY last_seen_at DESC, id
"""
_TOUCH_SESSION = f"""
    UPDATE session SET last_seen_at = greatest(last_seen_at, least($2, expires_at)),
        idle_expires_at = greatest(idle_expires_at, least($3, expires_at))
    WHERE id = $1 AND {_IS_OPEN}
"""
_CLOSE_SESSION = f"UPDATE session SET closed_at = $2 WHERE id = $1 AND {_IS_OPEN} RETURNING id"
_RECORD_DOWNLOAD = "INSERT INTO download (at, session_id, document) VALUES ($1, $2, $3)"


class PostgresStore:
    """The verbs are those of `gateway.ports.store.Store`."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    @classmethod
    async def open(cls, url: str, *, max_connections: int, limits: Limits | None = None) -> Self:
        """The store in the migrated database at `url`. StoreError, with its remedy, if it cannot be used."""
        return cls(await Connections.open(url, max_connections=max_connections, limits=limits or Limits()))

    async def close(self) -> None:
        """Finishes what runs, then disconnects."""
        await self._connections.close()

    async def account(self, reference: str) -> OnlineAccount | None:
        found = await self._connections.read(_ACCOUNT_BY_REFERENCE, reference)
        return rows.account_of(found[0]) if found else None

    async def account_by_id(self, account_id: OnlineAccountId) -> OnlineAccount | None:
        found = await self._connections.read(_ACCOUNT_BY_ID, account_id)
        return rows.account_of(found[0]) if found else None

    async def add_account(self, account: OnlineAccount) -> bool:
        return bool(await self._connections.write(_ADD_ACCOUNT, *rows.account_values(account)))

    async def open_session(self, session: Session, *, token_sha256: bytes) -> bool:
        values = (*rows.session_values(session), token_sha256)
        return bool(await self._connections.write(_OPEN_SESSION, *values))

    async def session(self, token_sha256: bytes, *, now: datetime) -> Session | None:
        found = await self._connections.read(_SESSION_BY_TOKEN, token_sha256, now)
        return rows.session_of(found[0]) if found else None

    async def touch_session(self, session_id: SessionId, *, seen_at: datetime, idle_expires_at: datetime) -> None:
        await self._connections.write(_TOUCH_SESSION, session_id, seen_at, idle_expires_at)

    async def close_session(self, session_id: SessionId, *, now: datetime) -> bool:
        return bool(await self._connections.write(_CLOSE_SESSION, session_id, now))

    async def sessions_of(self, account_id: OnlineAccountId, *, now: datetime) -> tuple[Session, ...]:
        return tuple(map(rows.session_of, await self._connections.read(_SESSIONS_OF, account_id, now)))

    async def record_download(self, download: Download) -> None:
        await self._connections.write(_RECORD_DOWNLOAD, download.at, download.session_id, download.document)
