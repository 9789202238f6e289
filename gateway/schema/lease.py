"""Leases and what they let."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import strawberry

from gateway.auth.scopes import LeaseScope
from gateway.domain import lease as domain
from gateway.domain.directory import LeaseContacts
from gateway.domain.lease import LeasePartyRole, LeaseState, RentTerm, UnitKind
from gateway.domain.source import DataQualityIssue, Origin, SourceSystem
from gateway.ports.answers import Seen
from gateway.schema.address import PostalAddress
from gateway.schema.context import Info
from gateway.schema.directives import TENANTS, Source, sized
from gateway.schema.directory import Advisor, Office, UsefulContact
from gateway.schema.holdings import Held, holdings
from gateway.schema.node import Node, Sourced
from gateway.schema.person import Person
from gateway.schema.scalars import DecimalText
from gateway.schema.water import WaterConsumption, water_of

if TYPE_CHECKING:
    from gateway.schema.account import RentalAccount


@strawberry.type(description="A let unit.")
class RentalUnit(Node, Sourced):
    """GraphQL face of `gateway.domain.lease.RentalUnit`."""

    unit: strawberry.Private[domain.RentalUnit]

    @classmethod
    def from_domain(cls, unit: domain.RentalUnit, origin: Origin) -> "RentalUnit":
        return cls(key=(unit.id,), origin=origin, unit=unit)

    @strawberry.field(description="Kind.", directives=[TENANTS])
    def kind(self) -> UnitKind:
        return self.unit.kind

    @strawberry.field(description="Address.", directives=[TENANTS])
    def address(self) -> PostalAddress:
        return PostalAddress.from_domain(self.unit.address)

    @strawberry.field(description="Type in French usage, for example « T3 »; null for a garage.", directives=[TENANTS])
    def typology(self) -> str | None:
        return self.unit.typology

    @strawberry.field(description="Habitable surface in square metres.", directives=[TENANTS])
    def surface_square_metres(self) -> DecimalText | None:
        surface = self.unit.surface_dm2
        return None if surface is None else DecimalText(str(Decimal(surface).scaleb(-2)))

    @strawberry.field(description="Floor.", directives=[TENANTS])
    def floor(self) -> str | None:
        return self.unit.floor

    @strawberry.field(description="Building or estate name.", directives=[TENANTS])
    def estate(self) -> str | None:
        return self.unit.estate

    def shown_issues(self) -> tuple[DataQualityIssue, ...]:
        return self.unit.issues

    def exhibit(self) -> Mapping[str, str]:
        return {"address": ", ".join(self.unit.address.lines)}


@strawberry.type(description="A person's part in a lease over time.")
class LeaseParty:
    """GraphQL face of `gateway.domain.lease.LeaseParty`."""

    person: Person = strawberry.field(
        description="The person; co-holders are given by name only.", directives=[TENANTS]
    )
    role: LeasePartyRole = strawberry.field(description="Part.", directives=[TENANTS])
    since: date | None = strawberry.field(description="Since.", directives=[TENANTS])
    until: date | None = strawberry.field(description="Until; null while it lasts.", directives=[TENANTS])

    @classmethod
    def from_domain(cls, party: domain.LeaseParty, origin: Origin) -> "LeaseParty":
        return cls(
            person=Person.from_domain(party.person, origin),
            role=party.role,
            since=party.since,
            until=party.until,
        )


@strawberry.type(description="Lease (bail).")
class Lease(Node, Sourced):
    """GraphQL face of `gateway.domain.lease.Lease`, one the viewer holds."""

    lease: strawberry.Private[domain.Lease]
    scope: strawberry.Private[LeaseScope]

    @classmethod
    def from_domain(cls, held: Held, origin: Origin) -> "Lease":
        return cls(key=(held.lease.id,), origin=origin, lease=held.lease, scope=held.scope)

    @strawberry.field(description="Number as printed on the lease.", directives=[TENANTS])
    def reference(self) -> str:
        return self.lease.reference

    @strawberry.field(description="State.", directives=[TENANTS])
    def state(self) -> LeaseState:
        return self.lease.state

    @strawberry.field(description="Start.", directives=[TENANTS])
    def starts_on(self) -> date:
        return self.required(self.lease.starts_on, "startsOn")

    @strawberry.field(description="End; null while open-ended.", directives=[TENANTS])
    def ends_on(self) -> date | None:
        return self.lease.ends_on

    @strawberry.field(description="Day on which notice was received; null when none was.", directives=[TENANTS])
    def notice_received_on(self) -> date | None:
        return self.lease.notice_received_on

    @strawberry.field(description="Holders and occupants.", directives=[TENANTS, sized(6)])
    def parties(self) -> list[LeaseParty]:
        return [LeaseParty.from_domain(party, self.origin) for party in self.lease.parties]

    @strawberry.field(description="What is let under this lease.", directives=[TENANTS])
    def unit(self) -> RentalUnit:
        return RentalUnit.from_domain(self.lease.unit, self.origin)

    @strawberry.field(
        description="Account the rent is charged to.", directives=[TENANTS, Source(system=SourceSystem.RENT_ERP)]
    )
    async def rental_account(
        self, info: Info
    ) -> Annotated["RentalAccount", strawberry.lazy("gateway.schema.account")] | None:
        from gateway.schema.account import RentalAccount  # noqa: PLC0415 - accounts and leases know each other

        held = await holdings(info)
        return RentalAccount.of(held.by_account[self.lease.account_id], held.origin)

    @strawberry.field(description="When rent falls due.", directives=[TENANTS])
    def rent_term(self) -> RentTerm:
        return self.required(self.lease.term, "rentTerm")

    @strawberry.field(description="Advisor in charge.", directives=[TENANTS, Source(system=SourceSystem.DIRECTORY)])
    async def advisor(self, info: Info) -> Advisor | None:
        seen = await self._contacts(info)
        if seen is None or seen.value.advisor is None:
            return None
        return Advisor.from_domain(seen.value.advisor, seen, lease_id=self.lease.id)

    @strawberry.field(description="Office to go to.", directives=[TENANTS, Source(system=SourceSystem.DIRECTORY)])
    async def office(self, info: Info) -> Office | None:
        seen = await self._contacts(info)
        return Office.from_domain(seen.value.office, seen.origin) if seen and seen.value.office else None

    @strawberry.field(
        description="Other useful contacts: caretaker, emergency line, maintenance firms.",
        directives=[TENANTS, Source(system=SourceSystem.DIRECTORY), sized(10)],
    )
    async def useful_contacts(self, info: Info) -> list[UsefulContact] | None:
        seen = await self._contacts(info)
        if seen is None:
            return None
        return [UsefulContact.from_domain(contact, seen.value.office) for contact in seen.value.useful]

    @strawberry.field(
        description="Water of the dwelling; null when there is no individual meter.",
        directives=[TENANTS, Source(system=SourceSystem.METERING)],
    )
    async def water(self, info: Info) -> WaterConsumption | None:
        return await water_of(info, self.scope)

    async def _contacts(self, info: Info) -> Seen[LeaseContacts] | None:
        return await info.context.loaders.contacts.need(self.scope)

    def shown_issues(self) -> tuple[DataQualityIssue, ...]:
        return self.lease.issues

    def exhibit(self) -> Mapping[str, str]:
        return {"reference": self.lease.reference, "state": self.lease.state.value}
