"""Files: streamed, in parts, and only if they are PDFs."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.adapters.documents.file import Extent, range_header, read_extent, shows_beginning
from gateway.adapters.upstream import StreamedReply
from gateway.domain.identifiers import DocumentId
from gateway.domain.source import SourceSystem
from gateway.ports.deadline import Deadline
from gateway.ports.documents import ByteRange, OpenedDocument, RangeNotSatisfiableError
from gateway.ports.errors import (
    Call,
    UpstreamError,
    UpstreamGarbledError,
    UpstreamRefusedError,
    UpstreamTimeoutError,
    UpstreamUnavailableError,
)
from tests.adapters.documents.store import soon, store_doing
from tests.support.chaos import Answer, drip, http, reply, say, say_and_close, say_and_hang, say_and_reset

pytestmark = pytest.mark.thorough

DOCUMENT = DocumentId("b4c0b2b5000003261001")
PDF = b"%PDF-1.7\n" + b"".join(b"%05d" % number for number in range(400))
ETAG = '"e1"'
PDF_TYPE = "Content-Type: application/pdf"


def serving(content: bytes, *, etag: str = ETAG, obeys_ranges: bool = True) -> Answer:
    """A store that has `content` for every identifier."""

    def serve(request: bytes) -> bytes:
        asked = re.search(rb"\r\nRange: bytes=(\d*)-(\d*)\r\n", request)
        if not asked or not obeys_ranges:
            return http(content, headers=f"{PDF_TYPE}\r\nETag: {etag}")
        numbers = range(len(content))
        first, last = asked.groups()
        part = numbers[int(first) : int(last or len(content)) + 1] if first else numbers[-int(last) :]
        if not part:
            return http(b"", status="416 No", headers=f"Content-Range: bytes */{len(content)}")
        span = f"Content-Range: bytes {part[0]}-{part[-1]}/{len(content)}"
        return http(content[part[0] : part[-1] + 1], status="206 Part", headers=f"{PDF_TYPE}\r\nETag: {etag}\r\n{span}")

    return reply(serve)


async def fetch(
    *behaviours: Answer, part: ByteRange | None = None, idle_seconds: float = 5
) -> tuple[OpenedDocument, bytes, list[bytes]]:
    """The opened document, all its bytes, and the requests it took."""
    async with store_doing(*behaviours, idle_seconds=idle_seconds) as (store, server):
        async with store.open(DOCUMENT, part=part, deadline=soon()) as opened:
            body = b"".join([chunk async for chunk in opened.chunks])
        return opened, body, server.requests


async def test_a_file_is_streamed_whole() -> None:
    """With its length and its ETag."""
    opened, body, requests = await fetch(serving(PDF))

    assert body == PDF
    assert (opened.byte_size, opened.first_byte, opened.byte_count, opened.etag) == (len(PDF), 0, len(PDF), ETAG)
    assert requests[0].startswith(b"GET /ged/documents/b4c0b2b5000003261001 HTTP/1.1\r\n")
    assert b"X-Cle-Acces: demo-ged\r\n" in requests[0]
    assert len(requests) == 1


@pytest.mark.parametrize(
    ("part", "first", "count", "calls"),
    [
        (ByteRange(0, None), 0, len(PDF), 1),
        (ByteRange(0, 99), 0, 100, 1),
        (ByteRange(0, 4), 0, 5, 1),
        (ByteRange(0, 1), 0, 2, 2),
        (ByteRange(100, 199), 100, 100, 2),
        (ByteRange(100, None), 100, len(PDF) - 100, 2),
        (ByteRange(100, 10**9), 100, len(PDF) - 100, 2),
        (ByteRange(None, 50), len(PDF) - 50, 50, 2),
        (ByteRange(None, 10**9), 0, len(PDF), 2),
    ],
)
async def test_a_part_is_exactly_the_part_asked_for(part: ByteRange, first: int, count: int, calls: int) -> None:
    """A part that does not show the beginning costs one more, tiny call to see it."""
    opened, body, requests = await fetch(serving(PDF), part=part)

    assert body == PDF[first : first + count]
    assert (opened.byte_size, opened.first_byte, opened.byte_count) == (len(PDF), first, count)
    assert len(requests) == calls
    if calls == 2:
        assert b"Range: bytes=0-4\r\n" in requests[0]
        assert f"If-Range: {ETAG}\r\n".encode() in requests[1]


async def test_a_store_that_does_not_know_ranges_gives_the_whole_file() -> None:
    """The caller is told which part it got."""
    opened, body, _ = await fetch(serving(PDF, obeys_ranges=False), part=ByteRange(100, 199))

    assert body == PDF
    assert (opened.first_byte, opened.byte_count) == (0, len(PDF))


async def test_a_file_that_changes_between_the_calls_is_given_whole() -> None:
    """Two parts of two files would make a third one."""
    other = b"%PDF-1.4 other"
    opened, body, _ = await fetch(serving(PDF), serving(other, obeys_ranges=False), part=ByteRange(100, 199))

    assert body == other
    assert opened.byte_size == len(other)


@pytest.mark.parametrize(("etag", "kept"), [('"a-b"', '"a-b"'), ('W/"x"', None), ("x", None)])
async def test_only_a_strong_etag_is_handed_on(etag: str, kept: str | None) -> None:
    """A weak one does not promise the same bytes."""
    opened, _, _ = await fetch(serving(PDF, etag=etag))

    assert opened.etag == kept


async def test_a_file_comes_before_it_is_complete() -> None:
    """Nothing is held back until the end."""
    slow = say_and_hang(http(PDF, headers=PDF_TYPE)[: -len(PDF) + 100])
    async with (
        store_doing(slow) as (store, _),
        store.open(DOCUMENT, part=None, deadline=soon()) as opened,
    ):
        assert (await anext(opened.chunks)).startswith(b"%PDF-")


async def test_a_file_whose_first_bytes_come_one_by_one_is_read() -> None:
    """However small the first chunks are."""
    _, body, _ = await fetch(drip(http(b"%PDF-1.7", headers=PDF_TYPE), pause_seconds=0.001))

    assert body == b"%PDF-1.7"


@pytest.mark.parametrize("text", ["../advisors/7", "", "a/b", "a%2Fb", ".", "..", "a?x=1", "a b", "é", "a" * 65])
async def test_what_cannot_be_an_identifier_is_never_sent(text: str) -> None:
    """It is simply not found."""
    async with store_doing(serving(PDF)) as (store, server):
        with pytest.raises(LookupError):
            async with store.open(DocumentId(text), part=None, deadline=soon()):
                pass

    assert server.requests == []


NOT_FOUND = say(http(b"<html>Introuvable", status="404 No", headers="Content-Type: text/html"))


@pytest.mark.parametrize("part", [None, ByteRange(0, 99), ByteRange(100, 199)])
async def test_a_file_that_is_not_there_is_not_found(part: ByteRange | None) -> None:
    """Whatever the store's proxies say it with."""
    with pytest.raises(LookupError):
        await fetch(NOT_FOUND, part=part)


