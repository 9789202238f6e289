"""The kinds of fault that can be ordered, and how an order is read from JSON.

    {"operation": "LireSoldes", "kind": "latency", "p50_ms": 180, "p99_ms": 4000, "rate": 0.5, "times": 20}

`operation` "*" (the default) means every operation; `rate` is the chance for each request (1 by default);
`times` is how many requests it may still hit (for ever by default). An unknown kind, an unknown or missing
parameter and an impossible value raise `msgspec.ValidationError` or `ValueError` with a sentence naming it.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Fraction = Annotated[float, Meta(ge=0, le=1)]
Milliseconds = Annotated[float, Meta(ge=0)]


class Ordered(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """What all faults have in common."""

    operation: str = "*"
    rate: Fraction = 1.0
    times: Annotated[int, Meta(ge=1)] | None = None


class Latency(Ordered, frozen=True, kw_only=True, tag="latency"):
    """Waits before handling: always `ms`, or a lognormal wait with this median and 99th centile."""

    ms: Milliseconds | None = None
    p50_ms: Annotated[float, Meta(gt=0)] | None = None
    p99_ms: Annotated[float, Meta(gt=0)] | None = None

    def __post_init__(self) -> None:
        fixed, spread = self.ms is not None, self.p50_ms is not None and self.p99_ms is not None
        if fixed == spread:
            raise ValueError("latency needs either ms, or both p50_ms and p99_ms")


class Http500(Ordered, frozen=True, kw_only=True, tag="http_500"):
    """Not handled; 500 with an HTML page."""


class Http503(Ordered, frozen=True, kw_only=True, tag="http_503"):
    """Not handled; 503 with an HTML page, and Retry-After when `retry_after` seconds are given."""

    retry_after: Annotated[int, Meta(ge=0)] | None = None


class Html200(Ordered, frozen=True, kw_only=True, tag="html_200"):
    """Not handled; an HTML error page with status 200."""


class Truncate(Ordered, frozen=True, kw_only=True, tag="truncate"):
    """Handled; Content-Length announces all of the body, the connection closes after a part of it."""

    at_bytes: Annotated[int, Meta(ge=0)] | None = None
    fraction: Fraction | None = None

    def __post_init__(self) -> None:
        if (self.at_bytes is None) == (self.fraction is None):
            raise ValueError("truncate needs either at_bytes or fraction")


class Drip(Ordered, frozen=True, kw_only=True, tag="drip"):
    """Handled; the body comes slowly, the head at once."""

    bytes_per_second: Annotated[float, Meta(gt=0)]


class Hang(Ordered, frozen=True, kw_only=True, tag="hang"):
    """Not handled; nothing is ever answered and the connection stays open."""


class Reset(Ordered, frozen=True, kw_only=True, tag="reset"):
    """Handled; the connection is reset (RST) after half of the body."""


class WrongCharset(Ordered, frozen=True, kw_only=True, tag="wrong_charset"):
    """Handled; the bytes stay as they are but are announced in another charset."""

    charset: Literal["utf-8", "iso-8859-1"] = "utf-8"


class Garbage(Ordered, frozen=True, kw_only=True, tag="garbage"):
    """Not handled; 200 with `size` random bytes under the system's usual content type."""

    size: Annotated[int, Meta(ge=1)] = 512


class Empty(Ordered, frozen=True, kw_only=True, tag="empty"):
    """Not handled; 200 without a body."""


class DuplicateDelivery(Ordered, frozen=True, kw_only=True, tag="duplicate_delivery"):
    """Handled twice, as by a proxy that repeats; the second answer is given."""


class InBand(Ordered, frozen=True, kw_only=True, tag="in_band"):
    """Not handled; 200 with the system's own error envelope."""

    code: str
    label: str = ""


class CorruptField(Ordered, frozen=True, kw_only=True, tag="corrupt_field"):
    """Handled; every occurrence of `field` in the answer holds `value` instead."""

    field: str
    value: str


Replacing = Http500 | Http503 | Html200 | Garbage | Empty | Hang | InBand
Altering = Truncate | Drip | Reset | WrongCharset | CorruptField
Striking = DuplicateDelivery | Replacing | Altering
Fault = Latency | Striking

_decoder: msgspec.json.Decoder[Fault] = msgspec.json.Decoder(Fault)


def read_fault(body: bytes) -> Fault:
    """The fault ordered by a JSON body; `msgspec.MsgspecError` says what is wrong with it."""
    return _decoder.decode(body)
