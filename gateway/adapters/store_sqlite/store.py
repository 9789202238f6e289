"""The verbs of the store as statements of SQLite."""
# ruff: noqa: D102, S608 - the port documents the verbs; statements are made of constants of this module

from contextlib import AsyncExitStack
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Self

from gateway.adapters.store_sqlite import file, rows
from gateway.adapters.store_sqlite.lane import Lane
from gateway.domain.access import Download, OnlineAccount, OnlineAccountId, Session, SessionId

_ACCOUNT = "id, reference, tenant_id, password_hash, created_at, credential_version, email"
_ACCOUNT_BY_REFERENCE = f"SELECT {_ACCOUNT} FROM online_account WHERE reference = :reference"
_ACCOUNT_BY_ID = f"SELECT {_ACCOUNT} FROM online_account WHERE id = :id"
_ADD_ACCOUNT = f"""
    INSERT INTO online_account ({_ACCOUNT})
    VALUES (:id, :reference, :tenant_id, :password_hash, :created_at, :credential_version, :email)
    ON CONFLICT DO NOTHING RETURNING id
"""
_SESSION = """
    id, role, channel, account_id, tenant_id, staff_name, device,
    started_at, last_seen_at, idle_expires_at, expires_at, credential_version
"""
_IS_OPEN = """
    closed_at IS NULL AND :now < idle_expires_at AND :now < expires_at AND (account_id IS NULL OR
    credential_version = (SELECT a.credential_version FROM online_account a WHERE a.id = account_id))
"""
_OPEN_SESSION = f"""
    INSERT INTO session ({_SESSION}, token_sha256)
    SELECT :id, :role, :channel, :account_id, :tenant_id, :staff_name, :device,
        :started_at, :last_seen_at, :idle_expires_at, :expires_at, :credential_version, :token_sha256
    WHERE :account_id IS NULL OR EXISTS (
        SELECT 1 FROM online_account WHERE id = :account_id AND credential_version = :credential_version)
    RETURNING id
"""
_SESSION_BY_TOKEN = f"SELECT {_SESSION} FROM session WHERE token_sha256 = :token_sha256 AND {_IS_OPEN}"
_SESSIONS_OF = f"""
    SELECT {_SESSION} FROM session WHERE account_id = :account_id AND {_IS_OPEN}
    ORDER BY last_seen_at DESC, id
"""
_TOUCH_SESSION = f"""
    UPDATE session SET last_seen_at = max(last_seen_at, min(:now, expires_at)),
        idle_expires_at = max(idle_expires_at, min(:idle_expires_at, expires_at))
    WHERE id = :id AND {_IS_OPEN}
"""
_CLOSE_SESSION = f"UPDATE session SET closed_at = :now WHERE id = :id AND {_IS_OPEN} RETURNING id"
_RECORD_DOWNLOAD = "INSERT INTO download (at, session_id, document) VALUES (:at, :session_id, :document)"


class SqliteStore:
    """One lane writes, another reads beside it. The verbs are those of `gateway.ports.store.Store`."""

    def __init__(self, opened: AsyncExitStack, *, reader: Lane, writer: Lane) -> None:
        self._opened = opened
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, path: Path, *, busy_timeout_seconds: float = 5.0) -> Self:
        """The store in the migrated file at `path`. StoreError, with its remedy, if it cannot be used."""
        file.check_library()
        file.require_file(path)
        connect = partial(file.connect, path, busy_timeout_seconds=busy_timeout_seconds)
        connect_to_read = partial(file.connect_to_read, path, busy_timeout_seconds=busy_timeout_seconds)
        async with AsyncExitStack() as opened:
            opened.callback(file.ProcessLock.acquire(path).release)
            writer = await Lane.open("store-writer", connect=connect)
            opened.push_async_callback(writer.close)
            reader = await Lane.open("store-reader", connect=connect_to_read)
            opened.push_async_callback(reader.close)
            return cls(opened.pop_all(), reader=reader, writer=writer)

    async def close(self) -> None:
        """Finishes what runs and lets another process take over."""
        await self._opened.aclose()

    async def account(self, reference: str) -> OnlineAccount | None:
        found = await self._reader.fetch(_ACCOUNT_BY_REFERENCE, {"reference": reference})
        return rows.account_of(found[0]) if found else None

    async def account_by_id(self, account_id: OnlineAccountId) -> OnlineAccount | None:
        found = await self._reader.fetch(_ACCOUNT_BY_ID, {"id": account_id})
        return rows.account_of(found[0]) if found else None

    async def add_account(self, account: OnlineAccount) -> bool:
        return bool(await self._writer.fetch(_ADD_ACCOUNT, rows.account_parameters(account)))

    async def open_session(self, session: Session, *, token_sha256: bytes) -> bool:
        parameters = {**rows.session_parameters(session), "token_sha256": token_sha256}
        return bool(await self._writer.fetch(_OPEN_SESSION, parameters))

    async def session(self, token_sha256: bytes, *, now: datetime) -> Session | None:
        found = await self._reader.fetch(_SESSION_BY_TOKEN, {"token_sha256": token_sha256, "now": rows.micros(now)})
        return rows.session_of(found[0]) if found else None

    async def touch_session(self, session_id: SessionId, *, seen_at: datetime, idle_expires_at: datetime) -> None:
        seen, idle = rows.micros(seen_at), rows.micros(idle_expires_at)
        await self._writer.fetch(_TOUCH_SESSION, {"id": session_id, "now": seen, "idle_expires_at": idle})

    async def close_session(self, session_id: SessionId, *, now: datetime) -> bool:
        return bool(await self._writer.fetch(_CLOSE_SESSION, {"id": session_id, "now": rows.micros(now)}))

    async def sessions_of(self, account_id: OnlineAccountId, *, now: datetime) -> tuple[Session, ...]:
        found = await self._reader.fetch(_SESSIONS_OF, {"account_id": account_id, "now": rows.micros(now)})
        return tuple(map(rows.session_of, found))

    async def record_download(self, download: Download) -> None:
        await self._writer.fetch(_RECORD_DOWNLOAD, rows.download_parameters(download))
