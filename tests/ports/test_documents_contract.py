"""The documents port: what the index claims, and files that are PDFs or do not open."""

import asyncio
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pypdf
import pytest

from gateway.adapters.erp_tryton.documents import TrytonDocuments
from gateway.adapters.erp_tryton.notices import TrytonNotices
from gateway.domain.document import Document, DocumentAvailability, DocumentKind
from gateway.domain.identifiers import AccountId, DocumentId, NoticeId
from gateway.domain.source import SourceSystem
from gateway.ports.answers import Seen
from gateway.ports.deadline import Deadline
from gateway.ports.documents import ByteRange, DocumentsPort, OpenedDocument, RangeNotSatisfiableError
from gateway.ports.errors import UpstreamError, UpstreamGarbledError, UpstreamTimeoutError, UpstreamUnavailableError
from tests.demo.control.simulator import Simulator
from tests.ports.contract import BatchCase, BatchContract, Batched, soon
from tests.ports.peers import SOAP, TRYTON, StorePeer, TrytonPeer, tryton_peer
from tests.support.erp_simulator import truth
from tests.support.tryton import Tryton
from tests.support.tryton_world import TENANTS


@dataclass(frozen=True, slots=True)
class DocumentsCase:
    """A document store, the notices it may know and an identifier that it does not know.

    `page` is what a page of HTML in place of a file is called: part of the file's story, or of the connection's.
    """

    batch: BatchCase
    documents: DocumentsPort
    notices: Sequence[NoticeId]
    no_document: DocumentId
    page: type[UpstreamError]


@pytest.fixture(scope="module")
def issued(_immo_gest: Simulator) -> Sequence[NoticeId]:
    """The notices that the ERP knows of sixty households."""
    accounts = [row["numero"] for row in truth(_immo_gest, "comptes")[:60]]
    return [NoticeId(row["numero"]) for account in accounts for row in truth(_immo_gest, f"avis?key={account}")]


@pytest.fixture(scope="module")
def posted(tryton: Tryton) -> Mapping[NoticeId, bool]:
    """All notices of Tryton's invented tenants, and whether they have an attachment."""
    return asyncio.run(_posted(tryton))


async def _posted(tryton: Tryton) -> Mapping[NoticeId, bool]:
    accounts = [AccountId(tenant.code) for tenant in TENANTS if tenant.role]
    async with tryton_peer(tryton) as over_tryton:
        found = await TrytonNotices(over_tryton.client).notices(accounts, latest_months=12, deadline=soon())
        notices = [notice.id for answer in found.values() if isinstance(answer, Seen) for notice in answer.value]
        filed = await TrytonDocuments(over_tryton.client).of_notices(notices, deadline=soon())
    return {notice: isinstance(filed[notice], Seen) for notice in notices}


@pytest.fixture
def store_documents(stored: StorePeer, issued: Sequence[NoticeId]) -> DocumentsCase:
    """The document store."""
    batch = BatchCase(
        peer=stored.peer,
        source=SourceSystem.DOCUMENT_STORE,
        ask=_no_question,
        known=issued,
        unknown=lambda number: f"AE9{number:011d}",
        keys_per_call=100,
    )
    unknown = DocumentId("00000000" + "9" * 12)
    return DocumentsCase(batch, stored.store, issued, no_document=unknown, page=UpstreamGarbledError)


@pytest.fixture
def tryton_documents(over_tryton: TrytonPeer, posted: Mapping[NoticeId, bool]) -> DocumentsCase:
    """Tryton's attachments."""
    batch = BatchCase(
        peer=over_tryton.peer,
        source=SourceSystem.DOCUMENT_STORE,
        ask=_no_question,
        known=[notice for notice, is_filed in posted.items() if is_filed],
        unknown=lambda number: f"{9_000_000 + number}",
        keys_per_call=500,
        spellings=lambda key: (key, key),  # numbers of Tryton's own, which nothing pads
    )
    unknown = DocumentId("9000000")
    documents = TrytonDocuments(over_tryton.client)
    return DocumentsCase(batch, documents, list(posted), no_document=unknown, page=UpstreamUnavailableError)


