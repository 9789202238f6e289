"""The `Range` header (RFC 9110 §14.2), one part only; what is not understood is ignored, as the standard says."""

import re

from gateway.ports.documents import ByteRange

_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})", re.ASCII | re.IGNORECASE)


def asked_part(header: str | None) -> ByteRange | None:
    """The part asked for; None means the whole file."""
    match = _RANGE.fullmatch(header.replace(" ", "")) if header else None
    if match is None or (not match[1] and not match[2]):
        return None
    first, last = (int(text) if text else None for text in match.groups())
    if first is not None and last is not None and last < first:
        return None
    return ByteRange(first, last)
