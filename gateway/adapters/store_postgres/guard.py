"""What is remembered of the guesses at a subject, and whether it is held."""
# ruff: noqa: D102 - the port documents the verbs

from gateway.adapters import guard_rows
from gateway.adapters.store_postgres.verbs import TransactionVerbs
from gateway.domain.lockout import Bucket, GuardRecord

_READ = "SELECT record FROM guard WHERE subject = $1 AND bucket = $2"
_PUT = """
    INSERT INTO guard (subject, bucket, record, touched_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (subject, bucket) DO UPDATE SET record = excluded.record, touched_at = excluded.touched_at
"""
_FORGET = "DELETE FROM guard WHERE subject = $1"
_HOLD = "INSERT INTO hold (subject, since) VALUES ($1, $2) ON CONFLICT (subject) DO NOTHING"
_IS_HELD = "SELECT FROM hold WHERE subject = $1"
_RELEASE = "DELETE FROM hold WHERE subject = $1"


class GuardVerbs(TransactionVerbs):
    """The guard of a subject, which nobody reads or writes who is not alone on it."""

    async def guard(self, bucket: Bucket) -> GuardRecord:
        found = await self._runner.read(_READ, self._subject, bucket)
        return guard_rows.decode(found[0]["record"]) if found else GuardRecord()

    async def put_guard(self, bucket: Bucket, record: GuardRecord) -> None:
        await self._runner.write(_PUT, self._subject, bucket, guard_rows.encode(record), self.now)

    async def forget_guards(self) -> None:
        await self._runner.write(_FORGET, self._subject)

    async def hold(self) -> None:
        await self._runner.write(_HOLD, self._subject, self.now)

    async def is_held(self) -> bool:
        return bool(await self._runner.read(_IS_HELD, self._subject))

    async def release(self) -> None:
        await self._runner.write(_RELEASE, self._subject)
