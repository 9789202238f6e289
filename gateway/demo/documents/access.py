"""Who may ask: whoever knows the one key."""

from collections.abc import Mapping
from hmac import compare_digest

ACCESS_KEY = "demo-ged"
_HEADER = "x-cle-acces"


def is_admitted(headers: Mapping[str, str]) -> bool:
    """Whether the request carries the key."""
    return compare_digest(headers.get(_HEADER, "").encode(), ACCESS_KEY.encode())
