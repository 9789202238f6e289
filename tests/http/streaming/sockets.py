"""A client of `graphql-transport-ws` in this process, message by message, for what no client library would send."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from starlette.types import ASGIApp, Message

from gateway.http.streaming.frames import SUBPROTOCOL

WAIT_SECONDS = 5.0


@dataclass(slots=True)
class Socket:
    """One end of a WebSocket. `is_stuck` lets nothing that is sent to it arrive; `is_lost` has it fail."""

    incoming: "asyncio.Queue[Message]" = field(default_factory=asyncio.Queue)
    outgoing: "asyncio.Queue[Message]" = field(default_factory=asyncio.Queue)
    is_stuck: bool = False
    is_lost: bool = False

    async def take(self) -> Message:
        """The next message of the server, as ASGI has it."""
        async with asyncio.timeout(WAIT_SECONDS):
            return await self.outgoing.get()

    async def hear(self) -> Any:
        """The next message of the protocol."""
        message = await self.take()
        assert message["type"] == "websocket.send", message
        return json.loads(message["text"])

    async def closed(self) -> tuple[int, str]:
        """Code and reason of the close, which comes next."""
        message = await self.take()
        assert message["type"] == "websocket.close", message
        return message["code"], message["reason"]

    def say(self, message: object) -> None:
        """Sends a message of the protocol."""
        self.say_text(json.dumps(message))

    def say_text(self, text: str) -> None:
        """Sends any text."""
        self.incoming.put_nowait({"type": "websocket.receive", "text": text})

    def say_bytes(self, content: bytes) -> None:
        """Sends a binary message."""
        self.incoming.put_nowait({"type": "websocket.receive", "bytes": content})

    def leave(self) -> None:
        """Goes away without a word."""
        self.incoming.put_nowait({"type": "websocket.disconnect", "code": 1006})

    async def greet(self, payload: object = None) -> None:
        """Is accepted, and begins as every client does."""
        assert (await self.take())["type"] == "websocket.accept"
        self.say({"type": "connection_init"} | ({} if payload is None else {"payload": payload}))
        assert await self.hear() == {"type": "connection_ack"}

    def subscribe(self, name: str, query: str, **more: object) -> None:
        """Asks for an operation."""
        self.say({"id": name, "type": "subscribe", "payload": {"query": query, **more}})

    async def numbers(self, name: str, count: int) -> list[int]:
        """The numbers that the next so many messages tell, all of that operation."""
        heard = [await self.hear() for _ in range(count)]
        assert [(one["id"], one["type"]) for one in heard] == [(name, "next")] * count, heard
        return [next(iter(one["payload"]["data"].values()))["number"] for one in heard]

    async def _receive(self) -> Message:
        return await self.incoming.get()

    async def _send(self, message: Message) -> None:
        if self.is_lost:
            raise ConnectionResetError
        if self.is_stuck:
            await asyncio.get_running_loop().create_future()
        await self.outgoing.put(message)


@asynccontextmanager
async def opened(
    app: ASGIApp, *headers: tuple[str, str], subprotocols: Sequence[str] = (SUBPROTOCOL,), address: str = "192.0.2.1"
) -> AsyncIterator[Socket]:
    """A socket that asks to be opened; afterwards the application has come to its end, by itself or because it left."""
    socket = Socket()
    socket.incoming.put_nowait({"type": "websocket.connect"})
    scope = {
        "type": "websocket",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "scheme": "wss",
        "path": "/graphql",
        "raw_path": b"/graphql",
        "query_string": b"",
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers],
        "client": (address, 1),
        "server": ("account.example.org", 443),
        "subprotocols": list(subprotocols),
        "extensions": {"websocket.http.response": {}},
    }
    serving = asyncio.ensure_future(_served(app, scope, socket))
    try:
        yield socket
    finally:
        socket.leave()
        async with asyncio.timeout(WAIT_SECONDS):
            await serving


async def _served(app: ASGIApp, scope: dict[str, Any], socket: Socket) -> None:
    await app(scope, socket._receive, socket._send)  # noqa: SLF001 - its other half


async def refused(app: ASGIApp, *headers: tuple[str, str], address: str = "192.0.2.1") -> tuple[int, str]:
    """Status and code with which a handshake is answered."""
    async with opened(app, *headers, address=address) as socket:
        start, body = await socket.take(), await socket.take()
        assert (start["type"], body["type"]) == ("websocket.http.response.start", "websocket.http.response.body")
        return start["status"], json.loads(body["body"])["errors"][0]["extensions"]["code"]
