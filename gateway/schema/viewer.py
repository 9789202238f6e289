"""The person behind the request."""

from datetime import date
from typing import Annotated

import strawberry

from gateway.domain.access import Channel, Role
from gateway.domain.access import OnlineAccount as DomainAccount
from gateway.domain.period import paris_date
from gateway.domain.source import SourceSystem
from gateway.schema.account_enums import OnlineAccountStatus
from gateway.schema.assistance import AssistanceRequest, waiting_requests
from gateway.schema.context import Info
from gateway.schema.directives import (
    ADMITTED,
    ADVISORS,
    CONTACT,
    IDENTITY,
    RENEWING_TENANTS,
    SIGNED_IN,
    TENANTS,
    Source,
    sized,
)
from gateway.schema.editorial import Announcement
from gateway.schema.holdings import own_scope
from gateway.schema.node import Node
from gateway.schema.renewal import PasswordRenewal
from gateway.schema.scalars import EmailAddress
from gateway.schema.selection import asks_beyond
from gateway.schema.session import KnownDevice, Session
from gateway.schema.tenant import Tenant

FILE_ONLY = frozenset({"__typename", "id", "person", "greetingName", "contacts", "provenance"})
"""Fields of `Tenant` that its file alone answers."""


@strawberry.type(description="Online account (compte client) of one lease holder.")
class OnlineAccount(Node):
    """GraphQL face of `gateway.domain.access.OnlineAccount`."""

    account: strawberry.Private[DomainAccount]

    @classmethod
    def from_domain(cls, account: DomainAccount) -> "OnlineAccount":
        return cls(key=(account.id,), account=account)

    @strawberry.field(
        description="Account reference (intitulé de compte) in short: without the zeros that notices print in front.",
        directives=[RENEWING_TENANTS, IDENTITY],
    )
    def account_reference(self) -> str:
        return self.account.reference

    @strawberry.field(description="Day of creation; its anniversary is the renewal day.", directives=[RENEWING_TENANTS])
    def created_on(self) -> date:
        return paris_date(self.account.created_at)

    @strawberry.field(
        description="Address used for links and notices; null when none is known.", directives=[TENANTS, CONTACT]
    )
    def email(self, info: Info) -> EmailAddress | None:
        if info.context.must_renew:
            return None  # in the answer to a sign-in, too, which was asked before anybody knew
        return EmailAddress(self.account.email) if self.account.email else None

    @strawberry.field(description="Open sessions of this account, latest used first.", directives=[TENANTS, sized(50)])
    async def sessions(self, info: Info) -> list[Session]:
        found = () if info.context.must_renew else await info.context.parts.sessions.of(self.account.id)
        return [Session.from_domain(one) for one in found]

    @strawberry.field(description="Devices this account knows, latest used first.", directives=[TENANTS, sized(50)])
    async def known_devices(self, info: Info) -> list[KnownDevice]:
        found = () if info.context.must_renew else await info.context.parts.store.devices_of(self.account.id)
        return [KnownDevice(device=one) for one in found]

    @strawberry.field(description="Lifecycle state.", directives=[RENEWING_TENANTS])
    def status(self) -> OnlineAccountStatus:
        return OnlineAccountStatus.ACTIVE  # a closed account is gone, and its sessions with it

    @strawberry.field(description="Yearly renewal of the password.", directives=[RENEWING_TENANTS])
    def renewal(self, info: Info) -> PasswordRenewal:
        return PasswordRenewal(renewal=info.context.parts.desk.renewals.of(self.account, now=info.context.now))


@strawberry.type(description="The person behind the request.")
class Viewer:
    """The viewer of the request's session."""

    @strawberry.field(description="Roles held.", directives=[SIGNED_IN, sized(4)])
    def roles(self, info: Info) -> list[Role]:
        session = info.context.session
        return [session.role] if session else []

    @strawberry.field(description="Channel of this session.", directives=[SIGNED_IN])
    def channel(self, info: Info) -> Channel:
        session = info.context.session
        return session.channel if session else Channel.WEB

    @strawberry.field(description="Online account used; null for staff.", directives=[RENEWING_TENANTS])
    async def account(self, info: Info) -> OnlineAccount | None:
        session = info.context.session
        known = session.account_id if session else None
        account = await info.context.parts.store.account_by_id(known) if known else None
        return OnlineAccount.from_domain(account) if account else None

    @strawberry.field(
        description="Tenant file of the viewer; null for staff.",
        directives=[TENANTS, Source(system=SourceSystem.RENT_ERP)],
    )
    async def tenant(self, info: Info) -> Tenant | None:
        context = info.context
        scope = own_scope(context)
        if scope is None:
            return None
        if asks_beyond(info, FILE_ONLY):
            context.loaders.leases_of.prefetch(scope)  # leaves together with the file
        seen = await context.loaders.tenants.need(scope)
        return Tenant.from_domain(seen.value, seen.origin) if seen else None

    @strawberry.field(
        description="Messages to show at the top of the home page.",
        directives=[ADMITTED, Source(system=SourceSystem.DIRECTORY), sized(5)],
    )
    async def announcements(self, info: Info) -> list[Announcement] | None:
        return await shown_announcements(info)

    @strawberry.field(
        description="Assistance requests waiting for staff, oldest first.", directives=[ADVISORS, sized(200)]
    )
    async def assistance_requests(
        self,
        info: Info,
        after: Annotated[
            strawberry.ID | None,
            strawberry.argument(description="Continue after this request; at most 200 at once."),
        ] = None,
        reference: Annotated[str | None, strawberry.argument(description="Only the request with this number.")] = None,
    ) -> list[AssistanceRequest] | None:
        return await waiting_requests(info.context, after=after, reference=reference)


async def shown_announcements(info: Info) -> list[Announcement]:
    """The announcements to be shown now. Raises UpstreamError when they cannot be had."""
    seen = await info.context.loaders.editorial.need(None)
    published = seen.value.announcements if seen else ()
    return [Announcement.from_domain(one) for one in published if one.is_shown_at(info.context.now)]
