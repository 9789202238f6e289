"""Creating the account, or choosing a new password for it, through a mailed link."""

from dataclasses import dataclass, field, replace
from typing import TypeAlias

import structlog

from gateway.auth.credentials import AccountReady, NewPasswords, PasswordRejected, next_renewal
from gateway.auth.guard import charge_recreation
from gateway.auth.knocking import Action as Knock
from gateway.auth.knocking import Knocking
from gateway.auth.lockout import Charged, Suspended
from gateway.auth.outcomes import Outcomes, ServiceBusy
from gateway.auth.passwords import HashPool
from gateway.auth.sessions import Sessions
from gateway.auth.tokens import new_id, token_sha256
from gateway.auth.trail import Trail
from gateway.auth.vault import Content, SealedValueError, Vault
from gateway.auth.visitor import Visitor
from gateway.auth.work import LinkContent
from gateway.domain.access import OnlineAccount, OnlineAccountId
from gateway.domain.account_link import AccountLink
from gateway.domain.audit import Action
from gateway.domain.lockout import UNKNOWN_DEVICES, LockoutRules
from gateway.ports.store import Store, StoreError, Transaction

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class LinkInvalid:
    """The link is unknown, used, replaced or too old; which is not told."""


ChoiceOutcome: TypeAlias = AccountReady | PasswordRejected | LinkInvalid | Suspended | ServiceBusy


@dataclass(frozen=True, slots=True)
class ChooseAccountPassword:
    """The use case. A mailed link works also while the account is blocked: it proves who holds the mailbox."""

    store: Store
    rules: LockoutRules
    passwords: HashPool
    new_passwords: NewPasswords
    sessions: Sessions
    vault: Vault
    trail: Trail
    knocking: Knocking
    outcomes: Outcomes = field(default_factory=Outcomes)

    async def __call__(self, token: str, password: str, *, visitor: Visitor) -> ChoiceOutcome:
        """Takes any two texts. Never raises StoreError."""
        return await self.outcomes.or_busy(self._admitted(token, password, visitor), event="password_choice")

    async def _admitted(self, token: str, password: str, visitor: Visitor) -> ChoiceOutcome:
        if wait := await self.knocking.admit(visitor.source, action=Knock.CHOOSE):
            return ServiceBusy(wait.seconds)
        link = await self.store.link(token_sha256(token))
        content = self._content(link) if link else None
        if link is None or content is None:
            return LinkInvalid()
        async with self.passwords.seat(source=visitor.neighbours) as seat:
            account = await self.store.account(link.reference)
            reasons = await self.new_passwords.reasons_against(
                password,
                personal=(*content.personal_words, link.reference),
                present_hash=account.password_hash if account else None,
                seat=seat,
            )
            if reasons:
                rejected = PasswordRejected(reasons)
                return await self.store.transact(link.subject, lambda tx: self._reject(tx, link, rejected))
            password_hash = await seat.hash(password)
        outcome = await self.store.transact(link.subject, lambda tx: self._accept(tx, link, content, password_hash))
        if isinstance(outcome, AccountReady):
            self.sessions.forget(outcome.ended)
        return outcome

    def _content(self, link: AccountLink) -> LinkContent | None:
        """What the link remembers; None when it was made with another key than ours."""
        try:
            return self.vault.open(Content.LINK, link.sealed_address, LinkContent)
        except SealedValueError:
            log.exception("password_choice.link_unreadable")
            return None

    async def _reject(self, tx: Transaction, seen: AccountLink, rejected: PasswordRejected) -> ChoiceOutcome:
        link = await tx.link(seen.token_sha256)
        if link is None or not link.is_valid_at(tx.now):
            return await self._refuse_link(tx, seen)
        charged = await self._charge(tx, link, "Rejected")
        if isinstance(charged, Charged) and charged.blocks:
            return Suspended(tx.now + self.rules.block)  # the answer to the attempt that blocks says so
        return rejected

    async def _refuse_link(self, tx: Transaction, link: AccountLink) -> LinkInvalid:
        """A link that was good once counts like any other failed attempt at that account."""
        await self._charge(tx, link, "LinkInvalid")
        return LinkInvalid()

    async def _charge(self, tx: Transaction, link: AccountLink, outcome: str) -> Charged | Suspended:
        charged = await charge_recreation(tx, bucket=UNKNOWN_DEVICES, rules=self.rules)
        if isinstance(charged, Charged):
            await tx.append_audit(
                self.trail.by_stranger(Action.PASSWORD_CHOSEN, outcome, at=tx.now, reference=link.reference)
            )
        return charged

    async def _accept(
        self, tx: Transaction, seen: AccountLink, content: LinkContent, password_hash: str
    ) -> ChoiceOutcome:
        link = await tx.link(seen.token_sha256)
        if link is None or not link.is_valid_at(tx.now):
            return await self._refuse_link(tx, seen)
        account = await tx.account(link.reference)
        if account is None:
            ready = await self._create(tx, link, content, password_hash)
        else:
            await self.new_passwords.tell_holder(tx, account, language=content.language)
            moved = replace(account, tenant_id=link.tenant_id, email=content.address)
            ready = await self.new_passwords.put_into_effect(tx, moved, password_hash=password_hash)
        outcome = "Recreated" if account else "Created"
        await tx.append_audit(
            self.trail.by_stranger(Action.PASSWORD_CHOSEN, outcome, at=tx.now, reference=link.reference)
        )
        return ready

    async def _create(
        self, tx: Transaction, link: AccountLink, content: LinkContent, password_hash: str
    ) -> AccountReady:
        account = OnlineAccount(
            id=OnlineAccountId(new_id()),
            reference=link.reference,
            tenant_id=link.tenant_id,
            password_hash=password_hash,
            created_at=tx.now,
            credential_set_at=tx.now,
            email=content.address,
        )
        if not await tx.add_account(account):
            raise StoreError("an account came into being beside its own transaction")
        await tx.end_links()
        await tx.forget_guards()
        await tx.release()
        return AccountReady(next_renewal(account, now=tx.now), account.id, ended=())
