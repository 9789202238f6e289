"""One HTTP request and one HTTP answer as plain values, and the ASGI plumbing that reads and writes them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send


@dataclass(frozen=True, slots=True)
class Incoming:
    """A request whose body has been read to its end."""

    method: str
    path: str
    headers: Headers
    body: bytes


@dataclass(frozen=True, slots=True)
class Operation:
    """What a request asks for, and for how many keys."""

    name: str
    keys: int = 0


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""

    @classmethod
    def of(cls, content_type: str, body: bytes, *, status: int = 200) -> "Reply":
        """An answer with this content type and nothing else in its head."""
        return cls(status, ((b"content-type", content_type.encode("ascii")),), body)

    def header(self, name: bytes) -> bytes | None:
        """The value of the header `name` (in lower case); None when there is none."""
        return next((value for key, value in self.headers if key.lower() == name), None)

    def with_headers(self, changed: Iterable[tuple[bytes, bytes]]) -> "Reply":
        """The same answer with these headers set, in lower case."""
        new = dict(changed)
        kept = tuple((key, value) for key, value in self.headers if key.lower() not in new)
        return replace(self, headers=kept + tuple(new.items()))

    def measured(self) -> "Reply":
        """The same answer announcing the length of its body; a 304 announces none."""
        if self.status == 304:
            return self
        return self.with_headers([(b"content-length", str(len(self.body)).encode("ascii"))])


async def read_incoming(scope: Scope, receive: Receive) -> Incoming:
    """The request, body included; `starlette.requests.ClientDisconnect` if the client leaves too early."""
    body = await Request(scope, receive).body()
    return Incoming(scope["method"], scope["path"], Headers(scope=scope), body)


def replaying(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives `body` once, then whatever the connection says."""
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


@dataclass(frozen=True, slots=True)
class Connection:
    """The ASGI ends of one request: `receive` tells only whether the client left, the body is in `body`."""

    scope: Scope
    body: bytes
    receive: Receive
    send: Send

    async def handled_by(self, app: ASGIApp) -> None:
        """Let `app` answer the client itself."""
        await app(self.scope, replaying(self.body, self.receive), self.send)

    async def answer_of(self, app: ASGIApp) -> Reply:
        """The whole answer of `app`, nothing sent."""
        start: Message = {}
        parts: list[bytes] = []

        async def keep(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                parts.append(message.get("body", b""))

        await app(self.scope, replaying(self.body, self.receive), keep)
        headers = tuple((bytes(key), bytes(value)) for key, value in start["headers"])
        return Reply(start["status"], headers, b"".join(parts))

    async def client_left(self) -> None:
        """Return when the client has closed the connection: after the body, nothing else can be received."""
        await self.receive()

    async def send_head(self, reply: Reply) -> None:
        """Send status and headers."""
        headers = list(reply.headers)
        await self.send({"type": "http.response.start", "status": reply.status, "headers": headers})

    async def send_part(self, body: bytes) -> None:
        """Send bytes of the body; more must follow."""
        await self.send({"type": "http.response.body", "body": body, "more_body": True})

    async def send_end(self, body: bytes = b"") -> None:
        """Send the last bytes of the body."""
        await self.send({"type": "http.response.body", "body": body, "more_body": False})

    async def send_reply(self, reply: Reply) -> None:
        """Send all of `reply` with its true length."""
        whole = reply.measured()
        await self.send_head(whole)
        await self.send_end(whole.body)
