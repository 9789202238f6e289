"""What clients are told when something goes wrong: a stable code, a sentence, and nothing from inside.

InvalidArgumentError     the client asked for something that cannot be (first: -1)      INVALID_ARGUMENT, ...
UpstreamError            the outside failed (see gateway.ports.errors)                  SOURCE_...
GraphQLError             the document or its variables are at fault                     GRAPHQL_...
StoreError               our own memory does not answer                                 SERVICE_UNAVAILABLE
anything else            we are wrong: masked, logged with the request id               INTERNAL
"""

import re
from typing import Any

import structlog
from graphql import GraphQLError

from gateway.ports.errors import UpstreamAbsentError, UpstreamError, UpstreamUnavailableError
from gateway.ports.store import StoreError
from gateway.schema.wording import Wording

_VARIABLE = re.compile(r"Variable '\$\w+' has invalid value( at [\w.\[\]]+)?")
_FOUND = re.compile(r"(Unexpected \w+) '.*|[,;]? found:? .*| value: .*", re.DOTALL)
"""How GraphQL's messages repeat what stands in the document; `locations` tell where it is."""

log = structlog.get_logger()


class InvalidArgumentError(Exception):
    """An argument is of the right type and still cannot be served. `message` is ours and names no data."""

    code = "INVALID_ARGUMENT"

    def __init__(self, argument: str, message: str) -> None:
        super().__init__(message)
        self.argument = argument


class InvalidCursorError(InvalidArgumentError):
    """A cursor that was not given by this connection."""

    code = "INVALID_CURSOR"

    def __init__(self) -> None:
        super().__init__("after", "the cursor was not given by this connection")


def presented(error: GraphQLError, wording: Wording, request_id: str) -> dict[str, Any]:
    """`error` as the answer shows it: message, locations, path, extensions `code` and `requestId`."""
    extensions = {**_extensions(error, wording, request_id), "requestId": request_id}
    shown: dict[str, Any] = {"message": extensions.pop("message"), "extensions": extensions}
    if error.locations:
        shown["locations"] = [{"line": place.line, "column": place.column} for place in error.locations]
    if error.path is not None:
        shown["path"] = error.path
    return shown


def _extensions(error: GraphQLError, wording: Wording, request_id: str) -> dict[str, Any]:
    cause = error.original_error
    match cause:
        case UpstreamError():
            return _upstream(cause, wording, request_id)
        case StoreError():
            log.warning("store.failed", request_id=request_id, exc_info=cause)
            return {"message": wording.sentence("STORE"), "code": "SERVICE_UNAVAILABLE", "retryable": True}
        case InvalidArgumentError():
            return {"message": str(cause), "code": cause.code, "argument": cause.argument}
        case None | GraphQLError():
            return _of_request(error)
        case _:
            log.error("operation.crashed", request_id=request_id, exc_info=cause)
            return {"message": wording.sentence("INTERNAL"), "code": "INTERNAL"}


def _of_request(error: GraphQLError) -> dict[str, Any]:
    variable = _VARIABLE.match(error.message)
    if variable:  # what follows repeats the value, which may be a password
        return {"message": f"{variable[0]}.", "code": "GRAPHQL_INVALID_VARIABLES"}
    # Errors of graphql-core have no extensions, so that all there are were written by us.
    return {"message": reason_of(error), "code": "GRAPHQL_INVALID", **(error.extensions or {})}


def reason_of(error: GraphQLError) -> str:
    """What is wrong with a document, without what stands in it."""
    return _FOUND.sub(r"\1", error.message)


def _upstream(error: UpstreamError, wording: Wording, request_id: str) -> dict[str, Any]:
    log.info(
        "source.failed",
        system=error.call.system.value,
        operation=error.call.operation,
        code=error.code,
        request_id=request_id,
    )
    told: dict[str, Any] = {
        "message": _sentence(error, wording),
        "code": error.code,
        "source": error.call.system.value,
        "retryable": error.retryable,
    }
    if isinstance(error, UpstreamUnavailableError) and error.retry_after_seconds is not None:
        told["retryAfterSeconds"] = error.retry_after_seconds
    return told


def _sentence(error: UpstreamError, wording: Wording) -> str:
    if isinstance(error, UpstreamAbsentError):
        return wording.source_absent(error.call.system)
    return wording.source_failed(error.call.system, retryable=error.retryable)
