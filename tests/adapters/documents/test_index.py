"""The index: what documents there are, as far as it can be believed."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from gateway.domain.document import Document, DocumentAvailability, DocumentKind
from gateway.domain.identifiers import DocumentId, NoticeId
from gateway.domain.source import DataQualityCode, DataQualityIssue, Origin, SourceSystem
from gateway.ports.answers import MISSING, Answer, Failed, Seen
from gateway.ports.errors import UpstreamError, UpstreamGarbledError, UpstreamRefusedError, UpstreamUnavailableError
from tests.adapters.documents.store import FETCHED_AT, soon, store_doing
from tests.support.chaos import http, reply, say

NOTICE = NoticeId("AE000003261001")
ORIGIN = Origin(SourceSystem.DOCUMENT_STORE, as_of=datetime(2026, 11, 22, 13, 30, tzinfo=UTC), fetched_at=FETCHED_AT)
SHA = "0f" * 32
ENTRY = {
    "reference": "AE000003261001",
    "identifiant": "b4c0b2b5000003261001",
    "libelle": "Avis d’échéance d’octobre 2026",
    "type": "AVIS",
    "date": "20261026",
    "taille": "000002144",
    "empreinte": SHA,
    "statut": "DISPO",
}
DOCUMENT = Document(
    id=DocumentId("b4c0b2b5000003261001"),
    kind=DocumentKind.RENT_NOTICE,
    title="Avis d’échéance d’octobre 2026",
    on=date(2026, 10, 26),
    media_type="application/pdf",
    byte_size=2144,
    sha256=SHA,
    availability=DocumentAvailability.AVAILABLE,
)


def listing(*entries: object, stamp: object = "20261122143000") -> bytes:
    """The answer of the index."""
    return json.dumps({"horodatage": stamp, "documents": entries}).encode()


async def document_of(body: bytes) -> Answer[Document]:
    """What is answered for the notice when the store says `body`."""
    async with store_doing(say(http(body, headers="Content-Type: application/json"))) as (store, _):
        return (await store.of_notices([NOTICE], deadline=soon()))[NOTICE]


def told(code: str, field: str, raw: str) -> tuple[DataQualityIssue, ...]:
    """The only issue."""
    return (DataQualityIssue(DataQualityCode(code), field, raw),)


async def test_a_document_is_read_whole() -> None:
    """The store's local time becomes an instant."""
    assert await document_of(listing(ENTRY)) == Seen(DOCUMENT, ORIGIN)


async def test_members_we_do_not_know_are_ignored() -> None:
    """A store may tell more."""
    assert await document_of(listing({**ENTRY, "couleur": "bleu"})) == Seen(DOCUMENT, ORIGIN)


@pytest.mark.parametrize(
    ("changes", "document"),
    [
        (
            {"statut": "ATTENTE", "taille": "000000000", "empreinte": ""},
            replace(DOCUMENT, byte_size=None, sha256=None, availability=DocumentAvailability.BEING_PREPARED),
        ),
        (
            {"statut": "ABSENT", "taille": "000000000", "empreinte": ""},
            replace(
                DOCUMENT,
                byte_size=None,
                sha256=None,
                availability=DocumentAvailability.MISSING,
                issues=told("DOCUMENT_MISSING", "availability", "ABSENT"),
            ),
        ),
        (
            {"taille": "000000000", "empreinte": ""},
            replace(
                DOCUMENT,
                byte_size=None,
                sha256=None,
                availability=DocumentAvailability.MISSING,
                issues=told("DOCUMENT_MISSING", "availability", "DISPO"),
            ),
        ),
        (
            {"type": "BAIL"},
            replace(DOCUMENT, kind=DocumentKind.OTHER, issues=told("UNKNOWN_CODE", "kind", "BAIL")),
        ),
        ({"date": "20260230"}, replace(DOCUMENT, on=None, issues=told("INVALID_DATE", "on", "20260230"))),
        ({"date": "26/10/2026"}, replace(DOCUMENT, on=None, issues=told("INVALID_DATE", "on", "26/10/2026"))),
        (
            {"taille": "2144"},
            replace(DOCUMENT, byte_size=None, issues=told("UNREADABLE_AMOUNT", "byte_size", "2144")),
        ),
        ({"empreinte": SHA.upper()}, replace(DOCUMENT, sha256=None)),
    ],
)
async def test_what_the_index_says_of_a_document(changes: dict[str, str], document: Document) -> None:
    """Lost, late and empty documents are told apart; what cannot be read is none."""
    assert await document_of(listing({**ENTRY, **changes})) == Seen(document, ORIGIN)


@pytest.mark.parametrize("stamp", ["", "20261322143000", "00010101000000", "20261122"])
async def test_a_time_that_cannot_be_read_is_left_out(stamp: str) -> None:
    """The documents are told all the same."""
    assert await document_of(listing(ENTRY, stamp=stamp)) == Seen(DOCUMENT, replace(ORIGIN, as_of=None))


