"""What a wrong password leads to beside the lockout: the account's own count, and letters to its holder."""

from dataclasses import dataclass, replace

from gateway.auth.letters.kinds import LetterKind
from gateway.auth.lockout import RecreationOffered, Report
from gateway.auth.reference import charged_as
from gateway.auth.vault import Vault
from gateway.auth.work import HolderWarning, promised
from gateway.domain.access import OnlineAccount
from gateway.domain.lockout import LockoutRules
from gateway.ports.store import Transaction


@dataclass(frozen=True, slots=True)
class WrongPasswords:
    """Wherever a password is asked for, a wrong one is dealt with here, in the transaction that reports it."""

    vault: Vault
    rules: LockoutRules

    async def follow_up(
        self, tx: Transaction, report: Report, *, reference: str, account: OnlineAccount | None
    ) -> None:
        """After `report`, for any typed `reference`; `account` is the one that the password was checked against."""
        if account is not None:
            await self._count(tx, account)
        if isinstance(report, RecreationOffered):
            # For an unknown reference too: whether there is somebody to warn is found out after the answer.
            minutes = int(self.rules.block.total_seconds() // 60)
            warning = HolderWarning(charged_as(reference), LetterKind.SIGN_IN_SUSPENDED, minutes)
            await tx.promise(promised(self.vault, warning, now=tx.now))

    async def _count(self, tx: Transaction, seen: OnlineAccount) -> None:
        """One more failure on the account itself, whatever device it came from; too many disable its password."""
        account = await tx.account_by_id(seen.id)
        if account is None or account.credential_version != seen.credential_version:
            return
        failures = account.consecutive_failures + 1
        is_last = failures == self.rules.consecutive_failures and account.disabled_at is None
        disabled_at = tx.now if is_last else account.disabled_at
        await tx.save_account(replace(account, consecutive_failures=failures, disabled_at=disabled_at))
        if is_last:
            warning = HolderWarning(account.reference, LetterKind.CREDENTIAL_DISABLED, 0)
            await tx.promise(promised(self.vault, warning, now=tx.now))
