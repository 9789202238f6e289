"""How much one request may ask for, by the view of whoever asks: an analyst's questions are larger than a page's."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from graphql import GraphQLError

from gateway.schema.views import View


class Limit(StrEnum):
    """What is counted. The values are told to clients and in metrics, so they are stable."""

    SOURCE = "source"
    """Characters of the text."""
    TOKENS = "tokens"
    """Words and marks of the text."""
    COMMENTS = "comments"

    FRAGMENTS = "fragments"
    OPERATIONS = "operations"
    DIRECTIVES = "directives"
    ALIASES = "aliases"
    SPREADS = "spreads"
    """Inline fragments, and places where a named one is spread, together."""

    DEPTH = "depth"
    """Fields below each other, counted through fragments."""
    INTROSPECTION_DEPTH = "introspection_depth"
    """Fields below each other from `__schema` or `__type` on, which tools want to be many."""
    NESTING = "nesting"
    """The same as both, where they only warn: what follows a document down does so by recursion."""
    CIRCLES = "circles"
    """Fragments that contain themselves: nothing can be counted through them."""
    SELECTIONS = "selections"
    """Fields and fragments, each counted again wherever a fragment puts it."""

    ROOT_FIELDS = "root_fields"
    """Fields at the root over all operations; those that are answered in one place are one."""
    MUTATIONS = "mutations"
    """The same of mutations alone."""
    PLACE = "place"
    """Fields that are answered in one place, because they and all fields above them have the same response names."""
    PAIRS = "pairs"
    """Pairs of them over the whole document; validation takes 10 to 20 µs for each."""

    COST = "cost"
    """What the systems and we will have to do for the operation, as `gateway.schema.cost` reckons."""
    NODES = "nodes"
    """Objects, and other items of lists, in the answer: how long lists are is known by then."""
    INTROSPECTION_NODES = "introspection_nodes"
    """The same where a document asks for the schema: that answer is made in one piece, while all others wait."""
    ANSWER = "answer"
    """Bytes of the answer."""
    SPENDING = "spending"
    """Cost of all that one person asks for in a minute."""


WARNABLE = frozenset(
    {
        Limit.FRAGMENTS,
        Limit.OPERATIONS,
        Limit.DIRECTIVES,
        Limit.ALIASES,
        Limit.SPREADS,
        Limit.DEPTH,
        Limit.INTROSPECTION_DEPTH,
        Limit.ROOT_FIELDS,
        Limit.MUTATIONS,
        Limit.PLACE,
        Limit.COST,
        Limit.SPENDING,
    }
)
"""Limits that a landlord may have only warn of. The others keep the process itself alive."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one tier: the most that is `allowed` of each; those in `warned` are only counted when exceeded.

    `deadline_seconds` is for one operation with all that it asks of the systems.
    """

    allowed: Mapping[Limit, int]
    deadline_seconds: float
    warned: frozenset[Limit] = frozenset()

    def exceeded(self, counts: Mapping[Limit, int]) -> list[Limit]:
        """The limits that these counts are over, in their order."""
        return [limit for limit, count in counts.items() if count > self.allowed[limit]]

    def refused(self, exceeded: list[Limit]) -> list[Limit]:
        """Those of the limits exceeded that do more than warn."""
        return [limit for limit in exceeded if limit not in self.warned]

    def but(
        self,
        changed: Mapping[Limit, int],
        *,
        deadline_seconds: float | None = None,
        warned: frozenset[Limit] = frozenset(),
    ) -> "Limits":
        """These limits with others in the place of some. Raises ValueError for a warning that protects nothing."""
        if not warned <= WARNABLE:
            raise ValueError(f"{', '.join(sorted(warned - WARNABLE))} cannot only warn: the process would not survive")
        return replace(
            self,
            allowed={**self.allowed, **changed},
            deadline_seconds=deadline_seconds or self.deadline_seconds,
            warned=warned,
        )


PUBLIC = Limits(
    {
        Limit.SOURCE: 10_000,
        Limit.TOKENS: 1_000,
        Limit.COMMENTS: 50,
        Limit.FRAGMENTS: 30,
        Limit.OPERATIONS: 5,
        Limit.DIRECTIVES: 20,
        Limit.ALIASES: 15,
        Limit.SPREADS: 50,
        Limit.DEPTH: 10,
        Limit.INTROSPECTION_DEPTH: 15,
        Limit.NESTING: 60,
        Limit.CIRCLES: 0,
        Limit.SELECTIONS: 2_000,
        Limit.ROOT_FIELDS: 10,
        Limit.MUTATIONS: 3,
        Limit.PLACE: 30,
        Limit.PAIRS: 3_000,
        Limit.COST: 1_000,
        Limit.NODES: 5_000,
        Limit.INTROSPECTION_NODES: 5_000,
        Limit.ANSWER: 2_000_000,
        Limit.SPENDING: 30_000,
    },
    deadline_seconds=8.0,
)
"""Of tenants, strangers and advisors."""

ANALYST = PUBLIC.but(
    {
        Limit.SOURCE: 20_000,
        Limit.TOKENS: 4_000,
        Limit.OPERATIONS: 20,
        Limit.ALIASES: 30,
        Limit.DEPTH: 12,
        Limit.SELECTIONS: 10_000,
        Limit.ROOT_FIELDS: 20,
        Limit.COST: 20_000,
        Limit.NODES: 100_000,
        Limit.ANSWER: 20_000_000,
        Limit.SPENDING: 300_000,
    },
    deadline_seconds=60.0,
)
"""Of analysts and operators."""


def by_view(public: Limits, analyst: Limits) -> Mapping[View, Limits]:
    """The limits of each view."""
    return {view: analyst if view in (View.ANALYST, View.OPERATOR) else public for view in View}


LIMITS: Mapping[View, Limits] = by_view(PUBLIC, ANALYST)
"""The defaults of each view."""

_CODES = {
    Limit.SOURCE: "GRAPHQL_DOCUMENT_TOO_LARGE",
    Limit.TOKENS: "GRAPHQL_DOCUMENT_TOO_LARGE",
    Limit.COMMENTS: "GRAPHQL_DOCUMENT_TOO_LARGE",
    Limit.COST: "GRAPHQL_COST_TOO_HIGH",
    Limit.NODES: "GRAPHQL_RESULT_TOO_LARGE",
    Limit.INTROSPECTION_NODES: "GRAPHQL_RESULT_TOO_LARGE",
    Limit.ANSWER: "GRAPHQL_RESULT_TOO_LARGE",
    Limit.SPENDING: "COST_BUDGET_SPENT",
}

_WHAT = {
    Limit.SOURCE: "a document has at most {} characters",
    Limit.TOKENS: "a document has at most {} words and marks",
    Limit.COMMENTS: "a document has at most {} comments",
    Limit.FRAGMENTS: "a document has at most {} fragments",
    Limit.OPERATIONS: "a document has at most {} operations",
    Limit.DIRECTIVES: "a document has at most {} directives",
    Limit.ALIASES: "a document has at most {} aliases",
    Limit.SPREADS: "a document has at most {} inline fragments and spreads",
    Limit.DEPTH: "a document has at most {} fields below each other",
    Limit.INTROSPECTION_DEPTH: "a document has at most {} fields below each other where it asks for the schema",
    Limit.NESTING: "a document never has more than {} fields below each other",
    Limit.CIRCLES: "a document has no fragment that contains itself",
    Limit.SELECTIONS: "a document has at most {} selections",
    Limit.ROOT_FIELDS: "a document has at most {} fields at the root",
    Limit.MUTATIONS: "a document has at most {} mutations",
    Limit.PLACE: "a document has at most {} fields in one place of the answer",
    Limit.PAIRS: "a document has at most {} pairs of fields in one place",
    Limit.COST: "an operation costs at most {}",
    Limit.NODES: "an answer has at most {} objects",
    Limit.INTROSPECTION_NODES: "an answer has at most {} objects where a document asks for the schema",
    Limit.ANSWER: "an answer has at most {} bytes",
    Limit.SPENDING: "all that you ask for in a minute costs at most {}",
}


def code_of(limit: Limit) -> str:
    """The code of what is refused by a limit."""
    return _CODES.get(limit, "GRAPHQL_DOCUMENT_TOO_COMPLEX")


def sentence_of(limit: Limit, allowed: int) -> str:
    """What is told of it."""
    return _WHAT[limit].format(allowed)


def refusal(limit: Limit, limits: Limits, **facts: int) -> GraphQLError:
    """What a client is told of a limit exceeded: nothing of the document is quoted. `facts` go into the extensions."""
    allowed = limits.allowed[limit]
    extensions = {"code": code_of(limit), "limit": limit.value, "allowed": allowed, **facts}
    return GraphQLError(sentence_of(limit, allowed), extensions=extensions)
