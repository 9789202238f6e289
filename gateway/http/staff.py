"""Where staff come in: to the landlord's OpenID provider and back, and out when the provider says so."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import parse_qs

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from gateway.auth.knocking import Action, Knocking
from gateway.auth.staff_sign_in import ERRAND_LASTS, Return, SignInRefusedError, StaffSignIn
from gateway.auth.vouching import Vouching
from gateway.http import body
from gateway.http.authentication import set_cookie
from gateway.http.refusals import HEADERS, RequestRefusedError, refused
from gateway.http.return_paths import is_local
from gateway.http.sources import Sources
from gateway.ports.deadline import Deadline
from gateway.ports.openid import ProviderRefusedError, ProviderUnavailableError, TokenRejectedError
from gateway.ports.store import StoreError

ERRAND_COOKIE = "__Host-gw_oidc"
_LONGEST_CODE = 4096
_FORM = "application/x-www-form-urlencoded"
_MESSAGES = {
    "STATE_MISMATCH": "this sign-in was not begun in this browser, is too old, or is over; begin at /staff/sign-in",
    "NO_ROLE": "the landlord has given this person no role here",
    "PROVIDER_REFUSED": "the provider did not sign this person in",
}

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class StaffDoor:
    """Serves `/staff/…`. `deadline_seconds` bounds one request with all that it asks of the provider."""

    sign_in: StaffSignIn
    vouching: Vouching
    knocking: Knocking
    sources: Sources
    deadline_seconds: float

    async def leave(self, request: Request) -> Response:
        """302 to the provider, with the errand in a cookie; `next` is the path to come back to, `/` if absent."""
        return await self._served(request, self._leave)

    async def arrive(self, request: Request) -> Response:
        """303 to where the person wanted to go, with a session; or a refusal, with none. The errand is over."""
        response = await self._served(request, self._arrive)
        # Lax, for the provider sends the browser here from its own site; see `_leave`.
        response.delete_cookie(ERRAND_COOKIE, path="/", secure=True, httponly=True, samesite="lax")
        return response

    async def log_out(self, request: Request) -> Response:
        """200 once the sessions that the provider's logout token names have ended.

        Nobody is told to wait here: a provider that ends many sessions at once is one source, and means it.
        """
        return await self._served(request, self._log_out)

    async def _leave(self, request: Request, deadline: Deadline) -> Response:
        await self._admit(request)
        path = _only(request, "next", "/")
        if path is None or not is_local(path):
            raise RequestRefusedError(400, "BAD_RETURN_PATH", "next is a path of this site")
        departure = await self.sign_in.leave(path, deadline=deadline)
        response = _redirect(302, departure.address)
        response.set_cookie(
            ERRAND_COOKIE,
            departure.errand,
            max_age=int(ERRAND_LASTS.total_seconds()),
            path="/",
            secure=True,
            httponly=True,
            samesite="lax",
        )
        return response

    async def _arrive(self, request: Request, deadline: Deadline) -> Response:
        await self._admit(request)
        arrival = await self.sign_in.arrive(_return(request), deadline=deadline)
        response = _redirect(303, arrival.path)
        set_cookie(response, arrival.opened.token)
        return response

    async def _log_out(self, request: Request, deadline: Deadline) -> Response:
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
            raise RequestRefusedError(415, "UNSUPPORTED_MEDIA_TYPE", f"send {_FORM}")
        token = _logout_token(await body.read(request, seconds=self.deadline_seconds))
        await self.vouching.log_out(token, deadline=deadline)
        return Response(status_code=200, headers=HEADERS)

    async def _served(self, request: Request, serve: Callable[[Request, Deadline], Awaitable[Response]]) -> Response:
        """What `serve` answers, or its refusal: 503 for what may go well later, 400 for what will not."""
        try:
            return await serve(request, Deadline.after(self.deadline_seconds))
        except RequestRefusedError as refusal:
            return refused(refusal)
        except (ProviderUnavailableError, StoreError):
            headers = {"Retry-After": "30"}
            message = "staff cannot be signed in just now"
            return refused(RequestRefusedError(503, "SERVICE_UNAVAILABLE", message, headers=headers))
        except TokenRejectedError as refusal:
            log.warning("staff.token_rejected", field=refusal.reason)
            return refused(RequestRefusedError(400, refusal.code, "the provider's token does not hold"))
        except (SignInRefusedError, ProviderRefusedError) as refusal:
            return refused(RequestRefusedError(400, refusal.code, _MESSAGES[refusal.code]))
        except ClientDisconnect:
            return Response(status_code=499)

    async def _admit(self, request: Request) -> None:
        wait = await self.knocking.admit(self.sources.of(request), action=Action.STAFF_SIGN_IN)
        if wait:
            headers = {"Retry-After": str(wait.seconds)}
            raise RequestRefusedError(429, "TOO_MANY_REQUESTS", "try again in a moment", headers=headers)


def _return(request: Request) -> Return:
    """What the browser brought back; refused when it is not one of each."""
    state, code = _only(request, "state", ""), _only(request, "code", "")
    if state is None or code is None or len(code) > _LONGEST_CODE:
        raise SignInRefusedError("STATE_MISMATCH")
    return Return(state, code or None, request.cookies.get(ERRAND_COOKIE, ""))


def _only(request: Request, name: str, default: str) -> str | None:
    """The parameter `name` of the address, `default` if it is absent; None when it is there twice."""
    values = request.query_params.getlist(name) or [default]
    return values[0] if len(values) == 1 else None


def _logout_token(form: bytes) -> str:
    try:
        [token] = parse_qs(form.decode("ascii"), strict_parsing=True, max_num_fields=10)["logout_token"]
    except (ValueError, KeyError):
        raise RequestRefusedError(400, "BAD_REQUEST", "send one logout_token") from None
    return token


def _redirect(status: int, address: str) -> Response:
    return Response(status_code=status, headers={**HEADERS, "Location": address})
