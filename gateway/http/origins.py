"""Which pages may send operations: those of our own origins, proven by headers that a browser sets and no script can.

Nothing here ever grants anything to another origin: no answer has an `Access-Control-*` header, so a browser shows
no other site what we answered, and sends us nothing that needs its leave first.
"""

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from gateway.http.refusals import RequestRefusedError

_DEFAULT_PORTS = {"http": 80, "https": 443}


def origin_of(url: str) -> str:
    """The origin of an http address as browsers write it (RFC 6454 §6.2): lower case, without a default port."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    port = "" if parts.port in (None, _DEFAULT_PORTS.get(parts.scheme)) else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"


def check_origin(request: HTTPConnection, *, allowed: Collection[str]) -> None:
    """Refuses what a page of another site sends, also a stranger's request: it could sign the person in as another.

    `Sec-Fetch-Site` must be `same-origin` and `Origin` one of `allowed`, wherever they are present. Every browser of
    today sends at least one of them with a POST; a request with neither comes from no browser, so nobody else's
    cookies ride on it, and it may ask what any stranger may. Raises RequestRefusedError (403).
    """
    sites = request.headers.getlist("sec-fetch-site")
    origins = request.headers.getlist("origin")
    if any(site != "same-origin" for site in sites) or any(origin not in allowed for origin in origins):
        raise RequestRefusedError(403, "ORIGIN_NOT_ALLOWED", "operations are taken from the account's own pages only")
