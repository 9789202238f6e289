"""The shape of a document: how much it asks for in form, before anybody asks what it means.

Validation compares the fields of one name with each other, and execution follows leases to accounts and back to leases:
both take as long as the document is misshapen. What no client of ours ever sends is refused before either.

The three steps take time that grows with the text, not with what fragments multiply it to: what is written is counted
once; fragments are then added up, each once; and only what is known to be small by then is put in its places.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    ExecutableDefinitionNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    Visitor,
    visit,
)

MAX_FRAGMENTS = 30
MAX_OPERATIONS = 20
MAX_DIRECTIVES = 20
MAX_ALIASES = 30

MAX_SPREADS = 50
"""Inline fragments, and places where a named one is spread, together."""

MAX_DEPTH = 15
"""Fields below each other, counted through fragments; what analysts' tools ask of the schema itself is as deep."""

MAX_SELECTIONS = 2_000
"""Fields and fragments, each counted again wherever a fragment puts it."""

MAX_ROOT_FIELDS = 20
"""Over all operations; fields that are answered in one place are one."""

MAX_IN_ONE_PLACE = 30
"""Fields that are answered in one place, because they and all fields above them have the same response names."""

MAX_COMPARISONS = 3_000
"""Pairs of fields that are answered in one place, over the whole document; validation takes 10 to 20 µs for each."""


def shape_faults(document: DocumentNode) -> tuple[GraphQLError, ...]:
    """Why the document is not looked at any further; nothing of it is quoted."""
    return tuple(
        GraphQLError(f"a document has {limit}", extensions={"code": "GRAPHQL_DOCUMENT_TOO_COMPLEX"})
        for limit in _exceeded(document)
    )


def introspects(document: DocumentNode) -> bool:
    """Whether a document, also in what will not run, asks for the schema; `__typename` tells nothing of it."""
    asks = _Introspection()
    visit(document, asks)
    return asks.found


class _Introspection(Visitor):
    found = False

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        self.found = self.found or node.name.value in ("__schema", "__type")


@dataclass(frozen=True, slots=True, eq=False)
class _Written:
    """One operation or fragment as it is written; `spreads` names the fragments in it, with the fields above each."""

    definition: ExecutableDefinitionNode
    selections: int
    depth: int
    aliases: int
    directives: int
    fragments: int
    spreads: tuple[tuple[str, int], ...]


_Fragments = Mapping[str, _Written]


def _exceeded(document: DocumentNode) -> list[str]:
    """The limits exceeded, of the first step that finds any; each step relies on those before it."""
    written = [_read(one) for one in document.definitions if isinstance(one, ExecutableDefinitionNode)]
    # Of several fragments of one name the last is taken here and by validation, which then refuses them.
    fragments = {
        one.definition.name.value: one for one in written if isinstance(one.definition, FragmentDefinitionNode)
    }
    return _too_many(document, written) or _too_much(written, fragments) or _too_crowded(written, fragments)


def _read(definition: ExecutableDefinitionNode) -> _Written:
    found = list(_selections(definition))
    fields = [(one, above) for one, above in found if isinstance(one, FieldNode)]
    variables = definition.variable_definitions or ()
    marked = [definition.directives, *(one.directives for one in variables), *(one.directives for one, _ in found)]
    return _Written(
        definition,
        selections=len(found),
        depth=max((above + 1 for _, above in fields), default=0),
        aliases=sum(one.alias is not None for one, _ in fields),
        directives=sum(len(directives or ()) for directives in marked),
        fragments=len(found) - len(fields),
        spreads=tuple((one.name.value, above) for one, above in found if isinstance(one, FragmentSpreadNode)),
    )


def _selections(definition: ExecutableDefinitionNode) -> Iterator[tuple[SelectionNode, int]]:
    """Everything selected in a definition, with the number of fields above it; however deep, without recursion."""
    waiting = [(definition.selection_set, 0)]
    while waiting:
        selection_set, above = waiting.pop()
        for one in selection_set.selections:
            yield one, above
            if isinstance(one, FieldNode | InlineFragmentNode) and one.selection_set:
                waiting.append((one.selection_set, above + isinstance(one, FieldNode)))


