"""Policies of fields: who may ask for what, and how far one gets with that. A field without a policy is open to nobody.

A policy is the `@access` directive of a field. It counts where a way leads from the roots to the field, all of it
through fields that the same person may ask for.
"""

from collections.abc import Callable, Mapping

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_introspection_type,
    is_leaf_type,
)
from strawberry.types.field import StrawberryField

from gateway.schema.directives import Access

Composite = GraphQLObjectType | GraphQLInterfaceType
Offered = Mapping[str, Mapping[str, GraphQLNamedType]]
May = Callable[[Access], bool]


def access_of(field: GraphQLField) -> Access | None:
    """The policy of a field."""
    definition = _definition(field)
    directives = definition.directives if definition else ()
    return next((one for one in directives if isinstance(one, Access)), None)


def _definition(field: GraphQLField) -> StrawberryField | None:
    return field.extensions.get("strawberry-definition")


def composites(graph: GraphQLSchema) -> dict[str, Composite]:
    """Object and interface types by name, those of introspection left out."""
    return {
        name: kind
        for name, kind in graph.type_map.items()
        if isinstance(kind, Composite) and not is_introspection_type(kind)
    }


def own_fields(kind: Composite) -> dict[str, GraphQLField]:
    """Fields that a type declares itself; it shares the definitions of those it has from an interface."""
    inherited = {id(_definition(field)) for interface in kind.interfaces for field in interface.fields.values()}
    return {name: field for name, field in kind.fields.items() if id(_definition(field)) not in inherited}


def readable(graph: GraphQLSchema, may: May) -> frozenset[str]:
    """Coordinates (`Tenant.works`) that one reaches with policies that one `may` use."""
    kinds = composites(graph)
    offered = {name: _offered(kind, may) for name, kind in kinds.items()}
    found: set[str] = set()
    seen: set[str] = set()
    waiting = [root.name for root in (graph.query_type, graph.mutation_type, graph.subscription_type) if root]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        waiting += [interface.name for interface in kinds[name].interfaces]
        for field, target in offered[name].items():
            led_to = _led_to(graph, target, offered)
            if led_to or is_leaf_type(target):
                found.add(f"{name}.{field}")
                waiting += led_to
    return frozenset(found)


def policy_faults(graph: GraphQLSchema, audiences: Mapping[str, May]) -> list[str]:
    """What is wrong with the policies: one is missing, grants what cannot be reached, or makes an answer unreadable."""
    missing = [
        f"{name}.{field} has no policy"
        for name, kind in composites(graph).items()
        for field, definition in own_fields(kind).items()
        if access_of(definition) is None
    ]
    return missing or [fault for audience, may in audiences.items() for fault in _faults_for(graph, audience, may)]


def _faults_for(graph: GraphQLSchema, audience: str, may: May) -> list[str]:
    kinds = composites(graph)
    reached = readable(graph, may)
    offered = {name: _offered(kind, may) for name, kind in kinds.items()}
    in_vain = [
        f"{name}.{field} is open to {audience}, and no way leads there"
        for name, kind in kinds.items()
        for field in own_fields(kind)
        if field in offered[name] and f"{name}.{field}" not in reached
    ]
    unreadable = [
        f"{name}.{field} may answer {member.name}, of which nothing is open to {audience}"
        for name, fields in offered.items()
        for field, target in fields.items()
        if f"{name}.{field}" in reached and isinstance(target, GraphQLUnionType)
        for member in target.types
        if not offered[member.name]
    ]
    return in_vain + unreadable


def _offered(kind: Composite, may: May) -> dict[str, GraphQLNamedType]:
    """Fields of a type that one `may` ask for, with the named types they lead to."""
    policies = {name: access_of(field) for name, field in kind.fields.items()}
    return {name: get_named_type(kind.fields[name].type) for name, access in policies.items() if access and may(access)}


def _led_to(graph: GraphQLSchema, target: GraphQLNamedType, offered: Offered) -> list[str]:
    """Types one can go on from where `target` is answered."""
    match target:
        case GraphQLUnionType():
            return [member.name for member in target.types if offered[member.name]]
        case GraphQLInterfaceType():
            # What an object shares with all others does not tell that it may be known.
            possible = graph.get_possible_types(target)
            return [target.name, *(kind.name for kind in possible if own_fields(kind).keys() & offered[kind.name])]
        case GraphQLObjectType():
            return [target.name] if offered[target.name] else []
        case _:
            return []
