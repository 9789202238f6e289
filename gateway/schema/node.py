"""Interfaces every object shares: a global id that tells nothing, and the origin of what it shows."""

from abc import abstractmethod
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

import strawberry

from gateway.domain.money import Money
from gateway.domain.source import DataQualityCode, DataQualityIssue, Origin, SourceSystem, StaleReason
from gateway.ports.errors import Call, UpstreamAmountError, UpstreamGarbledError
from gateway.schema.context import Info
from gateway.schema.directives import EVERYONE, MENDERS, sized
from gateway.schema.enums import described
from gateway.schema.scalars import ContextToken
from gateway.schema.seals import Purpose

T = TypeVar("T")


class Freshness(StrEnum):
    """How fresh a value is."""

    LIVE = "LIVE"
    CACHED = "CACHED"
    STALE = "STALE"


described(
    Freshness,
    "Freshness",
    "How fresh a value is.",
    {
        "LIVE": "Read from the source for this request.",
        "CACHED": "Served from the cache within its agreed lifetime.",
        "STALE": "Older than agreed, shown because the source does not answer.",
    },
)


@strawberry.interface(description="Object that can be fetched again by its opaque global id.")
class Node:
    """`key` is the path of canonical identifiers that leads to the object, owner first."""

    key: strawberry.Private[tuple[str, ...]]

    @strawberry.field(
        description="Opaque global id. It never contains a legacy number in clear.", directives=[EVERYONE]
    )
    def id(self, info: Info) -> strawberry.ID:
        return global_id(info, type(self).__name__, self.key)


def global_id(info: Info, kind: str, key: tuple[str, ...]) -> strawberry.ID:
    """The id under which `node` finds the object of that GraphQL type."""
    return strawberry.ID(info.context.parts.seals.seal(Purpose.NODE, kind, *key))


@strawberry.type(name="DataQualityIssue", description="One oddity found in the source data.")
class Issue:
    """GraphQL face of `DataQualityIssue`."""

    code: DataQualityCode = strawberry.field(description="Machine-readable code.", directives=[EVERYONE])
    field: str = strawberry.field(
        description="Field of the surrounding object that is affected.", directives=[EVERYONE]
    )
    raw: strawberry.Private[str | None]

    @strawberry.field(description="Sentence for the tenant.", directives=[EVERYONE])
    def message(self, info: Info) -> str:
        return info.context.wording.issue(self.code)

    @strawberry.field(description="Raw value as received.", directives=[MENDERS])
    def raw_value(self) -> str | None:
        return self.raw


@strawberry.type(description="Origin, age and quality of a value.")
class Provenance:
    """Built for one object of one viewer; `exhibit` is what of it was shown, for the context token."""

    origin: strawberry.Private[Origin]
    shown_issues: strawberry.Private[tuple[DataQualityIssue, ...]]
    subject: strawberry.Private[str]
    exhibit: strawberry.Private[Mapping[str, str]]

    @strawberry.field(description="System that holds the authoritative value.", directives=[EVERYONE])
    def source(self) -> SourceSystem:
        return self.origin.source

    @strawberry.field(
        description="Human name of that system in the viewer's language, for example « Gestion locative ».",
        directives=[EVERYONE],
    )
    def source_label(self, info: Info) -> str:
        return info.context.wording.source_label(self.origin.source)

    @strawberry.field(
        description="Moment at which the source says the value was true; null when the source does not say.",
        directives=[EVERYONE],
    )
    def as_of(self) -> datetime | None:
        return self.origin.as_of

    @strawberry.field(description="Moment at which the gateway read it.", directives=[EVERYONE])
    def fetched_at(self) -> datetime:
        return self.origin.fetched_at

    @strawberry.field(description="Freshness class.", directives=[EVERYONE])
    def freshness(self) -> Freshness:
        return Freshness.STALE if self.origin.stale else Freshness.LIVE

    @strawberry.field(description="Reason, when `freshness` is `STALE`.", directives=[EVERYONE])
    def stale_reason(self) -> StaleReason | None:
        return self.origin.stale

    @strawberry.field(
        description="Sentence for the tenant, for example « Situation au 14 avril 2021 à 18 h 02 ».",
        directives=[EVERYONE],
    )
    def statement(self, info: Info) -> str:
        return info.context.wording.provenance(self.origin)

    @strawberry.field(description="Token to report exactly this value.", directives=[EVERYONE])
    def context_token(self, info: Info) -> ContextToken:
        context = info.context
        viewer = context.session.id if context.session else ""
        return ContextToken(
            context.parts.seals.seal(
                Purpose.CONTEXT,
                viewer,
                context.tenant_id or "",
                self.subject,
                self.origin.source,
                self.origin.as_of.isoformat() if self.origin.as_of else "",
                self.origin.fetched_at.isoformat(),
                self.freshness_name,
                context.now.isoformat(),
                *(f"{name}={value}" for name, value in sorted(self.exhibit.items())),
            )
        )

    @property
    def freshness_name(self) -> str:
        """Freshness as the token records it."""
        return (Freshness.STALE if self.origin.stale else Freshness.LIVE).value

    @strawberry.field(
        description="What was odd in the source data and what the gateway did about it.",
        directives=[EVERYONE, sized(5)],
    )
    def issues(self) -> list[Issue]:
        return [Issue(code=issue.code, field=_camel(issue.field), raw=issue.raw) for issue in self.shown_issues]


@strawberry.interface(description="Anything read from a legacy system.")
class Sourced:
    """`origin` is that of the answer the object came in."""

    origin: strawberry.Private[Origin]

    @strawberry.field(description="Where the object comes from and how far it can be trusted.", directives=[EVERYONE])
    def provenance(self) -> Provenance:
        return Provenance(
            origin=self.origin,
            shown_issues=self.shown_issues(),
            subject=type(self).__name__,
            exhibit=self.exhibit(),
        )

    def required(self, value: T | None, field: str) -> T:
        """`value`, where the contract promises one. Raises UpstreamGarbledError when the source's could not be read."""
        if value is None:
            raise UpstreamGarbledError(Call(self.origin.source, type(self).__name__), field)
        return value

    def required_amount(self, amount: Money | None, field: str) -> Money:
        """`amount`, where the contract promises one. Raises UpstreamAmountError when it could not be read."""
        if amount is None:
            raise UpstreamAmountError(Call(self.origin.source, type(self).__name__), field)
        return amount

    def shown_issues(self) -> tuple[DataQualityIssue, ...]:
        """Oddities met while reading the object."""
        return ()

    @abstractmethod
    def exhibit(self) -> Mapping[str, str]:
        """Values shown, as text, for the context token; names as in the schema."""


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)
