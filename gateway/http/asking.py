"""What a request asks for: the head is checked, the body read, and what stands in it put into one form."""

from starlette.requests import Request

from gateway.http import body
from gateway.http.negotiation import GRAPHQL_RESPONSE, JSON
from gateway.http.refusals import RequestRefusedError
from gateway.schema.documents import Asked


async def asked_of(request: Request, *, seconds: float) -> Asked:
    """What is asked, once its body has come within `seconds`. Raises RequestRefusedError: 400, 408, 413, 415."""
    _check_content_type(request)
    return body.decode(await body.read(request, seconds=seconds))


def check_accepted(media_type: str | None) -> None:
    """Raises RequestRefusedError (406) when no media type of ours is accepted."""
    if media_type is None:
        raise RequestRefusedError(406, "NOT_ACCEPTABLE", f"accept {GRAPHQL_RESPONSE} or {JSON}")


def _check_content_type(request: Request) -> None:
    media_type, *parameters = request.headers.get("content-type", "").split(";")
    charsets = [
        parameter.partition("=")[2].strip(' "').lower()
        for parameter in parameters
        if parameter.strip().lower().startswith("charset=")
    ]
    if media_type.strip().lower() != JSON or any(charset not in ("utf-8", "utf8") for charset in charsets):
        raise RequestRefusedError(415, "UNSUPPORTED_MEDIA_TYPE", f"send {JSON} in UTF-8")
