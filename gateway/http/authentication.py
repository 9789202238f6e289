"""Which session a request carries: a cookie on the web, a bearer token elsewhere, never both."""

from dataclasses import dataclass, field

from starlette.requests import HTTPConnection
from starlette.responses import Response

from gateway.auth.sessions import Sessions
from gateway.auth.vouching import Vouching
from gateway.domain.access import Role, Session
from gateway.http.refusals import RequestRefusedError, unavailable
from gateway.ports.deadline import Deadline
from gateway.ports.store import StoreError

COOKIE = "__Host-gw_sid"
DEVICE_COOKIE = "__Host-gw_did"

CSRF_EVIDENCE = (
    "x-gw-client",
    "apollo-require-preflight",
    "graphql-require-preflight",
    "x-apollo-operation-name",
)
"""Headers a page of another site cannot send without asking us first."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The token that somebody shows, which may be any text."""

    token: str = field(repr=False)
    is_bearer: bool


def shown_by(connection: HTTPConnection) -> Shown | None:
    """The token in the head of a request; None from a stranger.

    Raises RequestRefusedError: 400 for two credentials at once, 401 for a header that holds no bearer token, 403 for a
    cookie without proof that our own page sent it.
    """
    shown = _shown_in_head(connection)
    if shown is not None and not shown.is_bearer:
        require_evidence(connection)
    return shown


def shown_by_socket(connection: HTTPConnection) -> Shown | None:
    """The token in the head of a WebSocket; None from whoever shows none, or shows it later.

    A browser adds no header of ours to a WebSocket, and sends the cookie for any page. So a cookie counts only with
    an `Origin`, which every browser sends, and which must have been found to be ours.

    Raises RequestRefusedError: 400 for two credentials at once, 401 for a header that holds no bearer token, 403 for a
    cookie without an origin.
    """
    shown = _shown_in_head(connection)
    if shown is not None and not shown.is_bearer and "origin" not in connection.headers:
        raise RequestRefusedError(403, "ORIGIN_MISSING", "send the header Origin with the cookie")
    return shown


def bearer_of(header: str) -> Shown:
    """The token in an `Authorization` header, wherever it was sent. Raises RequestRefusedError (401)."""
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise RequestRefusedError(
            401,
            "BAD_CREDENTIALS",
            "the Authorization header is « Bearer » and a token",
            headers={"WWW-Authenticate": "Bearer"},
        )
    return Shown(token.strip(), is_bearer=True)


def two_credentials() -> RequestRefusedError:
    """Two tokens may be two people's, and nobody could say whose operation it was."""
    return RequestRefusedError(400, "TWO_CREDENTIALS", "send a cookie or a bearer token, not both")


def require_evidence(connection: HTTPConnection) -> None:
    """Refuses what any page could have made a browser send. Raises RequestRefusedError (403)."""
    if not any(connection.headers.get(name) for name in CSRF_EVIDENCE):
        raise RequestRefusedError(403, "CSRF_EVIDENCE_MISSING", "send the header X-GW-Client with a cookie or a GET")


async def session_of(
    shown: Shown | None, sessions: Sessions, *, vouching: Vouching | None, deadline: Deadline
) -> Session | None:
    """The open session that a token opens; None for a stranger, also one whose cookie has expired.

    A session of staff is one only as long as the provider behind `vouching` says so, if there is one.

    Raises RequestRefusedError: 401 for a bearer token that opens nothing, 503 while the store does not answer.
    """
    if shown is None:
        return None
    session = await _resolved(shown.token, sessions, vouching, deadline)
    if session is None and shown.is_bearer:
        raise RequestRefusedError(
            401,
            "SESSION_ENDED",
            "the session has ended; sign in again",
            headers={"WWW-Authenticate": "Bearer"},
        )
    return session


def set_cookie(response: Response, token: str) -> None:
    """Hands the session to the browser, for this host only, out of reach of scripts and other sites."""
    response.set_cookie(COOKIE, token, path="/", secure=True, httponly=True, samesite="strict")


def clear_cookie(response: Response) -> None:
    """Takes the session's cookie back."""
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="strict")


def device_token_of(connection: HTTPConnection) -> str | None:
    """What the browser shows to be known as a device the holder has used before; it opens nothing by itself."""
    return connection.cookies.get(DEVICE_COOKIE) or None


def set_device_cookie(response: Response, token: str) -> None:
    """Lets the browser be known again, for a year, also after the session has ended."""
    year = 365 * 24 * 60 * 60
    response.set_cookie(DEVICE_COOKIE, token, max_age=year, path="/", secure=True, httponly=True, samesite="strict")


def _shown_in_head(connection: HTTPConnection) -> Shown | None:
    cookie, header = connection.cookies.get(COOKIE), connection.headers.get("authorization")
    bearer = bearer_of(header) if header is not None else None
    if cookie and bearer:
        raise two_credentials()
    return Shown(cookie, is_bearer=False) if cookie else bearer


async def _resolved(token: str, sessions: Sessions, vouching: Vouching | None, deadline: Deadline) -> Session | None:
    try:
        return await vouched_for(await sessions.resolve(token), vouching, deadline=deadline)
    except StoreError:
        raise unavailable() from None


async def vouched_for(session: Session | None, vouching: Vouching | None, *, deadline: Deadline) -> Session | None:
    """The session; None for one of staff whose provider does not vouch for it any more. Raises StoreError."""
    if session is None or session.role is Role.TENANT or vouching is None:
        return session
    return session if await vouching.holds(session, deadline=deadline) else None
