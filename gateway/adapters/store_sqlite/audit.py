"""What is only ever appended to, in SQLite: the audit trail and the log of looks at documents."""
# ruff: noqa: D102, S608 - the port documents the verbs; statements are made of constants of this module

from gateway.adapters.store_sqlite import rows
from gateway.adapters.store_sqlite.verbs import Verbs
from gateway.domain.access import Download
from gateway.domain.audit import Action, AuditEntry

_ENTRY = rows.columns(AuditEntry)
_APPEND = f"INSERT INTO audit ({_ENTRY}) VALUES ({rows.placeholders(AuditEntry)})"
_OF = f"SELECT {_ENTRY} FROM audit WHERE subject = :subject ORDER BY at DESC, number DESC LIMIT :first"
_RECORD_DOWNLOAD = f"INSERT INTO download ({rows.columns(Download)}) VALUES ({rows.placeholders(Download)})"


class AuditVerbs(Verbs):
    """Appending, and reading what was done to an account."""

    async def append_audit(self, entry: AuditEntry) -> None:
        await self._write(_APPEND, rows.parameters(entry))

    async def audit_of(self, subject: str, *, first: int) -> tuple[AuditEntry, ...]:
        found = await self._read(_OF, {"subject": subject, "first": first})
        return tuple(AuditEntry(**(rows.values(row) | {"action": Action(row["action"])})) for row in found)

    async def record_download(self, download: Download) -> None:
        await self._write(_RECORD_DOWNLOAD, rows.parameters(download))
