"""What a gateway's own database says about the guesses at one reference, read beside it with the gateway's key."""

from dataclasses import dataclass, replace
from datetime import timedelta

from gateway.adapters import guard_rows
from gateway.auth.trail import Trail
from gateway.auth.vault import Vault
from gateway.domain.lockout import UNKNOWN_DEVICES, Bucket, GuardRecord, Subject
from tests.support.gateway import RunningGateway

_LATER = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class GuardBooks:
    """The books of `gateway`, and of every other one on the same database."""

    gateway: RunningGateway

    @property
    def _vault(self) -> Vault:
        return Vault(bytes.fromhex((self.gateway.folder / "secret.key").read_text(encoding="utf-8")))

    def subject(self, reference: str) -> Subject:
        """The name under which guesses at a reference are counted."""
        return self._vault.subject(reference)

    def guard(self, reference: str, bucket: Bucket = UNKNOWN_DEVICES) -> GuardRecord:
        """What is remembered of the guesses of a bucket; the record of nobody when there is none."""
        rows = self.gateway.query(f"SELECT record FROM guard WHERE {self._is(reference, bucket)}")  # noqa: S608 - ours
        return guard_rows.decode(str(rows[0][0])) if rows else GuardRecord()

    def let_permits_expire(self, reference: str) -> None:
        """What fifteen seconds do to the permits of unknown devices."""
        record = self.guard(reference)
        record = replace(
            record, permits=tuple(replace(one, expires_at=one.expires_at - _LATER) for one in record.permits)
        )
        changed = f"UPDATE guard SET record = '{guard_rows.encode(record)}'"  # noqa: S608 - ours
        self.gateway.query(f"{changed} WHERE {self._is(reference, UNKNOWN_DEVICES)}")

    def reports(self, reference: str) -> list[str]:
        """The outcome of each password checked for a reference that opened nothing, oldest first.

        Each check is reported in the transaction that counts it, with one line of the trail.
        """
        about = Trail(self._vault).about(reference)
        statement = "SELECT outcome FROM audit WHERE action = 'SIGN_IN' AND subject = '{}' ORDER BY number"
        return [str(row[0]) for row in self.gateway.query(statement.format(about))]

    def _is(self, reference: str, bucket: Bucket) -> str:
        name = self.subject(reference).hex()
        literal = f"'\\x{name}'" if self.gateway.database_url.startswith("postgresql") else f"x'{name}'"
        return f"subject = {literal} AND bucket = '{bucket}'"
