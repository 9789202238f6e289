"""The shape of a document: how much it asks for in form, before anybody asks what it means.

Validation compares the fields of one name with each other, and execution follows leases to accounts and back to leases:
both take as long as the document is misshapen. What no client of ours ever sends is refused before either.

The three steps take time that grows with the text, not with what fragments multiply it to: what is written is counted
once; fragments are then added up, each once; and only what is known to be small by then is put in its places.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

from graphql import (
    DocumentNode,
    ExecutableDefinitionNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    SelectionSetNode,
)

from gateway.schema.limits import Limit, Limits

INTROSPECTION = frozenset({"__schema", "__type"})
"""Fields that ask for the schema; `__typename` tells nothing of it."""

Counts = Mapping[Limit, int]


def exceeded(document: DocumentNode, limits: Limits) -> list[Limit]:
    """The limits that the shape of a document exceeds, up to the first step that refuses it."""
    found: list[Limit] = []
    for counts in steps(document):
        found += limits.exceeded(counts)
        if limits.refused(found):
            break
    return found


def steps(document: DocumentNode) -> Iterator[Counts]:
    """What is counted in each step; whoever takes another one relies on the limits on those before it."""
    shape = _Shape.of(document)
    yield _written(shape)
    yield _added_up(shape)
    yield _placed(shape)


class _Depth(NamedTuple):
    """Fields below each other: of the landlord's data, and from a field on that asks for the schema."""

    data: int
    schema: int

    def or_deeper(self, data: int, schema: int) -> "_Depth":
        return _Depth(max(self.data, data), max(self.schema, schema))


_SHALLOW = _Depth(0, 0)


@dataclass(frozen=True, slots=True, eq=False)
class _Written:
    """One operation or fragment as it is written; `spreads` names the fragments in it, and how deep they stand.

    Here and below, how deep something stands is the number of fields above it; negative, it is that of the fields from
    one on that asks for the schema.
    """

    definition: ExecutableDefinitionNode
    selections: int
    depth: _Depth
    aliases: int
    directives: int
    fragments: int
    spreads: tuple[tuple[str, int], ...]


_Fragments = Mapping[str, _Written]


@dataclass(frozen=True, slots=True)
class _Shape:
    """A document taken apart. Of several fragments of one name the last counts, here and in validation."""

    written: Sequence[_Written]
    fragments: _Fragments

    @classmethod
    def of(cls, document: DocumentNode) -> "_Shape":
        written = [_read(one) for one in document.definitions if isinstance(one, ExecutableDefinitionNode)]
        named = {
            one.definition.name.value: one for one in written if isinstance(one.definition, FragmentDefinitionNode)
        }
        return cls(written, named)

    @property
    def outermost(self) -> list[_Written]:
        """What is spread nowhere: operations and idle fragments, which are validated like them."""
        spread = {self.fragments.get(name) for one in self.written for name, _ in one.spreads}
        return [one for one in self.written if one not in spread]


def _read(definition: ExecutableDefinitionNode) -> _Written:
    selections, aliases, fragments, directives = 0, 0, 0, _outside(definition)
    deepest = lowest = 0
    spreads: list[tuple[str, int]] = []
    for one, above in _selections(definition):
        selections += 1
        directives += len(one.directives or ())
        if isinstance(one, FieldNode):
            aliases += one.alias is not None
            depth = _below(one, above)
            deepest, lowest = max(deepest, depth), min(lowest, depth)
        else:
            fragments += 1
            if isinstance(one, FragmentSpreadNode):
                spreads.append((one.name.value, above))
    return _Written(
        definition, selections, _Depth(deepest, -lowest), aliases, directives, fragments, spreads=tuple(spreads)
    )


def _below(field: FieldNode, above: int) -> int:
    """How deep stands what is selected in a field, which itself stands `above`."""
    if above < 0:
        return above - 1
    return -1 if field.name.value in INTROSPECTION else above + 1


def _outside(definition: ExecutableDefinitionNode) -> int:
    """Directives of a definition, and of its variables, outside of what it selects."""
    return len(definition.directives or ()) + sum(
        len(one.directives or ()) for one in definition.variable_definitions or ()
    )


def _selections(definition: ExecutableDefinitionNode) -> Iterator[tuple[SelectionNode, int]]:
    """Everything selected in a definition, with how deep it stands; however deep, without recursion."""
    waiting = [(definition.selection_set, 0)]
    while waiting:
        selection_set, above = waiting.pop()
        for one in selection_set.selections:
            yield one, above
            if isinstance(one, FieldNode):
                if one.selection_set:
                    waiting.append((one.selection_set, _below(one, above)))
            elif isinstance(one, InlineFragmentNode):
                waiting.append((one.selection_set, above))


def _written(shape: _Shape) -> Counts:
    """The first step: what is written is counted."""
    written = shape.written
    fragments = sum(isinstance(one.definition, FragmentDefinitionNode) for one in written)
    return {
        Limit.FRAGMENTS: fragments,
        Limit.OPERATIONS: len(written) - fragments,
        Limit.DIRECTIVES: sum(one.directives for one in written),
        Limit.ALIASES: sum(one.aliases for one in written),
        Limit.SPREADS: sum(one.fragments for one in written),
    }


def _added_up(shape: _Shape) -> Counts:
    """The second step: fragments are added up, those that contain no others first."""
    uses = {name: {other for other, _ in one.spreads} for name, one in shape.fragments.items()}
    try:
        order = list(TopologicalSorter(uses).static_order())
    except CycleError:
        return {Limit.CIRCLES: 1}
    known: dict[str, tuple[int, _Depth]] = defaultdict(lambda: (0, _SHALLOW))
    for name in order:
        if name in shape.fragments:  # otherwise validation tells that there is none
            known[name] = _sum(shape.fragments[name], known)
    sums = [_sum(one, known) for one in shape.outermost]
    deepest = _SHALLOW
    for _, depth in sums:
        deepest = deepest.or_deeper(*depth)
    return {
        Limit.DEPTH: deepest.data,
        Limit.INTROSPECTION_DEPTH: deepest.schema,
        Limit.NESTING: deepest.data + deepest.schema,
        Limit.SELECTIONS: sum(selections for selections, _ in sums),
    }


def _sum(one: _Written, known: Mapping[str, tuple[int, _Depth]]) -> tuple[int, _Depth]:
    """Selections and depth with those of the fragments spread in it."""
    selections, depth = one.selections, one.depth
    for name, above in one.spreads:
        more, inner = known[name]
        selections += more
        if above < 0:
            depth = depth.or_deeper(0, inner.data + inner.schema - above)
        else:
            depth = depth.or_deeper(above + inner.data, inner.schema)
    return selections, depth


def _placed(shape: _Shape) -> Counts:
    """The third step: everything is put in its place in the answer; it is known to be little by now."""
    roots: dict[OperationType, int] = defaultdict(int)
    crowds = [0]
    for one in shape.outermost:
        objects = list(_objects(one.definition.selection_set, shape.fragments))
        if isinstance(one.definition, OperationDefinitionNode):
            roots[one.definition.operation] += len(objects[0])
        crowds += [len(fields) for named in objects for fields in named.values()]
    return {
        Limit.ROOT_FIELDS: sum(roots.values()),
        Limit.MUTATIONS: roots[OperationType.MUTATION],
        Limit.PLACE: max(crowds),
        Limit.PAIRS: sum(crowd * (crowd - 1) // 2 for crowd in crowds),
    }


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
