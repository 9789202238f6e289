"""On which terms connections are served: how much is taken in, and how long anybody is waited for."""

from dataclasses import dataclass

MAX_TARGET_BYTES = 8_192
MAX_HEADERS = 100
MAX_HEADER_BYTES = 16_384
"""Names and values of one request's headers, with the four bytes that each line has besides."""
MAX_QUEUED_REQUESTS = 8
"""Requests that one connection may have waiting while an earlier one is answered."""
BODY_BYTES_PER_SECOND = 100
"""The slowest that a body may come; the slowest mobile networks are a hundred times faster."""
LINGER_SECONDS = 1.0
"""For a client to read the last word on its connection, and for one to be asked for at the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms that landlords can change.

    `head_seconds` is for a head, from the connection or its first byte; `body_seconds` for any part of a body that
    brings nothing worth mentioning; `write_seconds` for a client to read some of its answer; `idle_seconds` between
    two requests.
    """

    head_seconds: float = 5.0
    body_seconds: float = 5.0
    write_seconds: float = 30.0
    idle_seconds: int = 75
    connections: int = 2_000
