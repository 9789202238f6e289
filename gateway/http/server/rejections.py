"""Last words on a connection that is not served any further, in the shape that all refusals have."""

import secrets
from dataclasses import dataclass
from http import HTTPStatus

import orjson

from gateway.http.refusals import HEADERS


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a connection ends: `status` is HTTP's, `code` ours and stable, `message` quotes nothing of what came."""

    status: HTTPStatus
    code: str
    message: str

    def written(self) -> bytes:
        """The whole answer, as it goes out."""
        error = {"message": self.message, "extensions": {"code": self.code, "requestId": secrets.token_hex(8)}}
        body = orjson.dumps({"errors": [error]})
        headers = {
            **HEADERS,
            "Content-Type": "application/json; charset=utf-8",
            "Content-Length": str(len(body)),
            "Connection": "close",
        }
        if self.status is HTTPStatus.SERVICE_UNAVAILABLE:
            headers["Retry-After"] = "5"
        lines = [f"HTTP/1.1 {self.status} {self.status.phrase}", *(f"{name}: {headers[name]}" for name in headers)]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class RejectedError(Exception):
    """The connection is not to be read any further."""

    def __init__(self, rejection: Rejection) -> None:
        super().__init__(rejection.code)
        self.rejection = rejection


NOT_HTTP = Rejection(HTTPStatus.BAD_REQUEST, "BAD_HTTP", "this is no request of HTTP that has one meaning only")
HEAD_TOO_SLOW = Rejection(HTTPStatus.REQUEST_TIMEOUT, "HEAD_TOO_SLOW", "the head of the request did not come in time")
BODY_TOO_SLOW = Rejection(HTTPStatus.REQUEST_TIMEOUT, "BODY_TOO_SLOW", "the body of the request comes too slowly")
TARGET_TOO_LONG = Rejection(HTTPStatus.REQUEST_URI_TOO_LONG, "TARGET_TOO_LONG", "the address asked for is too long")
HEADERS_TOO_LARGE = Rejection(
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    "HEADERS_TOO_LARGE",
    "the headers of the request are too many or too long",
)
QUEUE_TOO_LONG = Rejection(
    HTTPStatus.TOO_MANY_REQUESTS, "QUEUE_TOO_LONG", "wait for answers before sending more on one connection"
)
TOO_MANY_CONNECTIONS = Rejection(
    HTTPStatus.SERVICE_UNAVAILABLE, "TOO_MANY_CONNECTIONS", "there are too many connections; try again in a moment"
)
