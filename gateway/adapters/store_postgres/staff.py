"""What the landlord's OpenID provider vouches for behind sessions of staff."""
# ruff: noqa: D102, S608 - the port documents the verbs; statements are made of constants of ours

from datetime import datetime

from gateway.adapters.store_postgres.rows import insertion, listed, replacement, values_of
from gateway.adapters.store_postgres.sessions import IS_OPEN
from gateway.adapters.store_postgres.verbs import Verbs
from gateway.domain.access import SessionId, StaffGrant

_ADD = insertion("staff_grant", StaffGrant)
_BY_SESSION = f"SELECT {listed(StaffGrant)} FROM staff_grant WHERE session_id = $1"
_SAVE = replacement("staff_grant", StaffGrant)
_SESSIONS = f"""
    SELECT id FROM session JOIN staff_grant ON session_id = id
    WHERE issuer = $1 AND {IS_OPEN} AND ($3::text IS NULL OR subject = $3)
        AND ($4::text IS NULL OR provider_session = $4)
    ORDER BY id
"""


class StaffVerbs(Verbs):
    """Grants, in a transaction and outside."""

    async def add_staff_grant(self, grant: StaffGrant) -> None:
        await self._runner.write(_ADD, *values_of(grant))

    async def staff_grant(self, session_id: SessionId) -> StaffGrant | None:
        found = await self._runner.read(_BY_SESSION, session_id)
        return StaffGrant(**found[0]) if found else None

    async def save_staff_grant(self, grant: StaffGrant) -> None:
        await self._runner.write(_SAVE, *values_of(grant))

    async def staff_sessions(
        self, issuer: str, *, subject: str | None, provider_session: str | None, now: datetime
    ) -> tuple[SessionId, ...]:
        found = await self._runner.read(_SESSIONS, issuer, now, subject, provider_session)
        return tuple(row["id"] for row in found)
