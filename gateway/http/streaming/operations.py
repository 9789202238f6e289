"""The operations of one WebSocket, each a task of its own under the id that the client gave it."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from types import TracebackType
from typing import Any

import structlog
from starlette.websockets import WebSocketDisconnect

from gateway.http.asking import asked_in
from gateway.http.authentication import Shown
from gateway.http.exchange import Answer, answered
from gateway.http.refusals import RequestRefusedError
from gateway.http.streaming import frames
from gateway.http.streaming.ending import Ending, StalledError
from gateway.http.streaming.frames import Close, SocketClosedError, Subscribe
from gateway.http.streaming.stream import Stream, Streams, Transport, Visit
from gateway.schema.context import Context
from gateway.schema.documents import Asked
from gateway.schema.operations import Prepared
from gateway.schema.reading import Rejected

log = structlog.get_logger()

Say = Callable[[str], Awaitable[None]]


class SocketOperations:
    """What runs for a socket; all of it ends with the block. `ending` is why, as far as streams are concerned."""

    def __init__(self, streams: Streams, visit: Visit, shown: Shown | None, say: Say) -> None:
        self.ending = Ending.GONE
        self._streams = streams
        self._visit = visit
        self._shown = shown
        self._say = say
        self._running: dict[str, asyncio.Task[None]] = {}

    async def __aenter__(self) -> "SocketOperations":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        if kind is StalledError:
            self.ending = Ending.STALLED
        await asyncio.gather(*map(self.end, list(self._running)))

    async def begin(self, asked: Subscribe) -> None:
        """Starts an operation, or tells it why not. Raises SocketClosedError for an id that is in use."""
        if asked.id in self._running:
            raise SocketClosedError(Close.SUBSCRIBER_EXISTS, "an operation with this id is running")
        most = self._streams.allowances.operations_per_socket
        if len(self._running) >= most:
            refusal = RequestRefusedError(429, "TOO_MANY_OPERATIONS", f"at most {most} operations run on one socket")
            await self._refuse(asked.id, refusal, request_id=secrets.token_hex(8))
            return
        task = asyncio.create_task(self._serve(asked))
        self._running[asked.id] = task
        task.add_done_callback(lambda _: self._running.pop(asked.id))

    async def end(self, name: str) -> None:
        """Ends an operation that nobody listens to any more; one that is over needs no end."""
        if task := self._running.get(name):
            task.cancel()
            await asyncio.wait([task])

    async def _serve(self, asked: Subscribe) -> None:
        request_id = secrets.token_hex(8)
        try:
            await self._run(asked.id, asked_in(asked.payload), request_id)
        except RequestRefusedError as refusal:
            await self._refuse(asked.id, refusal, request_id=request_id)
        except (StalledError, WebSocketDisconnect):
            return  # the socket is on its way to the same end
        except Exception:  # the one place where a defect of ours becomes an answer
            log.exception("request.crashed", request_id=request_id)
            defect = RequestRefusedError(500, "INTERNAL", "something went wrong on our side")
            await self._refuse(asked.id, defect, request_id=request_id)

    async def _run(self, name: str, asked: Asked, request_id: str) -> None:
        context = await self._context(request_id)
        try:
            prepared = await self._prepared(asked, context)
            if not isinstance(prepared, Rejected) and not prepared.is_subscription:
                await self._answer(name, await self._streams.exchange.answer(prepared, context))
                return
        finally:
            await context.tasks.cancel()
        if isinstance(prepared, Rejected):
            await self._say(frames.error_of(name, answered(prepared, context).errors))
            return
        with self._streams.open(prepared, self._visit, over=Transport.WEBSOCKET) as stream:
            await self._follow(name, stream)

    async def _context(self, request_id: str) -> Context:
        """As for a request: what a client asks for on a socket is use of its session."""
        reception = self._streams.reception
        standing = await reception.recognise(self._shown)
        if standing.session is None and self._visit.standing.session is not None:
            raise RequestRefusedError(401, "SESSION_ENDED", "the session has ended; sign in again")
        return reception.context(self._visit.connection, standing, request_id=request_id)

    async def _prepared(self, asked: Asked, context: Context) -> Prepared | Rejected:
        prepared = await self._streams.exchange.prepare(asked, context)
        if isinstance(prepared, Prepared) and prepared.document.takes_credential:
            raise RequestRefusedError(400, "CREDENTIAL_ON_SOCKET", "send secrets by POST")
        return prepared

    async def _answer(self, name: str, answer: Answer) -> None:
        if answer.started:
            await self._say(frames.next_of(name, answer.encoded))
            await self._say(frames.complete_of(name))
        else:
            await self._say(frames.error_of(name, answer.errors))

    async def _follow(self, name: str, stream: Stream) -> None:
        try:
            async with aclosing(stream.answers()) as answers:
                async for answer in answers:
                    if not answer.started:
                        stream.ending = Ending.FAILED
                        await self._say(frames.error_of(name, answer.errors))
                        return
                    await self._say(frames.next_of(name, answer.encoded))
            stream.ending = Ending.COMPLETED
            await self._say(frames.complete_of(name))
        except StalledError:
            stream.ending = Ending.STALLED
            raise
        except asyncio.CancelledError:
            stream.ending = self.ending
            raise

    async def _refuse(self, name: str, refusal: RequestRefusedError, *, request_id: str) -> None:
        log.info("request.refused", request_id=request_id, code=refusal.code, status=refusal.status)
        told: dict[str, Any] = {"code": refusal.code, "requestId": request_id}
        await self._say(frames.error_of(name, [{"message": str(refusal), "extensions": told}]))
