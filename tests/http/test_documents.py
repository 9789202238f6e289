"""Documents by their personal link: for five minutes, whole or in part, never falsely complete, each look doors.log."""

from datetime import datetime

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from gateway.domain.source import SourceSystem
from gateway.http.documents import DocumentsDoor
from gateway.ports.errors import (
    Call,
    UpstreamAbsentError,
    UpstreamError,
    UpstreamGarbledError,
    UpstreamRefusedError,
    UpstreamTimeoutError,
)
from gateway.schema.seals import Purpose, Seals
from tests.support.asgi import Exchange
from tests.support.doors import PUBLIC_URL, Doors
from tests.support.household import MARCH_FILE, PDF

LINK = (
    """{ viewer { tenant { rentalAccounts { notices(first: 1) { edges { node { document { downloadUrl } } } } } } } }"""
)
CALL = Call(SourceSystem.DOCUMENT_STORE, "open")
HEADERS = {
    "cache-control": "private, no-store",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
}


@pytest.fixture
async def link(doors: Doors) -> str:
    """The path of Camille's personal link to the notice of March."""
    answer = await doors.ask(LINK)
    [account] = answer["data"]["viewer"]["tenant"]["rentalAccounts"]
    url = account["notices"]["edges"][0]["node"]["document"]["downloadUrl"]
    assert url.startswith(f"{PUBLIC_URL}/documents/")
    doors.landlord.journal.clear()
    return str(url.removeprefix(PUBLIC_URL))


async def fetch(doors: Doors, path: str, method: str = "GET", **headers: str) -> httpx.Response:
    """The response to a browser that follows a link; `if_range` is sent as `If-Range`."""
    async with doors.client() as client:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await client.request(method, path, headers=named)


def downloads(doors: Doors) -> list[tuple[object, ...]]:
    """Session and document of every look in the log."""
    return doors.execute("SELECT session_id, document FROM download")


async def test_a_link_gives_the_whole_document(doors: Doors, link: str) -> None:
    """The browser shows the PDF under its name; the look stands in the access log."""
    response = await fetch(doors, link)

    assert (response.status_code, response.content) == (200, PDF)
    assert {name: response.headers[name] for name in HEADERS} == HEADERS
    assert response.headers["content-type"] == "application/pdf"
    assert response.headers["content-length"] == str(len(PDF))
    assert response.headers["accept-ranges"] == "bytes"
    assert response.headers["etag"] == '"D-2026-03"'
    assert response.headers["content-disposition"] == (
        "inline; filename=\"Avis_de_mars_2026.pdf\"; filename*=UTF-8''Avis%20de%20mars%202026.pdf"
    )
    assert "content-range" not in response.headers
    assert downloads(doors) == [("session-T-CAMILLE", "D-2026-03")]
    assert doors.landlord.open_files == 0


async def test_a_store_without_versions_gives_none(doors: Doors, link: str) -> None:
    """No ETag is made up."""
    doors.landlord.has_etags = False

    response = await fetch(doors, link)

    assert (response.status_code, "etag" in response.headers) == (200, False)


async def test_a_link_needs_no_credential(doors: Doors, link: str) -> None:
    """The link itself is the right to read, so that a PDF viewer can follow it."""
    assert (await fetch(doors, link)).status_code == 200


async def test_a_link_ends_with_the_session_that_was_given_it(doors: Doors, link: str) -> None:
    """Whoever signs out on a shared computer leaves no link behind that still opens."""
    await doors.ask("mutation { signOut { __typename } }")

    refused = await fetch(doors, link)

    assert (refused.status_code, refused.json()["code"]) == (410, "LINK_EXPIRED")
    assert doors.execute("SELECT document FROM download") == []


async def test_a_link_is_not_followed_while_sessions_cannot_be_checked(doors: Doors, link: str) -> None:
    """Nobody can say whether the session is open: come back in a moment."""
    doors.execute("ALTER TABLE session RENAME TO elsewhere")

    refused = await fetch(doors, link)

    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")


async def test_an_accented_name_survives(doors: Doors) -> None:
    """Old clients get a plain name, the others the real one."""
    expires_at = str(int(doors.clock.now.timestamp()) + 300)
    given = ("session-T-CAMILLE", MARCH_FILE, "Avis d'août 2026 (rectifié).pdf", expires_at)
    token = doors.parts.seals.seal(Purpose.DOWNLOAD, *given)

    response = await fetch(doors, f"/documents/{token}")

    assert response.headers["content-disposition"] == (
        'inline; filename="Avis_d_ao_t_2026__rectifi__.pdf"; '
        "filename*=UTF-8''Avis%20d%27ao%C3%BBt%202026%20%28rectifi%C3%A9%29.pdf"
    )


