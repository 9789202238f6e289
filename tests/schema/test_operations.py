"""Documents are read once, run under one context, and refused before anything runs when they do not fit."""

from typing import Any

import pytest
import strawberry

from gateway.auth.knocking import Source
from gateway.auth.visitor import Visitor
from gateway.ports.deadline import Deadline
from gateway.schema.build import build_schema
from gateway.schema.context import Context
from gateway.schema.directives import EVERYONE
from gateway.schema.documents import REMEMBERED_CHARACTERS, REMEMBERED_DOCUMENTS, Asked
from gateway.schema.limits import PUBLIC, Limit
from gateway.schema.loaders import Loaders
from gateway.schema.loading import Tasks
from gateway.schema.operations import Executed, Operations, Prepared
from gateway.schema.reading import Rejected, sha256_of
from gateway.schema.wording import Language, wording_for
from tests.support.doors import Doors
from tests.support.operations import run


@pytest.fixture
def context(doors: Doors) -> Context:
    """The context of a stranger's request."""
    deadline, tasks = Deadline.after(8), Tasks()
    return Context(
        request_id="0123456789abcdef",
        now=doors.clock.now,
        clock=doors.clock,
        deadline=deadline,
        wording=wording_for(Language.FRENCH),
        session=None,
        parts=doors.parts,
        loaders=Loaders(doors.ports, doors.parts.watch, deadline=deadline, tasks=tasks),
        tasks=tasks,
        visitor=Visitor(Source("192.0.2.7", "192.0.2.0/24")),
    )


def asked(source: str, **variables: Any) -> Asked:
    """A request for `source`."""
    return Asked(source, None, variables)


async def test_an_operation_runs(context: Context) -> None:
    """Data, no errors, and something ran."""
    outcome = await run(Operations(build_schema()), asked("{ __typename }"), context)

    assert outcome == Executed({"__typename": "Query"}, (), started=True)


async def test_a_variable_that_does_not_fit_starts_nothing(context: Context) -> None:
    """The door tells a client that nothing ran."""
    outcome = await run(Operations(build_schema()), asked("query($id: ID!) { node(id: $id) { id } }", id={}), context)

    assert isinstance(outcome, Executed)
    assert (outcome.data, outcome.started, len(outcome.errors)) == (None, False, 1)


async def test_a_failure_that_reaches_the_root_has_started(context: Context) -> None:
    """Data is null because a field that cannot be null failed, not because nothing ran."""
    outcome = await run(
        Operations(build_schema()), asked("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=["x"] * 101), context
    )

    assert isinstance(outcome, Executed)
    assert (outcome.data, outcome.started) == (None, True)


def prepared(operations: Operations, asked: Asked, context: Context) -> Prepared:
    """An operation that may be run."""
    outcome = operations.prepare(asked, context.view, is_stranger=context.session is None)
    assert isinstance(outcome, Prepared)
    return outcome


def remembered(operations: Operations) -> list[str]:
    """The hashes of the texts that are kept, the one used longest ago first."""
    return [sha256 for _, sha256 in operations.documents._free]  # noqa: SLF001 - a memory has no outward sign


async def test_a_document_is_remembered(context: Context) -> None:
    """The second time the same text costs neither parsing nor validation."""
    operations = Operations(build_schema())

    first, second = (prepared(operations, asked("{ __typename }"), context) for _ in range(2))

    assert first.document is second.document


@pytest.mark.parametrize(
    "document",
    [
        "{ nothing }",
        'mutation { signIn(input: {accountReference: "1", password: "hunter2"}) { __typename } }',
        "{ hunter2",
    ],
)
async def test_a_document_that_is_refused_is_forgotten(document: str, context: Context) -> None:
    """Somebody's password may be written in it; nothing of it stays."""
    operations = Operations(build_schema())

    outcomes = [await run(operations, asked(document), context) for _ in range(2)]

    assert [type(outcome) for outcome in outcomes] == [Rejected, Rejected]
    assert remembered(operations) == []


async def test_the_memory_for_documents_is_bounded(context: Context) -> None:
    """The one used longest ago is forgotten first; one used meanwhile is kept."""
    operations = Operations(build_schema())
    for number in range(REMEMBERED_DOCUMENTS):
        await run(operations, asked(f"{{ a{number}: __typename }}"), context)
    await run(operations, asked("{ a0: __typename }"), context)
    await run(operations, asked("{ one_more: __typename }"), context)

    kept = remembered(operations)

    assert (len(kept), kept[0], kept[-2:]) == (
        REMEMBERED_DOCUMENTS,
        sha256_of("{ a2: __typename }"),
        [sha256_of("{ a0: __typename }"), sha256_of("{ one_more: __typename }")],
    )


async def test_long_documents_are_remembered_in_smaller_number(context: Context) -> None:
    """What they take is bounded by the length of all of them; one that needs room takes it from the oldest."""
    operations = Operations(build_schema())
    longest = PUBLIC.allowed[Limit.SOURCE]
    texts = [f"{{ a{number}: __typename }} #".ljust(longest, "-") for number in range(11)]
    hashes = [sha256_of(text) for text in texts]
    for text in texts[:10]:
        await run(operations, asked(text), context)
    full = remembered(operations)
    await run(operations, asked("{ __typename }"), context)

    assert (full, 10 * longest) == (hashes[:10], REMEMBERED_CHARACTERS)
    assert remembered(operations) == [*hashes[1:10], sha256_of("{ __typename }")]

    await run(operations, asked(texts[10]), context)

    assert remembered(operations) == [*hashes[2:10], sha256_of("{ __typename }"), hashes[10]]


@pytest.mark.parametrize(
    "document",
    [
        "mutation { a: signOut { __typename } b: signOut { __typename } }",
        "mutation { ...both } fragment both on Mutation { a: signOut { __typename } b: signOut { __typename } }",
        "mutation { ... on Mutation { signOut { __typename } } }",
    ],
    ids=["aliases", "fragment", "inline fragment"],
)
async def test_one_request_changes_one_thing(document: str, context: Context) -> None:
    """Three hundred aliases of signIn would be three hundred guesses; none of them is run."""
    outcome = await run(Operations(build_schema()), asked(document), context)

    assert isinstance(outcome, Rejected)
    assert [error.extensions for error in outcome.errors] == [{"code": "ONE_MUTATION_PER_REQUEST"}]
    assert not context.reply.clears_cookie


@strawberry.type(name="Query")
class Answers:
    """A root for reading."""

    answer: str = strawberry.field(default="42", directives=[EVERYONE])


@strawberry.type(name="Subscription")
class News:
    """A root for subscriptions, of which one has no source of events."""

    news: str = strawberry.field(default="none", directives=[EVERYONE])


async def test_a_subscription_without_events_is_told_why(context: Context) -> None:
    """A defect of the schema: nothing has begun, and the client hears of it."""
    operations = Operations(strawberry.Schema(Answers, subscription=News))

    outcome = await operations.events(prepared(operations, asked("subscription { news }"), context), context)

    assert isinstance(outcome, Executed)
    assert (outcome.data, [error.path for error in outcome.errors]) == (None, [["news"]])
