"""What has served its time, in SQLite."""
# ruff: noqa: D102 - the port documents the verb

from datetime import datetime, timedelta

from gateway.adapters.store_sqlite import rows
from gateway.adapters.store_sqlite.verbs import Verbs

_GUARD = "DELETE FROM guard WHERE touched_at <= :until RETURNING 1"
_LINK = "DELETE FROM account_link WHERE created_at <= :until RETURNING 1"
_SESSION = """
    DELETE FROM session WHERE min(coalesce(closed_at, expires_at), idle_expires_at, expires_at) <= :until RETURNING 1
"""
_ASSISTANCE = "DELETE FROM assistance WHERE erase_at <= :until RETURNING 1"
_ERASE_ASSISTANCE = "UPDATE assistance SET sealed = NULL WHERE erase_at <= :until AND sealed IS NOT NULL RETURNING 1"
_AUDIT = "DELETE FROM audit WHERE at < :until RETURNING 1"


class PurgeVerbs(Verbs):
    """Each table in a statement of its own, so that nobody waits long for the purge."""

    async def purge(self, *, now: datetime, audit_before: datetime) -> dict[str, int]:
        return {
            "guard": await self._remove(_GUARD, now - timedelta(hours=48)),
            "account_link": await self._remove(_LINK, now - timedelta(hours=24)),
            "session": await self._remove(_SESSION, now - timedelta(hours=24)),
            "assistance": await self._remove(_ASSISTANCE, now - timedelta(days=365))
            + await self._remove(_ERASE_ASSISTANCE, now),
            "audit": await self._remove(_AUDIT, audit_before),
        }

    async def _remove(self, statement: str, until: datetime) -> int:
        return len(await self._write(statement, {"until": rows.micros(until)}))
