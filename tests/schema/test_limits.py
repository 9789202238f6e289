"""Every limit on a document: just inside passes, just outside is refused, at once and with its name and code."""

import sys
from collections.abc import Callable
from operator import itemgetter
from time import process_time
from typing import Any, TypeVar

import pytest
from graphql import GraphQLError, get_introspection_query

from gateway.domain.access import Role
from gateway.schema.documents import Asked
from gateway.schema.limits import ANALYST, LIMITS, PUBLIC, WARNABLE, Limit, Limits, code_of
from gateway.schema.operations import Operations
from gateway.schema.reading import Document, Reader, Rejected
from gateway.schema.views import View
from tests.schema.matrix import BUILT
from tests.schema.misshapen import GRAPH, MADE
from tests.support.doors import STAFF_TOKENS, Doors

T = TypeVar("T")

TIERS = {"public": PUBLIC, "analyst": ANALYST}


def reader(limits: Limits) -> Reader:
    """A reader that has the same limits for everybody."""
    return Reader(dict.fromkeys(View, GRAPH), dict.fromkeys(View, limits))


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """The seconds of processor time that `work` takes at the best of three tries, and its outcome.

    Whoever measures what tests cover looks away meanwhile: to them, each line costs as much as ten.
    """
    watching = sys.gettrace()
    sys.settrace(None)
    try:
        tries = []
        for _ in range(3):
            began = process_time()
            outcome = work()
            tries.append((process_time() - began, outcome))
        return min(tries, key=itemgetter(0))
    finally:
        sys.settrace(watching)


def told(error: GraphQLError) -> tuple[object, ...]:
    """Code, limit and what is allowed."""
    extensions = error.extensions or {}
    return extensions["code"], extensions["limit"], extensions["allowed"]


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("limit", MADE)
def test_a_document_has_its_limits(limit: Limit, tier: str) -> None:
    """At the limit it is read, one further it is not, in less than fifty milliseconds; fragments hide nothing."""
    limits = TIERS[tier]
    allowed, reading = limits.allowed[limit], reader(limits)
    inside, outside = MADE[limit](allowed), MADE[limit](allowed + 1)

    read = reading.read(inside, View.ANALYST)
    seconds, refused = timed(lambda: reading.read(outside, View.ANALYST))

    assert isinstance(read, Document), read
    assert isinstance(refused, Rejected)
    assert [told(error) for error in refused.errors] == [(code_of(limit), limit, allowed)]
    assert seconds < 0.05


WARNED = {limit: MADE[limit] for limit in MADE if limit in WARNABLE}


@pytest.mark.parametrize("limit", WARNED)
def test_a_limit_may_only_warn(limit: Limit) -> None:
    """The document is read, and remembers what it exceeds, for whoever counts."""
    warning = PUBLIC.but({}, warned=frozenset({limit}))
    too_much = WARNED[limit](PUBLIC.allowed[limit] + 1)

    read = reader(warning).read(too_much, View.ANALYST)

    assert isinstance(read, Document), read
    assert read.warned == (limit,)


@pytest.mark.parametrize("limit", sorted(set(Limit) - WARNABLE))
def test_a_limit_that_keeps_the_process_alive_does_more_than_warn(limit: Limit) -> None:
    """Nobody switches it off, not even for a try."""
    with pytest.raises(ValueError, match=f"^{limit} cannot only warn: the process would not survive$"):
        PUBLIC.but({}, warned=frozenset({limit, Limit.DEPTH}))


@pytest.mark.parametrize("tier", TIERS)
def test_where_depth_only_warns_it_still_ends_somewhere(tier: str) -> None:
    """Whatever follows a document down does so by recursion."""
    warning = TIERS[tier].but({}, warned=frozenset({Limit.DEPTH, Limit.INTROSPECTION_DEPTH}))
    most = warning.allowed[Limit.NESTING]

    inside, outside = (reader(warning).read(MADE[Limit.DEPTH](most + more), View.ANALYST) for more in (0, 1))

    assert isinstance(inside, Document)
    assert isinstance(outside, Rejected)
    assert [told(error) for error in outside.errors] == [("GRAPHQL_DOCUMENT_TOO_COMPLEX", "nesting", most)]


def test_every_limit_of_a_tier_is_at_least_as_wide_for_analysts() -> None:
    """Their questions are larger, and nothing that a page may ask is refused them."""
    assert PUBLIC.allowed.keys() == ANALYST.allowed.keys() == set(Limit)
    assert [limit for limit in Limit if ANALYST.allowed[limit] < PUBLIC.allowed[limit]] == []
    assert (LIMITS[View.TENANT], LIMITS[View.RENEWING], LIMITS[View.ADVISOR]) == (PUBLIC,) * 3
    assert (LIMITS[View.ANALYST], LIMITS[View.OPERATOR]) == (ANALYST,) * 2


def bomb(spread: str, *, times: int, levels: int) -> str:
    """Fragments that spread each other so many times, so many levels down."""
    chain = [f"fragment f{n} on Query {{ {spread.format(n=n + 1) * times} }}" for n in range(levels)]
    return f"{{ ...f0 }} {' '.join(chain)} fragment f{levels} on Query {{ __typename }}"


