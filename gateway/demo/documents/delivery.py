"""The files themselves: `GET` and `HEAD /ged/documents/{identifiant}`, INTERFACE.md §3."""

from dataclasses import dataclass
from datetime import UTC, datetime, time
from email.utils import format_datetime
from typing import assert_never

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from gateway.demo.documents import envelope, pages
from gateway.demo.documents.access import is_admitted
from gateway.demo.documents.catalogue import Filed
from gateway.demo.documents.conditions import Condition
from gateway.demo.documents.holdings import Holding, Holdings
from gateway.demo.documents.ranges import OutsideFileError, Part, asked_part, is_known
from gateway.demo.documents.titles import disposition_of

_PDF = "application/pdf"
_DAMAGE = b"\x00\x93GED~~~\x00"
"""What stands where `%PDF-1.x` should."""
_ARCHIVED_AT = time(21, 15, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Delivery:
    """Answers with files. `one_thread` lets one thread at a time into `holdings`."""

    holdings: Holdings
    one_thread: CapacityLimiter

    async def answer(self, request: Request) -> Response:
        """The file, a part of it, or what the store has instead."""
        if not is_admitted(request.headers):
            return envelope.refused("ACCES_REFUSE")
        return await to_thread.run_sync(self._answer, request, limiter=self.one_thread)

    def _answer(self, request: Request) -> Response:
        holding = self.holdings.by_identifier(request.path_params["identifier"])
        if holding is None:
            return _page(pages.NOT_FOUND, status=404)
        match holding.condition:
            case Condition.THERE | Condition.DAMAGED:
                return self._file(request, holding.filed, self._content(holding))
            case Condition.BROKEN_OFF:
                return _BrokenOff(self.holdings.content(holding.filed), media_type=_PDF)
            case Condition.EMPTIED:
                return Response(b"", media_type=_PDF)
            case Condition.ERROR_PAGE:
                return _page(pages.ERROR, status=200)
            case Condition.LOST | Condition.LATE:
                return _page(pages.NOT_FOUND, status=404)
            case _:
                assert_never(holding.condition)

    def _content(self, holding: Holding) -> bytes:
        """The archived bytes, or the same number of bytes beginning with what no PDF begins with."""
        content = self.holdings.content(holding.filed)
        return _DAMAGE + content[len(_DAMAGE) :] if holding.condition is Condition.DAMAGED else content

    def _file(self, request: Request, filed: Filed, content: bytes) -> Response:
        headers = self._headers(filed)
        if is_known(request.headers, etag=headers["etag"]):
            return Response(status_code=304, headers=headers)
        if request.method == "HEAD":
            return Response(content, headers=headers, media_type=_PDF)
        validators = frozenset({headers["etag"], headers["last-modified"]})
        try:
            part = asked_part(request.headers, size=len(content), validators=validators)
        except OutsideFileError:
            return Response(status_code=416, headers={"content-range": f"bytes */{len(content)}"})
        return self._delivered(filed.identifier, content, part=part, headers=headers)

    def _headers(self, filed: Filed) -> dict[str, str]:
        archived_at = datetime.combine(filed.notice.issued_on, _ARCHIVED_AT)
        return {
            "accept-ranges": "bytes",
            "content-disposition": disposition_of(filed.notice, household=filed.household),
            "etag": f'"{self.holdings.file(filed).sha256}"',
            "last-modified": format_datetime(archived_at, usegmt=True),
        }

    def _delivered(self, identifier: str, content: bytes, *, part: Part | None, headers: dict[str, str]) -> Response:
        status, sent = (200, Part(0, len(content) - 1)) if part is None else (206, part)
        self.holdings.delivered(identifier, status=status, first_byte=sent.first, last_byte=sent.last)
        if part is not None:
            headers["content-range"] = f"bytes {part.first}-{part.last}/{len(content)}"
        return Response(content[sent.first : sent.last + 1], status, headers, _PDF)


class _BrokenOff(Response):
    """Announces all of the file and stops after some of it; the server then closes the connection."""

    async def __call__(self, _: Scope, __: Receive, send: Send) -> None:
        """Send the head and three fifths of the body, without the end."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        beginning = bytes(self.body[: len(self.body) * 3 // 5])
        await send({"type": "http.response.body", "body": beginning, "more_body": True})


def _page(content: bytes, *, status: int) -> Response:
    return Response(content, status, headers={"content-type": pages.CONTENT_TYPE})
