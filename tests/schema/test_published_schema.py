"""The published schema is the one that is served, and keeps the reading rules that it promises."""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

import pytest
import strawberry
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    is_specified_scalar_type,
)
from graphql import build_schema as parse_schema
from strawberry.schema_directive import Location

from gateway.domain.source import SourceSystem
from gateway.domain.water import WaterKind
from gateway.schema.build import DESCRIPTION, SchemaRuleError, build_schema, checked, sdl, sourced_fields
from gateway.schema.directives import ADVISORS, EVERYONE, MENDERS, Source
from gateway.schema.enums import described
from gateway.schema.lookup import _FINDERS
from tests.support.processes import ROOT

BUILT = build_schema()
GRAPH: GraphQLSchema = BUILT._schema  # noqa: SLF001 - Strawberry has no public way to its own schema
PUBLISHED = parse_schema((ROOT / "schema.graphql").read_text(encoding="utf-8"))


def test_the_published_schema_is_the_served_one() -> None:
    """Whoever reads schema.graphql reads what the gateway serves."""
    assert (ROOT / "schema.graphql").read_text(encoding="utf-8") == sdl(BUILT)


def test_the_published_schema_can_be_read_by_others() -> None:
    """Another GraphQL library reads it, with the reading rules on top and the three roots."""
    assert PUBLISHED.description == DESCRIPTION
    assert (PUBLISHED.query_type, PUBLISHED.mutation_type, PUBLISHED.subscription_type) == (
        PUBLISHED.type_map["Query"],
        PUBLISHED.type_map["Mutation"],
        PUBLISHED.type_map["Subscription"],
    )


def members(name: str, kind: GraphQLNamedType) -> Iterator[tuple[str, str | None]]:
    """Everything in a type that has a description of its own."""
    yield name, kind.description
    match kind:
        case GraphQLObjectType() | GraphQLInterfaceType():
            for field, definition in kind.fields.items():
                yield f"{name}.{field}", definition.description
                for argument, given in definition.args.items():
                    yield f"{name}.{field}({argument}:)", given.description
        case GraphQLInputObjectType():
            yield from ((f"{name}.{field}", given.description) for field, given in kind.fields.items())
        case GraphQLEnumType():
            yield from ((f"{name}.{value}", given.description) for value, given in kind.values.items())


def test_everything_published_is_described() -> None:
    """Each type, field, argument, value and directive says what it is, in a sentence."""
    own = {name: kind for name, kind in PUBLISHED.type_map.items() if not name.startswith("__")}
    descriptions = dict(
        coordinate
        for name, kind in own.items()
        if not is_specified_scalar_type(kind)
        for coordinate in members(name, kind)
    )
    for directive in PUBLISHED.directives:
        descriptions[f"@{directive.name}"] = directive.description
        for argument, given in directive.args.items():
            descriptions[f"@{directive.name}({argument}:)"] = given.description

    assert {coordinate for coordinate, description in descriptions.items() if not description} == set()
    assert {"Tenant", "Tenant.works", "Tenant.works(states:)", "Role.TENANT", "@source(system:)"} < set(descriptions)


def test_each_source_field_may_be_null() -> None:
    """A field that crosses a legacy boundary has room for a failure."""
    sourced = [coordinate.split(".") for coordinate in sourced_fields(GRAPH)]
    rigid = [
        f"{name}.{field}"
        for name, field in sourced
        if isinstance(kind := PUBLISHED.type_map[name], GraphQLObjectType)
        and isinstance(kind.fields[field].type, GraphQLNonNull)
    ]

    assert len(sourced) == 20
    assert rigid == []


def test_the_directives_are_published_where_they_stand() -> None:
    """A reader sees who may ask for a field, which system it comes from, and whether it holds personal data."""
    text = sdl(BUILT)

    assert "rentalAccounts: [RentalAccount!] @access(roles: [TENANT]) @source(system: RENT_ERP)" in text
    assert "due: Money! @access(roles: [TENANT]) @personalData(category: FINANCIAL)" in text
    assert "rawValue: String @access(roles: [ADVISOR, OPERATOR])" in text
    assert "health: SourceHealth! @access(roles: [TENANT, ADVISOR, ANALYST, OPERATOR], strangers: true)" in text
    assert '@listSize(slicingArguments: ["first"], sizedFields: ["edges"], requireOneSlicingArgument: false)' in text


def test_each_type_with_an_id_has_a_finder_and_no_other() -> None:
    """What has an id can be fetched again by it."""
    node = GRAPH.type_map["Node"]
    assert isinstance(node, GraphQLInterfaceType)

    assert {kind.name for kind in GRAPH.get_possible_types(node)} == set(_FINDERS)


