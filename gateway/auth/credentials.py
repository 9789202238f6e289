"""A new password takes effect: everything that the old one opened is over."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from gateway.auth.letters.kinds import LetterKind
from gateway.auth.password_policy import refusals
from gateway.auth.passwords import Seat
from gateway.auth.sessions import Sessions
from gateway.auth.tokens import new_id
from gateway.auth.vault import Vault
from gateway.auth.work import PlannedLetter, promised
from gateway.domain.access import OnlineAccount, OnlineAccountId, SessionId
from gateway.domain.letter import Language
from gateway.domain.password import PasswordRefusal, PasswordRules
from gateway.domain.renewal import due_on
from gateway.ports.store import Transaction

RENEWAL_GRACE = timedelta(days=30)
"""Whoever chose a password less than this before the anniversary is not asked again (A13)."""


@dataclass(frozen=True, slots=True)
class AccountReady:
    """The account has its new password, and nobody is signed in any more. `ended` are the sessions that were open."""

    renewal_due_on: date
    account_id: OnlineAccountId
    ended: tuple[SessionId, ...]


@dataclass(frozen=True, slots=True)
class PasswordRejected:
    """The new password does not meet the rules: every one that it misses."""

    reasons: tuple[PasswordRefusal, ...]


@dataclass(frozen=True, slots=True)
class NewPasswords:
    """Judges new passwords and puts them into effect. `landlord_words` are names that everybody would try."""

    vault: Vault
    sessions: Sessions
    rules: PasswordRules
    landlord_words: tuple[str, ...]
    letter_domain: str

    async def reasons_against(
        self, password: str, *, personal: Sequence[str], present_hash: str | None, seat: Seat
    ) -> tuple[PasswordRefusal, ...]:
        """Every rule that `password` does not meet, none for a good one. `present_hash` is that of the password now."""
        reasons = refusals(password, rules=self.rules, personal=(*personal, *self.landlord_words))
        if not reasons and present_hash and await seat.verify(password, against=present_hash):
            return (PasswordRefusal.SAME_AS_BEFORE,)
        return reasons

    async def put_into_effect(self, tx: Transaction, account: OnlineAccount, *, password_hash: str) -> AccountReady:
        """The same account with another password: sessions, devices, links and what the guard remembers are gone."""
        renewed = replace(
            account,
            password_hash=password_hash,
            credential_set_at=tx.now,
            credential_version=account.credential_version + 1,
            consecutive_failures=0,
            disabled_at=None,
            renewal_dismissed_at=None,
        )
        ended = await tx.close_sessions(account.id)
        await tx.save_account(renewed)
        await tx.remove_devices(account.id)
        await tx.end_links()
        await tx.forget_guards()
        await tx.release()
        return AccountReady(next_renewal(renewed, now=tx.now), account.id, ended)

    async def tell_holder(self, tx: Transaction, account: OnlineAccount, *, language: Language) -> None:
        """Promises the letter that tells the holder of the change, to the address known before it."""
        if account.email:
            letter = PlannedLetter(
                kind=LetterKind.PASSWORD_CHANGED,
                language=language,
                to=account.email,
                message_id=f"<{new_id()}@{self.letter_domain}>",
                reference=account.reference,
            )
            await tx.promise(promised(self.vault, letter, now=tx.now))


def next_renewal(account: OnlineAccount, *, now: datetime) -> date:
    """The anniversary on which the holder is next, or is now, invited to renew the password."""
    return due_on(account.created_at, credential_set_at=account.credential_set_at, now=now, grace=RENEWAL_GRACE)