def _too_many(document: DocumentNode, written: Sequence[_Written]) -> list[str]:
    """The first step: what is written is counted."""
    fragments = sum(isinstance(one, FragmentDefinitionNode) for one in document.definitions)
    return _over(
        (fragments, MAX_FRAGMENTS, "fragments"),
        (len(document.definitions) - fragments, MAX_OPERATIONS, "operations"),
        (sum(one.directives for one in written), MAX_DIRECTIVES, "directives"),
        (sum(one.aliases for one in written), MAX_ALIASES, "aliases"),
        (sum(one.fragments for one in written), MAX_SPREADS, "inline fragments and spreads"),
    )


def _too_much(written: Sequence[_Written], fragments: _Fragments) -> list[str]:
    """The second step: fragments are added up; there are few by now, so they may be followed by recursion."""
    sums = _Sums(fragments)
    try:
        depth = max((sums.of(one)[1] for one in written), default=0)
    except _CircleError:
        return ["no fragment that contains itself"]
    return _over(
        (depth, MAX_DEPTH, "fields below each other"),
        (sum(sums.of(one)[0] for one in _outermost(written, fragments)), MAX_SELECTIONS, "selections"),
    )


class _CircleError(Exception):
    """A fragment contains itself, so that whatever was counted through it would be too low."""


class _Sums:
    """Selections and depth of operations and fragments with what they spread, each fragment followed once."""

    def __init__(self, fragments: _Fragments) -> None:
        self._fragments = fragments
        self._known: dict[str, tuple[int, int] | None] = {}

    def of(self, one: _Written) -> tuple[int, int]:
        selections, depth = one.selections, one.depth
        for name, above in one.spreads:
            more, below = self._of_fragment(name)
            selections, depth = selections + more, max(depth, above + below)
        return selections, depth

    def _of_fragment(self, name: str) -> tuple[int, int]:
        if name not in self._fragments:
            return 0, 0  # validation tells that there is none
        if name not in self._known:
            self._known[name] = None
            self._known[name] = self.of(self._fragments[name])
        known = self._known[name]
        if known is None:
            raise _CircleError
        return known


def _outermost(written: Sequence[_Written], fragments: _Fragments) -> list[_Written]:
    """What is spread nowhere: operations and idle fragments, which are validated like them."""
    spread = {fragments.get(name) for one in written for name, _ in one.spreads}
    return [one for one in written if one not in spread]


def _too_crowded(written: Sequence[_Written], fragments: _Fragments) -> list[str]:
    """The third step: everything is put in its place in the answer; it is known to be little by now."""
    roots, crowds = 0, [0]
    for one in _outermost(written, fragments):
        objects = list(_objects(one.definition.selection_set, fragments))
        roots += len(objects[0]) if isinstance(one.definition, OperationDefinitionNode) else 0
        crowds += [len(fields) for named in objects for fields in named.values()]
    return _over(
        (roots, MAX_ROOT_FIELDS, "fields at the root"),
        (max(crowds), MAX_IN_ONE_PLACE, "fields in one place of the answer"),
        (sum(crowd * (crowd - 1) // 2 for crowd in crowds), MAX_COMPARISONS, "pairs of fields in one place"),
    )


def _objects(root: SelectionSetNode, fragments: _Fragments) -> Iterator[Mapping[str, Sequence[FieldNode]]]:
    """The objects of the answer, each as the fields under its response names; that of `root` comes first."""
    waiting = [[root]]
    while waiting:
        named = _merged(waiting.pop(), fragments)
        yield named
        for fields in named.values():
            below = [one.selection_set for one in fields if one.selection_set]
            if below:
                waiting.append(below)


def _merged(selection_sets: Sequence[SelectionSetNode], fragments: _Fragments) -> Mapping[str, Sequence[FieldNode]]:
    """The fields of one object by response name; a fragment that is spread there twice is there once."""
    named: dict[str, list[FieldNode]] = defaultdict(list)
    waiting, spread = list(selection_sets), set[str]()
    while waiting:
        for one in waiting.pop().selections:
            if isinstance(one, FieldNode):
                named[(one.alias or one.name).value].append(one)
            elif isinstance(one, InlineFragmentNode):
                waiting.append(one.selection_set)
            elif isinstance(one, FragmentSpreadNode) and one.name.value not in spread:
                spread.add(one.name.value)
                waiting += _sets_of(one.name.value, fragments)
    return named


def _sets_of(fragment: str, fragments: _Fragments) -> list[SelectionSetNode]:
    return [fragments[fragment].definition.selection_set] if fragment in fragments else []


def _over(*counted: tuple[int, int, str]) -> list[str]:
    return [f"at most {most} {what}" for count, most, what in counted if count > most]