@pytest.mark.parametrize("part", [ByteRange(len(PDF), None), ByteRange(10**9, 10**9)])
async def test_a_part_outside_the_file_is_refused_with_its_size(part: ByteRange) -> None:
    """So that the reader can ask again."""
    with pytest.raises(RangeNotSatisfiableError) as caught:
        await fetch(serving(PDF), part=part)

    assert caught.value.byte_size == len(PDF)
    assert str(caught.value) == f"the file has {len(PDF)} bytes"


PAGE = b"<html><body>Erreur 1234</body></html>"
PARTIAL = f"{PDF_TYPE}\r\nETag: {ETAG}"


@pytest.mark.parametrize("part", [None, ByteRange(0, 99), ByteRange(100, 199), ByteRange(None, 50)])
@pytest.mark.parametrize(
    ("behaviour", "expected", "text"),
    [
        pytest.param(serving(b"X" + PDF), UpstreamGarbledError, "cannot read first bytes", id="damaged"),
        pytest.param(serving(b"%PD"), UpstreamGarbledError, "cannot read first bytes", id="three bytes"),
        pytest.param(
            say(http(PAGE, headers="Content-Type: text/html")),
            UpstreamGarbledError,
            "cannot read first bytes",
            id="page",
        ),
        pytest.param(say(http(b"", headers=PDF_TYPE)), UpstreamGarbledError, "cannot read Content-Length", id="empty"),
        pytest.param(
            say_and_close(b"HTTP/1.1 200 OK\r\n\r\n" + PDF),
            UpstreamGarbledError,
            "cannot read Content-Length",
            id="no length",
        ),
        pytest.param(say(http(PDF, status="204 None")), UpstreamRefusedError, "refused with HTTP 204", id="204"),
        pytest.param(say(http(b"", status="503 Later")), UpstreamUnavailableError, "HTTP 503", id="503"),
        pytest.param(say_and_reset(b""), UpstreamUnavailableError, "no connection", id="reset"),
        pytest.param(
            say(http(b'{"erreur":{"code":"ACCES_REFUSE"}}', headers="Content-Type: application/json")),
            UpstreamRefusedError,
            "refused with ACCES_REFUSE",
            id="refused",
        ),
        pytest.param(
            say(http(b'{"ok":true}', headers="Content-Type: application/json")),
            UpstreamGarbledError,
            "cannot read Content-Type",
            id="other JSON",
        ),
        pytest.param(
            say(http(b"[" + b" " * 200_000, headers="Content-Type: application/json")),
            UpstreamGarbledError,
            "cannot read body",
            id="endless JSON",
        ),
        pytest.param(
            say_and_close(http(PDF, headers=PDF_TYPE)[: -len(PDF) + 2]),
            UpstreamGarbledError,
            "cannot read length",
            id="broken off at once",
        ),
    ],
)
async def test_a_file_that_is_no_pdf_does_not_open(
    behaviour: Answer, expected: type[UpstreamError], text: str, part: ByteRange | None
) -> None:
    """Whichever part of it is asked for."""
    with pytest.raises(UpstreamError) as caught:
        await fetch(behaviour, part=part)

    assert type(caught.value) is expected
    assert str(caught.value) == f"DOCUMENT_STORE.open: {text}"


