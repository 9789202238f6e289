"""Looking into a request for a link after it was answered: who holds the account, and do the details match."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

import structlog

from gateway.auth.letters.kinds import LetterKind
from gateway.auth.tokens import new_id, new_token, token_sha256
from gateway.auth.trail import Trail
from gateway.auth.vault import Content, Vault
from gateway.auth.work import LinkContent, LinkRequest, PlannedLetter, promised
from gateway.domain.account_link import LINKS_A_DAY, AccountLink
from gateway.domain.audit import Action
from gateway.domain.identity import IdentityClaim, address_on_file, matches
from gateway.domain.letter import Language
from gateway.domain.person import Tenant
from gateway.ports.answers import Failed, Seen
from gateway.ports.deadline import Deadline
from gateway.ports.store import Store, Transaction
from gateway.ports.tenancy import TenancyPort

_LOOK_UP_SECONDS = 8.0
"""What a look-up may take: while the ERP hangs, each request holds up those behind it for as long."""

log = structlog.get_logger()


class Answered(StrEnum):
    """How a request for a link ended. Known to the trail only."""

    SENT = "Sent"
    NO_MATCH = "NoMatch"
    NO_ADDRESS = "NoAddress"
    HELD = "Held"
    TOO_MANY = "TooMany"


@dataclass(frozen=True, slots=True)
class LinkOrder:
    """A link to make: for the account `reference` of `tenant`, sent to `address` in `kind` of letter.

    With `kind` None the letter is that of somebody who asked for it, by whether there is an account already.
    """

    reference: str
    tenant: Tenant
    address: str
    language: Language
    kind: LetterKind | None = None
    assistance_id: str | None = None


@dataclass(frozen=True, slots=True)
class AnswerLinkRequest:
    """Does the work promised by `RequestLink`."""

    store: Store
    tenancy: TenancyPort
    vault: Vault
    trail: Trail
    letter_domain: str

    async def __call__(self, request: LinkRequest) -> None:
        """Sends a link if the details match. UpstreamError and StoreError: to be tried again."""
        answered = await self._answer(request, await self.holders(request.reference))
        log.info("link_request.answered", outcome=answered.value)

    async def holders(self, reference: str) -> Sequence[Tenant]:
        """The principal holders of an account; none when the ERP knows no such account. UpstreamError."""
        deadline = Deadline.after(_LOOK_UP_SECONDS)
        match (await self.tenancy.holders_of([reference], deadline=deadline))[reference]:
            case Seen(value=tenants):
                return tenants
            case Failed(error=error):
                raise error
            case _:
                return ()

    async def _answer(self, request: LinkRequest, holders: Sequence[Tenant]) -> Answered:
        claim = IdentityClaim(request.first_name, request.last_name, request.birth_date)
        tenant = next((holder for holder in holders if matches(claim, holder)), None)
        address = address_on_file(tenant) if tenant else None
        if not holders:
            return await self._forget(request.reference)
        if tenant is None or address is None:
            return await self._note(request.reference, Answered.NO_ADDRESS if tenant else Answered.NO_MATCH)
        order = LinkOrder(request.reference, tenant, address, request.language)
        subject = self.vault.subject(request.reference)

        async def work(tx: Transaction) -> Answered:
            answered = await self._allowed(tx, request)
            if answered is Answered.SENT:
                await self.issue(tx, order)
            else:
                await tx.append_audit(
                    self.trail.by_gateway(Action.LINK_ANSWERED, answered, at=tx.now, reference=request.reference)
                )
            return answered

        return await self.store.transact(subject, work)

    async def _allowed(self, tx: Transaction, request: LinkRequest) -> Answered:
        has_account = await tx.account(request.reference) is not None
        if request.was_held and not has_account and await tx.is_held():
            return Answered.HELD
        is_too_much = await tx.links_since(tx.now - timedelta(days=1)) >= LINKS_A_DAY
        return Answered.TOO_MANY if is_too_much else Answered.SENT

    async def issue(self, tx: Transaction, order: LinkOrder) -> None:
        """Makes the link, which replaces earlier ones, and promises its letter."""
        account = await tx.account(order.reference)
        kind = order.kind or (LetterKind.PASSWORD_LINK if account else LetterKind.ACCOUNT_LINK)
        token = new_token()
        content = LinkContent(order.address, personal_words(order.tenant), order.language)
        link = AccountLink(
            token_sha256=token_sha256(token),
            subject=self.vault.subject(order.reference),
            reference=order.reference,
            tenant_id=order.tenant.id,
            sealed_address=self.vault.seal(Content.LINK, content),
            created_at=tx.now,
            assistance_id=order.assistance_id,
        )
        letter = PlannedLetter(
            kind=kind,
            language=order.language,
            to=order.address,
            message_id=f"<{new_id()}@{self.letter_domain}>",
            reference=order.reference,
            token=token,
        )
        await tx.end_links()
        await tx.add_link(link)
        await tx.promise(promised(self.vault, letter, now=tx.now))
        await tx.append_audit(
            self.trail.by_gateway(Action.LINK_ANSWERED, Answered.SENT, at=tx.now, reference=order.reference)
        )

    async def _forget(self, reference: str) -> Answered:
        """Nobody has such an account: there is nothing to keep for the staff, or strangers would fill our books."""

        async def work(tx: Transaction) -> Answered:
            await tx.release()
            await tx.append_audit(
                self.trail.by_gateway(Action.LINK_ANSWERED, Answered.NO_MATCH, at=tx.now, reference=reference)
            )
            return Answered.NO_MATCH

        return await self.store.transact(self.vault.subject(reference), work)

    async def _note(self, reference: str, answered: Answered) -> Answered:
        async def work(tx: Transaction) -> Answered:
            await tx.append_audit(self.trail.by_gateway(Action.LINK_ANSWERED, answered, at=tx.now, reference=reference))
            return answered

        return await self.store.transact(self.vault.subject(reference), work)


def personal_words(tenant: Tenant) -> tuple[str, ...]:
    """Words that whoever knows the holder would try first."""
    person = tenant.person
    words = (*(person.first_name or "").split(), *person.last_name.split())
    return (*words, str(tenant.birth_date.year)) if tenant.birth_date else words