BOMBS = {
    "fifty levels of a list of two": "{ viewer { tenant { "
    + "leases { rentalAccount { " * 24
    + "id"
    + " } }" * 26
    + "}",
    "a hundred thousand aliases": "{" + " ".join(f"a{n}: __typename" for n in range(100_000)) + "}",
    "ten thousand aliases": "{" + " ".join(f"a{n}: __typename" for n in range(10_000)) + "}",
    "a hundred thousand times one field": "{" + "__typename " * 100_000 + "}",
    "ten thousand directives": "{ __typename " + "@skip(if: false) " * 10_000 + "}",
    "a hundred directives": "{ __typename " + "@skip(if: false) " * 100 + "}",
    "nested a hundred deep": "{ a" * 100 + " }" * 100,
    "nested two thousand deep": "{a" * 2_000 + "}" * 2_000,
    "lists of five thousand": "{ nodes(ids: [" + '"x" ' * 5_000 + "]) { id } }",
    "five thousand braces": "{" * 5_000,
    "values nested two thousand deep": "{ node(id: " + "[" * 2_000 + "]" * 2_000 + ") { id } }",
    "introspection four deep": "{ __schema { types { " + "fields { type { " * 4 + "name" + " } }" * 4 + " } } }",
    "fragments in a circle": "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }",
    "2^20 spreads": bomb("...f{n} ", times=2, levels=20),
    "2^24 spreads": bomb("...f{n} ", times=2, levels=24),
    "2^24 inline spreads": bomb("...{{...f{n}}} ", times=2, levels=12),
    "spreads below fields": bomb("viewer {{ ...f{n} }} a{n}: viewer {{ ...f{n} }} ", times=1, levels=20),
    "three hundred lookups": "{" + " ".join(f"a{n}: nodes(ids: [1]) {{ id }}" for n in range(300)) + "}",
    "one field nine hundred times": "{ " + "offices { name } " * 900 + "}",
}


@pytest.mark.parametrize("view", [View.TENANT, View.ANALYST])
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_at_once(name: str, view: View) -> None:
    """What stopped other servers for seconds or for good costs less than fifty milliseconds here, and runs nothing."""
    operations = Operations(BUILT)

    seconds, refused = timed(
        lambda: operations.prepare(Asked(BOMBS[name], None, {}), view, is_stranger=view is View.TENANT)
    )

    assert isinstance(refused, Rejected), name
    assert seconds < 0.05


FIELDS_OF_FIELDS = """
fragment Schema on __Schema { types { %s } }
fragment Type on __Type { %s }
fragment Field on __Field { name args { name type { name kind } } type { name kind ofType { name } } }
"""
"""Within every limit of an analyst's document, and four thousand times as much in its answer."""


def schema_bomb() -> str:
    """A question about the schema that asks for each field of each field of each type thirteen times thirteen times."""
    types = " ".join(f"a{n}: fields {{ type {{ ...Type }} }}" for n in range(13))
    fields = " ".join(f"b{n}: fields {{ ...Field }}" for n in range(13))
    return f"{{ __schema {{ ...Schema }} }} {FIELDS_OF_FIELDS % (types, fields)}"


def told_by(answer: Any) -> tuple[object, ...]:
    """Code, limit and what is allowed, of the one error of an answer."""
    [error] = answer["errors"]
    return tuple(error["extensions"][name] for name in ("code", "limit", "allowed"))


async def timed_answer(doors: Doors, document: str, *, token: str) -> tuple[float, Any]:
    """The seconds of processor time of a question, at the best of three tries, and its answer, as `timed` has them."""
    watching = sys.gettrace()
    sys.settrace(None)
    try:
        tries = []
        for _ in range(3):
            began = process_time()
            answer = await doors.ask(document, token=token)
            tries.append((process_time() - began, answer))
        return min(tries, key=itemgetter(0))
    finally:
        sys.settrace(watching)


async def test_an_answer_about_the_schema_is_bounded(doors: Doors) -> None:
    """It is made in one piece, while nobody else is served: after five thousand objects it is given up."""
    token = STAFF_TOKENS[Role.ANALYST]

    seconds, answer = await timed_answer(doors, schema_bomb(), token=token)

    assert told_by(answer) == ("GRAPHQL_RESULT_TOO_LARGE", "introspection_nodes", 5_000)
    assert seconds < 0.25


async def test_asking_for_the_schema_has_a_price(doors: Doors) -> None:
    """Tools ask for it once when they start; who asks for it five times in one operation has another purpose."""
    token = STAFF_TOKENS[Role.ANALYST]

    whole = await doors.ask(get_introspection_query(), token=token)
    asked = " ".join(f"r{n}: __schema {{ types {{ name }} }}" for n in range(5))
    refused = await doors.ask(f"{{ {asked} }}", token=token)

    assert len(whole["data"]["__schema"]["types"]) > 50
    assert told_by(refused) == ("GRAPHQL_COST_TOO_HIGH", "cost", 20_000)
