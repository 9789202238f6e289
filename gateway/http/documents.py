"""Documents by their short-lived personal link: streamed from the store as they come, never held whole."""

import secrets
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from gateway.domain.access import Download, SessionId
from gateway.domain.identifiers import DocumentId
from gateway.http.ranges import asked_part
from gateway.http.refusals import RequestRefusedError, unavailable
from gateway.ports.deadline import Deadline
from gateway.ports.documents import ByteRange, DocumentsPort, OpenedDocument, RangeNotSatisfiableError
from gateway.ports.errors import UpstreamError, UpstreamGarbledError
from gateway.ports.store import Store, StoreError
from gateway.schema.seals import Purpose, SealBrokenError, Seals

HEADERS = {
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Link:
    session_id: SessionId
    document: DocumentId
    file_name: str


@dataclass(frozen=True, slots=True)
class DocumentsDoor:
    """Serves `/documents/{token}`. `deadline_seconds` bounds the opening of a document, not its reading."""

    documents: DocumentsPort
    store: Store
    seals: Seals
    clock: Callable[[], datetime]
    deadline_seconds: float

    async def __call__(self, request: Request) -> Response:
        """200 with the file, 206 with a part of it, or a refusal with a stable code."""
        try:
            link = self._link(request.path_params["token"])
            await self._require_session(link)
            return await self._serve(request, link)
        except RequestRefusedError as refusal:
            request_id = secrets.token_hex(8)
            log.info("document.refused", request_id=request_id, code=refusal.code, status=refusal.status)
            body = {"code": refusal.code, "message": str(refusal), "requestId": request_id}
            return JSONResponse(body, refusal.status, headers={**HEADERS, **refusal.headers})

    def _link(self, token: str) -> _Link:
        try:
            session_id, document, file_name, expires_at = self.seals.open(Purpose.DOWNLOAD, token)
        except SealBrokenError:
            raise _gone() from None
        if self.clock().timestamp() >= int(expires_at):
            raise _gone()
        return _Link(SessionId(session_id), DocumentId(document), file_name)

    async def _require_session(self, link: _Link) -> None:
        """A link lasts no longer than the session that was given it."""
        try:
            session = await self.store.session_by_id(link.session_id, now=self.clock())
        except StoreError:
            raise unavailable() from None
        if session is None:
            raise _gone()

    async def _serve(self, request: Request, link: _Link) -> Response:
        part = _part(request)
        stack = AsyncExitStack()
        try:
            opened = await self._open(stack, link, part)
            await self._record(link)
        except BaseException:
            await stack.aclose()
            raise
        status, headers = _head(link, opened, part)
        if request.method == "HEAD":
            await stack.aclose()
            return Response(status_code=status, headers=headers)
        return _Streamed(opened, stack, status=status, headers=headers)

    async def _open(self, stack: AsyncExitStack, link: _Link, part: ByteRange | None) -> OpenedDocument:
        deadline = Deadline.after(self.deadline_seconds)
        try:
            return await stack.enter_async_context(self.documents.open(link.document, part=part, deadline=deadline))
        except LookupError:
            raise RequestRefusedError(404, "DOCUMENT_MISSING", "the store does not find this document") from None
        except RangeNotSatisfiableError as error:
            headers = {"Content-Range": f"bytes */{error.byte_size}"}
            message = "the part asked for lies outside the file"
            raise RequestRefusedError(416, "RANGE_NOT_SATISFIABLE", message, headers=headers) from None
        except UpstreamGarbledError as error:
            raise RequestRefusedError(502, error.code, "what the store has is not the document") from error
        except UpstreamError as error:
            headers = {"Retry-After": "30"}
            raise RequestRefusedError(503, error.code, "the store does not answer", headers=headers) from error

    async def _record(self, link: _Link) -> None:
        """Logs the look; when the log cannot be written the tenant still reads what is theirs."""
        try:
            await self.store.record_download(Download(self.clock(), link.session_id, link.document))
        except StoreError:
            log.warning("document.unlogged", session_id=link.session_id)


def _gone() -> RequestRefusedError:
    return RequestRefusedError(410, "LINK_EXPIRED", "this link is not valid any more; ask for a new one")


def _head(link: _Link, opened: OpenedDocument, part: ByteRange | None) -> tuple[int, dict[str, str]]:
    headers = {
        **HEADERS,
        "Content-Type": "application/pdf",
        "Content-Length": str(opened.byte_count),
        "Content-Disposition": _disposition(link.file_name),
        "Accept-Ranges": "bytes",
    }
    if opened.etag:
        headers["ETag"] = opened.etag
    if part is None:
        return 200, headers
    last = opened.first_byte + opened.byte_count - 1
    headers["Content-Range"] = f"bytes {opened.first_byte}-{last}/{opened.byte_size}"
    return 206, headers


def _disposition(file_name: str) -> str:
    """RFC 6266: a plain name for old clients, the real one beside it."""
    plain = "".join(character if character.isascii() and character.isalnum() else "_" for character in file_name[:-4])
    return f"inline; filename=\"{plain}.pdf\"; filename*=UTF-8''{quote(file_name)}"


def _part(request: Request) -> ByteRange | None:
    """The part asked for; the whole file for HEAD, and for a client that is not sure to hold the same file still."""
    if request.method == "HEAD" or "if-range" in request.headers:
        return None
    return asked_part(request.headers.get("range"))


class _Streamed(StreamingResponse):
    """The bytes as they come; the store is let go when the answer ends, also one that nobody waited for.

    A store that breaks off ends the connection, so that nobody takes a part for the whole.
    """

    def __init__(
        self, opened: OpenedDocument, stack: AsyncExitStack, *, status: int, headers: Mapping[str, str]
    ) -> None:
        super().__init__(opened.chunks, status, headers=headers)
        self._stack = stack

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self._stack:
            await super().__call__(scope, receive, send)
