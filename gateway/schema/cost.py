"""What an operation will cost, told from its text: an object costs 1, a value 0, a mutation 10 more.

A list costs its size times what is asked of one item. `@listSize` tells that size: by an argument, or what to reckon
with; `@cost` adds to a field what it costs beside its objects. (GraphQL Cost Directives, as Apollo and IBM read them.)

Only what variables say is not known when a document is read. So an estimate is a polynomial: sums of products of sizes
that variables will tell. It is made once, and filled in for each request.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import TypeVar

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLUnionType,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    Undefined,
    ValueNode,
    VariableNode,
    get_named_type,
)

from gateway.schema.directives import Cost, ListSize

DEFAULT_SIZE = 10
"""Of a list that nothing is said about; a test sees to it that there is none in our schema."""

MUTATION = 10

INTROSPECTION = 5_000
"""Of one `__schema` or `__type`: as much as the largest answer to it may hold."""

MOST = 2**53 - 1
"""More than this is told as this: JSON has no greater numbers that everybody reads exactly."""

_INT_BOUND = 2**31

T = TypeVar("T")


@dataclass(frozen=True, slots=True, order=True)
class Told:
    """A size that a variable will tell, or else is `otherwise`."""

    variable: str
    otherwise: int


Size = int | Told


class Estimate(Counter[tuple[Told, ...]]):
    """A cost: for each product of sizes that variables will tell, how often it counts. The empty product is 1."""

    def times(self, size: Size) -> "Estimate":
        """So many of it."""
        if isinstance(size, int):
            return Estimate({sizes: count * size for sizes, count in self.items()})
        return Estimate({tuple(sorted((*sizes, size))): count for sizes, count in self.items()})

    def cost(self, sizes: Mapping[str, int]) -> int:
        """The cost when variables tell these sizes, at most MOST; those that are missing tell none."""
        exactly = sum(
            count * prod(sizes.get(told.variable, told.otherwise) for told in product)
            for product, count in self.items()
        )
        return min(exactly, MOST)


@dataclass(frozen=True, slots=True)
class Price:
    """What a field costs: `weight` once, `item` for each object it leads to; `sized` is its `@listSize`."""

    weight: int
    item: int
    is_list: bool
    sized: ListSize | None
    field: GraphQLField

    @property
    def sizes_below(self) -> frozenset[str]:
        """Fields below whose size this one tells."""
        return frozenset((self.sized and self.sized.sized_fields) or ())

    def size(self, node: FieldNode) -> Size:
        """How many items are asked for: what is given, else the argument's default, else what to reckon with."""
        if self.sized is None:
            return DEFAULT_SIZE if self.is_list else 1
        assumed = self.sized.assumed_size if isinstance(self.sized.assumed_size, int) else DEFAULT_SIZE
        given = {argument.name.value: argument.value for argument in node.arguments or ()}
        for name in self.sized.slicing_arguments or ():
            default = self.field.args[name].default_value
            otherwise = assumed if default in (None, Undefined) else size_of(default)
            return written_size(given[name], otherwise=otherwise) if name in given else otherwise
        return assumed


def price_of(field: GraphQLField, *, is_mutation: bool) -> Price:
    """The price of a field; `is_mutation` tells that it is one."""
    cost = directive_of(field, Cost)
    weight = int(cost.weight) if cost else MUTATION if is_mutation else 0
    kind: GraphQLNamedType = get_named_type(field.type)
    is_object = isinstance(kind, GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType)
    return Price(weight, int(is_object), is_list(field), directive_of(field, ListSize), field)


def is_list(field: GraphQLField) -> bool:
    """Whether the field is a list."""
    kind = field.type.of_type if isinstance(field.type, GraphQLNonNull) else field.type
    return isinstance(kind, GraphQLList)


def directive_of(field: GraphQLField, kind: type[T]) -> T | None:
    """The field's directive of that kind."""
    definition = field.extensions.get("strawberry-definition")
    directives = definition.directives if definition else ()
    return next((one for one in directives if isinstance(one, kind)), None)


def written_size(node: ValueNode, *, otherwise: int) -> Size:
    """The size that a value in the document tells."""
    match node:
        case VariableNode():
            return Told(node.name.value, otherwise)
        case IntValueNode():
            return size_of(int(node.value))
        case ListValueNode():
            return len(node.values)
        case NullValueNode():
            return otherwise
        case _:
            return 1


def size_of(value: object) -> int:
    """The size that an argument of this value tells: a number of items, or the items wanted themselves.

    A number that is no `Int` asks for nothing: nothing will run.
    """
    match value:
        case int() | float() if abs(value) < _INT_BOUND:
            return max(0, int(value))
        case list() | tuple():
            return len(value)
        case _:
            return 1
