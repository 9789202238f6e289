"""What is remembered of guesses, and the subjects that are held, in SQLite."""
# ruff: noqa: D102 - the port documents the verbs

from gateway.adapters import guard_rows
from gateway.adapters.store_sqlite import rows
from gateway.adapters.store_sqlite.verbs import TransactionVerbs
from gateway.domain.lockout import Bucket, GuardRecord

_GUARD = "SELECT record FROM guard WHERE subject = :subject AND bucket = :bucket"
_PUT = """
    INSERT INTO guard (subject, bucket, record, touched_at) VALUES (:subject, :bucket, :record, :now)
    ON CONFLICT (subject, bucket) DO UPDATE SET record = excluded.record, touched_at = excluded.touched_at
"""
_FORGET = "DELETE FROM guard WHERE subject = :subject"
_HOLD = "INSERT INTO hold (subject, since) VALUES (:subject, :now) ON CONFLICT DO NOTHING"
_IS_HELD = "SELECT 1 FROM hold WHERE subject = :subject"
_RELEASE = "DELETE FROM hold WHERE subject = :subject"


class GuardVerbs(TransactionVerbs):
    """Guards and holds of the transaction's subject."""

    async def guard(self, bucket: Bucket) -> GuardRecord:
        found = await self._read(_GUARD, {"subject": self._subject, "bucket": bucket})
        return guard_rows.decode(found[0]["record"]) if found else GuardRecord()

    async def put_guard(self, bucket: Bucket, record: GuardRecord) -> None:
        text, now = guard_rows.encode(record), rows.micros(self.now)
        await self._write(_PUT, {"subject": self._subject, "bucket": bucket, "record": text, "now": now})

    async def forget_guards(self) -> None:
        await self._write(_FORGET, {"subject": self._subject})

    async def hold(self) -> None:
        await self._write(_HOLD, {"subject": self._subject, "now": rows.micros(self.now)})

    async def is_held(self) -> bool:
        return bool(await self._read(_IS_HELD, {"subject": self._subject}))

    async def release(self) -> None:
        await self._write(_RELEASE, {"subject": self._subject})
