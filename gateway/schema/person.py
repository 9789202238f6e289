"""People, as far as the viewer may know them."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

import strawberry

from gateway.domain import person as domain
from gateway.domain.person import ContactKind
from gateway.domain.source import DataQualityIssue, Origin
from gateway.schema.directives import IDENTITY, TENANTS
from gateway.schema.enums import described
from gateway.schema.node import Node, Sourced


class Civility(StrEnum):
    """Forms of address clients know; a record for two people has none of them."""

    MME = "MME"
    M = "M"
    UNSPECIFIED = "UNSPECIFIED"


described(
    Civility,
    "Civility",
    "Forms of address.",
    {"MME": "Madame.", "M": "Monsieur.", "UNSPECIFIED": "Not stated."},
)

_CIVILITIES = {domain.Civility.MME: Civility.MME, domain.Civility.M: Civility.M}


@strawberry.type(description="Natural person party to a lease.")
class Person(Node, Sourced):
    """GraphQL face of `gateway.domain.person.Person`."""

    person: strawberry.Private[domain.Person]

    @classmethod
    def from_domain(cls, person: domain.Person, origin: Origin) -> "Person":
        return cls(key=(person.id,), origin=origin, person=person)

    @strawberry.field(description="Civility.", directives=[TENANTS])
    def civility(self) -> Civility:
        return _CIVILITIES.get(self.person.civility, Civility.UNSPECIFIED)

    @strawberry.field(
        description="First name in its usual spelling, for the greeting; null when the source does not tell it apart.",
        directives=[TENANTS, IDENTITY],
    )
    def first_name(self) -> str | None:
        return self.person.first_name

    @strawberry.field(description="Family name in its usual spelling.", directives=[TENANTS, IDENTITY])
    def last_name(self) -> str:
        return self.person.last_name

    def shown_issues(self) -> tuple[DataQualityIssue, ...]:
        return self.person.issues

    def exhibit(self) -> Mapping[str, str]:
        return {"firstName": self.person.first_name or "", "lastName": self.person.last_name}


@strawberry.type(description="One way to reach a person.")
class ContactPoint:
    """GraphQL face of `gateway.domain.person.ContactPoint`."""

    kind: ContactKind = strawberry.field(description="Kind.", directives=[TENANTS])
    value: str | None = strawberry.field(
        description="Value as it can be used: E.164, e-mail, or address on one line; null when the source value is "
        "unusable.",
        directives=[TENANTS],
    )
    display: str = strawberry.field(description="Value as shown, for example « 01 99 00 12 34 ».", directives=[TENANTS])
    verified_on: date | None = strawberry.field(
        description="Day the tenant confirmed it through a code.", directives=[TENANTS]
    )

    @classmethod
    def from_domain(cls, point: domain.ContactPoint) -> "ContactPoint":
        return cls(kind=point.kind, value=point.value, display=point.display, verified_on=point.verified_on)