def test_each_scalar_of_ours_says_where_it_is_specified() -> None:
    """A client that does not know a scalar finds what it is."""
    scalars = {
        name: kind.specified_by_url
        for name, kind in PUBLISHED.type_map.items()
        if isinstance(kind, GraphQLScalarType) and not is_specified_scalar_type(kind)
    }

    assert [name for name, url in scalars.items() if not (url or "").startswith("https://")] == []
    assert set(scalars) == {
        "ContextToken",
        "CubicMetres",
        "Date",
        "DateTime",
        "Decimal",
        "EmailAddress",
        "LocalTime",
        "PhoneNumber",
        "Secret",
        "URL",
        "YearMonth",
    }


async def answer(of: Annotated[str, strawberry.argument(description="Whom.")], when: str) -> str:
    """A resolver with a described and an undescribed argument."""
    return of + when


@strawberry.type(description="A root.")
class Undescribed:
    """A field and an argument lack a description."""

    question: str = strawberry.field(resolver=answer, directives=[EVERYONE])


class Colour(StrEnum):
    """An enumeration whose value nobody described."""

    RED = "RED"


strawberry.enum(Colour, description="An enumeration.")


@strawberry.input(description="An input.")
class Filter:
    """An input with an undescribed field."""

    colour: Colour


async def figures(by: Annotated[Filter, strawberry.argument(description="How.")]) -> str:
    """A resolver over the input."""
    return by.colour


@strawberry.type(description="A root.")
class UndescribedInput:
    """What lacks a description lies deep inside an argument."""

    figures: str = strawberry.field(resolver=figures, description="Figures.", directives=[EVERYONE])


@strawberry.type(description="A root.")
class Rigid:
    """A field crosses a boundary and cannot be null."""

    figure: str = strawberry.field(description="A figure.", directives=[EVERYONE, Source(system=SourceSystem.METERING)])


@strawberry.schema_directive(locations=[Location.FIELD_DEFINITION], name="unit", description="Unit of a figure.")
class Unit:
    """A directive whose argument nobody described."""

    symbol: str


@strawberry.type(description="A root.")
class Measured:
    """A field under that directive."""

    figure: str | None = strawberry.field(description="A figure.", directives=[EVERYONE, Unit(symbol="m³")])


@strawberry.type(description="Half of it is open.")
class HalfOpen:
    """One field has no policy, another is for somebody who does not get this far."""

    open: str = strawberry.field(description="For all.", directives=[EVERYONE])
    forgotten: str = strawberry.field(description="For nobody knows whom.")


@strawberry.type(description="A root.")
class Unguarded:
    """A policy was forgotten deep inside."""

    half: HalfOpen = strawberry.field(description="Half of it.", directives=[EVERYONE])


@strawberry.type(description="For advisors.")
class Notes:
    """What a member of staff would see."""

    note: str = strawberry.field(description="A note.", directives=[EVERYONE])


@strawberry.type(description="A root.")
class Disconnected:
    """The only way to the notes is for advisors, and they say that they are open to all."""

    open: str = strawberry.field(description="For all.", directives=[EVERYONE])
    notes: Notes = strawberry.field(description="Notes.", directives=[ADVISORS])


@strawberry.type(description="What was mended.")
class Mended:
    """An outcome for those who mend."""

    number: str = strawberry.field(description="A number.", directives=[MENDERS])


@strawberry.type(description="What was filed.")
class Filed:
    """An outcome that advisors alone may read."""

    number: str = strawberry.field(description="A number.", directives=[ADVISORS])


@strawberry.type(description="A root.")
class Unreadable:
    """One of the outcomes that an operator may get is not for operators."""

    outcome: Annotated[Mended | Filed, strawberry.union("Outcome", description="What came of it.")] = strawberry.field(
        description="What came of it.", directives=[MENDERS]
    )


@pytest.mark.parametrize(
    ("root", "fault"),
    [
        (Undescribed, "Undescribed.question has no description; Undescribed.question(when:) has no description"),
        (UndescribedInput, "Filter.colour has no description; Colour.RED has no description"),
        (Rigid, "Rigid.figure is marked @source and is not nullable"),
        (Measured, "@unit(symbol:) has no description"),
        (Unguarded, "HalfOpen.forgotten has no policy"),
        (Unreadable, "Unreadable.outcome may answer Filed, of which nothing is open to OPERATOR"),
        (
            Disconnected,
            "; ".join(
                f"Notes.note is open to {audience}, and no way leads there"
                for audience in ("STRANGER", "TENANT", "RENEWING", "ANALYST", "OPERATOR")
            ),
        ),
    ],
)
def test_a_schema_that_breaks_a_reading_rule_stops_the_build(root: type, fault: str) -> None:
    """Whoever forgets a description, a policy, or room for a failure, is told every place at once."""
    with pytest.raises(SchemaRuleError) as refusal:
        checked(strawberry.Schema(root))

    assert sorted(str(refusal.value).split("; ")) == sorted(fault.split("; "))


def test_an_enumeration_must_describe_each_of_its_values() -> None:
    """A value added to the domain is described, or the gateway does not start."""
    with pytest.raises(ValueError, match=re.escape("WaterKind: described and real values differ: ['HOT', 'WARM']")):
        described(WaterKind, "WaterKind", "Kinds.", {"COLD": "Cold.", "WARM": "Lukewarm."})
