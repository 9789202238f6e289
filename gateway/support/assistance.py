"""The assistance form (formulaire d'assistance en ligne): the way in for somebody who has no other (R11).

Staff identify the person, by calling back the number on file or with a code on paper, and a letter with a link goes
out; nobody else ever chooses the password. A letter to another address than the one on file takes two members of
staff (A22). What the person wrote rests sealed, and is erased some days after the case is closed (R15).
"""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TypeAlias

import msgspec
import structlog

from gateway.auth.knocking import Action as Knock
from gateway.auth.knocking import Knocking
from gateway.auth.letters.kinds import LetterKind
from gateway.auth.link_answers import AnswerLinkRequest, LinkOrder
from gateway.auth.outcomes import Outcomes, ServiceBusy
from gateway.auth.reference import normalise
from gateway.auth.tokens import new_id, token_sha256
from gateway.auth.trail import Trail
from gateway.auth.vault import Content, SealedValueError, Vault
from gateway.auth.visitor import Visitor
from gateway.domain.access import Session
from gateway.domain.assistance import AssistanceRequest, AssistanceState
from gateway.domain.audit import Action, AuditEntry
from gateway.domain.identity import IdentityClaim, address_on_file, matches
from gateway.domain.letter import Language
from gateway.domain.lockout import Subject
from gateway.domain.person import Tenant
from gateway.ports.store import Store, Transaction

OPEN_FOR = timedelta(days=30)
"""A request that nobody decides is erased after this long."""

_NUMBER_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_NUMBER = re.compile(f"AS-[{_NUMBER_LETTERS}]{{8}}")

log = structlog.get_logger()


class Form(msgspec.Struct, frozen=True):
    """What the person wrote, and what the staff adds: how the person was identified, and as the holder of what."""

    first_name: str
    last_name: str
    birth_date: date
    language: Language
    reference: str | None = None
    email: str | None = None
    phone: str | None = None
    comment: str | None = None
    evidence: str | None = None
    proposed_reference: str | None = None


