"""PDF attachments of notices: their index, and their bytes out of Tryton's JSON."""

import base64
import io
from collections.abc import AsyncIterator
from datetime import date

import pytest
from pypdf import PdfReader

from gateway.adapters.erp_tryton.content import Base64Value, decoded
from gateway.domain.document import Document, DocumentAvailability, DocumentKind
from gateway.domain.identifiers import AccountId, DocumentId, NoticeId
from gateway.domain.source import DataQualityCode, DataQualityIssue, Origin, SourceSystem
from gateway.ports.answers import MISSING, Failed, Seen
from gateway.ports.documents import ByteRange, RangeNotSatisfiableError
from gateway.ports.errors import Call, UpstreamGarbledError, UpstreamUnavailableError
from tests.adapters.erp_tryton.conftest import NOW, Erp, connected, soon, values
from tests.adapters.erp_tryton.scripted import FORGOTTEN, SIGNED_IN, attachment, result
from tests.support.chaos import Answer, chaos
from tests.support.tryton import Tryton
from tests.support.tryton_files import pdf_of

_CALL = Call(SourceSystem.DOCUMENT_STORE, "open")
_MONTHS_WITH_PDF = {"good": 10, "error page": 9, "empty": 8, "none": 7}


async def _notice(erp: Erp, month: int, *, code: str = "4120014") -> NoticeId:
    account = AccountId(code)
    notices = values(await erp.notices.notices([account], latest_months=12, deadline=soon()))[account]
    return next(notice.id for notice in notices if notice.period.month == month)


async def _document(erp: Erp, month: int) -> Document:
    notice = await _notice(erp, month)
    return values(await erp.documents.of_notices([notice], deadline=soon()))[notice]


async def _read(erp: Erp, document: DocumentId, part: ByteRange | None = None) -> tuple[bytes, int, int, int]:
    async with erp.documents.open(document, part=part, deadline=soon()) as opened:
        content = b"".join([chunk async for chunk in opened.chunks])
        return content, opened.byte_size, opened.first_byte, opened.byte_count


async def test_a_notice_has_a_pdf_that_opens(erp: Erp) -> None:
    """Read back with code that neither we nor Tryton wrote."""
    document = await _document(erp, 10)

    content, byte_size, first, count = await _read(erp, document.id)

    assert (len(content), first, count) == (byte_size, 0, byte_size)
    assert document.byte_size == byte_size
    assert PdfReader(io.BytesIO(content)).pages[0].extract_text() == "Avis d’echeance 2026-10 : 450.04 EUR"


async def test_the_index_tells_what_is_there_and_what_is_not(erp: Erp) -> None:
    """A file without a byte is missing; a notice without a file is not in the index, nor is one that never was."""
    months = {name: await _notice(erp, month) for name, month in _MONTHS_WITH_PDF.items()}
    strangers = [NoticeId("999999"), NoticeId("F-2026-01"), NoticeId("0")]

    index = await erp.documents.of_notices([*months.values(), *strangers], deadline=soon())

    good, empty = index[months["good"]], index[months["empty"]]
    assert isinstance(good, Seen)
    assert good.value.availability is DocumentAvailability.AVAILABLE
    assert isinstance(empty, Seen)
    assert (empty.value.availability, empty.value.byte_size) == (DocumentAvailability.MISSING, None)
    assert empty.value.issues == (DataQualityIssue(DataQualityCode.DOCUMENT_MISSING, "availability"),)
    assert {index[key] for key in (months["none"], *strangers)} == {MISSING}


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (ByteRange(0, 3), slice(0, 4)),
        (ByteRange(100, 199), slice(100, 200)),
        (ByteRange(500, None), slice(500, None)),
        (ByteRange(500, 10_000_000), slice(500, None)),
        (ByteRange(None, 6), slice(-6, None)),
        (ByteRange(None, 10_000_000), slice(0, None)),
    ],
)
async def test_a_part_of_a_file_is_that_part(erp: Erp, part: ByteRange, expected: slice) -> None:
    """Tryton knows no ranges; whoever resumes a download gets the right bytes all the same."""
    document = await _document(erp, 10)
    whole = (await _read(erp, document.id))[0]

    content, byte_size, first, count = await _read(erp, document.id, part)

    assert content == whole[expected]
    assert (byte_size, first, count) == (len(whole), whole.index(content), len(content))


async def test_a_large_file_comes_in_pieces(erp: Erp, tryton: Tryton) -> None:
    """No piece is as large as the file, and a part in the middle is where it should be."""
    notice, content = await _notice(erp, 9, code="4120020"), pdf_of("x" * 500_000)
    with tryton.rpc() as rpc:
        record = {"name": "grand.PDF", "data": content, "resource": f"account.invoice,{notice}"}
        (number,) = rpc.create("ir.attachment", [record])
    document = DocumentId(str(number))

    async with erp.documents.open(document, part=None, deadline=soon()) as opened:
        pieces = [piece async for piece in opened.chunks]

    assert b"".join(pieces) == content
    assert max(map(len, pieces)) < len(content) // 2
    assert (await _read(erp, document, ByteRange(400_000, 400_099)))[0] == content[400_000:400_100]


@pytest.mark.parametrize("part", [ByteRange(10_000_000, None), ByteRange(9, 8), ByteRange(None, 0)])
async def test_a_part_outside_the_file_is_refused_with_its_size(erp: Erp, part: ByteRange) -> None:
    """The answer tells how long the file is."""
    document = await _document(erp, 10)

    with pytest.raises(RangeNotSatisfiableError) as refused:
        await _read(erp, document.id, part)

    assert refused.value.byte_size == document.byte_size


