"""Secrets in documents: by variable only, in one field of a document at most, and never in a fragment.

What a document may not hold does not depend on whether it would run. Otherwise one request would try hundreds of
passwords by alias, and a password written into a document would be repeated by whoever quotes or keeps it.
"""

from collections.abc import Iterable
from enum import StrEnum

from graphql import (
    GraphQLError,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLNamedType,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    ValueNode,
    VariableNode,
    get_named_type,
)

SECRET_TYPE = "Secret"  # noqa: S105 - the name of the scalar


class Fault(StrEnum):
    """What a document does with secrets that it must not; the values are codes."""

    WRITTEN = "SECRETS_MUST_BE_VARIABLES"
    IN_FRAGMENT = "CREDENTIAL_IN_FRAGMENT"
    SEVERAL = "ONE_CREDENTIAL_PER_DOCUMENT"


_MESSAGES = {
    Fault.WRITTEN: "a secret is given by variable, never written into the document",
    Fault.IN_FRAGMENT: "a field that takes a secret does not stand in a fragment",
    Fault.SEVERAL: "a document has at most one field that takes a secret",
}


def told(faults: Iterable[Fault]) -> tuple[GraphQLError, ...]:
    """What a client is told: each fault once, without quoting the document."""
    found = frozenset(faults)
    return tuple(
        GraphQLError(message, extensions={"code": fault.value})
        for fault, message in _MESSAGES.items()
        if fault in found
    )


def takes_secret(field: GraphQLField | None) -> bool:
    """Whether an argument of the field holds a secret, however deep inside an input."""
    return field is not None and any(holds_secret(get_named_type(argument.type)) for argument in field.args.values())


def holds_secret(kind: GraphQLNamedType, around: frozenset[str] = frozenset()) -> bool:
    """Whether an input of that type holds a secret; `around` are the inputs it stands in."""
    if isinstance(kind, GraphQLInputObjectType) and kind.name not in around:
        return any(holds_secret(get_named_type(field.type), around | {kind.name}) for field in kind.fields.values())
    return kind.name == SECRET_TYPE


def writes_secret(value: ValueNode, kind: GraphQLNamedType) -> bool:
    """Whether `value`, written where a `kind` is expected, writes out a secret; however deep, without recursion."""
    waiting: list[tuple[ValueNode, GraphQLNamedType]] = [(value, kind)]
    while waiting:
        one, expected = waiting.pop()
        if isinstance(one, ListValueNode):
            waiting += [(item, expected) for item in one.values]
        elif isinstance(one, ObjectValueNode) and isinstance(expected, GraphQLInputObjectType):
            given = [(field.value, expected.fields.get(field.name.value)) for field in one.fields]
            waiting += [(inner, get_named_type(field.type)) for inner, field in given if field]
        elif expected.name == SECRET_TYPE and not isinstance(one, VariableNode | NullValueNode):
            return True
    return False
