"""GraphiQL for analysts: the page, its files, and the queries that the landlord keeps for them."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from gateway.auth.sessions import Sessions
from gateway.auth.vouching import Vouching
from gateway.domain.access import Role
from gateway.http.authentication import COOKIE, Shown, session_of, shown_by
from gateway.http.built_page import BuiltPage
from gateway.http.refusals import RequestRefusedError, refused
from gateway.http.saved_queries import SavedQuery, as_json
from gateway.ports.deadline import Deadline

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; "
        "img-src 'self' data:; connect-src 'self'; worker-src 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_FRESH = {**HEADERS, "Cache-Control": "no-store", "Vary": "Authorization, Cookie, Sec-Fetch-Site"}
_KEPT = {**HEADERS, "Cache-Control": "private, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
_HTML = "text/html; charset=utf-8"

SIGN_IN = "/staff/sign-in?next=/graphiql"
_ONCE_MORE = b'<!doctype html><meta http-equiv="refresh" content="0"><title>GraphiQL</title>'
_ADMITTED = frozenset({Role.ANALYST, Role.OPERATOR})


@dataclass(frozen=True, slots=True)
class Exhibit:
    """What is shown, and to whom: to staff who may look at the schema or, where it `is_open`, to anybody."""

    page: BuiltPage
    landlord: str
    queries: tuple[SavedQuery, ...]
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class GraphiqlDoor:
    """Serves `/graphiql`. `vouching` is asked about staff, where they sign in at a provider.

    Page and files are opened by the session's cookie alone, without proof that a page of ours asks: a browser adds no
    header when somebody follows a link. Nothing is changed by them, other sites can neither read nor frame them, and
    what the page does next is asked with that proof.
    """

    exhibit: Exhibit
    sessions: Sessions
    vouching: Vouching | None
    deadline_seconds: float

    async def page(self, request: Request) -> Response:
        """200 with the page, 303 to where staff sign in, or a refusal."""
        return await _served(request, self._page)

    async def asset(self, request: Request) -> Response:
        """200 with a file of the page, for good; or a refusal."""
        return await _served(request, self._asset)

    async def saved_queries(self, request: Request) -> Response:
        """200 with the queries kept for analysts, for those who show who they are as they do for GraphQL."""
        return await _served(request, self._saved_queries)

    async def _page(self, request: Request) -> Response:
        if not self.exhibit.is_open and not await self._admit(_cookie(request)):
            return self._to_sign_in(request)
        content = self.exhibit.page.configured(self._config)
        return Response(content, media_type=_HTML, headers=_FRESH)

    async def _asset(self, request: Request) -> Response:
        await self._require(lambda: _cookie(request))
        page = self.exhibit.page
        asset = page.assets.get(request.path_params["name"])
        if asset is None:
            raise RequestRefusedError(404, "NOT_FOUND", "the page has no such file")
        headers = {**_KEPT, "Content-Type": asset.media_type}
        if not _takes_gzip(request.headers.get("accept-encoding", "")):
            return Response(await page.plain(asset), headers=headers)
        return Response(await page.packed(asset), headers={**headers, "Content-Encoding": "gzip"})

    async def _saved_queries(self, request: Request) -> Response:
        await self._require(lambda: shown_by(request))
        return Response(as_json(self.exhibit.queries), media_type="application/json", headers=_FRESH)

    async def _require(self, shown: Callable[[], Shown | None]) -> None:
        if not self.exhibit.is_open and not await self._admit(shown()):
            raise _not_signed_in()

    async def _admit(self, shown: Shown | None) -> bool:
        """Whether somebody is signed in. Raises RequestRefusedError (403) for one who has no business here."""
        deadline = Deadline.after(self.deadline_seconds)
        session = await session_of(shown, self.sessions, vouching=self.vouching, deadline=deadline)
        if session is not None and session.role not in _ADMITTED:
            raise RequestRefusedError(403, "ANALYSTS_ONLY", "this page is for analysts and operators")
        return session is not None

    def _to_sign_in(self, request: Request) -> Response:
        """The way to the provider, if there is one.

        Who comes from there has a cookie that the browser keeps back, as it does from whatever another site begins.
        The page then asks for itself once more, which this site begins.
        """
        if request.headers.get("sec-fetch-site") == "cross-site":
            return Response(_ONCE_MORE, media_type=_HTML, headers=_FRESH)
        if self.vouching is None:
            raise _not_signed_in()
        return Response(status_code=303, headers={**_FRESH, "Location": SIGN_IN})

    @property
    def _config(self) -> Mapping[str, object]:
        """What the page is told; addresses are relative to `/graphiql/`."""
        return {
            "landlord": self.exhibit.landlord,
            "graphql": "../graphql",
            "savedQueries": "saved-queries.json",
            "signIn": f"..{SIGN_IN}" if self.vouching else None,
        }


async def _served(request: Request, serve: Callable[[Request], Awaitable[Response]]) -> Response:
    try:
        return await serve(request)
    except RequestRefusedError as refusal:
        return refused(refusal)


def _cookie(request: Request) -> Shown | None:
    token = request.cookies.get(COOKIE)
    return Shown(token, is_bearer=False) if token else None


def _not_signed_in() -> RequestRefusedError:
    return RequestRefusedError(403, "NOT_SIGNED_IN", "sign in first")


def _takes_gzip(accepted: str) -> bool:
    """Whether a client takes gzip (RFC 9110 §12.5.3), as every browser says by name; `gzip;q=0` says no."""
    codings = [coding.strip().lower().partition(";") for coding in accepted.split(",")]
    return any(name.strip() == "gzip" and weight.strip() not in ("q=0", "q=0.0") for name, _, weight in codings)
