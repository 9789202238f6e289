"""A subscription to the health of the systems: begun, followed and answered without a transport."""

import asyncio
from collections.abc import AsyncGenerator
from typing import TypeAlias

import pytest

from gateway.auth.knocking import Source
from gateway.auth.visitor import Visitor
from gateway.domain.access import Channel, Role, Session
from gateway.domain.source import SourceSystem
from gateway.ports.deadline import Deadline
from gateway.ports.errors import Call, UpstreamUnavailableError
from gateway.schema.build import build_schema
from gateway.schema.context import Context
from gateway.schema.documents import Asked
from gateway.schema.loaders import Loaders
from gateway.schema.loading import Tasks
from gateway.schema.operations import Executed, Operations, Prepared
from gateway.schema.reading import Rejected
from gateway.schema.sources import SourceStatus
from gateway.schema.wording import Language, wording_for
from tests.support.doors import Doors, opened_session

FOLLOW = "subscription { sourceStatusChanged { system label health since statement } }"
FIGURES = "subscription { sourceStatusChanged { health errorRate p95Milliseconds } }"

Events: TypeAlias = AsyncGenerator[object, None]


@pytest.fixture(scope="module")
def operations() -> Operations:
    """An executor over the schema."""
    return Operations(build_schema())


def context(doors: Doors, session: Session | None = None, *, language: Language = Language.FRENCH) -> Context:
    """The context of a stranger's operation, or of one in a session."""
    deadline, tasks = Deadline.after(8), Tasks()
    return Context(
        request_id="0123456789abcdef",
        now=doors.clock.now,
        clock=doors.clock,
        deadline=deadline,
        wording=wording_for(language),
        session=session,
        parts=doors.parts,
        loaders=Loaders(doors.ports, doors.parts.watch, deadline=deadline, tasks=tasks),
        tasks=tasks,
        visitor=Visitor(Source("192.0.2.7", "192.0.2.0/24")),
    )


def prepared(operations: Operations, document: str, context: Context) -> Prepared | Rejected:
    """The subscription, if whoever asks may have it."""
    asked = Asked(document, None, {})
    return operations.prepare(asked, context.view, is_stranger=context.session is None)


async def follow(operations: Operations, document: str, context: Context) -> tuple[Prepared, Events]:
    """A subscription that has begun, and its events."""
    found = prepared(operations, document, context)
    assert isinstance(found, Prepared)
    assert found.is_subscription
    begun = await operations.events(found, context)
    assert not isinstance(begun, Executed)
    return found, begun


async def break_directory(doors: Doors, *, times: int) -> None:
    """The directory does not answer: somebody asks for the offices so many times."""
    doors.landlord.failing["offices"] = UpstreamUnavailableError(Call(SourceSystem.DIRECTORY, "offices"))
    for _ in range(times):
        await doors.ask("{ offices { name } }", token=None)


async def coming(events: Events) -> "asyncio.Task[object]":
    """The next event, waited for from now on."""
    task = asyncio.ensure_future(anext(events))
    for _ in range(5):
        await asyncio.sleep(0)
    assert not task.done()
    return task


async def test_a_stranger_follows_the_health_of_the_systems(operations: Operations, doors: Doors) -> None:
    """Nothing is told at the beginning; then each change once, in the words of whoever it is told to."""
    subscription, events = await follow(operations, FOLLOW, context(doors))

    event = await coming(events)
    doors.clock.forward(seconds=20)
    await break_directory(doors, times=1)
    degraded = await operations.run(subscription, context(doors), event=await event)
    event = await coming(events)
    await break_directory(doors, times=2)
    down = await operations.run(subscription, context(doors, language=Language.ENGLISH), event=await event)
    await events.aclose()

    since = {"since": "2026-03-17T09:30:20+00:00", "system": "DIRECTORY"}
    assert [one.errors for one in (degraded, down)] == [(), ()]
    assert degraded.data == {
        "sourceStatusChanged": since
        | {
            "label": "Annuaire du bailleur",
            "health": "DEGRADED",
            "statement": "Ce service répond avec des difficultés ; certaines informations peuvent manquer.",
        }
    }
    assert down.data == {
        "sourceStatusChanged": since
        | {
            "label": "Landlord's directory",
            "health": "DOWN",
            "statement": "This service does not answer at the moment.",
        }
    }


async def test_figures_of_a_change_are_for_operators(operations: Operations, doors: Doors) -> None:
    """IT reads how often the calls fail; for a tenant those fields do not exist."""
    operator = opened_session("s-1", role=Role.OPERATOR, channel=Channel.DESK, staff_name="Sam Fournier")
    subscription, events = await follow(operations, FIGURES, context(doors, operator))

    event = await coming(events)
    await break_directory(doors, times=1)
    told = await operations.run(subscription, context(doors, operator), event=await event)
    await events.aclose()
    refused = prepared(operations, FIGURES, context(doors))

    assert told.data is not None
    changed = told.data["sourceStatusChanged"]
    assert (changed["health"], changed["errorRate"], changed["p95Milliseconds"]) == ("DEGRADED", 1.0, 0)
    assert isinstance(refused, Rejected)
    assert [error.message for error in refused.errors] == [
        "Cannot query field 'errorRate' on type 'SourceStatus'.",
        "Cannot query field 'p95Milliseconds' on type 'SourceStatus'.",
    ]


async def test_one_who_stops_following_harms_nobody(operations: Operations, doors: Doors) -> None:
    """The other is told on; the one who left is not."""
    _, leaving = await follow(operations, FOLLOW, context(doors))
    _, staying = await follow(operations, FOLLOW, context(doors))
    left, event = await coming(leaving), await coming(staying)

    left.cancel()
    await asyncio.wait([left])
    await leaving.aclose()
    await break_directory(doors, times=1)

    assert isinstance(await event, SourceStatus)
    assert [one async for one in leaving] == []
    await staying.aclose()
