"""What a document means, in one walk along the types: what it does with secrets, whether it asks for the schema, and
what each of its operations will cost.

The walk looks once at what is written, also at what will not run, and does not rely on the document being valid: it
goes before validation, so that nothing is validated which is refused anyway.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from typing import NamedTuple

from graphql import (
    BooleanValueNode,
    DirectiveNode,
    DocumentNode,
    ExecutableDefinitionNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    ListTypeNode,
    NamedTypeNode,
    NonNullTypeNode,
    NullValueNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    TypeNode,
    VariableDefinitionNode,
    get_named_type,
)

from gateway.schema import cost
from gateway.schema.cost import Estimate, Price, Size, price_of, size_of, written_size
from gateway.schema.credentials import Fault, takes_secret, writes_secret
from gateway.schema.shape import INTROSPECTION

Kind = GraphQLNamedType | None
"""The type that a selection set is of; None where the document does not fit the schema."""


@dataclass(frozen=True, slots=True)
class Planned:
    """The cost of one operation; `defaults` are the sizes that its variables tell when they are left out."""

    estimate: Estimate
    defaults: Mapping[str, int]

    def cost(self, variables: Mapping[str, object]) -> int:
        """The cost with these variables, which may turn out not to fit."""
        sizes = {name: size for name, size in self.defaults.items() if name not in variables}
        sizes |= {name: size_of(value) for name, value in variables.items() if value is not None}
        return self.estimate.cost(sizes)


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found; `plans` by the names of the operations."""

    faults: frozenset[Fault]
    takes_credential: bool
    introspects: bool
    plans: Mapping[str | None, Planned]


@dataclass(frozen=True, slots=True)
class _Known:
    """A field of the schema, as far as surveys ask."""

    leads_to: GraphQLNamedType
    takes_secret: bool
    price: Price


class Surveyor:
    """Surveys documents against one graph; what it learns of a field it keeps."""

    def __init__(self, graph: GraphQLSchema) -> None:
        self._graph = graph
        self._known: dict[tuple[str, str], _Known] = {}

    def survey(self, document: DocumentNode) -> Survey:
        """What a document means whose fragments do not contain themselves."""
        walk = _Walk(self)
        walked = [(one, walk.along(one)) for one in document.definitions if isinstance(one, ExecutableDefinitionNode)]
        return Survey(frozenset(walk.faults), walk.credentials > 0, walk.introspects, _plans(walked))

    def type_of(self, definition: ExecutableDefinitionNode) -> Kind:
        """The type whose fields an operation or a fragment selects."""
        if isinstance(definition, FragmentDefinitionNode):
            return self.type_named(definition.type_condition)
        assert isinstance(definition, OperationDefinitionNode)  # noqa: S101 - there is no third
        return self._graph.get_root_type(definition.operation)

    def type_named(self, node: NamedTypeNode) -> Kind:
        """The type of that name."""
        return self._graph.get_type(node.name.value)

    def field(self, kind: Kind, name: str) -> _Known | None:
        """What is known of a field; None when there is none."""
        if not isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            return None
        known = self._known.get((kind.name, name))
        if known is None and name in kind.fields:
            found = kind.fields[name]
            price = price_of(found, is_mutation=kind is self._graph.mutation_type)
            known = _Known(get_named_type(found.type), takes_secret(found), price)
            self._known[kind.name, name] = known
        return known


@dataclass(slots=True, eq=False)
class _Place:
    """A selection set with the fragments in it, and what it costs for one object. `above` is what it stands under.

    What one item of a list costs waits in `items`, by the name of the list and the size it tells itself: the field
    above may know better. So a fragment is added up once, whatever it is spread under.
    """

    above: tuple["_Place", FieldNode, Price] | None = None
    known: Estimate = field(default_factory=Estimate)
    items: dict[tuple[str, Size], Estimate] = field(default_factory=lambda: defaultdict(Estimate))
    spreads: list[str] = field(default_factory=list)

    def add(self, other: "_Place") -> None:
        """Adds what another selection set costs, which is spread here."""
        self.known.update(other.known)
        for key, each in other.items.items():
            self.items[key].update(each)

    def total(self, *, told: Size = 1, of: frozenset[str] = frozenset()) -> Estimate:
        """All of it, when the size of the lists `of` these names is `told` from above."""
        total = Estimate(self.known)
        for (name, size), each in self.items.items():
            total.update(each.times(told if name in of else size))
        return total

    def close(self) -> None:
        """Adds itself to what it stands under."""
        if self.above is None:
            return
        place, node, price = self.above
        size = price.size(node)
        each = self.total(told=size, of=price.sizes_below)
        each[()] += price.item
        if price.is_list:
            place.items[node.name.value, size].update(each)
        else:
            place.known.update(each)
        place.known[()] += price.weight


class _Step(NamedTuple):
    """A selection set yet to be walked through."""

    selection_set: SelectionSetNode
    kind: Kind
    place: _Place
    in_fragment: bool


