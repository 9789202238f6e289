"""A schema with sources of events that a test holds in its hand."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field

import strawberry
from strawberry.schema.config import StrawberryConfig

from gateway.ports.store import StoreError
from gateway.schema.context import Info
from gateway.schema.directives import EVERYONE
from gateway.schema.operations import Operations
from gateway.schema.scalars import SCALARS, Secret


def _session(info: Info) -> str | None:
    return info.context.session.id if info.context.session else None


async def _slow() -> int:
    never: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    return await never


def _failing() -> int | None:
    raise StoreError("the database is gone")


def _beside(info: Info) -> int:
    async def endless() -> None:
        await _slow()

    info.context.tasks.start(endless())
    return 1


@strawberry.type
class Tick:
    """An event as it is told: to which session, and fields that come too late, fail, or leave something running."""

    number: int = strawberry.field(directives=[EVERYONE])
    session: str | None = strawberry.field(resolver=_session, directives=[EVERYONE])
    slow: int = strawberry.field(resolver=_slow, directives=[EVERYONE])
    failing: int | None = strawberry.field(resolver=_failing, directives=[EVERYONE])
    beside: int = strawberry.field(resolver=_beside, directives=[EVERYONE])


@dataclass(slots=True)
class Feed:
    """Events in the order in which they are pushed; `listeners` is how many there are now."""

    events: "asyncio.Queue[int | None]" = field(default_factory=asyncio.Queue)
    listeners: int = 0
    taken: int = 0
    sources: list[AsyncGenerator[Tick, None]] = field(default_factory=list)

    def push(self, *numbers: int | None) -> None:
        """Lets these happen; None is the end."""
        for number in numbers:
            self.events.put_nowait(number)

    async def listen(self) -> AsyncGenerator[Tick, None]:
        """The events until the end."""
        self.listeners += 1
        try:
            while (number := await self.events.get()) is not None:
                self.taken += 1
                yield Tick(number=number)
        finally:
            self.listeners -= 1


def _hello(name: str = "you") -> str:
    return f"hello {name}"


@strawberry.type
class Query:
    """What can be asked."""

    hello: str = strawberry.field(resolver=_hello, directives=[EVERYONE])
    beside: int = strawberry.field(resolver=_beside, directives=[EVERYONE])


def _unlock(secret: Secret) -> bool:
    raise AssertionError("no secret comes this way")


def _poke() -> str:
    return "ouch"


@strawberry.type
class Mutation:
    """What can be done; `unlock` takes a credential."""

    unlock: bool = strawberry.mutation(resolver=_unlock, directives=[EVERYONE])
    poke: str = strawberry.mutation(resolver=_poke, directives=[EVERYONE])


async def _until(last: int) -> AsyncGenerator[Tick, None]:
    for number in range(1, last + 1):
        yield Tick(number=number)


async def _forgetful() -> AsyncGenerator[Tick, None]:
    yield Tick(number=1)
    raise StoreError("the database is gone")


async def _broken() -> AsyncGenerator[Tick, None]:
    for divisor in (0,):
        yield Tick(number=1 // divisor)


def operations(feed: Feed) -> Operations:
    """An executor over a schema in which `ticks` listens to `feed`."""

    async def listen(info: Info) -> AsyncGenerator[Tick, None]:
        _beside(info)
        async with aclosing(feed.listen()) as events:
            async for event in events:
                yield event

    def ticks(info: Info) -> AsyncGenerator[Tick, None]:
        # Kept, lest one that nobody closes be closed when it is collected.
        feed.sources.append(listen(info))
        return feed.sources[-1]

    @strawberry.type
    class Subscription:
        """What can be followed: as long as the test likes, to a number, until our memory goes, until a defect."""

        ticks_: AsyncGenerator[Tick, None] = strawberry.subscription(
            name="ticks", resolver=ticks, directives=[EVERYONE]
        )
        until: AsyncGenerator[Tick, None] = strawberry.subscription(resolver=_until, directives=[EVERYONE])
        forgetful: AsyncGenerator[Tick, None] = strawberry.subscription(resolver=_forgetful, directives=[EVERYONE])
        broken: AsyncGenerator[Tick, None] = strawberry.subscription(resolver=_broken, directives=[EVERYONE])

    config = StrawberryConfig(scalar_map=SCALARS, disable_field_suggestions=True)
    return Operations(strawberry.Schema(Query, Mutation, Subscription, config=config))
