"""Whom to turn to: advisor, office with its hours, useful contacts."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated

import strawberry

from gateway.domain import directory as domain
from gateway.domain import opening
from gateway.domain.directory import LeaseContacts, UsefulContactKind
from gateway.domain.identifiers import LeaseId
from gateway.domain.source import DataQualityIssue, Origin, SourceSystem
from gateway.ports.answers import Seen
from gateway.schema.address import PostalAddress
from gateway.schema.context import Info
from gateway.schema.directives import EVERYONE, TENANTS, Source, sized
from gateway.schema.enums import described
from gateway.schema.node import Node, Sourced
from gateway.schema.scalars import LocalTime, PhoneNumber

SPECIAL_DAYS = timedelta(days=365)


class Weekday(StrEnum):
    """Days of the week, Monday first."""

    MONDAY = "MONDAY"
    TUESDAY = "TUESDAY"
    WEDNESDAY = "WEDNESDAY"
    THURSDAY = "THURSDAY"
    FRIDAY = "FRIDAY"
    SATURDAY = "SATURDAY"
    SUNDAY = "SUNDAY"


described(Weekday, "Weekday", "Days of the week.", {day.name: f"{day.name.capitalize()}." for day in Weekday})


@strawberry.type(description="Span of opening.")
class OpeningSpan:
    """GraphQL face of `gateway.domain.directory.OpeningSpan`."""

    opens: LocalTime = strawberry.field(description="Opens.", directives=[EVERYONE])
    closes: LocalTime = strawberry.field(description="Closes.", directives=[EVERYONE])

    @classmethod
    def from_domain(cls, span: domain.OpeningSpan) -> "OpeningSpan":
        return cls(opens=LocalTime(f"{span.opens:%H:%M}"), closes=LocalTime(f"{span.closes:%H:%M}"))


@strawberry.type(description="Hours of one day.")
class WeeklyOpening:
    """One day of the usual week."""

    day: Weekday = strawberry.field(description="Day.", directives=[EVERYONE])
    spans: list[OpeningSpan] = strawberry.field(
        description="Spans, in order; empty when closed.", directives=[EVERYONE, sized(2)]
    )


@strawberry.type(description="Other hours for a period.")
class SpecialOpening:
    """GraphQL face of `gateway.domain.directory.SpecialOpening`."""

    from_: date = strawberry.field(name="from", description="First day.", directives=[EVERYONE])
    to: date = strawberry.field(description="Last day.", directives=[EVERYONE])
    label: str = strawberry.field(description="Why, for example « Vendredi saint ».", directives=[EVERYONE])
    spans: list[OpeningSpan] = strawberry.field(
        description="Spans of each day; empty when closed.", directives=[EVERYONE, sized(2)]
    )


@strawberry.type(description="Opening hours with exceptions.")
class OpeningHours:
    """GraphQL face of `gateway.domain.directory.OpeningHours`."""

    hours: strawberry.Private[domain.OpeningHours]

    @strawberry.field(description="Usual week.", directives=[EVERYONE, sized(7)])
    def regular(self) -> list[WeeklyOpening]:
        return [
            WeeklyOpening(day=day, spans=[OpeningSpan.from_domain(span) for span in spans])
            for day, spans in zip(Weekday, self.hours.regular, strict=True)
        ]

    @strawberry.field(
        description="Periods with other hours, and closures, of the next twelve months; public holidays of Moselle "
        "included.",
        directives=[EVERYONE, sized(15)],
    )
    def special(self, info: Info) -> list[SpecialOpening]:
        today = info.context.today
        found = opening.special_with_holidays(
            self.hours,
            first_day=today,
            last_day=today + SPECIAL_DAYS,
            language=info.context.wording.holiday_language,
        )
        return [
            SpecialOpening(
                from_=period.first_day,
                to=period.last_day,
                label=period.label,
                spans=[OpeningSpan.from_domain(span) for span in period.spans],
            )
            for period in found
        ]

    @strawberry.field(
        description="Condition for visitors, for example « sur rendez-vous »; null when there is none.",
        directives=[EVERYONE],
    )
    def conditions(self) -> str | None:
        return self.hours.conditions

    @strawberry.field(
        description="Hours as one sentence, for example « Ouvert du lundi au vendredi de 8h30 à 12h00 et de 13h30 à "
        "17h00 ».",
        directives=[EVERYONE],
    )
    def statement(self, info: Info) -> str:
        return info.context.wording.opening(opening.weekly_groups(self.hours))

    @strawberry.field(description="Whether the office is open at a moment.", directives=[EVERYONE])
    def open_at(
        self,
        info: Info,
        at: Annotated[datetime | None, strawberry.argument(description="Moment; now when absent.")] = None,
    ) -> bool:
        return opening.is_open(self.hours, at or info.context.now)

    @strawberry.field(
        description="Next opening after a moment; null when there is none within a year.", directives=[EVERYONE]
    )
    def next_opening(
        self,
        info: Info,
        after: Annotated[datetime | None, strawberry.argument(description="Moment; now when absent.")] = None,
    ) -> datetime | None:
        return opening.next_opening(self.hours, after or info.context.now)


@strawberry.type(description="Office open to the public (accueil).")
class Office(Node, Sourced):
    """GraphQL face of `gateway.domain.directory.Office`."""

    office: strawberry.Private[domain.Office]

    @classmethod
    def from_domain(cls, office: domain.Office, origin: Origin) -> "Office":
        return cls(key=(office.id,), origin=origin, office=office)

    @strawberry.field(description="Name, for example « Accueil de Metz ».", directives=[EVERYONE])
    def name(self) -> str:
        return self.office.name

    @strawberry.field(description="Address.", directives=[EVERYONE])
    def address(self) -> PostalAddress:
        return PostalAddress.from_domain(self.office.address)

    @strawberry.field(description="Telephone; null when the source's is unusable.", directives=[EVERYONE])
    def phone(self) -> PhoneNumber | None:
        return PhoneNumber(self.office.phone.e164) if self.office.phone else None

    @strawberry.field(description="Opening hours.", directives=[EVERYONE])
    def opening(self) -> OpeningHours:
        return OpeningHours(hours=self.required(self.office.opening, "opening"))

    @strawberry.field(
        description="Whether visitors with reduced mobility can enter; null when unknown.", directives=[EVERYONE]
    )
    def step_free(self) -> bool | None:
        return self.office.step_free

    def shown_issues(self) -> tuple[DataQualityIssue, ...]:
        return self.office.issues

    def exhibit(self) -> Mapping[str, str]:
        return {"name": self.office.name}


@strawberry.type(description="Housing advisor (conseiller habitat).")
class Advisor(Node, Sourced):
    """GraphQL face of `gateway.domain.directory.Advisor`, seen from one of the viewer's leases."""

    advisor: strawberry.Private[domain.Advisor]
    around: strawberry.Private[LeaseContacts]
    lease_id: strawberry.Private[LeaseId]

    @classmethod
    def from_domain(cls, advisor: domain.Advisor, seen: Seen[LeaseContacts], *, lease_id: LeaseId) -> "Advisor":
        return cls(
            key=(lease_id, advisor.id),
            origin=seen.origin,
            advisor=advisor,
            around=seen.value,
            lease_id=lease_id,
        )

    @strawberry.field(description="Name as shown, for example « Camille DURAND ».", directives=[TENANTS])
    def display_name(self) -> str:
        return self.advisor.display_name

    @strawberry.field(description="Job title.", directives=[TENANTS])
    def title(self) -> str:
        return self.advisor.title

    @strawberry.field(description="Telephone; null when the source's is unusable.", directives=[TENANTS])
    def phone(self) -> PhoneNumber | None:
        return PhoneNumber(self.advisor.phone.e164) if self.advisor.phone else None

    @strawberry.field(
        description="Telephone as shown, for example « 01 99 00 12 34 »; as the source has it when it is unusable.",
        directives=[TENANTS],
    )
    def phone_display(self) -> str | None:
        return self.advisor.phone.display if self.advisor.phone else self.advisor.phone_as_given

    @strawberry.field(
        description="Office; null when it is not the one of the lease.",
        directives=[TENANTS, Source(system=SourceSystem.DIRECTORY)],
    )
    def office(self) -> Office | None:
        office = self.around.office
        if office is None or office.id != self.advisor.office_id:
            return None
        return Office.from_domain(office, self.origin)

    @strawberry.field(description="Colleague who stands in during an absence; null when present.", directives=[TENANTS])
    def stand_in(self, info: Info) -> Annotated["Advisor", strawberry.lazy("gateway.schema.directory")] | None:
        colleague = self.advisor.stand_in
        if colleague is None or self._absence(info) is None:
            return None
        return Advisor.from_domain(colleague, Seen(self.around, self.origin), lease_id=self.lease_id)

    @strawberry.field(description="Absent until; null when present.", directives=[TENANTS])
    def absent_until(self, info: Info) -> date | None:
        return self._absence(info)

    def _absence(self, info: Info) -> date | None:
        until = self.advisor.absent_until
        return until if until and info.context.today <= until else None

    def shown_issues(self) -> tuple[DataQualityIssue, ...]:
        return self.advisor.issues

    def exhibit(self) -> Mapping[str, str]:
        return {"displayName": self.advisor.display_name}


