"""One WebSocket that speaks `graphql-transport-ws`, from its first message to its last.

What is wrong with one operation is told to that operation; what is wrong with a message closes the socket.
"""

import asyncio
from dataclasses import dataclass
from typing import NoReturn

from starlette.websockets import WebSocket, WebSocketDisconnect

from gateway.http.authentication import Shown, bearer_of, two_credentials
from gateway.http.reception import Standing
from gateway.http.refusals import RequestRefusedError
from gateway.http.streaming import frames
from gateway.http.streaming.allowances import user_of
from gateway.http.streaming.ending import NOTICES, Ending, StalledError, first_of
from gateway.http.streaming.frames import SUBPROTOCOL, Close, Complete, Frame, Init, Ping, SocketClosedError, Subscribe
from gateway.http.streaming.operations import SocketOperations
from gateway.http.streaming.stream import Streams

CODES = {
    Ending.SESSION_ENDED: Close.UNAUTHORIZED,
    Ending.RENEWED: Close.FORBIDDEN,
    Ending.VIEW_CHANGED: Close.FORBIDDEN,
    Ending.UNCHECKED: Close.TRY_AGAIN,
    Ending.DRAINED: Close.RESTART,
}
"""How a socket is closed from our side, so that those clients come back by themselves that should, and no others."""

_REFUSALS = {400: Close.BAD_REQUEST, 401: Close.UNAUTHORIZED, 429: Close.TOO_MANY, 503: Close.TRY_AGAIN}


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who is there, by the token shown so far."""

    shown: Shown | None
    standing: Standing


class Conversation:
    """What is said on one socket."""

    def __init__(self, websocket: WebSocket, streams: Streams) -> None:
        self._websocket = websocket
        self._streams = streams
        self._stalled = asyncio.Event()

    async def run(self, arrival: Arrival, *, init_seconds: float) -> None:
        """Serves until either side ends it; then nothing of it is left."""
        figures = self._streams.metrics.streams
        with figures.sockets.track_inprogress():
            closed = await self._served(arrival, init_seconds)
        figures.sockets_closed.labels(closed).inc()

    async def _served(self, arrival: Arrival, init_seconds: float) -> str:
        """How the socket was closed: with which code of ours, by the client, or because nobody read."""
        try:
            await self._websocket.accept(subprotocol=SUBPROTOCOL)
            await self._converse(arrival, init_seconds)
        except SocketClosedError as closed:
            return await self._close(closed)
        except RequestRefusedError as refusal:
            return await self._close(SocketClosedError(_REFUSALS[refusal.status], f"{refusal.code}: {refusal}"))
        except WebSocketDisconnect:
            return "client"
        except StalledError:
            return "stalled"

    async def _close(self, closed: SocketClosedError) -> str:
        try:
            async with asyncio.timeout(self._streams.write_seconds):
                await self._websocket.close(closed.code, closed.reason)
        except (TimeoutError, WebSocketDisconnect):
            return "stalled"
        return str(closed.code.value)

    async def _converse(self, arrival: Arrival, init_seconds: float) -> NoReturn:
        arrival = await self._introduced(arrival, init_seconds)
        with self._streams.allowances.sockets_of_user.one(user_of(arrival.standing.session)):
            async with self._streams.visit(self._websocket, arrival.shown, arrival.standing) as visit:
                await self._say(frames.acknowledged())
                async with SocketOperations(self._streams, visit, arrival.shown, self._say) as operations:
                    operations.ending = await first_of(self._listen(operations), visit.over(), self._until_stalled())
        notice = NOTICES[operations.ending]
        raise SocketClosedError(CODES[operations.ending], f"{notice.code}: {notice.message}")

    async def _introduced(self, arrival: Arrival, seconds: float) -> Arrival:
        """Who is there, after the message by which clients without headers show their token."""
        try:
            async with asyncio.timeout(seconds):
                init = await self._init()
        except TimeoutError:
            raise SocketClosedError(Close.INITIALISATION_TIMEOUT, f"no connection_init within {seconds:g} s") from None
        header = next((value for key, value in init.payload.items() if key.lower() == "authorization"), None)
        if header is None:
            return arrival
        if arrival.shown is not None:
            raise two_credentials()
        shown = bearer_of(header if isinstance(header, str) else "")
        return Arrival(shown, await self._streams.reception.recognise(shown))

    async def _init(self) -> Init:
        while True:
            match await self._heard():
                case Init() as init:
                    return init
                case Ping(payload):
                    await self._say(frames.pong(payload))
                case Subscribe():
                    raise SocketClosedError(Close.UNAUTHORIZED, "connection_init comes first")
                case _:
                    pass

    async def _listen(self, operations: SocketOperations) -> NoReturn:
        while True:
            match await self._heard():
                case Init():
                    raise SocketClosedError(Close.TOO_MANY, "connection_init comes once")
                case Ping(payload):
                    await self._say(frames.pong(payload))
                case Subscribe() as asked:
                    await operations.begin(asked)
                case Complete(name):
                    await operations.end(name)
                case _:
                    pass

    async def _heard(self) -> Frame:
        message = await self._websocket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message["code"])
        text = message.get("text")
        if text is None:
            raise SocketClosedError(Close.BAD_REQUEST, "messages are text")
        return frames.read(text)

    async def _say(self, text: str) -> None:
        try:
            async with asyncio.timeout(self._streams.write_seconds):
                await self._websocket.send_text(text)
        except TimeoutError:
            self._stalled.set()
            raise StalledError from None

    async def _until_stalled(self) -> NoReturn:
        await self._stalled.wait()
        raise StalledError
