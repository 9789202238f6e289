"""Rows that have served their time go, a few thousand at once, so that no statement lasts longer than it may."""
# ruff: noqa: D102, S608 - the port documents the verbs; statements are made of constants of ours

from datetime import datetime, timedelta

from gateway.adapters.store_postgres.verbs import Verbs

BATCH = 2_000
"""Rows that one statement removes, at most."""

_GUARD_LIFETIME = timedelta(hours=48)
_LINK_LIFETIME = timedelta(days=1)
_SESSION_AFTERLIFE = timedelta(days=1)
_ASSISTANCE_AFTERLIFE = timedelta(days=365)


def _some(table: str, condition: str) -> str:
    """What somebody works on just now is passed over: the next purge finds it, and nobody waits for this one."""
    return f"ARRAY(SELECT ctid FROM {table} WHERE {condition} LIMIT {BATCH} FOR UPDATE SKIP LOCKED)"


def _removal(table: str, condition: str) -> str:
    return _counted(f"DELETE FROM {table} WHERE ctid = ANY ({_some(table, condition)})")


def _counted(statement: str) -> str:
    return f"WITH touched AS ({statement} RETURNING 1) SELECT count(*) FROM touched"


_REMOVE_GUARDS = _removal("guard", "touched_at <= $1")
_REMOVE_LINKS = _removal("account_link", "created_at <= $1")
_REMOVE_SESSIONS = _removal("session", "least(closed_at, idle_expires_at, expires_at) <= $1")
_REMOVE_ASSISTANCE = _removal("assistance", "erase_at <= $1")
_FORGOTTEN = _some("assistance", "erase_at <= $1 AND sealed IS NOT NULL")
_ERASE_ASSISTANCE = _counted(f"UPDATE assistance SET sealed = NULL WHERE ctid = ANY ({_FORGOTTEN})")
# To lock a line would take the right to change it, which nobody has here.
_REMOVE_AUDIT = _counted(
    f"DELETE FROM audit WHERE ctid = ANY (ARRAY(SELECT ctid FROM audit WHERE at < $1 LIMIT {BATCH}))"
)


class PurgeVerbs(Verbs):
    """The purge."""

    async def purge(self, *, now: datetime, audit_before: datetime) -> dict[str, int]:
        return {
            "guard": await self._repeat(_REMOVE_GUARDS, now - _GUARD_LIFETIME),
            "account_link": await self._repeat(_REMOVE_LINKS, now - _LINK_LIFETIME),
            "session": await self._repeat(_REMOVE_SESSIONS, now - _SESSION_AFTERLIFE),
            "assistance": await self._repeat(_REMOVE_ASSISTANCE, now - _ASSISTANCE_AFTERLIFE)
            + await self._repeat(_ERASE_ASSISTANCE, now),
            "audit": await self._repeat(_REMOVE_AUDIT, audit_before),
        }

    async def _repeat(self, statement: str, before: datetime) -> int:
        """The rows that `statement` has dealt with, batch after batch, until one is not full."""
        total = batch = int((await self._runner.write(statement, before))[0][0])
        while batch == BATCH:
            batch = int((await self._runner.write(statement, before))[0][0])
            total += batch
        return total
