"""What a request gets when it is not served: a status, a stable code, a sentence that names no data, one shape."""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus

import orjson
import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from gateway.http.negotiation import JSON
from gateway.ports.errors import UpstreamError

HEADERS = {
    "Cache-Control": "no-store",
    "Vary": "Accept, Accept-Language, Authorization, Cookie",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}

CODE = "gateway.code"
"""Where in its scope a request that was refused has the code, for whoever counts requests."""

log = structlog.get_logger()


class RequestRefusedError(Exception):
    """The request is not served: `status` is HTTP's, `code` ours and stable, `message` names no data."""

    def __init__(self, status: int, code: str, message: str, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.headers = dict(headers or {})


class Refusal(Response):
    """The answer to a request that is not served; it leaves its code in the request's scope."""

    def __init__(self, refusal: RequestRefusedError, content: bytes, media_type: str) -> None:
        super().__init__(content, refusal.status, _headers(media_type))
        self.headers.update(refusal.headers)
        self._code = refusal.code

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends itself."""
        scope[CODE] = self._code
        await super().__call__(scope, receive, send)


def unavailable() -> RequestRefusedError:
    """Our own memory does not answer, so nobody can say who is asking."""
    message = "sessions cannot be checked just now"
    return RequestRefusedError(503, "SERVICE_UNAVAILABLE", message, headers={"Retry-After": "5"})


def refused(refusal: RequestRefusedError, *, media_type: str = JSON, request_id: str | None = None) -> Response:
    """The answer to a request that is not served, logged under the id that it tells."""
    request_id = request_id or secrets.token_hex(8)
    log.info("request.refused", request_id=request_id, code=refusal.code, status=refusal.status)
    error = {"message": str(refusal), "extensions": {"code": refusal.code, "requestId": request_id}}
    return Refusal(refusal, orjson.dumps({"errors": [error]}), media_type)


def respond(status: int, answer: bytes, media_type: str) -> Response:
    """`answer`, which is JSON in UTF-8, kept by nobody on its way."""
    return Response(answer, status_code=status, headers=_headers(media_type))


def _headers(media_type: str) -> dict[str, str]:
    return {**HEADERS, "Content-Type": f"{media_type}; charset=utf-8"}


async def _not_taken(_: Request, error: Exception) -> Response:
    """No door takes such a request: an unknown address, or another method than the door's."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for no other class
    status = HTTPStatus(error.status_code)
    return refused(RequestRefusedError(status, status.name, status.phrase.lower(), headers=error.headers))


async def _crashed(_: Request, error: Exception) -> Response:
    """We are wrong, outside of any resolver: the log tells where, the client learns the id of that line.

    But for a system that falls silent in the middle of a file: the answer has begun, and ends with the connection.
    """
    request_id = secrets.token_hex(8)
    if isinstance(error, UpstreamError):
        log.warning("document.broken_off", system=error.call.system.value, code=error.code)
        return refused(RequestRefusedError(502, error.code, "the store broke off"), request_id=request_id)
    log.error("request.crashed", request_id=request_id, exc_info=error)
    return refused(RequestRefusedError(500, "INTERNAL", "something went wrong on our side"), request_id=request_id)


HANDLERS: Mapping[type[Exception], Callable[[Request, Exception], Awaitable[Response]]] = {
    HTTPException: _not_taken,
    Exception: _crashed,
}
"""For Starlette: how what leaves the doors as an exception is answered."""