async def test_a_link_is_good_for_five_minutes(doors: Doors, link: str) -> None:
    """A second before the end it opens, at the end it does not, and nothing is asked of the store."""
    doors.clock.forward(minutes=4, seconds=59)
    in_time = await fetch(doors, link)
    doors.landlord.journal.clear()
    doors.clock.forward(seconds=1)

    late = await fetch(doors, link)

    assert (in_time.status_code, late.status_code) == (200, 410)
    assert {name: late.headers[name] for name in HEADERS} == HEADERS
    assert late.json()["code"] == "LINK_EXPIRED"
    assert late.json()["message"] == "this link is not valid any more; ask for a new one"
    assert doors.landlord.journal == []
    assert len(downloads(doors)) == 1


@pytest.mark.parametrize("kind", ["another purpose", "another key", "altered", "shortened", "nonsense", "not ASCII"])
async def test_a_link_that_was_made_up_is_gone_too(kind: str, doors: Doors, link: str) -> None:
    """Forged and expired links are one answer; nothing is asked, nothing doors.log."""
    parts = ("s", MARCH_FILE, "Avis.pdf", "9999999999")
    token = link.removeprefix("/documents/")
    forged = {
        "another purpose": doors.parts.seals.seal(Purpose.NODE, *parts),
        "another key": Seals(bytes(32)).seal(Purpose.DOWNLOAD, *parts),
        "altered": ("A" if token[0] != "A" else "B") + token[1:],
        "shortened": token[:-1],
        "nonsense": "D-2026-03",
        "not ASCII": "é",
    }

    response = await fetch(doors, f"/documents/{forged[kind]}")

    assert (response.status_code, response.json()["code"]) == (410, "LINK_EXPIRED")
    assert doors.landlord.journal == []
    assert downloads(doors) == []


async def test_head_tells_what_the_document_is_like(doors: Doors, link: str) -> None:
    """The headers of the whole file without its bytes, also when a part is asked for."""
    response = await fetch(doors, link, "HEAD", range="bytes=0-9")

    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["content-length"] == str(len(PDF))
    assert response.headers["content-type"] == "application/pdf"
    assert doors.landlord.open_files == 0


@pytest.mark.parametrize(
    ("range_", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=0-999", 0, 999),
        ("bytes=1000-", 1000, 2568),
        ("bytes=-5", 2564, 2568),
        ("bytes=-99999", 0, 2568),
        ("bytes=2500-99999", 2500, 2568),
    ],
)
async def test_a_part_is_given_as_a_part(range_: str, first: int, last: int, doors: Doors, link: str) -> None:
    """A viewer that jumps to a page, and a download that goes on, get exactly the bytes they ask for."""
    response = await fetch(doors, link, range=range_)

    assert (response.status_code, response.content) == (206, PDF[first : last + 1])
    assert response.headers["content-range"] == f"bytes {first}-{last}/{len(PDF)}"
    assert response.headers["content-length"] == str(last + 1 - first)


@pytest.mark.parametrize("headers", [{"range": "bytes=5-1"}, {"range": "bytes=0-1,4-5"}, {"range": "pages=1"}])
async def test_a_range_that_is_not_understood_means_the_whole(headers: dict[str, str], doors: Doors, link: str) -> None:
    """As the standard says."""
    response = await fetch(doors, link, **headers)

    assert (response.status_code, response.content) == (200, PDF)


async def test_a_client_that_doubts_its_part_gets_the_whole(doors: Doors, link: str) -> None:
    """With If-Range a part may be joined to another file; the whole never can."""
    response = await fetch(doors, link, range="bytes=5-9", if_range='"another"')

    assert (response.status_code, response.content) == (200, PDF)


async def test_a_part_outside_the_file_is_refused_with_its_size(doors: Doors, link: str) -> None:
    """416, and the client learns how long the file is; nothing was looked at."""
    response = await fetch(doors, link, range="bytes=2569-")

    assert (response.status_code, response.headers["content-range"]) == (416, "bytes */2569")
    assert response.json()["code"] == "RANGE_NOT_SATISFIABLE"
    assert downloads(doors) == []


