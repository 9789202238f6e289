"""What each kind of viewer may ask: a graph of its own for each, cut out of the one schema by the fields' policies.

What is not in a view does not exist for its viewers: validation refuses it, introspection cannot name it, and no
resolver has to ask who is asking.
"""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Any

import strawberry
from graphql import (
    GraphQLField,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    GraphQLUnionType,
    is_specified_directive,
)

from gateway.domain.access import Role, Session
from gateway.schema.directives import Access
from gateway.schema.policy import Composite, May, readable


class View(StrEnum):
    """Kinds of viewers. `TENANT` is also what a stranger may ask, and `RENEWING` a tenant with a password to renew."""

    TENANT = "TENANT"
    RENEWING = "RENEWING"
    ADVISOR = "ADVISOR"
    ANALYST = "ANALYST"
    OPERATOR = "OPERATOR"


INTROSPECTABLE = frozenset({View.ANALYST, View.OPERATOR})
"""Views that may be looked at by introspection."""


def view_of(session: Session | None, *, must_renew: bool = False) -> View:
    """The view for a session; `must_renew` tells of a tenant's that the landlord requires a new password.

    A page does not know that its session has just ended. So a stranger may ask what a tenant may, and what is not open
    to strangers is null, because the roots that lead there are.
    """
    if session is None:
        return View.TENANT
    if session.role is Role.TENANT and must_renew:
        return View.RENEWING
    return View(session.role.value)


def for_strangers(access: Access) -> bool:
    """Whether a field under that policy is answered to somebody who is not signed in."""
    return access.strangers


def _for_renewing(access: Access) -> bool:
    return access.strangers or access.renewing


def _for(role: Role) -> May:
    return lambda access: role in access.roles


GRANTS: Mapping[View, May] = {
    View.TENANT: _for(Role.TENANT),
    View.RENEWING: _for_renewing,
    View.ADVISOR: _for(Role.ADVISOR),
    View.ANALYST: _for(Role.ANALYST),
    View.OPERATOR: _for(Role.OPERATOR),
}
"""How each view reads a policy."""

AUDIENCES: Mapping[str, May] = {"STRANGER": for_strangers, **{view.value: may for view, may in GRANTS.items()}}
"""Who reads policies in which way, strangers too, who have no view of their own."""


@cache
def views(schema: strawberry.Schema) -> Mapping[View, GraphQLSchema]:
    """The graph of each view, made once; resolvers, and the schema that they know, are those of `schema`."""
    whole = schema._schema  # noqa: SLF001 - Strawberry has no public way to its graphql-core schema
    made = {view: cut(whole, readable(whole, may)) for view, may in GRANTS.items()}
    for graph in made.values():
        graph._strawberry_schema = schema  # type: ignore[attr-defined]  # noqa: SLF001 - where `info.schema` looks
    return made


def cut(graph: GraphQLSchema, kept: frozenset[str]) -> GraphQLSchema:
    """`graph` with the fields `kept` and no more types, arguments and inputs than they need."""
    made: dict[str, Any] = {}
    alive = {coordinate.partition(".")[0] for coordinate in kept}
    for name, kind in graph.type_map.items():
        if isinstance(kind, Composite) and name in alive:
            made[name] = _cut_composite(kind, kept, made)
        elif isinstance(kind, GraphQLUnionType):
            made[name] = _cut_union(kind, alive, made)
    return GraphQLSchema(
        query=made.get("Query"),
        mutation=made.get("Mutation"),
        subscription=made.get("Subscription"),
        types=[kind for kind in made.values() if isinstance(kind, GraphQLObjectType)],
        # The others are for readers of the published schema.
        directives=[directive for directive in graph.directives if is_specified_directive(directive)],
        description=graph.description,
    )


def _cut_composite(kind: Composite, kept: frozenset[str], made: Mapping[str, GraphQLNamedType]) -> Composite:
    """`kind` with the fields `kept`; types are looked up in `made` when all of them are there."""

    def fields() -> dict[str, GraphQLField]:
        return {
            name: GraphQLField(**_with(field, type_=_replaced(field.type, made)))
            for name, field in kind.fields.items()
            if f"{kind.name}.{name}" in kept
        }

    def interfaces() -> list[Any]:
        return [made[interface.name] for interface in kind.interfaces if interface.name in made]

    return type(kind)(**_with(kind, fields=fields, interfaces=interfaces))


def _cut_union(kind: GraphQLUnionType, alive: set[str], made: Mapping[str, GraphQLNamedType]) -> GraphQLUnionType:
    def members() -> list[Any]:
        return [made[member.name] for member in kind.types if member.name in alive]

    def resolve_type(value: Any, info: GraphQLResolveInfo[Any], _: Any) -> Any:
        # Strawberry looks for the very types it made; graphql-core then takes this view's type of that name.
        return kind.resolve_type and kind.resolve_type(value, info, kind)

    return GraphQLUnionType(**_with(kind, types=members, resolve_type=resolve_type))


def _with(kind: Composite | GraphQLUnionType | GraphQLField, **changes: Any) -> dict[str, Any]:
    """What makes another one like `kind`, but for `changes`."""
    return {**kind.to_kwargs(), **changes}


def _replaced(kind: Any, made: Mapping[str, GraphQLNamedType]) -> Any:
    """`kind` as this view has it; leaves and inputs are everybody's."""
    if isinstance(kind, GraphQLNonNull | GraphQLList):
        return type(kind)(_replaced(kind.of_type, made))
    return made.get(kind.name, kind)
