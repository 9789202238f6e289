"""One subscription as a sequence of answers, the same on every transport.

Its events are taken one at a time, each when the answer to the one before is out: a client that reads slowly makes the
source wait, and the source decides what to forget.
"""

import asyncio
import secrets
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from enum import StrEnum

from starlette.requests import HTTPConnection

from gateway.http.authentication import Shown
from gateway.http.exchange import Answer, Exchange, answered
from gateway.http.reception import Reception, Standing
from gateway.http.refusals import RequestRefusedError
from gateway.http.server.draining import Draining
from gateway.http.streaming.allowances import Allowances, Bounds, user_of
from gateway.http.streaming.ending import WRITE_SECONDS, Ending, first_of
from gateway.http.streaming.watching import Watches
from gateway.schema.context import Context
from gateway.schema.operations import Prepared, broken_off
from gateway.telemetry.metrics import Metrics


class Transport(StrEnum):
    """What streams travel on, as metrics name it."""

    WEBSOCKET = "websocket"
    SSE = "sse"
    MULTIPART = "multipart"


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody on a connection that stays open: what came with it, who that is, and why they may not stay."""

    connection: HTTPConnection
    standing: Standing
    dismissed: "asyncio.Future[Ending]"
    draining: Draining

    async def over(self) -> Ending:
        """Why the visit ends from our side, as soon as it does."""
        return await first_of(self._dismissed(), self._drained())

    async def _dismissed(self) -> Ending:
        return await asyncio.shield(self.dismissed)

    async def _drained(self) -> Ending:
        await self.draining.until_last_call()
        return Ending.DRAINED


@dataclass(slots=True)
class Stream:
    """A subscription that is open; `ending` tells, once it is not, why. `count` is called for each answer."""

    prepared: Prepared
    visit: Visit
    reception: Reception
    exchange: Exchange
    count: Callable[[], None]
    request_id: str = field(default_factory=lambda: secrets.token_hex(8))
    ending: Ending = Ending.GONE

    async def answers(self) -> AsyncGenerator[Answer, None]:
        """An answer to each event. One that has not started is the last, and tells why there are no more.

        Whoever stops listening closes the generator, and with it the source.
        """
        opening = self._context()
        try:
            begun = await self.exchange.begin(self.prepared, opening)
            if isinstance(begun, Answer):
                yield begun
                return
            async with aclosing(begun) as events:
                while (answer := await self._next(events, opening)) is not None:
                    self.count()
                    yield answer
        except RequestRefusedError as refusal:
            yield self._refused(refusal)
        finally:
            # What the source began for itself lasts as long as the source.
            await opening.tasks.cancel()

    async def _next(self, events: AsyncGenerator[object, None], opening: Context) -> Answer | None:
        try:
            event = await anext(events)
        except StopAsyncIteration:
            return None
        except Exception as error:  # noqa: BLE001 - whatever a source raises is told like an error of a resolver
            return answered(broken_off(error), opening)
        context = self._context()
        try:
            return await self.exchange.answer(self.prepared, context, event=event)
        finally:
            await context.tasks.cancel()

    def _context(self) -> Context:
        return self.reception.context(self.visit.connection, self.visit.standing, request_id=self.request_id)

    def _refused(self, refusal: RequestRefusedError) -> Answer:
        told = {"code": refusal.code, "requestId": self.request_id}
        return Answer(False, None, [{"message": str(refusal), "extensions": told}])


@dataclass(frozen=True, slots=True, kw_only=True)
class Streams:
    """Where streams are opened, on any transport. Whoever does not read for `write_seconds` is not written to."""

    reception: Reception
    exchange: Exchange
    watches: Watches
    allowances: Allowances = field(default_factory=lambda: Allowances(Bounds()))
    draining: Draining = field(default_factory=Draining)
    metrics: Metrics = field(default_factory=Metrics)
    write_seconds: float = WRITE_SECONDS

    @asynccontextmanager
    async def visit(self, connection: HTTPConnection, shown: Shown | None, standing: Standing) -> AsyncIterator[Visit]:
        """The visit of whoever showed that token, watched for as long as it lasts."""
        async with self.watches.watching(shown, standing) as dismissed:
            yield Visit(connection, standing, dismissed, self.draining)

    @contextmanager
    def open(self, prepared: Prepared, visit: Visit, *, over: Transport) -> Iterator[Stream]:
        """A stream, counted while it is open. Raises RequestRefusedError (429)."""
        address = self.reception.sources.of(visit.connection).address
        with (
            self.allowances.streams_of_address.one(address),
            self.allowances.streams_of_user.one(user_of(visit.standing.session)),
        ):
            figures = self.metrics.streams
            figures.opened.labels(over).inc()
            with figures.open.labels(over).track_inprogress():
                count = figures.messages.labels(over).inc
                stream = Stream(prepared, visit, self.reception, self.exchange, count)
                try:
                    yield stream
                finally:
                    figures.closed.labels(over, stream.ending).inc()
