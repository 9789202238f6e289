"""Calls to IMMO-GEST: a session that is opened when needed, and opened again once when it was forgotten."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from gateway.adapters.erp_soap import wire
from gateway.adapters.erp_soap.record import NAMESPACE
from gateway.adapters.erp_soap.wire import Question, SessionLostError, Sheet
from gateway.adapters.upstream import Request, Upstream, within
from gateway.domain.period import paris_date
from gateway.ports.deadline import Deadline
from gateway.ports.errors import Call, UpstreamGarbledError, UpstreamUnavailableError

# The note's limit for one call; more is refused with TROP_DE_CLES.
KEYS_PER_CALL = 200

_PATH = "/immogest/services"
_LARGE_BYTES = 256 * 1024

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Credentials:
    """The account that IMMO-GEST has for us."""

    user: str
    password: str = field(repr=False)


class ErpClient:
    """Questions to IMMO-GEST, answered by their data or by one error of `gateway.ports.errors`.

    `now` is the clock that stamps what was read, aware UTC.
    """

    def __init__(self, upstream: Upstream, *, credentials: Credentials, now: Callable[[], datetime]) -> None:
        self._upstream = upstream
        self._credentials = credentials
        self._now = now
        self._token: str | None = None
        self._opening = asyncio.Lock()

    def today(self) -> date:
        """The Paris date by our own clock."""
        return paris_date(self._now())

    async def ask(self, call: Call, question: Question, *, read: Callable[[Sheet], T], deadline: Deadline) -> T:
        """What `read` makes of the answer to `question`. Raises UpstreamError, also those of `read`.

        `read` runs in a thread when the answer is large: parsing must not hold up other requests.
        """
        token = None
        for _ in range(2):
            token = await self._session(call, forgotten=token, deadline=deadline)
            with suppress(SessionLostError):
                return await self._exchange(call, question.signed_in(token), read=read, deadline=deadline)
        raise UpstreamUnavailableError(call, "a new session was forgotten at once")

    async def _session(self, call: Call, *, forgotten: str | None, deadline: Deadline) -> str:
        """A token other than the `forgotten` one; whoever comes first opens the session for all."""
        async with within(call, deadline), self._opening:
            if self._token in {None, forgotten}:
                self._token = await self._open(call, deadline)
            return self._token

    async def _open(self, call: Call, deadline: Deadline) -> str:
        me = self._credentials
        question = Question("OuvrirSession", (("Utilisateur", me.user), ("MotDePasse", me.password)))
        try:
            return await self._exchange(call, question, read=_token, deadline=deadline)
        except SessionLostError as error:
            raise UpstreamGarbledError(call, "CodeRetour") from error

    async def _exchange(self, call: Call, question: Question, *, read: Callable[[Sheet], T], deadline: Deadline) -> T:
        request = Request(
            "POST",
            _PATH,
            headers={
                "Content-Type": "text/xml; charset=utf-8",
                "SOAPAction": f'"{NAMESPACE}#{question.operation}"',
            },
            content=wire.write(question),
            accepts=frozenset({200, 500}),
        )
        reply = await self._upstream.request(call, request, deadline=deadline)
        fetched_at = self._now()

        def understand() -> T:
            return read(wire.read(call, reply, operation=question.operation, fetched_at=fetched_at))

        if len(reply.body) <= _LARGE_BYTES:
            return understand()
        async with within(call, deadline):
            return await asyncio.to_thread(understand)


def _token(sheet: Sheet) -> str:
    token = sheet.body.code("Jeton")
    if not token:
        raise sheet.body.garbled("Jeton")
    return token
