"""The door for WebSockets: who may come in, and with which protocol."""

from contextlib import ExitStack
from dataclasses import dataclass

from starlette.websockets import WebSocket

from gateway.http.authentication import shown_by_socket
from gateway.http.refusals import RequestRefusedError, refused
from gateway.http.streaming.conversation import Arrival, Conversation
from gateway.http.streaming.frames import SUBPROTOCOL, Close
from gateway.http.streaming.stream import Streams


@dataclass(frozen=True, slots=True)
class SocketDoor:
    """The endpoint. `init_seconds` is how long a client may take to say that it is there."""

    streams: Streams
    init_seconds: float = 5.0

    async def __call__(self, websocket: WebSocket) -> None:
        """Serves one socket. Whoever may not come in is told by a status, before there is a socket."""
        with ExitStack() as places:
            try:
                arrival = await self._arrive(websocket, places)
            except RequestRefusedError as refusal:
                await websocket.send_denial_response(refused(refusal))
                return
            if SUBPROTOCOL in websocket.scope["subprotocols"]:
                await Conversation(websocket, self.streams).run(arrival, init_seconds=self.init_seconds)
            else:
                await _turn_away(websocket)

    async def _arrive(self, websocket: WebSocket, places: ExitStack) -> Arrival:
        reception, allowances = self.streams.reception, self.streams.allowances
        reception.check_origin(websocket)
        places.enter_context(allowances.sockets.one("all"))
        places.enter_context(allowances.sockets_of_address.one(reception.sources.of(websocket).address))
        shown = shown_by_socket(websocket)
        return Arrival(shown, await reception.recognise(shown))


async def _turn_away(websocket: WebSocket) -> None:
    """Refuses another subprotocol than ours with the code that its clients know.

    They see no status, only a handshake that failed, and would try again and again. So the socket is opened, and as
    what they offered: a browser drops one that takes up none of its offers, and hides the code.
    """
    offered = websocket.scope["subprotocols"]
    await websocket.accept(subprotocol=offered[0] if offered else None)
    await websocket.close(Close.SUBPROTOCOL_NOT_ACCEPTABLE, f"the subprotocol is {SUBPROTOCOL}")
