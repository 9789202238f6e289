"""GraphQL over HTTP: one request, one operation, one answer."""

import secrets
from dataclasses import dataclass

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from gateway.http.asking import asked_of, check_accepted
from gateway.http.authentication import clear_cookie, set_cookie, set_device_cookie
from gateway.http.exchange import Exchange, answered
from gateway.http.negotiation import JSON, answer_type
from gateway.http.reception import Reception
from gateway.http.refusals import RequestRefusedError, refused, respond
from gateway.http.statuses import status_of
from gateway.schema.context import Context, Reply
from gateway.schema.documents import Asked
from gateway.schema.reading import Rejected, coded


@dataclass(frozen=True, slots=True)
class GraphQLDoor:
    """The endpoint. `body_seconds` is how long a body may take to come."""

    reception: Reception
    exchange: Exchange
    body_seconds: float

    async def __call__(self, request: Request) -> Response:
        """Answers one request; every refusal has a status, a stable code and the same headers."""
        request_id = secrets.token_hex(8)
        media_type = answer_type(request.headers.get("accept"))
        try:
            self.reception.check_origin(request)
            check_accepted(media_type)
            asked = await asked_of(request, seconds=self.body_seconds)
            context = await self.reception.receive(request, request_id=request_id)
            try:
                return await self._answer(asked, context, media_type or JSON)
            finally:
                await context.tasks.cancel()
        except RequestRefusedError as refusal:
            return refused(refusal, media_type=media_type or JSON, request_id=request_id)
        except ClientDisconnect:
            return Response(status_code=499)

    async def _answer(self, asked: Asked, context: Context, media_type: str) -> Response:
        prepared = self.exchange.prepare(asked, context)
        if not isinstance(prepared, Rejected) and prepared.is_subscription:
            prepared = Rejected((coded("SUBSCRIPTION_NOT_SUPPORTED", "a subscription is asked for as a stream"),))
        if isinstance(prepared, Rejected):
            answer = answered(prepared, context)
        else:
            answer = await self.exchange.answer(prepared, context)
        response = respond(status_of(answer, media_type), answer.body, media_type)
        _set_cookies(response, context.reply)
        return response


def _set_cookies(response: Response, reply: Reply) -> None:
    if reply.device_cookie:
        set_device_cookie(response, reply.device_cookie)
    if reply.session_cookie:
        set_cookie(response, reply.session_cookie)
    elif reply.clears_cookie:
        clear_cookie(response)
