"""Where a browser may be sent after a sign-in: to a path of ours, whatever a link from elsewhere asks for."""

import re
from urllib.parse import unquote

_VISIBLE_ASCII = re.compile(r"[!-~]+", re.ASCII)
_LOCAL = re.compile(r"/(?![/\\])[^\\\x00-\x1f\x7f]*")
_LONGEST = 500


def is_local(path: str) -> bool:
    r"""Whether `path` stays on this host in every browser.

    It starts with one slash, and holds only visible ASCII without a backslash: browsers take `//evil.example` and
    `/\evil.example` for other hosts, and drop tabs and line ends before they look. What is percent-encoded is held
    to the same but for spaces and accents, lest somebody behind us decodes before redirecting.
    """
    once = unquote(path, errors="replace")
    twice = unquote(once, errors="replace")
    is_plain = len(path) <= _LONGEST and _VISIBLE_ASCII.fullmatch(path) is not None
    return is_plain and all(_LOCAL.fullmatch(spelling) for spelling in (path, once, twice))