async def test_a_notice_the_index_does_not_know_is_missing() -> None:
    """No entry, no document."""
    assert await document_of(listing()) == MISSING


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"identifiant": "../x"}, "identifiant"),
        ({"identifiant": ""}, "identifiant"),
        ({"statut": "PERDU"}, "statut"),
        ({"taille": 2144}, "documents"),
        ({"libelle": None}, "documents"),
    ],
)
async def test_an_entry_that_cannot_be_read_fails_alone(changes: dict[str, object], field: str) -> None:
    """The other notice of the batch is answered."""
    other = NoticeId("AE000003260901")
    body = listing({**ENTRY, **changes}, {**ENTRY, "reference": other})
    async with store_doing(say(http(body, headers="Content-Type: application/json"))) as (store, _):
        batch = await store.of_notices([NOTICE, other], deadline=soon())

    failed = batch[NOTICE]
    assert isinstance(failed, Failed)
    assert str(failed.error) == f"DOCUMENT_STORE.of_notices: cannot read {field}"
    assert batch[other] == Seen(DOCUMENT, ORIGIN)


async def test_an_entry_given_twice_is_one_unless_they_differ() -> None:
    """Of two that differ nobody can tell which is right."""
    assert await document_of(listing(ENTRY, ENTRY)) == Seen(DOCUMENT, ORIGIN)

    failed = await document_of(listing(ENTRY, {**ENTRY, "taille": "000000001"}))
    assert isinstance(failed, Failed)
    assert str(failed.error) == "DOCUMENT_STORE.of_notices: cannot read reference"


@pytest.mark.parametrize(
    ("body", "expected", "text"),
    [
        (b'{"erreur":{"code":"ACCES_REFUSE","libelle":"x"}}', UpstreamRefusedError, "refused with ACCES_REFUSE"),
        (b'{"erreur":{"code":"M. Klein","libelle":"x"}}', UpstreamGarbledError, "cannot read erreur"),
        (b'{"erreur":"x"}', UpstreamGarbledError, "cannot read erreur"),
        (b"", UpstreamGarbledError, "cannot read body"),
        (b"\xff\xfe\x00", UpstreamGarbledError, "cannot read body"),
        (b'{"horodatage": "20261122143000", "docu', UpstreamGarbledError, "cannot read body"),
        (b'{"horodatage": "", "documents": [], "documents": []}', UpstreamGarbledError, "cannot read body"),
        (b'{"horodatage": "", "documents": [{"taille": NaN}]}', UpstreamGarbledError, "cannot read body"),
        (b"[" * 100_000, UpstreamGarbledError, "cannot read body"),
        (b"[]", UpstreamGarbledError, "cannot read documents"),
        (b'{"horodatage": "", "documents": {}}', UpstreamGarbledError, "cannot read documents"),
        (listing({"reference": "??"}), UpstreamGarbledError, "cannot read reference"),
        (listing({}), UpstreamGarbledError, "cannot read reference"),
        (b"<html>oops</html>", UpstreamUnavailableError, "a page where data was due"),
    ],
)
async def test_answers_that_are_no_index(body: bytes, expected: type[UpstreamError], text: str) -> None:
    """Refused, unreadable or not from the store at all."""
    with pytest.raises(UpstreamError) as caught:
        await document_of(body)

    assert type(caught.value) is expected
    assert str(caught.value) == f"DOCUMENT_STORE.of_notices: {text}"


async def test_references_travel_canonical_once_and_only_if_they_can_be_references() -> None:
    """At most a hundred in a call, with our key."""
    notices = [NoticeId(f"AE{number:012d}") for number in range(101)]
    odd = [NoticeId(" ae000000000000 "), NoticeId('AE"], "x": ["'), NoticeId("")]

    def index(request: bytes) -> bytes:
        asked = json.loads(request.partition(b"\r\n\r\n")[2])["references"]
        return http(listing(*({**ENTRY, "reference": reference} for reference in asked)))

    async with store_doing(reply(index)) as (store, server):
        batch = await store.of_notices([*notices, *odd, *notices], deadline=soon())

    sent = [json.loads(request.partition(b"\r\n\r\n")[2])["references"] for request in server.requests]
    assert sorted(map(len, sent)) == [1, 100]
    assert sorted(reference for part in sent for reference in part) == sorted(notices)
    assert all(b"X-Cle-Acces: demo-ged\r\n" in request for request in server.requests)
    assert all(batch[notice] == Seen(DOCUMENT, ORIGIN) for notice in [*notices, odd[0]])
    assert (batch[odd[1]], batch[odd[2]]) == (MISSING, MISSING)
