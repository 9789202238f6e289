"""Documents of just so much of one thing, and of little else, in and out of fragments; and a graph that they fit."""

from collections.abc import Callable, Mapping

from graphql import GraphQLSchema, build_schema

from gateway.schema.limits import Limit

_LEAVES = " ".join(f"x{number}: Int" for number in range(300))
_OBJECTS = " ".join(f"{name}: Query" for name in [*"abcdefgh", *(f"p{number}" for number in range(40))])

GRAPH: GraphQLSchema = build_schema(
    "directive @v(if: Boolean) repeatable on QUERY | FIELD | VARIABLE_DEFINITION | FRAGMENT_DEFINITION | "
    "FRAGMENT_SPREAD | INLINE_FRAGMENT "
    f"type Query {{ x: Int y: Int list(of: [Int]): Int {_LEAVES} {_OBJECTS} }} "
    f"type Mutation {{ m: Query {_LEAVES} }}"
)


def source(count: int) -> str:
    """A text of so many characters."""
    return "{ ...f } fragment f on Query { x }".ljust(count)


def tokens(count: int) -> str:
    """A text of so many words and marks, most of them in an argument in a fragment."""
    return "{ ...f } fragment f on Query { list(of: [" + "1 " * (count - 17) + "]) }"


def comments(count: int) -> str:
    """A text with so many comments."""
    return "{ ...f } fragment f on Query {" + "#\n" * count + "x }"


def fragments(count: int) -> str:
    """A document with so many fragments, each spread in the one before."""
    chain = [f"fragment f{number} on Query {{ x{number} ...f{number + 1} }}" for number in range(count - 1)]
    return f"{{ a {{ ...f0 }} }} {' '.join(chain)} fragment f{count - 1} on Query {{ x }}"


def operations(count: int) -> str:
    """A document with so many operations."""
    return " ".join(f"query q{number} {{ ...f }}" for number in range(count)) + " fragment f on Query { __typename }"


def directives(count: int) -> str:
    """A document with so many directives, on everything that may have one."""
    inside = "@v " * (count - 5)
    return f"query($v: Boolean @v) @v(if: $v) {{ ...f @v }} fragment f on Query @v {{ ... @v {{ x {inside} }} }}"


def aliases(count: int) -> str:
    """A document with so many aliases, all of them down in fragments."""
    below = " ".join(f"i{number}: x" for number in range(count))
    return f"{{ ...f }} fragment f on Query {{ a {{ ...g }} }} fragment g on Query {{ ... {{ b {{ {below} }} }} }}"


def spreads(count: int) -> str:
    """A document with so many inline fragments and spreads, most of them in a fragment and in vain."""
    return "{ ...f ... { x } } fragment f on Query { x " + "...g " * (count - 2) + "} fragment g on Query { y }"


def depth(count: int) -> str:
    """A document whose deepest field is so many fields down, through two fragments and an inline one."""
    bottom = "{ a " * (count - 2) + "{ x }" + "}" * (count - 2)
    return f"{{ x ...f }} fragment f on Query {{ a {{ ... on Query {{ ...g }} }} }} fragment g on Query {bottom}"


def introspection_depth(count: int) -> str:
    """A document that asks for the schema so many fields down, and for data as deep as both tiers may."""
    bottom = "{ ofType " * (count - 3) + "{ name }" + "}" * (count - 3)
    return (
        f"{depth(10)} query b {{ ...i }} fragment i on Query {{ __schema {{ queryType {{ ...j }} }} }} "
        f"fragment j on __Type {bottom}"
    ).replace("{ x ...f }", "query a { x ...f }", 1)


def _eightfold(inside: str) -> str:
    return " ".join(f"{name} {{ {inside} }}" for name in "abcdefgh")


def selections(count: int) -> str:
    """A document of so many selections: 658 in each of the fields at its root, by fragments that are spread again."""
    roots, more = divmod(count - 2, 658)
    tops = " ".join(f"p{number} {{ ...f }}" for number in range(roots))
    rest = " ".join(f"x{number}" for number in range(more + 1))
    return (
        f"{{ {tops} p39 {{ {rest} }} }} fragment f on Query {{ {_eightfold('...g')} }}"
        f" fragment g on Query {{ {_eightfold('...h')} }} fragment h on Query {{ x x0 x1 x2 x3 x4 x5 x6 }}"
    )


def root_fields(count: int) -> str:
    """A document with so many fields at the root, of two operations, most of them twice, and in a fragment."""
    twice = " ".join(f"x{number} ... {{ x{number} }}" for number in range(count - 2))
    return f"query a {{ a {{ x y }} }} query b {{ a {{ x }} ...f }} fragment f on Query {{ {twice} }}"


def mutations(count: int) -> str:
    """A document with so many mutations, of two operations, the second of them in a fragment."""
    inside = " ".join(f"x{number}" for number in range(count - 1))
    return f"mutation a {{ m {{ x }} }} mutation b {{ ...f ...f }} fragment f on Mutation {{ {inside} }}"


def place(count: int) -> str:
    """A document with so many fields in one place of the answer, from two fragments and two fields above."""
    others = "x " * (count - 2)
    return (
        "{ p0 { a { x ...f ...f } } ... { p0 { ...g } } }"
        f" fragment f on Query {{ ... {{ x }} }} fragment g on Query {{ a {{ {others} ...f }} }}"
    )


def pairs(count: int) -> str:
    """A document with so many pairs of fields, in as few places as there can be, each with one field in a fragment."""
    places: list[str] = []
    while count:
        crowd = max(size for size in range(2, 31) if size * (size - 1) // 2 <= count)
        name = f"x{len(places)} "
        places.append(name * (crowd - 1) + f"... {{ {name}}}")
        count -= crowd * (crowd - 1) // 2
    return f"{{ a {{ ...f }} }} fragment f on Query {{ {' '.join(places)} }}"


MADE: Mapping[Limit, Callable[[int], str]] = {
    Limit.SOURCE: source,
    Limit.TOKENS: tokens,
    Limit.COMMENTS: comments,
    Limit.FRAGMENTS: fragments,
    Limit.OPERATIONS: operations,
    Limit.DIRECTIVES: directives,
    Limit.ALIASES: aliases,
    Limit.SPREADS: spreads,
    Limit.DEPTH: depth,
    Limit.INTROSPECTION_DEPTH: introspection_depth,
    Limit.SELECTIONS: selections,
    Limit.ROOT_FIELDS: root_fields,
    Limit.MUTATIONS: mutations,
    Limit.PLACE: place,
    Limit.PAIRS: pairs,
}
"""How to make a document of so much of each, which exceeds nothing else unless the tier's tokens end before."""
