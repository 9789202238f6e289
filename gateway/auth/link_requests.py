"""Asking for the link that creates the account, or chooses a new password: one flow, one answer.

The answer is given before anything is compared: who asks learns neither from it, nor from its time, nor from a system
that fails, whether the details were right. What was asked is looked into afterwards (`gateway.auth.link_answers`).
"""

from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

import structlog

from gateway.auth.guard import charge_recreation
from gateway.auth.knocking import Action as Knock
from gateway.auth.knocking import Knocking
from gateway.auth.letters.kinds import LetterKind
from gateway.auth.lockout import Suspended
from gateway.auth.outcomes import Outcomes, ServiceBusy
from gateway.auth.reference import charged_as, normalise
from gateway.auth.trail import Trail
from gateway.auth.vault import Vault
from gateway.auth.visitor import Visitor, bucket_of
from gateway.auth.work import HolderWarning, LinkRequest, promised
from gateway.domain.audit import Action
from gateway.domain.lockout import Bucket, LockoutRules
from gateway.ports.store import Store, Transaction

LONGEST_NAME = 100

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Claim:
    """Who somebody says they are, and the account reference they give: any text."""

    reference: str
    first_name: str = field(repr=False)
    last_name: str = field(repr=False)
    birth_date: date = field(repr=False)


@dataclass(frozen=True, slots=True)
class LinkRequested:
    """If the details match a lease, a letter is on its way to the address on file. Always the same."""


LinkRequestOutcome: TypeAlias = LinkRequested | Suspended | ServiceBusy


@dataclass(frozen=True, slots=True)
class RequestLink:
    """The use case."""

    store: Store
    rules: LockoutRules
    vault: Vault
    trail: Trail
    knocking: Knocking
    outcomes: Outcomes = field(default_factory=Outcomes)

    async def __call__(self, claim: Claim, *, visitor: Visitor) -> LinkRequestOutcome:
        """Charges the attempt, promises to look into it, and answers. Never raises StoreError."""
        return await self.outcomes.or_busy(self._admitted(claim, visitor), event="link_request")

    async def _admitted(self, claim: Claim, visitor: Visitor) -> LinkRequestOutcome:
        if wait := await self.knocking.admit(visitor.source, action=Knock.LINK):
            return ServiceBusy(wait.seconds)
        reference = normalise(claim.reference)
        account = await self.store.account(reference) if reference else None
        bucket = bucket_of(await visitor.device_for(account, self.store))
        subject = self.vault.subject(claim.reference)
        return await self.store.transact(subject, lambda tx: self._charge(tx, claim, bucket, visitor))

    async def _charge(self, tx: Transaction, claim: Claim, bucket: Bucket, visitor: Visitor) -> LinkRequestOutcome:
        charged = await charge_recreation(tx, bucket=bucket, rules=self.rules)
        if isinstance(charged, Suspended):
            return charged
        reference = charged_as(claim.reference)
        request = LinkRequest(
            reference=reference,
            first_name=_readable(claim.first_name),
            last_name=_readable(claim.last_name),
            birth_date=claim.birth_date,
            language=visitor.language,
            was_held=await tx.is_held(),
        )
        if charged.blocks and await tx.account(reference) is None:
            await tx.hold()  # from here on, only the assistance form helps somebody who never had an account
        await tx.promise(promised(self.vault, request, now=tx.now))
        if charged.blocks:  # whether there is a holder to tell is found out after the answer
            minutes = int(self.rules.block.total_seconds() // 60)
            warning = HolderWarning(reference, LetterKind.ACCOUNT_BLOCKED, minutes)
            await tx.promise(promised(self.vault, warning, now=tx.now))
        outcome = "Blocked" if charged.blocks else "Charged"
        await tx.append_audit(
            self.trail.by_stranger(Action.LINK_REQUESTED, outcome, at=tx.now, reference=claim.reference)
        )
        return LinkRequested()


def _readable(typed: str) -> str:
    """As much of a name as anybody has, in characters that can be written down."""
    return typed[:LONGEST_NAME].encode("utf-8", "replace").decode()
