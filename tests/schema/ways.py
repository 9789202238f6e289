"""Ways through a schema: for each field the shortest document that asks for it, and for each variable some value."""

from collections import deque
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
    is_required_argument,
    is_required_input_field,
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step down: into a field, or to one of the types that may stand where the way has come to."""

    name: str
    field: GraphQLField | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """A way from one of the roots to a field."""

    root: str
    steps: tuple[Step, ...]

    @property
    def document(self) -> str:
        """The document that takes this way and asks for nothing else."""
        last = self.steps[-1].field
        text = "" if last and is_leaf_type(get_named_type(last.type)) else "{ __typename }"
        for number, step in reversed(list(enumerate(self.steps))):
            names = [f"{name}: ${name}{number}" for name in _wanted(step)]
            arguments = f"({', '.join(names)})" if names else ""
            text = f"{{ {step.name}{arguments} {text} }}" if step.field else f"{{ ... on {step.name} {text} }}"
        declared = [f"${name}: {kind}" for name, kind in self.variables.items()]
        return f"{self.root}{'(' + ', '.join(declared) + ')' if declared else ''} {text}"

    @property
    def variables(self) -> dict[str, Any]:
        """Type of each variable of the document."""
        return {
            f"{name}{number}": kind for number, step in enumerate(self.steps) for name, kind in _wanted(step).items()
        }


def _wanted(step: Step) -> dict[str, Any]:
    """Arguments that a step cannot be taken without, with their types."""
    arguments = step.field.args if step.field else {}
    return {name: given.type for name, given in arguments.items() if is_required_argument(given)}


def ways(graph: GraphQLSchema) -> dict[str, Way]:
    """The shortest way to each coordinate (`Tenant.works`); by a query where there is one."""
    found: dict[str, Way] = {}
    known: set[str] = set()
    roots = (("query", graph.query_type), ("mutation", graph.mutation_type), ("subscription", graph.subscription_type))
    for root, kind in roots:
        waiting: deque[tuple[GraphQLNamedType, tuple[Step, ...]]] = deque([(kind, ())] if kind else [])
        while waiting:
            here, steps = waiting.popleft()
            if here.name in known:
                continue
            known.add(here.name)
            for step, target in _onward(graph, here):
                if step.field:
                    found[f"{here.name}.{step.name}"] = Way(root, (*steps, step))
                waiting.append((target, (*steps, step)))
            for interface in here.interfaces if isinstance(here, GraphQLObjectType) else ():
                for name, field in interface.fields.items():
                    way = Way(root, (*steps, Step(interface.name), Step(name, field)))
                    found.setdefault(f"{interface.name}.{name}", way)
    return found


def _onward(graph: GraphQLSchema, here: GraphQLNamedType) -> list[tuple[Step, GraphQLNamedType]]:
    steps: list[tuple[Step, GraphQLNamedType]] = []
    if isinstance(here, GraphQLObjectType | GraphQLInterfaceType):
        steps += [(Step(name, field), get_named_type(field.type)) for name, field in here.fields.items()]
    if isinstance(here, GraphQLUnionType | GraphQLInterfaceType):
        steps += [(Step(kind.name), kind) for kind in graph.get_possible_types(here)]
    return steps


_VALUES: dict[str, Any] = {
    "Boolean": True,
    "Date": "2026-03-01",
    "DateTime": "2026-03-01T12:00:00+01:00",
    "EmailAddress": "camille@example.org",
    "Float": 1.5,
    "Int": 1,
    "PhoneNumber": "+33199001234",
    "YearMonth": "2026-03",
}


def some_value(kind: Any) -> Any:
    """A value that fits an input type: the required fields of an input, the first value of an enumeration."""
    plain = get_nullable_type(kind)
    if is_list_type(plain):
        return [some_value(plain.of_type)]
    match plain:
        case GraphQLInputObjectType():
            return {
                name: some_value(field.type) for name, field in plain.fields.items() if is_required_input_field(field)
            }
        case GraphQLEnumType():
            return next(iter(plain.values))
        case _:
            return _VALUES.get(plain.name, "12345")
