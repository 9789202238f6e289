"""The tenant's file: who they are, how to reach them, and all that is theirs."""

from collections.abc import Mapping
from typing import Annotated

import strawberry

from gateway.domain import person as domain
from gateway.domain.lease import LeaseState
from gateway.domain.source import DataQualityIssue, Origin, SourceSystem
from gateway.domain.works import WorksState
from gateway.schema.account import RentalAccount
from gateway.schema.context import Info
from gateway.schema.directives import CONTACT, IDENTITY, TENANTS, Source, sized
from gateway.schema.holdings import holdings
from gateway.schema.lease import Lease
from gateway.schema.node import Node, Sourced
from gateway.schema.person import ContactPoint, Person
from gateway.schema.works import WorksOperation, works_of

SHOWN_LEASES = [LeaseState.UPCOMING, LeaseState.CURRENT, LeaseState.NOTICE_GIVEN, LeaseState.UNKNOWN]
SHOWN_WORKS = [WorksState.ANNOUNCED, WorksState.IN_PROGRESS, WorksState.SUSPENDED, WorksState.UNKNOWN]


@strawberry.type(description="File of a tenant across leases.")
class Tenant(Node, Sourced):
    """GraphQL face of `gateway.domain.person.Tenant`, always the viewer's own."""

    tenant: strawberry.Private[domain.Tenant]

    @classmethod
    def from_domain(cls, tenant: domain.Tenant, origin: Origin) -> "Tenant":
        return cls(key=(tenant.id,), origin=origin, tenant=tenant)

    @strawberry.field(description="The person.", directives=[TENANTS])
    def person(self) -> Person:
        return Person.from_domain(self.tenant.person, self.origin)

    @strawberry.field(
        description="Name to greet with, for example « Camille »; empty when the source tells no name that is "
        "certainly right, so that nobody is greeted wrongly.",
        directives=[TENANTS, IDENTITY],
    )
    def greeting_name(self) -> str:
        return self.tenant.person.greeting_name

    @strawberry.field(
        description="Postal, telephone and e-mail contacts on file.", directives=[TENANTS, CONTACT, sized(10)]
    )
    def contacts(self) -> list[ContactPoint]:
        return [ContactPoint.from_domain(point) for point in self.tenant.contacts]

    @strawberry.field(
        description="Rental accounts; most tenants have one.",
        directives=[TENANTS, Source(system=SourceSystem.RENT_ERP), sized(3)],
    )
    async def rental_accounts(self, info: Info) -> list[RentalAccount] | None:
        held = await holdings(info)
        return [RentalAccount.of(leases, held.origin) for leases in held.by_account.values()]

    @strawberry.field(
        description="Leases, current first. Ended leases stay readable.",
        directives=[TENANTS, Source(system=SourceSystem.RENT_ERP), sized(3)],
    )
    async def leases(
        self,
        info: Info,
        states: Annotated[
            list[LeaseState] | None,
            strawberry.argument(description="Only leases in these states; all when null."),
        ] = SHOWN_LEASES,
    ) -> list[Lease] | None:
        held = await holdings(info)
        return [
            Lease.from_domain(one, held.origin) for one in held.leases if states is None or one.lease.state in states
        ]

    @strawberry.field(
        description="Works that concern the tenant's dwelling, building or estate.",
        directives=[TENANTS, Source(system=SourceSystem.WORKS), sized(10)],
    )
    async def works(
        self,
        info: Info,
        states: Annotated[
            list[WorksState] | None,
            strawberry.argument(description="Only works in these states; all when null."),
        ] = SHOWN_WORKS,
    ) -> list[WorksOperation] | None:
        held = await holdings(info)
        running = [one.scope for one in held.leases if one.lease.state is not LeaseState.ENDED]
        found = await works_of(info, running)
        return [works for works in found if states is None or works.works.state in states]

    def shown_issues(self) -> tuple[DataQualityIssue, ...]:
        return self.tenant.issues

    def exhibit(self) -> Mapping[str, str]:
        return {"greetingName": self.tenant.person.greeting_name}
