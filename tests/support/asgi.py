"""One request to an ASGI application, message by message, for what no client library can send or see."""

import asyncio
from collections.abc import Iterator, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.types import ASGIApp

Message = MutableMapping[str, Any]


@dataclass(slots=True)
class Exchange:
    """What a server hands to the application, and all that the application sends.

    `disconnects_after` is how many messages the client takes before it goes away; None: it stays.
    """

    received: Sequence[Message] = ()
    disconnects_after: int | None = None
    sent: list[Message] = field(default_factory=list)
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    _waiting: Iterator[Message] = field(init=False)

    async def run(
        self, app: ASGIApp, path: str, *, method: str = "GET", headers: Sequence[tuple[str, str]] = ()
    ) -> None:
        """Serves one request. Raises what the application raises."""
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": method,
            "scheme": "https",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "root_path": "",
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers],
            "client": ("127.0.0.1", 1),
            "server": ("account.example.org", 443),
        }
        self._waiting = iter(self.received)
        await app(scope, self._receive, self._send)

    @property
    def status(self) -> int:
        """Status of the answer."""
        return int(self.sent[0]["status"])

    @property
    def body(self) -> bytes:
        """What came of the body."""
        return b"".join(message.get("body", b"") for message in self.sent[1:])

    @property
    def is_complete(self) -> bool:
        """Whether the application said that this was all."""
        return bool(self.sent) and not self.sent[-1].get("more_body", self.sent[-1]["type"] == "http.response.start")

    async def _receive(self) -> Message:
        for message in self._waiting:
            return message
        if self.disconnects_after is None or len(self.sent) < self.disconnects_after:
            await self.gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        self.sent.append(message)
        if self.disconnects_after is not None and len(self.sent) >= self.disconnects_after:
            self.gone.set()
        await asyncio.sleep(0)