async def _no_question(keys: Sequence[str], deadline: Deadline) -> Batched:
    raise NotImplementedError


@pytest.fixture(
    params=[
        pytest.param("store_documents", marks=SOAP.marks),
        pytest.param("tryton_documents", marks=TRYTON.marks),
    ]
)
def of_peer(request: pytest.FixtureRequest) -> DocumentsCase:
    """Documents over each peer."""
    case = request.getfixturevalue(request.param)
    assert isinstance(case, DocumentsCase)
    return case


class TestIndex(BatchContract):
    """The index is a batch like any other."""

    @pytest.fixture
    def case(self, of_peer: DocumentsCase) -> BatchCase:
        """The batch of documents of notices."""

        async def ask(keys: Sequence[str], deadline: Deadline) -> Batched:
            return await of_peer.documents.of_notices([NoticeId(key) for key in keys], deadline=deadline)

        return replace(of_peer.batch, ask=ask)

    async def test_documents_are_rent_notices_with_a_title(self, of_peer: DocumentsCase) -> None:
        """Each notice its own document."""
        documents = await _documents(of_peer)

        assert {document.kind for document in documents} == {DocumentKind.RENT_NOTICE}
        assert all(document.title and document.media_type == "application/pdf" for document in documents)
        assert len({document.id for document in documents}) == len(documents)

    async def test_what_is_not_there_is_said_so(self, of_peer: DocumentsCase) -> None:
        """A document without a byte is missing, with its issue; some are."""
        documents = await _documents(of_peer)

        missing = [it for it in documents if it.availability is DocumentAvailability.MISSING]
        assert missing
        assert all("DOCUMENT_MISSING" in {issue.code for issue in document.issues} for document in missing)
        available = [it for it in documents if it.availability is DocumentAvailability.AVAILABLE]
        assert all(document.byte_size for document in available)


async def test_a_file_opens_as_the_pdf_that_the_index_promised(of_peer: DocumentsCase) -> None:
    """Every byte, in its length, with its fingerprint where there is one; pypdf reads it."""
    document = await _a_good_one(of_peer)

    opened, body = await _read(of_peer, document.id)

    assert (opened.byte_size, opened.first_byte, opened.byte_count) == (len(body), 0, len(body))
    assert document.byte_size == len(body)
    assert document.sha256 in {None, hashlib.sha256(body).hexdigest()}
    assert len(pypdf.PdfReader(io.BytesIO(body)).pages) >= 1


@pytest.mark.parametrize(
    "part",
    [
        ByteRange(0, None),
        ByteRange(0, 0),
        ByteRange(0, 3),
        ByteRange(0, 4),
        ByteRange(1, 1),
        ByteRange(100, 199),
        ByteRange(100, None),
        ByteRange(0, 10**9),
        ByteRange(None, 1),
        ByteRange(None, 100),
        ByteRange(None, 10**9),
    ],
    ids=lambda part: f"{part.first}-{part.last}",
)
async def test_a_part_of_a_file_is_exactly_that_part(of_peer: DocumentsCase, part: ByteRange) -> None:
    """A download that was interrupted can go on."""
    document = await _a_good_one(of_peer)
    _, whole = await _read(of_peer, document.id)

    opened, body = await _read(of_peer, document.id, part=part)

    numbers = range(len(whole))
    first, last = part.first, part.last
    wanted = numbers[-(last or 0) :] if first is None else numbers[first : None if last is None else last + 1]
    assert body == whole[wanted[0] : wanted[-1] + 1]
    assert (opened.byte_size, opened.first_byte, opened.byte_count) == (len(whole), wanted[0], len(body))


async def test_a_part_outside_the_file_is_refused_with_its_size(of_peer: DocumentsCase) -> None:
    """So that the reader can ask again."""
    document = await _a_good_one(of_peer)
    _, whole = await _read(of_peer, document.id)

    with pytest.raises(RangeNotSatisfiableError) as caught:
        await _read(of_peer, document.id, part=ByteRange(len(whole), None))

    assert caught.value.byte_size == len(whole)


