"""Which HTTP status an answer has, by one of two readings of “GraphQL over HTTP”."""

from gateway.http.exchange import Answer
from gateway.http.negotiation import GRAPHQL_RESPONSE


def status_of(answer: Answer, media_type: str) -> int:
    """The status of an answer that is sent as `media_type`; plain JSON always has 200."""
    if answer.started or media_type != GRAPHQL_RESPONSE:
        return 200
    return 400