@pytest.mark.parametrize(
    ("error", "status", "retry_after"),
    [
        (UpstreamTimeoutError(CALL, "secret"), 503, "30"),
        (UpstreamRefusedError(CALL, "secret"), 503, "30"),
        (UpstreamAbsentError(CALL), 503, "30"),
        (UpstreamGarbledError(CALL, "secret"), 502, None),
    ],
)
async def test_a_store_that_fails_is_told_by_its_code(
    error: UpstreamError, status: int, retry_after: str | None, doors: Doors, link: str
) -> None:
    """The tenant learns whether to come back later; nothing of the inside shows."""
    doors.landlord.failing["open"] = error

    response = await fetch(doors, link)

    assert (response.status_code, response.headers.get("retry-after")) == (status, retry_after)
    assert {name: response.headers[name] for name in HEADERS} == HEADERS
    assert response.json()["code"] == error.code
    assert "secret" not in response.text
    assert downloads(doors) == []


async def test_a_document_that_the_store_does_not_find_is_missing(doors: Doors, link: str) -> None:
    """404 with a code of its own: the notice is shown, its PDF is not there."""
    del doors.landlord.books.files[MARCH_FILE]

    response = await fetch(doors, link)

    assert (response.status_code, response.json()["code"]) == (404, "DOCUMENT_MISSING")
    assert downloads(doors) == []


async def test_a_file_that_is_no_pdf_is_not_given(doors: Doors, link: str) -> None:
    """A page with an error, sent by the store as a document, never reaches the tenant."""
    doors.landlord.books.files[MARCH_FILE] = b"<html>Internal error</html>"

    response = await fetch(doors, link)

    assert (response.status_code, response.json()["code"]) == (502, "SOURCE_UNREADABLE")
    assert "Internal" not in response.text


async def test_a_store_that_breaks_off_never_looks_complete(doors: Doors, link: str) -> None:
    """The connection ends early: the browser shows a failed download, not half a notice."""
    doors.landlord.breaks_off_after_bytes = 1500
    exchange = Exchange()

    with pytest.raises(UpstreamGarbledError):
        await exchange.run(doors.app, link)

    assert (exchange.status, exchange.body, exchange.is_complete) == (200, PDF[:1500], False)
    assert doors.landlord.open_files == 0
    assert '"event":"document.broken_off"' in doors.log.getvalue().replace(" ", "")
    assert "request.crashed" not in doors.log.getvalue()


@pytest.mark.parametrize("messages", [0, 1, 2])
async def test_a_client_that_goes_away_lets_the_store_go(messages: int, doors: Doors, link: str) -> None:
    """Before the first byte, before the second, in the midst: no connection to the store stays open."""
    exchange = Exchange(received=[{"type": "http.request", "body": b""}], disconnects_after=messages)

    await exchange.run(doors.app, link)

    assert not exchange.is_complete
    assert doors.landlord.open_files == 0


async def test_a_look_is_recorded_before_the_first_byte(doors: Doors, link: str) -> None:
    """Whoever breaks off has looked all the same."""
    exchange = Exchange(received=[{"type": "http.request", "body": b""}], disconnects_after=1)

    await exchange.run(doors.app, link)

    assert downloads(doors) == [("session-T-CAMILLE", "D-2026-03")]


async def test_a_log_that_cannot_be_written_does_not_stop_reading(doors: Doors, link: str) -> None:
    """What is theirs stays readable; the operator learns that a look is missing from the log."""
    doors.execute("DROP TABLE download")

    response = await fetch(doors, link)

    assert (response.status_code, response.content) == (200, PDF)
    assert '"event": "document.unlogged", "session_id": "session-T-CAMILLE"' in doors.log.getvalue()


async def test_a_refusal_is_logged_without_the_link(doors: Doors, link: str) -> None:
    """The log has the code and the id of the answer; a link would be a right to read."""
    doors.clock.forward(minutes=6)

    response = await fetch(doors, link)

    assert f'"request_id": "{response.json()["requestId"]}", "code": "LINK_EXPIRED"' in doors.log.getvalue()
    assert link.removeprefix("/documents/") not in doors.log.getvalue()


class StoppedError(BaseException):
    """What stops a process, not a request."""


class StoppingClock:
    """Tells the time once; then the process is stopped."""

    def __init__(self, now: datetime) -> None:
        self._moments = iter([now])

    def __call__(self) -> datetime:
        """The moment, the first time."""
        for moment in self._moments:
            return moment
        raise StoppedError


async def test_a_door_interrupted_while_it_logs_lets_the_store_go(doors: Doors, link: str) -> None:
    """Whatever happens between opening and answering, the document is closed again."""
    clock = StoppingClock(doors.clock())
    door = DocumentsDoor(doors.ports.documents, doors.parts.store, doors.parts.seals, clock, deadline_seconds=8)
    app = Starlette(routes=[Route("/documents/{token}", door.__call__)])

    with pytest.raises(StoppedError):
        await Exchange(received=[{"type": "http.request", "body": b""}]).run(app, link)

    assert doors.landlord.open_files == 0
