"""Entry points for following."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

import strawberry

from gateway.schema.context import Info
from gateway.schema.directives import EVERYONE
from gateway.schema.sources import SourceStatus


@strawberry.type(description="Entry points for following.")
class Subscription:
    """Root fields; each is a stream of events, and each event is answered like a query of its own."""

    @strawberry.subscription(
        description="Changes in the health of a source, from the beginning of the subscription on.",
        directives=[EVERYONE],
    )
    async def source_status_changed(self, info: Info) -> AsyncGenerator[SourceStatus, None]:
        async with aclosing(info.context.parts.watch.changes()) as changes:
            async for judged in changes:
                yield SourceStatus(judged=judged)