@pytest.mark.parametrize("month", [_MONTHS_WITH_PDF["error page"], _MONTHS_WITH_PDF["empty"]])
async def test_what_is_no_pdf_is_never_served(erp: Erp, month: int) -> None:
    """An error page saved as .pdf, or nothing at all."""
    document = await _document(erp, month)

    with pytest.raises(UpstreamGarbledError, match="cannot read data"):
        await _read(erp, document.id)


@pytest.mark.parametrize("document", ["999999", "../rpc", "", "12a"])
async def test_a_document_that_tryton_does_not_have_is_not_found(erp: Erp, document: str) -> None:
    """Whatever the id looks like, and without a call when it looks like none."""
    with pytest.raises(LookupError):
        await _read(erp, DocumentId(document))


async def test_the_file_attached_last_counts() -> None:
    """A clerk who attaches a better scan does not remove the first; the store has lost the bytes of this one."""
    first, last = attachment(name="ancien.pdf"), attachment(id=4, name="nouveau.pdf", data_size=None)
    with chaos(SIGNED_IN, result([last, first])) as server:
        async with connected(server.url) as erp:
            index = await erp.documents.of_notices([NoticeId("7")], deadline=soon())

    origin = Origin(SourceSystem.DOCUMENT_STORE, as_of=None, fetched_at=NOW)
    expected = Document(
        id=DocumentId("4"),
        kind=DocumentKind.RENT_NOTICE,
        title="nouveau.pdf",
        on=date(2026, 9, 26),  # half past eleven at night in London is tomorrow in Paris
        media_type="application/pdf",
        byte_size=None,
        sha256=None,
        availability=DocumentAvailability.MISSING,
        issues=(DataQualityIssue(DataQualityCode.DOCUMENT_MISSING, "availability"),),
    )
    assert index == {NoticeId("7"): Seen(expected, origin)}


async def test_a_date_that_does_not_exist_fails_its_notice_alone() -> None:
    """The 31st of September, say."""
    impossible = attachment()
    impossible["create_date"] |= {"day": 31}
    with chaos(SIGNED_IN, result([impossible, attachment(resource="account.invoice,8")])) as server:
        async with connected(server.url) as erp:
            index = await erp.documents.of_notices([NoticeId("7"), NoticeId("8")], deadline=soon())

    assert isinstance(index[NoticeId("7")], Failed)
    assert isinstance(index[NoticeId("8")], Seen)


def _file(content: bytes) -> Answer:
    return result([{"id": 3, "data": {"__class__": "bytes", "base64": base64.encodebytes(content).decode()}}])


@pytest.mark.parametrize(
    "answers",
    [
        (result([attachment(data_size=3)]), _file(b"%PD")),
        (result([attachment(data_size=999)]), _file(pdf_of("shorter than announced"))),
        (result([attachment()]), result([{"id": 3, "data": None}])),
        (result([attachment()]), result([{"id": 3, "note": "x" * 5000}])),
        (result([attachment()]), result([{"id": 3, "data": {"base64": "%%%%"}}])),
        (result([attachment(create_date=None)]),),
    ],
    ids=[
        "shorter than any PDF",
        "shorter than announced",
        "no content",
        "another answer",
        "no base64",
        "unreadable index",
    ],
)
async def test_content_that_cannot_be_trusted_breaks_off(answers: tuple[Answer, ...]) -> None:
    """Nobody takes a part for the whole."""
    with chaos(SIGNED_IN, *answers) as server:
        async with connected(server.url) as erp:
            with pytest.raises(UpstreamGarbledError):
                await _read(erp, DocumentId("3"))


@pytest.mark.parametrize("size", [None, 10])
async def test_a_file_that_is_lost_is_not_found(size: int | None) -> None:
    """Either Tryton's store has lost it, or somebody has just removed it: then the content is none."""
    answers = (result([attachment(data_size=None)]),) if size is None else (result([]),)
    with chaos(SIGNED_IN, *answers) as server:
        async with connected(server.url) as erp:
            with pytest.raises(LookupError):
                await _read(erp, DocumentId("3"))


async def test_a_session_forgotten_between_index_and_content_is_an_error_to_try_again() -> None:
    """Tryton answers the second question with 401."""
    with chaos(SIGNED_IN, result([attachment()]), FORGOTTEN) as server:
        async with connected(server.url) as erp:
            with pytest.raises(UpstreamUnavailableError) as failed:
                await _read(erp, DocumentId("3"))

    assert failed.value.retryable


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 10_000])
async def test_content_is_the_same_however_it_is_cut(size: int) -> None:
    """Line breaks, escapes and groups of four may fall apart anywhere between two chunks."""
    content = bytes(range(256)) * 9
    encoded = base64.encodebytes(content).decode().replace("\n", "\\n")
    answer = f'{{"id":1,"result":[{{"data":{{"base64": "{encoded}"}},"id":3}}]}}'.encode()

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(answer), size):
            yield answer[start : start + size]

    parts = [part async for part in decoded(_CALL, chunks())]

    assert b"".join(parts) == content
    assert max(map(len, parts)) <= max(size, 3)


def test_base64_that_stops_in_the_middle_is_not_complete() -> None:
    """The reader asks."""
    value = Base64Value()

    assert value.feed(b'{"base64":"JVBER') == b"%PD"
    assert not value.is_complete
