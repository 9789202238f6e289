"""GraphQL over HTTP: one POST, one operation, one answer. Limits and registered documents join here."""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from gateway.auth.visitor import Visitor
from gateway.auth.vouching import Vouching
from gateway.domain.access import Session
from gateway.domain.letter import Language as LetterLanguage
from gateway.http import body
from gateway.http.authentication import clear_cookie, device_token_of, session_of, set_cookie, set_device_cookie
from gateway.http.negotiation import GRAPHQL_RESPONSE, JSON, answer_type
from gateway.http.origins import check_origin, origin_of
from gateway.http.refusals import RequestRefusedError, answered, refused, unavailable
from gateway.http.sources import TRUSTING_NOBODY, Sources
from gateway.ports.deadline import Deadline
from gateway.ports.store import StoreError
from gateway.schema.context import Context, Parts
from gateway.schema.errors import presented
from gateway.schema.loaders import Loaders, Ports
from gateway.schema.loading import Tasks
from gateway.schema.operations import Asked, Executed, Operations, Rejected
from gateway.schema.wording import Language, Wording, wording_for

GRACE_SECONDS = 1.0
"""Calls to the systems end by the deadline; this much later the operation as a whole is given up."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class GraphQLDoor:
    """The endpoint. `deadline_seconds` is what one operation may take, everything behind it included.

    `allowed_origins` are those of our pages beside the public address itself; `vouching` is asked about staff, where
    they sign in at a provider.
    """

    operations: Operations
    ports: Ports
    parts: Parts
    clock: Callable[[], datetime]
    deadline_seconds: float
    allowed_origins: frozenset[str] = frozenset()
    sources: Sources = TRUSTING_NOBODY
    vouching: Vouching | None = None

    async def __call__(self, request: Request) -> Response:
        """Answers one request; every refusal has a status, a stable code and the same headers."""
        request_id = secrets.token_hex(8)
        media_type = answer_type(request.headers.get("accept"))
        try:
            check_origin(request, allowed=self.allowed_origins | {origin_of(self.parts.public_url)})
            _check_media_types(request, media_type)
            asked = body.decode(await body.read(request, seconds=self.deadline_seconds))
            context = await self._context(request, request_id)
        except RequestRefusedError as refusal:
            return refused(refusal, media_type=media_type or JSON, request_id=request_id)
        except ClientDisconnect:
            return Response(status_code=499)
        try:
            async with asyncio.timeout(self.deadline_seconds + GRACE_SECONDS):
                return await self._answer(asked, context, media_type or JSON)
        except TimeoutError:
            late = RequestRefusedError(503, "DEADLINE_EXCEEDED", context.wording.sentence("LATE"))
            return refused(late, media_type=media_type or JSON, request_id=request_id)
        except Exception:  # the one place where a defect of ours becomes an answer
            log.exception("request.crashed", request_id=request_id)
            crash = RequestRefusedError(500, "INTERNAL", context.wording.sentence("INTERNAL"))
            return refused(crash, media_type=media_type or JSON, request_id=request_id)
        finally:
            await context.tasks.cancel()

    async def _answer(self, asked: Asked, context: Context, media_type: str) -> Response:
        outcome = await self.operations.run(asked, context)
        shown = [presented(error, context.wording, context.request_id) for error in outcome.errors]
        match outcome:
            case Rejected():
                return answered(400 if media_type == GRAPHQL_RESPONSE else 200, {"errors": shown}, media_type)
            case Executed(started=False):
                return answered(400 if media_type == GRAPHQL_RESPONSE else 200, {"errors": shown}, media_type)
            case Executed():
                answer = {"data": outcome.data} | ({"errors": shown} if shown else {})
                response = answered(200, answer, media_type)
            case _:
                assert_never(outcome)
        if context.reply.device_cookie:
            set_device_cookie(response, context.reply.device_cookie)
        if context.reply.session_cookie:
            set_cookie(response, context.reply.session_cookie)
        elif context.reply.clears_cookie:
            clear_cookie(response)
        return response

    async def _context(self, request: Request, request_id: str) -> Context:
        deadline = Deadline.after(self.deadline_seconds)
        session = await session_of(request, self.parts.sessions, vouching=self.vouching, deadline=deadline)
        tasks, wording = Tasks(), _wording(request)
        return Context(
            request_id=request_id,
            now=self.clock(),
            clock=self.clock,
            deadline=deadline,
            wording=wording,
            session=session,
            must_renew=await self._must_renew(session),
            parts=self.parts,
            loaders=Loaders(self.ports, self.parts.watch, deadline=deadline, tasks=tasks),
            tasks=tasks,
            visitor=Visitor(
                self.sources.of(request),
                LetterLanguage(wording.language),
                device_token_of(request),
            ),
        )

    async def _must_renew(self, session: Session | None) -> bool:
        try:
            return await self.parts.desk.renewals.binds(session)
        except StoreError:
            raise unavailable() from None


def _check_media_types(request: Request, accepted: str | None) -> None:
    if accepted is None:
        raise RequestRefusedError(406, "NOT_ACCEPTABLE", f"accept {GRAPHQL_RESPONSE} or {JSON}")
    media_type, *parameters = request.headers.get("content-type", "").split(";")
    charsets = [
        parameter.partition("=")[2].strip(' "').lower()
        for parameter in parameters
        if parameter.strip().lower().startswith("charset=")
    ]
    if media_type.strip().lower() != JSON or any(charset not in ("utf-8", "utf8") for charset in charsets):
        raise RequestRefusedError(415, "UNSUPPORTED_MEDIA_TYPE", f"send {JSON} in UTF-8")


def _wording(request: Request) -> Wording:
    """English when the client asks for it first, French otherwise."""
    preferred = request.headers.get("accept-language", "").strip().lower()
    return wording_for(Language.ENGLISH if preferred.startswith("en") else Language.FRENCH)
