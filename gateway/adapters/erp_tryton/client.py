"""Calls to Tryton: a session that is opened when needed, and opened again once when it was forgotten."""

import asyncio
import base64
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from urllib.parse import quote

from gateway.adapters.erp_tryton import wire
from gateway.adapters.erp_tryton.wire import Found, Query, SessionLostError
from gateway.adapters.upstream import Reply, Request, StreamedReply, Upstream, within
from gateway.ports.deadline import Deadline
from gateway.ports.errors import Call, UpstreamUnavailableError

# Tryton takes more; answers of this many keys stay below a megabyte.
KEYS_PER_CALL = 500

_LARGE_BYTES = 256 * 1024

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Credentials:
    """The user that Tryton has for us, who needs to read and no more."""

    user: str
    password: str = field(repr=False)


class TrytonClient:
    """Questions to one database of a Tryton server, answered by their data or by one error of `gateway.ports.errors`.

    `now` is the clock that stamps what was read, aware UTC.
    """

    def __init__(
        self, upstream: Upstream, *, database: str, credentials: Credentials, now: Callable[[], datetime]
    ) -> None:
        self._upstream = upstream
        self._path = f"/{quote(database, safe='')}/rpc/"
        self._credentials = credentials
        self.now = now
        self._session: str | None = None
        self._opening = asyncio.Lock()

    async def ask(self, call: Call, query: Query, *, read: Callable[[Found], T], deadline: Deadline) -> T:
        """What `read` makes of the records found. Raises UpstreamError, also those of `read`.

        `read` runs in a thread when the answer is large: parsing must not hold up other requests.
        """

        async def exchange(session: str) -> T:
            request = self._request(wire.write_query(query), session=session)
            reply = await self._upstream.request(call, request, deadline=deadline)
            return await self._understood(call, reply, read=read, deadline=deadline)

        session = None
        for _ in range(2):
            session = await self._opened(call, forgotten=session, deadline=deadline)
            with suppress(SessionLostError):
                return await exchange(session)
        raise UpstreamUnavailableError(call, "a new session was forgotten at once")

    @asynccontextmanager
    async def stream(self, call: Call, body: bytes, *, deadline: Deadline) -> AsyncIterator[StreamedReply]:
        """The answer to `body` as it comes; a session that is forgotten at this moment is an error."""
        session = await self._opened(call, forgotten=None, deadline=deadline)
        async with self._upstream.stream(call, self._request(body, session=session), deadline=deadline) as reply:
            if reply.status == 401:
                raise UpstreamUnavailableError(call, "the session was forgotten")
            yield reply

    def _request(self, body: bytes, *, session: str | None = None) -> Request:
        headers = {"Content-Type": "application/json"}
        if session is not None:
            headers["Authorization"] = f"Session {session}"
        return Request("POST", self._path, headers=headers, content=body, accepts=frozenset({200, 401}))

    async def _understood(self, call: Call, reply: Reply, *, read: Callable[[Found], T], deadline: Deadline) -> T:
        fetched_at = self.now()

        def understand() -> T:
            return read(wire.read_records(call, reply, fetched_at=fetched_at))

        if len(reply.body) <= _LARGE_BYTES:
            return understand()
        async with within(call, deadline):
            return await asyncio.to_thread(understand)

    async def _opened(self, call: Call, *, forgotten: str | None, deadline: Deadline) -> str:
        """A session other than the `forgotten` one; whoever comes first opens it for all."""
        async with within(call, deadline), self._opening:
            if self._session in {None, forgotten}:
                self._session = await self._open(call, deadline)
            return self._session

    async def _open(self, call: Call, deadline: Deadline) -> str:
        me = self._credentials
        body = wire.write("common.db.login", (me.user, {"password": me.password}, "fr"))
        reply = await self._upstream.request(call, self._request(body), deadline=deadline)
        try:
            user, token, *_ = wire.decoded(call, wire.read(call, reply), of=tuple[int, str, object])
        except SessionLostError as error:
            raise UpstreamUnavailableError(call, "login was answered as a lost session") from error
        return base64.b64encode(f"{me.user}:{user}:{token}".encode()).decode()
