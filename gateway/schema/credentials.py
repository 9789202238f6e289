"""Secrets in documents: by variable only, in one field of a document at most, and never in a fragment.

What a document may not hold does not depend on whether it would run. Otherwise one request would try hundreds of
passwords by alias, and a password written into a document would be repeated by whoever quotes or keeps it.
"""

from typing import Any

from graphql import (
    BooleanValueNode,
    DocumentNode,
    EnumValueNode,
    FieldNode,
    FloatValueNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    Node,
    ObjectValueNode,
    StringValueNode,
    TypeInfo,
    TypeInfoVisitor,
    VariableNode,
    Visitor,
    get_named_type,
    visit,
)

SECRET_TYPE = "Secret"  # noqa: S105 - the name of the scalar

_LITERAL = (StringValueNode, IntValueNode, FloatValueNode, BooleanValueNode, EnumValueNode, ObjectValueNode)

_MESSAGES = {
    "SECRETS_MUST_BE_VARIABLES": "a secret is given by variable, never written into the document",
    "CREDENTIAL_IN_FRAGMENT": "a field that takes a secret does not stand in a fragment",
    "ONE_CREDENTIAL_PER_DOCUMENT": "a document has at most one field that takes a secret",
}


def credential_faults(graph: GraphQLSchema, document: DocumentNode) -> tuple[GraphQLError, ...]:
    """What the document does with secrets that it must not: each fault once, without quoting the document."""
    types = TypeInfo(graph)
    reading = _Reading(types)
    visit(document, TypeInfoVisitor(types, reading))
    return tuple(
        GraphQLError(message, extensions={"code": code})
        for code, message in _MESSAGES.items()
        if code in reading.faults
    )


class _Reading(Visitor):
    """Walks all operations and fragments of a document, also those that will not run."""

    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self.faults: set[str] = set()
        self._types = types
        self._credentials = 0

    def enter(self, node: Node, *around: Any) -> None:
        if isinstance(node, FieldNode) and takes_secret(self._types.get_field_def()):
            self._count(ancestors=around[-1])
        elif self._is_secret(node):
            self.faults.add("SECRETS_MUST_BE_VARIABLES")

    def _is_secret(self, node: Node) -> bool:
        """Whether the node is a value written where a secret is expected."""
        if isinstance(node, ListValueNode):
            expected = self._types.get_parent_input_type()
            return _is_secret_type(expected) and not all(isinstance(value, VariableNode) for value in node.values)
        return isinstance(node, _LITERAL) and _is_secret_type(self._types.get_input_type())

    def _count(self, *, ancestors: list[Any]) -> None:
        self._credentials += 1
        if self._credentials > 1:
            self.faults.add("ONE_CREDENTIAL_PER_DOCUMENT")
        if any(isinstance(one, FragmentDefinitionNode | InlineFragmentNode) for one in ancestors):
            self.faults.add("CREDENTIAL_IN_FRAGMENT")


def takes_credential(graph: GraphQLSchema, document: DocumentNode) -> bool:
    """Whether a field of the document takes a secret; such a document is not served on a socket."""
    types = TypeInfo(graph)
    seeking = _Seeking(types)
    visit(document, TypeInfoVisitor(types, seeking))
    return seeking.found


class _Seeking(Visitor):
    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self.found = False
        self._types = types

    def enter_field(self, *_: Any) -> None:
        self.found = self.found or takes_secret(self._types.get_field_def())


def takes_secret(field: GraphQLField | None) -> bool:
    """Whether an argument of the field holds a secret, however deep inside an input."""
    return field is not None and any(
        _holds_secret(get_named_type(argument.type), frozenset()) for argument in field.args.values()
    )


def _holds_secret(kind: GraphQLNamedType, around: frozenset[str]) -> bool:
    if isinstance(kind, GraphQLInputObjectType) and kind.name not in around:
        return any(_holds_secret(get_named_type(field.type), around | {kind.name}) for field in kind.fields.values())
    return kind.name == SECRET_TYPE


def _is_secret_type(kind: Any) -> bool:
    return kind is not None and get_named_type(kind).name == SECRET_TYPE