@strawberry.type(description="Useful contact of a lease.")
class UsefulContact:
    """GraphQL face of `gateway.domain.directory.UsefulContact`."""

    contact: strawberry.Private[domain.UsefulContact]
    office: strawberry.Private[domain.Office | None]

    @classmethod
    def from_domain(cls, contact: domain.UsefulContact, office: domain.Office | None) -> "UsefulContact":
        return cls(contact=contact, office=office)

    @strawberry.field(description="Kind.", directives=[TENANTS])
    def kind(self) -> UsefulContactKind:
        return self.contact.kind

    @strawberry.field(description="Name or firm.", directives=[TENANTS])
    def name(self) -> str:
        return self.contact.name

    @strawberry.field(description="Telephone; null when the source's is unusable.", directives=[TENANTS])
    def phone(self) -> PhoneNumber | None:
        return PhoneNumber(self.contact.phone.e164) if self.contact.phone else None

    @strawberry.field(description="What for.", directives=[TENANTS])
    def purpose(self) -> str | None:
        return self.contact.purpose

    @strawberry.field(description="When it can be reached.", directives=[TENANTS])
    def availability(self) -> str | None:
        return self.contact.availability

    @strawberry.field(
        description="Whether it is the right one now (for example the emergency line when the office is closed).",
        directives=[TENANTS],
    )
    def reachable_now(self, info: Info) -> bool:
        hours = self.office.opening if self.office else None
        return opening.reachable_now(self.contact, hours, now=info.context.now)