@pytest.mark.parametrize("part", [None, ByteRange(0, 99), ByteRange(100, None)])
async def test_a_file_that_nobody_has_is_not_found(of_peer: DocumentsCase, part: ByteRange | None) -> None:
    """Whichever part of it is asked for."""
    with pytest.raises(LookupError):
        await _read(of_peer, of_peer.no_document, part=part)


@pytest.mark.parametrize("text", ["", "../1", "1/2", "%2e%2e", "a b", "☃", "1\r\nX: y"])
async def test_what_cannot_be_an_identifier_is_not_found_and_never_sent(of_peer: DocumentsCase, text: str) -> None:
    """Nothing of it reaches the system."""
    before = of_peer.batch.peer.calls()

    with pytest.raises(LookupError):
        await _read(of_peer, DocumentId(text))

    assert of_peer.batch.peer.calls() == before


@pytest.mark.parametrize("part", [None, ByteRange(100, None)], ids=["whole", "part"])
@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("http_500", UpstreamUnavailableError),
        ("http_503", UpstreamUnavailableError),
        ("truncate", UpstreamGarbledError),
        ("reset", UpstreamUnavailableError),
        ("garbage", UpstreamGarbledError),
        ("empty", UpstreamGarbledError),
        ("hang", UpstreamTimeoutError),
        ("html_200", None),
    ],
)
async def test_a_file_that_comes_badly_is_one_clear_error(
    of_peer: DocumentsCase, kind: str, expected: type[UpstreamError] | None, part: ByteRange | None
) -> None:
    """Before its first byte or while it is read; afterwards everything is as before."""
    document = await _a_good_one(of_peer)
    _, before = await _read(of_peer, document.id, part=part)

    with of_peer.batch.peer.spoilt(kind), pytest.raises(UpstreamError) as caught:
        await _read(of_peer, document.id, part=part, seconds=0.4 if kind == "hang" else 10)

    assert type(caught.value) is (expected or of_peer.page)
    assert not [secret for secret in of_peer.batch.peer.secrets if secret in str(caught.value)]
    assert (await _read(of_peer, document.id, part=part))[1] == before


async def test_nothing_that_opens_is_anything_but_a_whole_pdf(of_peer: DocumentsCase) -> None:
    """Of a few hundred documents, some lost, late, emptied, damaged, broken off or replaced by a page."""
    documents = await _documents(of_peer)
    suspicious = [it for it in documents if it.sha256 is None or it.issues][:40]

    outcomes = set()
    for document in [*suspicious, *documents[:60]]:
        try:
            opened, body = await _read(of_peer, document.id)
        except LookupError:
            outcomes.add("not found")
        except UpstreamGarbledError:
            outcomes.add("no PDF")
        else:
            outcomes.add("PDF")
            assert body.startswith(b"%PDF-")
            assert len(body) == opened.byte_size

    assert {"PDF", "no PDF"} <= outcomes


async def _documents(of_peer: DocumentsCase) -> list[Document]:
    found = await of_peer.documents.of_notices(of_peer.notices, deadline=soon())
    return [answer.value for answer in found.values() if isinstance(answer, Seen)]


async def _a_good_one(of_peer: DocumentsCase) -> Document:
    """A document that is there in earnest, of a household without a story of its documents."""
    found = await of_peer.documents.of_notices(of_peer.notices[:3], deadline=soon())
    documents = (answer.value for answer in found.values() if isinstance(answer, Seen))
    return next(document for document in documents if document.availability is DocumentAvailability.AVAILABLE)


async def _read(
    of_peer: DocumentsCase, document: DocumentId, *, part: ByteRange | None = None, seconds: float = 20
) -> tuple[OpenedDocument, bytes]:
    async with of_peer.documents.open(document, part=part, deadline=Deadline.after(seconds)) as opened:
        return opened, b"".join([chunk async for chunk in opened.chunks])