@pytest.mark.parametrize(
    "answer",
    [
        http(b"x" * 100, status="206 Part", headers=PARTIAL),
        http(b"x" * 100, status="206 Part", headers=f"{PARTIAL}\r\nContent-Range: bytes 100-199/*"),
        http(b"x" * 100, status="206 Part", headers=f"{PARTIAL}\r\nContent-Range: bytes 0-99/2009"),
        http(b"x" * 99, status="206 Part", headers=f"{PARTIAL}\r\nContent-Range: bytes 100-199/2009"),
        http(b"x" * 99, status="206 Part", headers=f"{PARTIAL}\r\nContent-Range: bytes 100-198/2009"),
        http(b"", status="416 No", headers=PARTIAL),
        http(b"", status="416 No", headers="Content-Range: bytes */0"),
    ],
)
async def test_another_part_than_the_one_asked_for_is_refused(answer: bytes) -> None:
    """Bytes at the wrong place are worse than none."""
    with pytest.raises(UpstreamGarbledError):
        await fetch(serving(PDF), say(answer), part=ByteRange(100, 199))


async def test_a_part_that_was_not_asked_for_is_refused() -> None:
    """A store that answers 206 to a plain request."""
    part = http(PDF[:9], status="206 Part", headers=f"{PARTIAL}\r\nContent-Range: bytes 0-8/2009")

    with pytest.raises(UpstreamGarbledError) as caught:
        await fetch(say(part))

    assert caught.value.field == "status"


