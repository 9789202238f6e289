"""The schema, built once at start, and its printed form. What breaks a reading rule of the contract stops the start."""

from collections.abc import Iterator
from functools import cache

import strawberry
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    is_introspection_type,
    is_specified_scalar_type,
)
from strawberry.schema.config import StrawberryConfig

from gateway.schema.directives import ARGUMENTS, Source
from gateway.schema.directory import Advisor, Office
from gateway.schema.document import Document
from gateway.schema.editorial import Advice, Announcement
from gateway.schema.mutation import Mutation
from gateway.schema.policy import policy_faults
from gateway.schema.query import Query
from gateway.schema.scalars import SCALARS
from gateway.schema.subscription import Subscription
from gateway.schema.views import AUDIENCES

DESCRIPTION = """Tenant gateway: one graph over the landlord's legacy systems.

Reading rules, valid for the whole schema:

1. `null` without an error at that path means "there is none".
   `null` with an error at that path means "could not be obtained just now"; the error carries
   `extensions.code`, `extensions.source`, `extensions.retryable`, `extensions.requestId`.
2. Every field marked `@source` crosses a legacy boundary and is nullable, so a failing system empties
   its own tile and nothing else.
3. Everything read from a legacy system implements `Sourced`: it says which system, as of when, how fresh,
   and what was repaired on the way.
4. Money is exact: decimal strings with two digits, euro. A positive amount due is owed by the tenant.
5. Dates are calendar dates in Europe/Paris; instants are RFC 3339 with an offset.
6. Expected refusals of a mutation are types (`…Problem`), never top-level errors.
7. Every field says who may ask for it (`@access`). What a role may not ask does not exist for it. Who is not signed in
   may ask what a tenant may; what is not open to strangers is then null."""


class SchemaRuleError(Exception):
    """The schema breaks a rule of its own contract."""


@cache
def build_schema() -> strawberry.Schema:
    """The one schema, built at the first call. Raises SchemaRuleError naming all that is at fault."""
    return checked(
        strawberry.Schema(
            Query,
            Mutation,
            Subscription,
            types=[Advice, Advisor, Announcement, Document, Office],
            config=StrawberryConfig(scalar_map=SCALARS, disable_field_suggestions=True),
        )
    )


def checked(schema: strawberry.Schema) -> strawberry.Schema:
    """`schema`, its directives described. Raises SchemaRuleError naming every type, field, argument, value at fault."""
    graph = schema._schema  # noqa: SLF001 - no public way in
    graph.description = DESCRIPTION
    for directive in graph.directives:
        for name, description in ARGUMENTS.get(directive.name, {}).items():
            directive.args[name].description = description
    if faults := [*_undescribed(graph), *_source_not_nullable(graph), *policy_faults(graph, AUDIENCES)]:
        raise SchemaRuleError("; ".join(faults))
    return schema


def sdl(schema: strawberry.Schema) -> str:
    """The schema in the definition language, as committed in `schema.graphql`."""
    roots = "schema {\n  query: Query\n  mutation: Mutation\n  subscription: Subscription\n}"
    return f'"""\n{DESCRIPTION}\n"""\n{roots}\n\n{schema.as_str()}\n'


def _undescribed(schema: GraphQLSchema) -> list[str]:
    return [
        f"{coordinate} has no description"
        for coordinate, description in (*_of_types(schema), *_of_directives(schema))
        if not description
    ]


def _of_types(schema: GraphQLSchema) -> Iterator[tuple[str, str | None]]:
    """Coordinates of types and all that is in them, with their descriptions."""
    for name, kind in schema.type_map.items():
        if not (is_introspection_type(kind) or is_specified_scalar_type(kind)):
            yield name, kind.description
            yield from _members(name, kind)


def _of_directives(schema: GraphQLSchema) -> Iterator[tuple[str, str | None]]:
    """Coordinates of directives and their arguments, with their descriptions."""
    for directive in schema.directives:
        yield f"@{directive.name}", directive.description
        for name, argument in directive.args.items():
            yield f"@{directive.name}({name}:)", argument.description


def _members(name: str, kind: GraphQLNamedType) -> Iterator[tuple[str, str | None]]:
    """Coordinates below a type with their descriptions: fields and their arguments, input fields, values."""
    match kind:
        case GraphQLObjectType() | GraphQLInterfaceType():
            for field_name, field in kind.fields.items():
                yield f"{name}.{field_name}", field.description
                for argument_name, argument in field.args.items():
                    yield f"{name}.{field_name}({argument_name}:)", argument.description
        case GraphQLInputObjectType():
            yield from ((f"{name}.{one}", field.description) for one, field in kind.fields.items())
        case GraphQLEnumType():
            yield from ((f"{name}.{one}", value.description) for one, value in kind.values.items())


def _source_not_nullable(schema: GraphQLSchema) -> list[str]:
    return [
        f"{coordinate} is marked @source and is not nullable"
        for coordinate in sourced_fields(schema)
        if isinstance(_field_type(schema, coordinate), GraphQLNonNull)
    ]


def sourced_fields(schema: GraphQLSchema) -> list[str]:
    """Coordinates (`Tenant.works`) of the fields marked `@source`."""
    found: list[str] = []
    for name, kind in schema.type_map.items():
        if isinstance(kind, GraphQLObjectType):
            for field_name, field in kind.fields.items():
                definition = field.extensions.get("strawberry-definition")
                if definition and any(isinstance(one, Source) for one in definition.directives):
                    found.append(f"{name}.{field_name}")
    return found


def _field_type(schema: GraphQLSchema, coordinate: str) -> object:
    type_name, field_name = coordinate.split(".")
    kind = schema.type_map[type_name]
    return kind.fields[field_name].type if isinstance(kind, GraphQLObjectType) else None