class _Walk:
    """Walks along the definitions of a document; what stands in one is found by the time the others are."""

    def __init__(self, surveyor: Surveyor) -> None:
        self.faults: set[Fault] = set()
        self.credentials = 0
        self.introspects = False
        self._surveyor = surveyor

    def along(self, definition: ExecutableDefinitionNode) -> list[_Place]:
        """The places of a definition, each after what it stands under."""
        for variable in definition.variable_definitions or ():
            self._read_default(variable)
        places = [_Place()]
        in_fragment = isinstance(definition, FragmentDefinitionNode)
        waiting = [_Step(definition.selection_set, self._surveyor.type_of(definition), places[0], in_fragment)]
        while waiting:
            step = waiting.pop()
            for one in step.selection_set.selections:
                below = self._enter(one, step)
                if below is not None:
                    waiting.append(below)
                    if below.place is not step.place:
                        places.append(below.place)
        return places

    def _enter(self, one: SelectionNode, step: _Step) -> _Step | None:
        """What is selected in a selection; None when nothing is."""
        match one:
            case FieldNode():
                return self._enter_field(one, step)
            case InlineFragmentNode():
                kind = self._surveyor.type_named(one.type_condition) if one.type_condition else step.kind
                place = _Place() if _is_left_out(one.directives) else step.place
                return _Step(one.selection_set, kind, place, in_fragment=True)
            case FragmentSpreadNode() if not _is_left_out(one.directives):
                step.place.spreads.append(one.name.value)
        return None

    def _enter_field(self, node: FieldNode, step: _Step) -> _Step | None:
        known = self._surveyor.field(step.kind, node.name.value)
        if known is None:
            if node.name.value in INTROSPECTION:
                self.introspects = True
                step.place.known[()] += cost.INTROSPECTION
            return _Step(node.selection_set, None, _Place(), step.in_fragment) if node.selection_set else None
        if known.takes_secret:
            self._read_credential(node, known.price.field, in_fragment=step.in_fragment)
        if node.selection_set is None and not known.price.weight:
            return None
        place = _Place() if _is_left_out(node.directives) else _Place((step.place, node, known.price))
        return _Step(node.selection_set or _NOTHING, known.leads_to, place, step.in_fragment)

    def _read_credential(self, node: FieldNode, field: GraphQLField, *, in_fragment: bool) -> None:
        self.credentials += 1
        if self.credentials > 1:
            self.faults.add(Fault.SEVERAL)
        if in_fragment:
            self.faults.add(Fault.IN_FRAGMENT)
        for argument in node.arguments or ():
            expected = field.args.get(argument.name.value)
            if expected and writes_secret(argument.value, get_named_type(expected.type)):
                self.faults.add(Fault.WRITTEN)

    def _read_default(self, variable: VariableDefinitionNode) -> None:
        named: TypeNode = variable.type
        while not isinstance(named, NamedTypeNode):
            assert isinstance(named, ListTypeNode | NonNullTypeNode)  # noqa: S101 - there is no fourth
            named = named.type
        kind = self._surveyor.type_named(named)
        if kind and variable.default_value and writes_secret(variable.default_value, kind):
            self.faults.add(Fault.WRITTEN)


_NOTHING = SelectionSetNode(selections=())


def _is_left_out(directives: Sequence[DirectiveNode] | None) -> bool:
    """Whether the document itself says that something is left out, whatever the variables are."""
    return any(
        isinstance(argument.value, BooleanValueNode) and argument.value.value is _LEAVES_OUT[one.name.value]
        for one in directives or ()
        if one.name.value in _LEAVES_OUT
        for argument in one.arguments or ()
    )


_LEAVES_OUT = {"skip": True, "include": False}


def _plans(walked: Sequence[tuple[ExecutableDefinitionNode, Sequence[_Place]]]) -> Mapping[str | None, Planned]:
    """The costs of the operations; fragments are added up first, those that contain no others before the rest."""
    fragments = {one.name.value: places for one, places in walked if isinstance(one, FragmentDefinitionNode)}
    uses = {name: {other for place in places for other in place.spreads} for name, places in fragments.items()}
    sums: dict[str, _Place] = defaultdict(_Place)
    for name in TopologicalSorter(uses).static_order():
        if name in fragments:  # otherwise validation tells that there is none
            sums[name] = _added_up(fragments[name], sums)
    return {
        one.name.value if one.name else None: Planned(_added_up(places, sums).total(), _defaults(one))
        for one, places in walked
        if isinstance(one, OperationDefinitionNode)
    }


def _added_up(places: Sequence[_Place], sums: Mapping[str, _Place]) -> _Place:
    """The outermost place of a definition, with all that stands in it."""
    for place in reversed(places):
        for name in place.spreads:
            place.add(sums[name])
        place.close()
    return places[0]


def _defaults(operation: OperationDefinitionNode) -> Mapping[str, int]:
    sizes = {
        one.variable.name.value: written_size(one.default_value, otherwise=0)
        for one in operation.variable_definitions or ()
        if one.default_value and not isinstance(one.default_value, NullValueNode)
    }
    return {name: size for name, size in sizes.items() if isinstance(size, int)}
