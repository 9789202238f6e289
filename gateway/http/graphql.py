"""GraphQL over HTTP: one request, one operation, one answer."""

import secrets
from dataclasses import dataclass, field

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from gateway.http.asking import asked_of, check_accepted, check_method
from gateway.http.authentication import clear_cookie, set_cookie, set_device_cookie
from gateway.http.exchange import Answer, Exchange, answered
from gateway.http.negotiation import JSON
from gateway.http.reception import Reception, Standing
from gateway.http.refusals import RequestRefusedError, refused, respond
from gateway.http.shedding import Rank
from gateway.http.statuses import StatusPolicy, head_of, head_of_refusal
from gateway.http.streaming.accepted import Accepted
from gateway.http.streaming.response import StreamedResponse, whole
from gateway.http.streaming.stream import Streams
from gateway.schema.context import Context, Reply
from gateway.schema.documents import Asked
from gateway.schema.reading import Rejected, coded


@dataclass(frozen=True, slots=True)
class GraphQLDoor:
    """The endpoint. `body_seconds` is how long a body may take to come."""

    reception: Reception
    exchange: Exchange
    body_seconds: float
    policy: StatusPolicy = StatusPolicy.AUDIT
    streams: Streams = field(kw_only=True)

    async def __call__(self, request: Request) -> Response:
        """Answers one request; every refusal has a status, a stable code and the same headers."""
        request_id = secrets.token_hex(8)
        accepted = Accepted.of(request.headers.get("accept"))
        media_type = accepted.plain
        try:
            self.reception.check_origin(request)
            if accepted.stream is None:
                check_accepted(media_type)
            if "authorization" in request.headers:  # so nobody signs in, and the body need not be read to know that
                self.exchange.load.admit(Rank.BEARER)
            asked = await asked_of(request, seconds=self.body_seconds)
            context = await self.reception.receive(request, request_id=request_id)
            try:
                return await self._answer(asked, context, accepted)
            finally:
                await context.tasks.cancel()
        except RequestRefusedError as refusal:
            status, sent_type = head_of_refusal(refusal, media_type or JSON, self.policy)
            restated = RequestRefusedError(status, refusal.code, str(refusal), headers=refusal.headers)
            return refused(restated, media_type=sent_type, request_id=request_id)
        except ClientDisconnect:
            return Response(status_code=499)

    async def _answer(self, asked: Asked, context: Context, accepted: Accepted) -> Response:
        prepared = await self.exchange.prepare(asked, context)
        if not isinstance(prepared, Rejected) and prepared.is_subscription:
            if accepted.stream is not None:
                standing = Standing(context.session, context.must_renew)
                return StreamedResponse(self.streams, prepared, standing=standing, framing=accepted.stream)
            prepared = Rejected((coded("SUBSCRIPTION_NOT_SUPPORTED", "a subscription is asked for as a stream"),))
        check_method(asked, prepared)
        if isinstance(prepared, Rejected):
            answer = answered(prepared, context)
        else:
            answer = await self.exchange.answer(prepared, context)
        response = self._respond(answer, accepted)
        _set_cookies(response, context.reply)
        return response

    def _respond(self, answer: Answer, accepted: Accepted) -> Response:
        if accepted.single is not None:
            return whole(answer, accepted.single)
        status, sent_type = head_of(answer, accepted.plain or JSON, self.policy)
        return respond(status, answer.encoded, sent_type)


def _set_cookies(response: Response, reply: Reply) -> None:
    if reply.device_cookie:
        set_device_cookie(response, reply.device_cookie)
    if reply.session_cookie:
        set_cookie(response, reply.session_cookie)
    elif reply.clears_cookie:
        clear_cookie(response)
