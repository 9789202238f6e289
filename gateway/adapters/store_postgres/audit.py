"""What is only ever added to: the audit trail, and the log of looks at documents."""
# ruff: noqa: D102, S608 - the port documents the verbs; statements are made of constants of ours

import asyncpg

from gateway.adapters.store_postgres.rows import insertion, listed, values_of
from gateway.adapters.store_postgres.verbs import Verbs
from gateway.domain.access import Download
from gateway.domain.audit import Action, AuditEntry

_APPEND = insertion("audit", AuditEntry)
_OF_SUBJECT = f"SELECT {listed(AuditEntry)} FROM audit WHERE subject = $1 ORDER BY at DESC, number DESC LIMIT $2"
_RECORD_DOWNLOAD = insertion("download", Download)


class AuditVerbs(Verbs):
    """Both trails, in a transaction and outside."""

    async def append_audit(self, entry: AuditEntry) -> None:
        await self._runner.write(_APPEND, *values_of(entry))

    async def audit_of(self, subject: str, *, first: int) -> tuple[AuditEntry, ...]:
        return tuple(map(_entry_of, await self._runner.read(_OF_SUBJECT, subject, first)))

    async def record_download(self, download: Download) -> None:
        await self._runner.write(_RECORD_DOWNLOAD, *values_of(download))


def _entry_of(row: asyncpg.Record) -> AuditEntry:
    return AuditEntry(**(dict(row) | {"action": Action(row["action"])}))
