"""The yearly renewal of the password (R13): due, put off, and the two letters that announce it."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial

import structlog

from gateway.auth.credentials import RENEWAL_GRACE, next_renewal
from gateway.auth.letters.kinds import LetterKind
from gateway.auth.tokens import new_id
from gateway.auth.trail import Trail
from gateway.auth.vault import Vault
from gateway.auth.work import PlannedLetter, promised
from gateway.domain.access import OnlineAccount, OnlineAccountId, Session
from gateway.domain.audit import Action
from gateway.domain.letter import Language
from gateway.domain.period import paris_date
from gateway.domain.renewal import RenewalMode, renewal_due
from gateway.ports.store import Store, StoreError, Transaction

ANNOUNCED = timedelta(days=14)
"""The first letter goes out this long before the day."""

_PAGE = 500

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Renewal:
    """The renewal of one account as it stands at a moment. Days in Paris."""

    due_on: date
    due: bool
    mode: RenewalMode
    dismissed_on: date | None


@dataclass(frozen=True, slots=True)
class Renewals:
    """The use cases. `mode` tells whether the landlord invites or obliges. All may raise StoreError."""

    store: Store
    vault: Vault
    trail: Trail
    mode: RenewalMode
    letter_domain: str
    clock: Callable[[], datetime]

    def of(self, account: OnlineAccount, *, now: datetime) -> Renewal:
        """The renewal of `account` at `now`."""
        dismissed_at = account.renewal_dismissed_at
        due = renewal_due(account.created_at, credential_set_at=account.credential_set_at, now=now, grace=RENEWAL_GRACE)
        due_on = next_renewal(account, now=now)
        dismissed_on = paris_date(dismissed_at) if due and dismissed_at else None
        if dismissed_on and dismissed_on < due_on:
            dismissed_on = None  # put off before it was asked for, or the year before
        return Renewal(due_on, due, self.mode, dismissed_on)

    def obliges(self, account: OnlineAccount, *, now: datetime) -> bool:
        """Whether nothing else can be done before a new password is chosen."""
        return self.mode is RenewalMode.REQUIRE and self.of(account, now=now).due

    async def binds(self, session: Session | None) -> bool:
        """Whether whoever is behind `session` must choose a new password before anything else."""
        if self.mode is RenewalMode.INVITE or session is None or session.account_id is None:
            return False
        account = await self.store.account_by_id(session.account_id)
        return account is not None and self.obliges(account, now=self.clock())

    async def dismiss(self, session: Session) -> Renewal | None:
        """Puts the invitation off, and tells the renewal; None when it cannot be put off, or there is no account."""
        account = await self.store.account_by_id(session.account_id) if session.account_id else None
        if account is None:
            return None

        async def work(tx: Transaction) -> Renewal | None:
            present = await tx.account_by_id(account.id)
            if present is None or self.obliges(present, now=tx.now):
                return None
            dismissed = replace(present, renewal_dismissed_at=tx.now)
            await tx.save_account(dismissed)
            await tx.append_audit(
                self.trail.by_session(Action.RENEWAL_DISMISSED, "Dismissed", at=tx.now, session=session)
            )
            return self.of(dismissed, now=tx.now)

        return await self.store.transact(self.vault.subject(account.reference), work)

    async def remind(self) -> int:
        """Promises the letters of today, each once, however often and in however many processes this runs."""
        count = 0
        async for account in self._accounts():
            try:
                count += await self._remind_if_due(account)
            except StoreError:
                raise
            except Exception:  # a defect of ours with one account must not leave the others without their letter
                log.exception("renewals.crashed")
        log.info("renewals.reminded", count=count)
        return count

    async def _remind_if_due(self, account: OnlineAccount) -> bool:
        if self._letter_now(account, now=self.clock()) is None:
            return False
        return await self.store.transact(self.vault.subject(account.reference), partial(self._remind, account.id))

    async def _accounts(self) -> AsyncIterator[OnlineAccount]:
        page = await self.store.accounts_after(None, first=_PAGE)
        while page:
            for account in page:
                yield account
            page = await self.store.accounts_after(page[-1].id, first=_PAGE)

    async def _remind(self, account_id: OnlineAccountId, tx: Transaction) -> bool:
        account = await tx.account_by_id(account_id)
        kind = self._letter_now(account, now=tx.now) if account else None
        if account is None or account.email is None or kind is None:
            return False
        letter = PlannedLetter(
            kind=kind,
            language=Language.FRENCH,
            to=account.email,
            message_id=f"<{new_id()}@{self.letter_domain}>",
            reference=account.reference,
            day=next_renewal(account, now=tx.now),
        )
        await tx.save_account(replace(account, reminded_at=tx.now))
        await tx.promise(promised(self.vault, letter, now=tx.now))
        return True

    def _letter_now(self, account: OnlineAccount, *, now: datetime) -> LetterKind | None:
        """The letter that is to be sent and was not yet; one that was missed on its day is sent later."""
        if account.email is None:
            return None
        today, renewal = paris_date(now), self.of(account, now=now)
        reminded_on = paris_date(account.reminded_at) if account.reminded_at else date.min
        if renewal.due:
            return LetterKind.RENEWAL_DUE if reminded_on < renewal.due_on else None
        announced_on = renewal.due_on - ANNOUNCED
        return LetterKind.RENEWAL_SOON if reminded_on < announced_on <= today else None