async def test_a_part_of_a_file_without_a_strong_etag_is_refused() -> None:
    """Nothing would tie the two calls to one file."""
    with pytest.raises(UpstreamGarbledError) as caught:
        await fetch(serving(PDF, etag='W/"x"'), part=ByteRange(100, 199))

    assert caught.value.field == "ETag"


@pytest.mark.parametrize(
    ("behaviour", "expected"),
    [
        pytest.param(say_and_close(http(PDF, headers=PDF_TYPE)[:-1]), UpstreamGarbledError, id="closed"),
        pytest.param(say_and_reset(http(PDF, headers=PDF_TYPE)[:-1]), UpstreamUnavailableError, id="reset"),
        pytest.param(say_and_hang(http(PDF, headers=PDF_TYPE)[:-1]), UpstreamTimeoutError, id="silent"),
    ],
)
async def test_a_file_that_breaks_off_says_so_while_it_is_read(
    behaviour: Answer, expected: type[UpstreamError]
) -> None:
    """A reader never takes a part for the whole."""
    with pytest.raises(UpstreamError) as caught:
        await fetch(behaviour, idle_seconds=0.2)

    assert type(caught.value) is expected


@pytest.mark.parametrize(
    "behaviour",
    [
        pytest.param(say_and_hang(), id="no answer"),
        pytest.param(say_and_hang(http(PDF, headers=PDF_TYPE)[: -len(PDF) + 2]), id="two bytes"),
    ],
)
async def test_opening_is_bounded_by_its_deadline(behaviour: Answer) -> None:
    """Until the first bytes are seen."""
    async with store_doing(behaviour) as (store, _):
        began = time.monotonic()
        with pytest.raises(UpstreamTimeoutError):
            async with store.open(DOCUMENT, part=None, deadline=Deadline.after(0.2)):
                pass

    assert time.monotonic() - began < 1.5


async def test_a_reader_who_leaves_closes_the_file() -> None:
    """The connection is not held for somebody who is gone."""
    async with store_doing(say_and_hang(http(PDF, headers=PDF_TYPE)[:-1]), serving(PDF)) as (store, _):
        async with store.open(DOCUMENT, part=None, deadline=soon()) as opened:
            assert await anext(opened.chunks)
        async with store.open(DOCUMENT, part=None, deadline=soon()) as opened:
            assert b"".join([chunk async for chunk in opened.chunks]) == PDF


PARTS = st.one_of(
    st.builds(ByteRange, st.integers(0, 30), st.none()),
    st.builds(ByteRange, st.none(), st.integers(1, 30)),
    st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda it: ByteRange(min(it), max(it))),
)


@given(st.integers(1, 20), PARTS)
async def test_the_part_of_an_honest_store_is_always_understood(size: int, part: ByteRange) -> None:
    """Against bytes numbered one by one."""
    numbers = list(range(size))
    first, last = (part.first, part.last)
    wanted = numbers[-(last or 0) :] if first is None else numbers[first : size if last is None else last + 1]
    if not wanted:
        return
    headers = {
        "Content-Range": f"bytes {wanted[0]}-{wanted[-1]}/{size}",
        "Content-Length": str(len(wanted)),
    }

    async def none() -> bytes:
        return b""

    chunks = (await none() for _ in ())
    extent = read_extent(Call(SourceSystem.DOCUMENT_STORE, "open"), StreamedReply(206, headers, chunks), part)

    assert extent == Extent(byte_size=size, first_byte=wanted[0], byte_count=len(wanted))
    if shows_beginning(part) and wanted[:5] == numbers[:5]:
        assert extent.tells_a_pdf


@pytest.mark.parametrize(
    ("part", "header"),
    [(ByteRange(0, None), "bytes=0-"), (ByteRange(5, 9), "bytes=5-9"), (ByteRange(None, 9), "bytes=-9")],
)
def test_parts_are_written_as_http_writes_them(part: ByteRange, header: str) -> None:
    """A suffix has no beginning."""
    assert range_header(part) == header
