"""The shape of a document: how much it asks for in form, before anybody asks what it means.

Validation compares what is asked twice with each other, and execution follows leases to accounts and back to leases:
both take as long as the document is misshapen. What no client of ours ever sends is refused before either.
"""

from collections.abc import Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    SelectionSetNode,
    Visitor,
    visit,
)

MAX_DEPTH = 15
"""Fields below each other, counted through fragments; what analysts' tools ask of the schema itself is as deep."""

MAX_REPEATED = 15
"""Fields that stand once more beside one of their name, over the whole document."""

MAX_FRAGMENTS = 30
MAX_OPERATIONS = 20
MAX_DIRECTIVES = 20


def shape_faults(document: DocumentNode) -> tuple[GraphQLError, ...]:
    """Why the document is not looked at any further; nothing of it is quoted."""
    counts = _Counts()
    visit(document, counts)
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
    found = {
        "fragments": (len(fragments), MAX_FRAGMENTS),
        "operations": (len(document.definitions) - len(fragments), MAX_OPERATIONS),
        "directives": (counts.directives, MAX_DIRECTIVES),
        "fields beside another of their name": (counts.repeated, MAX_REPEATED),
    }
    too_many = [f"at most {most} {what}" for what, (count, most) in found.items() if count > most]
    if not too_many and _depth_of_document(document, fragments) > MAX_DEPTH:
        too_many = [f"at most {MAX_DEPTH} fields below each other"]
    return tuple(
        GraphQLError(f"a document has {limit}", extensions={"code": "GRAPHQL_DOCUMENT_TOO_COMPLEX"})
        for limit in too_many
    )


def introspects(document: DocumentNode) -> bool:
    """Whether a document, also in what will not run, asks for the schema; `__typename` tells nothing of it."""
    asks = _Introspection()
    visit(document, asks)
    return asks.found


class _Counts(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.directives = 0
        self.repeated = 0

    def enter_directive(self, *_: Any) -> None:
        self.directives += 1

    def enter_selection_set(self, node: SelectionSetNode, *_: Any) -> None:
        fields = [one for one in node.selections if isinstance(one, FieldNode)]
        names = {field.alias.value if field.alias else field.name.value for field in fields}
        self.repeated += len(fields) - len(names)


class _Introspection(Visitor):
    found = False

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        self.found = self.found or node.name.value in ("__schema", "__type")


def _depth_of_document(document: DocumentNode, fragments: Mapping[str, FragmentDefinitionNode]) -> int:
    known: dict[str, int] = {}

    def through(name: str) -> int:
        if name not in known:
            known[name] = 0  # one that contains itself is refused by validation
            known[name] = below(fragments[name].selection_set) if name in fragments else 0
        return known[name]

    def below(selections: SelectionSetNode | None) -> int:
        depths = [0]
        for selection in selections.selections if selections else ():
            if isinstance(selection, FragmentSpreadNode):
                depths.append(through(selection.name.value))
            else:
                nested = below(getattr(selection, "selection_set", None))
                depths.append(nested + isinstance(selection, FieldNode))
        return max(depths)

    return max(below(getattr(definition, "selection_set", None)) for definition in document.definitions)
