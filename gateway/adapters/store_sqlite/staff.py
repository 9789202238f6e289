"""What the OpenID provider vouches for behind sessions of staff, in SQLite."""
# ruff: noqa: D102, S608 - the port documents the verbs; statements are made of constants of this module

from datetime import datetime

from gateway.adapters.store_sqlite import rows
from gateway.adapters.store_sqlite.sessions import IS_OPEN
from gateway.adapters.store_sqlite.verbs import Verbs
from gateway.domain.access import SessionId, StaffGrant

_GRANT = rows.columns(StaffGrant)
_ADD = f"INSERT INTO staff_grant ({_GRANT}) VALUES ({rows.placeholders(StaffGrant)})"
_OF = f"SELECT {_GRANT} FROM staff_grant WHERE session_id = :session_id"
_SAVE = f"""
    UPDATE staff_grant SET {rows.assignments(StaffGrant, keep=frozenset({"session_id"}))}
    WHERE session_id = :session_id
"""
_SESSIONS = f"""
    SELECT id FROM session JOIN staff_grant ON session_id = id WHERE issuer = :issuer
    AND (:subject IS NULL OR subject = :subject)
    AND (:provider_session IS NULL OR provider_session = :provider_session) AND {IS_OPEN} ORDER BY id
"""


class StaffVerbs(Verbs):
    """Grants of sessions."""

    async def add_staff_grant(self, grant: StaffGrant) -> None:
        await self._write(_ADD, rows.parameters(grant))

    async def staff_grant(self, session_id: SessionId) -> StaffGrant | None:
        found = await self._read(_OF, {"session_id": session_id})
        return StaffGrant(**rows.values(found[0])) if found else None

    async def save_staff_grant(self, grant: StaffGrant) -> None:
        await self._write(_SAVE, rows.parameters(grant))

    async def staff_sessions(
        self, issuer: str, *, subject: str | None, provider_session: str | None, now: datetime
    ) -> tuple[SessionId, ...]:
        named = {"issuer": issuer, "subject": subject, "provider_session": provider_session}
        return tuple(row["id"] for row in await self._read(_SESSIONS, {**named, "now": rows.micros(now)}))
