"""Works in progress or to come (travaux)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import strawberry

from gateway.auth.scopes import LeaseScope
from gateway.domain import works as domain
from gateway.domain.rent_reduction import rent_reduction_from
from gateway.domain.source import DataQualityIssue
from gateway.domain.works import WorksImpact, WorksScope, WorksState
from gateway.schema.context import Info
from gateway.schema.directives import TENANTS, sized
from gateway.schema.node import Node, Sourced
from gateway.schema.scalars import PhoneNumber


@strawberry.type(description="Firm.")
class Contractor:
    """GraphQL face of `gateway.domain.works.Contractor`."""

    name: str = strawberry.field(description="Name.", directives=[TENANTS])
    phone: PhoneNumber | None = strawberry.field(
        description="Telephone; null when the source's is unusable.", directives=[TENANTS]
    )


@strawberry.type(description="News on works.")
class WorksUpdate:
    """GraphQL face of `gateway.domain.works.WorksUpdate`."""

    at: datetime = strawberry.field(description="When it happened.", directives=[TENANTS])
    recorded_at: datetime | None = strawberry.field(
        description="When the source recorded it; late entries are common.", directives=[TENANTS]
    )
    message: str = strawberry.field(description="Text.", directives=[TENANTS])


@strawberry.type(description="Works in progress or to come (travaux).")
class WorksOperation(Node, Sourced):
    """GraphQL face of `gateway.domain.works.WorksOperation`, seen from one of the viewer's leases."""

    works: strawberry.Private[domain.WorksOperation]

    @strawberry.field(description="Title.", directives=[TENANTS])
    def title(self) -> str:
        return self.works.title

    @strawberry.field(description="Description.", directives=[TENANTS])
    def description(self) -> str | None:
        return self.works.description

    @strawberry.field(description="State.", directives=[TENANTS])
    def state(self) -> WorksState:
        return self.works.state

    @strawberry.field(description="What they touch.", directives=[TENANTS])
    def scope(self) -> WorksScope:
        return self.works.scope

    @strawberry.field(description="What occupants will notice.", directives=[TENANTS, sized(8)])
    def impacts(self) -> list[WorksImpact]:
        return list(self.works.impacts)

    @strawberry.field(description="Start; null when not fixed.", directives=[TENANTS])
    def starts_on(self) -> date | None:
        return self.works.starts_on

    @strawberry.field(description="Expected end; null when not known.", directives=[TENANTS])
    def expected_end_on(self) -> date | None:
        return self.works.expected_end_on

    @strawberry.field(description="Real end; null while they last.", directives=[TENANTS])
    def ended_on(self) -> date | None:
        return self.works.ended_on

    @strawberry.field(description="Firm; null when not chosen.", directives=[TENANTS])
    def contractor(self) -> Contractor | None:
        firm = self.works.contractor
        return Contractor(name=firm.name, phone=PhoneNumber(firm.phone) if firm.phone else None) if firm else None

    @strawberry.field(
        description="Whether someone must be let in. Never on Saturdays, Sundays and public holidays without express "
        "agreement (loi 89-462, art. 7 e).",
        directives=[TENANTS],
    )
    def access_required(self) -> bool:
        return self.works.access_required

    @strawberry.field(
        description="Day from which works in the dwelling may give right to a rent reduction (more than 21 days, code "
        "civil art. 1724); null when they do not.",
        directives=[TENANTS],
    )
    def rent_reduction_from(self, info: Info) -> date | None:
        return rent_reduction_from(self.works, today=info.context.today)

    @strawberry.field(description="What happened so far, most recent first.", directives=[TENANTS, sized(10)])
    def updates(self) -> list[WorksUpdate]:
        return [
            WorksUpdate(at=update.at, recorded_at=update.recorded_at, message=update.message)
            for update in self.works.updates
        ]

    def shown_issues(self) -> tuple[DataQualityIssue, ...]:
        return self.works.issues

    def exhibit(self) -> Mapping[str, str]:
        return {"title": self.works.title, "state": self.works.state.value}


async def works_of(info: Info, leases: Sequence[LeaseScope]) -> list[WorksOperation]:
    """The works that concern any of `leases`, each once, in the port's order.

    Raises UpstreamError when those of one lease cannot be had: a list that looks whole must be whole.
    """
    loader = info.context.loaders.works
    for lease in leases:
        loader.prefetch(lease)  # all in one call
    found: dict[str, WorksOperation] = {}
    for lease in leases:
        seen = await loader.need(lease)
        if seen is not None:
            for works in seen.value:
                key = (lease.lease_id, works.id)
                found.setdefault(works.id, WorksOperation(key=key, origin=seen.origin, works=works))
    return list(found.values())
