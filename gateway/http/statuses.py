"""Which HTTP status and media type an answer has, by one of two readings of “GraphQL over HTTP”.

AUDIT is what its public audit suite asks for, and what clients have met for years: 400 for an operation that was not
run, 200 for all others, and always 200 where plain JSON is all that a client accepts.

DRAFT is the edition of September 2026: 294 when something ran and something failed; 400 for what cannot be parsed, 422
for what can be and still makes no sense, 403 for what the asker may not have. A client of plain JSON gets these
statuses too, but for 294; then in the newer type, by which alone a body is known to be GraphQL's.
"""

from enum import StrEnum

from gateway.http.exchange import Answer
from gateway.http.negotiation import GRAPHQL_RESPONSE
from gateway.http.refusals import RequestRefusedError

PARTIAL_SUCCESS = 294
"""No status of the IETF's. Whoever does not know it takes it for 200, by RFC 9110 §15."""

_UNPARSED = frozenset({"GRAPHQL_PARSE_FAILED"})
_FORBIDDEN = frozenset({"NOT_SIGNED_IN", "PERSISTED_QUERY_REQUIRED", "INTROSPECTION_NOT_ALLOWED"})
_SENSELESS = frozenset({"BAD_REQUEST", "PERSISTED_QUERY_HASH_MISMATCH"})
"""JSON that is no request."""


class StatusPolicy(StrEnum):
    """How “GraphQL over HTTP” is read."""

    AUDIT = "audit"
    DRAFT = "draft"


def head_of(answer: Answer, media_type: str, policy: StatusPolicy) -> tuple[int, str]:
    """Status and media type of an answer to a client that likes `media_type` best."""
    if policy is StatusPolicy.AUDIT:
        return (200 if answer.started or media_type != GRAPHQL_RESPONSE else 400), media_type
    if answer.started:
        is_partial = bool(answer.errors) and media_type == GRAPHQL_RESPONSE
        return (PARTIAL_SUCCESS if is_partial else 200), media_type
    return _status_of_none(answer.codes), GRAPHQL_RESPONSE


def head_of_refusal(refusal: RequestRefusedError, media_type: str, policy: StatusPolicy) -> tuple[int, str]:
    """Status and media type of the answer to a request that is not served."""
    if policy is StatusPolicy.AUDIT:
        return refusal.status, media_type
    return (422 if refusal.code in _SENSELESS else refusal.status), GRAPHQL_RESPONSE


def _status_of_none(codes: list[str]) -> int:
    """The status in DRAFT of an answer without data, by the codes of its errors."""
    if not _UNPARSED.isdisjoint(codes):
        return 400
    return 422 if _FORBIDDEN.isdisjoint(codes) else 403
