"""Which session a request carries: a cookie on the web, a bearer token elsewhere, never both."""

from starlette.requests import Request
from starlette.responses import Response

from gateway.auth.sessions import Sessions
from gateway.domain.access import Session
from gateway.http.refusals import RequestRefusedError
from gateway.ports.store import StoreError

COOKIE = "__Host-gw_sid"

CSRF_EVIDENCE = (
    "x-gw-client",
    "apollo-require-preflight",
    "graphql-require-preflight",
    "x-apollo-operation-name",
)
"""Headers a page of another site cannot send without asking us first."""


async def session_of(request: Request, sessions: Sessions) -> Session | None:
    """The open session of the request; None for a stranger, also one whose cookie has expired.

    Raises RequestRefusedError: 400 for two credentials at once, 401 for a bearer token that opens nothing, 403 for a
    cookie without proof that our own page sent it, 503 while the store does not answer.
    """
    cookie, bearer = request.cookies.get(COOKIE), _bearer(request)
    if cookie and bearer:
        raise RequestRefusedError(400, "TWO_CREDENTIALS", "send a cookie or a bearer token, not both")
    if cookie and not any(request.headers.get(name) for name in CSRF_EVIDENCE):
        raise RequestRefusedError(403, "CSRF_EVIDENCE_MISSING", "send the header X-GW-Client with the cookie")
    token = cookie or bearer
    if token is None:
        return None
    session = await _resolved(sessions, token)
    if session is None and bearer:
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


def _bearer(request: Request) -> str | None:
    header = request.headers.get("authorization")
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise RequestRefusedError(
            401,
            "BAD_CREDENTIALS",
            "the Authorization header is « Bearer » and a token",
            headers={"WWW-Authenticate": "Bearer"},
        )
    return token.strip()


async def _resolved(sessions: Sessions, token: str) -> Session | None:
    try:
        return await sessions.resolve(token)
    except StoreError:
        raise RequestRefusedError(
            503, "SERVICE_UNAVAILABLE", "sessions cannot be checked just now", headers={"Retry-After": "5"}
        ) from None
