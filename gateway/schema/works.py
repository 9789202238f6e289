"""Works in progress or to come (travaux)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import strawberry

from gateway.domain import works as domain
from gateway.domain.identifiers import LeaseId
from gateway.domain.rent_reduction import rent_reduction_from
from gateway.domain.source import DataQualityIssue
from gateway.domain.works import WorksImpact, WorksScope, WorksState
from gateway.schema.context import Info
from gateway.schema.node import Node, Sourced
from gateway.schema.scalars import PhoneNumber


@strawberry.type(description="Firm.")
class Contractor:
    """GraphQL face of `gateway.domain.works.Contractor`."""

    name: str = strawberry.field(description="Name.")
    phone: PhoneNumber | None = strawberry.field(description="Telephone; null when the source's is unusable.")


@strawberry.type(description="News on works.")
class WorksUpdate:
    """GraphQL face of `gateway.domain.works.WorksUpdate`."""

    at: datetime = strawberry.field(description="When it happened.")
    recorded_at: datetime | None = strawberry.field(description="When the source recorded it; late entries are common.")
    message: str = strawberry.field(description="Text.")


@strawberry.type(description="Works in progress or to come (travaux).")
class WorksOperation(Node, Sourced):
    """GraphQL face of `gateway.domain.works.WorksOperation`, seen from one of the viewer's leases."""

    works: strawberry.Private[domain.WorksOperation]

    @strawberry.field(description="Title.")
    def title(self) -> str:
        return self.works.title

    @strawberry.field(description="Description.")
    def description(self) -> str | None:
        return self.works.description

    @strawberry.field(description="State.")
    def state(self) -> WorksState:
        return self.works.state

    @strawberry.field(description="What they touch.")
    def scope(self) -> WorksScope:
        return self.works.scope

    @strawberry.field(description="What occupants will notice.")
    def impacts(self) -> list[WorksImpact]:
        return list(self.works.impacts)

    @strawberry.field(description="Start; null when not fixed.")
    def starts_on(self) -> date | None:
        return self.works.starts_on

    @strawberry.field(description="Expected end; null when not known.")
    def expected_end_on(self) -> date | None:
        return self.works.expected_end_on

    @strawberry.field(description="Real end; null while they last.")
    def ended_on(self) -> date | None:
        return self.works.ended_on

    @strawberry.field(description="Firm; null when not chosen.")
    def contractor(self) -> Contractor | None:
        firm = self.works.contractor
        return Contractor(name=firm.name, phone=PhoneNumber(firm.phone) if firm.phone else None) if firm else None

    @strawberry.field(
        description="Whether someone must be let in. Never on Saturdays, Sundays and public holidays without express "
        "agreement (loi 89-462, art. 7 e)."
    )
    def access_required(self) -> bool:
        return self.works.access_required

    @strawberry.field(
        description="Day from which works in the dwelling may give right to a rent reduction (more than 21 days, code "
        "civil art. 1724); null when they do not."
    )
    def rent_reduction_from(self, info: Info) -> date | None:
        return rent_reduction_from(self.works, today=info.context.today)

    @strawberry.field(description="What happened so far, most recent first.")
    def updates(self) -> list[WorksUpdate]:
        return [
            WorksUpdate(at=update.at, recorded_at=update.recorded_at, message=update.message)
            for update in self.works.updates
        ]

    def shown_issues(self) -> tuple[DataQualityIssue, ...]:
        return self.works.issues

    def exhibit(self) -> Mapping[str, str]:
        return {"title": self.works.title, "state": self.works.state.value}


async def works_of(info: Info, leases: Sequence[LeaseId]) -> list[WorksOperation]:
    """The works that concern any of `leases`, each once, in the port's order.

    Raises UpstreamError when those of one lease cannot be had: a list that looks whole must be whole.
    """
    loader = info.context.loaders.works
    for lease_id in leases:
        loader.prefetch(lease_id)  # all in one call
    found: dict[str, WorksOperation] = {}
    for lease_id in leases:
        seen = await loader.need(lease_id)
        if seen is not None:
            for works in seen.value:
                found.setdefault(works.id, WorksOperation(key=(lease_id, works.id), origin=seen.origin, works=works))
    return list(found.values())
