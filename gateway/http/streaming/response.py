"""A stream as the answer to a request over HTTP, from its head to its last byte."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import TypeVar

from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from gateway.http.authentication import shown_by
from gateway.http.exchange import Answer
from gateway.http.reception import Standing
from gateway.http.refusals import HEADERS, RequestRefusedError, refused
from gateway.http.streaming.ending import NOTICES, Ending, StalledError, first_of
from gateway.http.streaming.framing import Framing
from gateway.http.streaming.stream import Stream, Streams
from gateway.schema.operations import Prepared

T = TypeVar("T")


class StreamedResponse(Response):
    """The answers to a subscription, or a refusal if there is no room for it."""

    def __init__(self, streams: Streams, prepared: Prepared, *, standing: Standing, framing: Framing) -> None:
        super().__init__()
        self._streams = streams
        self._prepared = prepared
        self._standing = standing
        self._framing = framing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves until either side ends it."""
        connection = HTTPConnection(scope)
        try:
            async with self._streams.visit(connection, shown_by(connection), self._standing) as visit:
                with self._streams.open(self._prepared, visit, over=self._framing.transport) as stream:
                    await _Serving(stream, self._framing, send, self._streams.write_seconds).run(receive)
        except RequestRefusedError as refusal:
            await refused(refusal)(scope, receive, send)


def whole(answer: Answer, framing: Framing) -> Response:
    """One answer and the end, for a query or a mutation that is asked for as a stream."""
    content = framing.opening + framing.answer(answer.encoded) + framing.closing
    return Response(content, headers=_headers(framing))


@dataclass(frozen=True, slots=True)
class _Serving:
    """A stream that is sent."""

    stream: Stream
    framing: Framing
    send: Send
    write_seconds: float

    async def run(self, receive: Receive) -> None:
        try:
            await self._start()
            ending = await first_of(self._pump(), self.stream.visit.over(), _gone(receive))
            if ending is not Ending.GONE:
                notice = NOTICES.get(ending)
                await self._write(self.framing.farewell(notice) if notice else self.framing.closing, more=False)
        except StalledError:
            ending = Ending.STALLED
        self.stream.ending = ending

    async def _start(self) -> None:
        headers = [(name.lower().encode(), value.encode()) for name, value in _headers(self.framing).items()]
        await self._send({"type": "http.response.start", "status": 200, "headers": headers})
        await self._write(self.framing.opening)

    async def _pump(self) -> Ending:
        ending = Ending.COMPLETED
        async with (
            aclosing(self.stream.answers()) as answers,
            aclosing(with_pauses(answers, seconds=self.framing.heartbeat_seconds)) as paced,
        ):
            async for answer in paced:
                if answer is None:
                    await self._write(self.framing.heartbeat)
                else:
                    await self._write(self.framing.answer(answer.encoded))
                    ending = Ending.COMPLETED if answer.started else Ending.FAILED
        return ending

    async def _write(self, content: bytes, *, more: bool = True) -> None:
        await self._send({"type": "http.response.body", "body": content, "more_body": more})

    async def _send(self, message: Message) -> None:
        try:
            async with asyncio.timeout(self.write_seconds):
                await self.send(message)
        except TimeoutError:
            raise StalledError from None


async def with_pauses(answers: AsyncGenerator[T, None], *, seconds: float) -> AsyncGenerator[T | None, None]:
    """`answers`, and None each time that none has come for so long."""
    upcoming: asyncio.Task[T | None] | None = None
    try:
        while True:
            upcoming = upcoming or asyncio.create_task(_next(answers))
            done, _ = await asyncio.wait([upcoming], timeout=seconds)
            if not done:
                yield None
                continue
            answer, upcoming = upcoming.result(), None
            if answer is None:
                return
            yield answer
    finally:
        if upcoming is not None:
            upcoming.cancel()
            await asyncio.wait([upcoming])


async def _next(answers: AsyncGenerator[T, None]) -> T | None:
    return await anext(answers, None)


async def _gone(receive: Receive) -> Ending:
    while (await receive())["type"] != "http.disconnect":
        pass
    return Ending.GONE


def _headers(framing: Framing) -> dict[str, str]:
    # A proxy that collects an answer before it passes it on would keep the events back.
    return HEADERS | {"Content-Type": framing.content_type, "X-Accel-Buffering": "no"}