@dataclass(frozen=True, slots=True)
class AssistanceRequested:
    """The form is with the staff; `number` is what to quote. Always the same, whoever it was about."""

    number: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What a member of staff decided about a request.

    `reference` is the account reference the staff found, when the form gives none or a wrong one. `to_given_address`
    asks for the letter to go to the address in the form instead of the one on file.
    """

    request_id: str
    is_identified: bool
    evidence: str
    reference: str | None = None
    to_given_address: bool = False


@dataclass(frozen=True, slots=True)
class Resolved:
    """The decision is recorded, and the letter promised."""

    request: AssistanceRequest


@dataclass(frozen=True, slots=True)
class SecondPersonRequired:
    """A new address is proposed; another member of staff must decide the same."""


@dataclass(frozen=True, slots=True)
class NotDecidable:
    """There is no such request any more, no such account, or no address to write to."""


@dataclass(frozen=True, slots=True)
class _Case:
    """One decision about one request, as it was read."""

    request: AssistanceRequest
    form: Form
    decision: Decision
    by: Session


RequestOutcome: TypeAlias = AssistanceRequested | ServiceBusy
ResolveOutcome: TypeAlias = Resolved | SecondPersonRequired | NotDecidable


@dataclass(frozen=True, slots=True)
class Assistance:
    """The use cases."""

    store: Store
    vault: Vault
    trail: Trail
    knocking: Knocking
    links: AnswerLinkRequest
    retention: timedelta
    outcomes: Outcomes = field(default_factory=Outcomes)

    async def request(self, form: Form, *, visitor: Visitor) -> RequestOutcome:
        """Keeps the form for the staff. Never raises StoreError."""
        return await self.outcomes.or_busy(self._keep(form, visitor), event="assistance")

    async def waiting(
        self, *, after: AssistanceRequest | None = None, number: str | None = None
    ) -> tuple[tuple[AssistanceRequest, Form], ...]:
        """The requests that wait for the staff, oldest first, with what was written; at most 200. StoreError.

        Only those that follow `after`, and only the one with `number`, in whatever case and with whatever spaces it
        is written. Those that cannot be read are passed over: none means that no other follows.
        """
        quoted = "".join(number.split()).upper() if number is not None else None
        if quoted is not None and not _NUMBER.fullmatch(quoted):
            return ()  # databases do not take every text
        while requests := await self.store.open_assistance(after=after, number=quoted):
            if readable := tuple((request, form) for request in requests if (form := self.form_of(request))):
                return readable
            after = requests[-1]
        return ()

    def form_of(self, request: AssistanceRequest) -> Form | None:
        """What the person wrote; None once it is erased, or when it was sealed with another key than ours."""
        try:
            return self.vault.open(Content.ASSISTANCE, request.sealed, Form) if request.sealed else None
        except SealedValueError:
            log.exception("assistance.unreadable")
            return None

    async def resolve(self, decision: Decision, *, by: Session) -> ResolveOutcome:
        """Records the decision and, for an identified person, promises the letter. UpstreamError, StoreError."""
        request = await self.store.assistance(decision.request_id)
        form = self.form_of(request) if request and request.state is AssistanceState.SUBMITTED else None
        if request is None or form is None:
            return NotDecidable()
        case = _Case(request, form, decision, by)
        if not decision.is_identified:
            return await self._decide(case, order=None)
        order = await self._order(case)
        if order is None:
            return NotDecidable()
        if decision.to_given_address and not self._is_seconded(case, order):
            return await self._propose(case, order)
        return await self._decide(case, order=order)

    def _is_seconded(self, case: _Case, order: LinkOrder) -> bool:
        """Whether somebody else has proposed the very same: this address for this account."""
        proposed_by = case.request.proposed_by
        is_same = case.form.proposed_reference == order.reference
        return proposed_by is not None and proposed_by != self.trail.actor(case.by) and is_same

    async def _keep(self, form: Form, visitor: Visitor) -> RequestOutcome:
        if wait := await self.knocking.admit(visitor.source, action=Knock.ASSISTANCE):
            return ServiceBusy(wait.seconds)
        request_id = new_id()
        number = "AS-" + "".join(secrets.choice(_NUMBER_LETTERS) for _ in range(8))

        async def work(tx: Transaction) -> RequestOutcome:
            sealed = self.vault.seal(Content.ASSISTANCE, form)
            await tx.add_assistance(
                AssistanceRequest(
                    request_id, number, AssistanceState.SUBMITTED, tx.now, sealed, erase_at=tx.now + OPEN_FOR
                )
            )
            await tx.append_audit(
                self.trail.by_stranger(
                    Action.ASSISTANCE_REQUESTED, "Received", at=tx.now, reference=form.reference or number
                )
            )
            return AssistanceRequested(number)

        return await self.store.transact(_turn(request_id), work)

    async def _order(self, case: _Case) -> LinkOrder | None:
        """The letter to write; None when there is no such account, no holder who fits, or no address."""
        form, decision = case.form, case.decision
        reference = normalise(decision.reference or form.reference or "")
        holders = await self.links.holders(reference) if reference else ()
        claim = IdentityClaim(form.first_name, form.last_name, form.birth_date)
        tenant = next((holder for holder in holders if matches(claim, holder)), None) or _only(holders)
        if reference is None or tenant is None:
            return None
        address = form.email if decision.to_given_address else address_on_file(tenant)
        if address is None:
            return None
        return LinkOrder(reference, tenant, address, form.language, LetterKind.ASSISTANCE_LINK, case.request.id)

    async def _propose(self, case: _Case, order: LinkOrder) -> ResolveOutcome:
        form = msgspec.structs.replace(case.form, evidence=case.decision.evidence, proposed_reference=order.reference)

        async def work(tx: Transaction) -> ResolveOutcome:
            sealed = self.vault.seal(Content.ASSISTANCE, form)
            proposed = replace(case.request, sealed=sealed, proposed_by=self.trail.actor(case.by))
            if not await tx.decide_assistance(proposed):
                return NotDecidable()
            await tx.append_audit(self._line(tx, "Proposed", case.by))
            return SecondPersonRequired()

        return await self.store.transact(_turn(case.request.id), work)

    async def _decide(self, case: _Case, *, order: LinkOrder | None) -> ResolveOutcome:
        subject = self.vault.subject(order.reference) if order else _turn(case.request.id)
        form = msgspec.structs.replace(case.form, evidence=_both(case.form.evidence, case.decision.evidence))

        async def work(tx: Transaction) -> ResolveOutcome:
            decided = replace(
                case.request,
                state=AssistanceState.IDENTIFIED if order else AssistanceState.REJECTED,
                sealed=self.vault.seal(Content.ASSISTANCE, form),
                decided_at=tx.now,
                erase_at=tx.now + self.retention,
            )
            if not await tx.decide_assistance(decided):
                return NotDecidable()
            if order is not None:
                await tx.release()
                await tx.forget_guards()
                await self.links.issue(tx, order)
            await tx.append_audit(self._line(tx, decided.state.value, case.by))
            return Resolved(decided)

        return await self.store.transact(subject, work)

    def _line(self, tx: Transaction, outcome: str, by: Session) -> AuditEntry:
        return self.trail.by_session(Action.ASSISTANCE_RESOLVED, outcome, at=tx.now, session=by)


def _both(first: str | None, second: str) -> str:
    """What each of two members of staff gave as evidence, a line each."""
    return f"{first}\n{second}" if first else second


def _turn(request_id: str) -> Subject:
    """One decision at a time for each request."""
    return Subject(token_sha256(request_id))


def _only(holders: Sequence[Tenant]) -> Tenant | None:
    """The holder, when there is no doubt who it is: staff identified the person by other means than the form."""
    return holders[0] if len(holders) == 1 else None
