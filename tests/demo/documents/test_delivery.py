"""Files are given whole or in parts, unless something has become of them."""

import re
from email.utils import parsedate_to_datetime
from urllib.parse import unquote

import httpx
import pytest

from gateway.demo.documents import pages
from gateway.demo.documents.conditions import Condition
from gateway.demo.documents.identifiers import identifier_of, reference_of
from gateway.demo.world import household
from tests.demo.control.simulator import exchange_raw
from tests.demo.documents.reading import table_of
from tests.demo.documents.store import Store, notice_in, plain_identifier, plain_notice
from tests.demo.world.strategies import TODAY, signed

pytestmark = pytest.mark.servers


def test_a_file_is_a_pdf_whose_total_is_that_of_the_entries(store: Store) -> None:
    """What a tenant downloads adds up to what the ERP has in its books for the month."""
    one = household(57, 0, TODAY)

    paper = dict(table_of(store.get(plain_identifier()).content))

    of_the_month = [signed(entry) for entry in one.entries if entry.period == plain_notice().period]
    assert paper["TOTAL DU MOIS"] == sum(of_the_month)
    assert paper["NET À PAYER"] == plain_notice().amount_due_cents


def test_the_head_says_everything_about_the_file(store: Store) -> None:
    """Type, length, strong ETag, date, ranges, and a French name beside a plain one."""
    answer = store.get(plain_identifier())
    headers = answer.headers

    assert answer.status_code == 200
    assert headers["content-type"] == "application/pdf"
    assert int(headers["content-length"]) == len(answer.content)
    assert headers["accept-ranges"] == "bytes"
    assert re.fullmatch(r'"[0-9a-f]{64}"', headers["etag"])
    assert parsedate_to_datetime(headers["last-modified"]).isoformat() == "2026-10-26T21:15:00+00:00"
    plain, _, french = headers["content-disposition"].partition("; filename*=UTF-8''")
    assert plain == 'attachment; filename="avis-2026-10.pdf"'
    assert unquote(french) == "Avis d’échéance d’octobre 2026.pdf"
    assert french.isascii()


def test_head_tells_the_same_without_the_file(store: Store) -> None:
    """HEAD has the head of GET, no body, pays no heed to ranges, and is no download."""
    whole = store.get(plain_identifier())
    before = store.downloads()

    head = store.request("HEAD", plain_identifier(), Range="bytes=0-9")

    assert (head.status_code, head.content) == (200, b"")
    assert without_date(head) == without_date(whole)
    assert store.downloads() == before


@pytest.mark.parametrize(
    ("asked", "first", "last"), [("bytes=0-9", 0, 9), ("bytes=100-", 100, None), ("bytes=-20", -20, None)]
)
def test_a_part_is_given_with_its_place(store: Store, asked: str, first: int, last: int | None) -> None:
    """First bytes, all from a place on, last bytes: 206, the right bytes, and where they stand."""
    whole = store.get(plain_identifier()).content
    expected = whole[first : None if last is None else last + 1]
    start = first % len(whole)

    answer = store.get(plain_identifier(), Range=asked)

    assert (answer.status_code, answer.content) == (206, expected)
    assert answer.headers["content-length"] == str(len(expected))
    assert answer.headers["content-range"] == f"bytes {start}-{start + len(expected) - 1}/{len(whole)}"


def test_parts_put_together_are_the_file(store: Store) -> None:
    """A download that was broken off goes on where it stopped, under the same ETag."""
    whole = store.get(plain_identifier())
    middle = len(whole.content) // 2

    start = store.get(plain_identifier(), Range=f"bytes=0-{middle - 1}")
    rest = store.get(plain_identifier(), Range=f"bytes={middle}-", If_Range=start.headers["etag"])

    assert (start.status_code, rest.status_code) == (206, 206)
    assert start.content + rest.content == whole.content


def test_a_part_of_another_file_is_not_given(store: Store) -> None:
    """If-Range with a foreign ETag gets all of the file."""
    answer = store.get(plain_identifier(), Range="bytes=0-9", If_Range='"other"')

    assert answer.status_code == 200
    assert len(answer.content) > 1_000


def test_a_part_outside_the_file_is_refused(store: Store) -> None:
    """416 with the size, and no download."""
    size = len(store.get(plain_identifier()).content)
    before = store.downloads()

    answer = store.get(plain_identifier(), Range=f"bytes={size}-")

    assert (answer.status_code, answer.content) == (416, b"")
    assert answer.headers["content-range"] == f"bytes */{size}"
    assert store.downloads() == before


def test_a_file_one_has_already_is_not_sent_again(store: Store) -> None:
    """304 for its ETag, even when a part is asked for; 200 for another."""
    etag = store.get(plain_identifier()).headers["etag"]

    known = store.get(plain_identifier(), If_None_Match=etag, Range="bytes=0-9")
    other = store.get(plain_identifier(), If_None_Match='"other"')

    assert (known.status_code, known.content, known.headers["etag"]) == (304, b"", etag)
    assert other.status_code == 200


def test_every_file_given_is_written_down(store: Store) -> None:
    """When, which, how much: a whole file and a part of it."""
    before = len(store.downloads())

    size = len(store.get(plain_identifier()).content)
    store.get(plain_identifier(), Range="bytes=5-9")

    first, second = store.downloads()[before:]
    assert {first["identifier"], second["identifier"]} == {plain_identifier()}
    assert (first["status"], first["first_byte"], first["last_byte"]) == (200, 0, size - 1)
    assert (second["status"], second["first_byte"], second["last_byte"]) == (206, 5, 9)
    assert first["at"] <= second["at"]
    assert first["at"].startswith("2026-11-22T11:")


@pytest.mark.parametrize("identifier", ["x", "00000000000000261001", "7f37233800000026100", "é", "a" * 3_000])
def test_an_identifier_the_index_never_gave_leads_nowhere(store: Store, identifier: str) -> None:
    """Made-up identifiers get a page that says the document is not there."""
    answer = store.get(identifier)

    assert (answer.status_code, answer.content) == (404, pages.NOT_FOUND)
    assert answer.headers["content-type"] == "text/html; charset=windows-1252"


def test_an_identifier_is_not_the_notice_number() -> None:
    """It leads back to its notice only with the right check sum."""
    number = plain_notice().number

    assert reference_of(identifier_of(number)) == number
    assert reference_of(number) is None
    assert reference_of(f"00000000{number[2:]}") is None


def test_a_lost_file_is_not_found(store: Store) -> None:
    """What the index calls absent is absent."""
    answer = store.get(identifier_of(notice_in(Condition.LOST).number))

    assert (answer.status_code, answer.content) == (404, pages.NOT_FOUND)


def test_an_emptied_file_is_given_without_a_byte(store: Store) -> None:
    """Status 200, the type of a PDF, and nothing."""
    answer = store.get(identifier_of(notice_in(Condition.EMPTIED).number))

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-type"] == "application/pdf"


def test_an_error_page_is_given_with_status_200(store: Store) -> None:
    """A page of HTML stands where the PDF should."""
    answer = store.get(identifier_of(notice_in(Condition.ERROR_PAGE).number))

    assert (answer.status_code, answer.content) == (200, pages.ERROR)
    assert "référence « œ-0412 »" in answer.text


def test_a_damaged_file_has_the_right_length_and_the_wrong_beginning(store: Store) -> None:
    """As long as the index says, but no PDF, in parts either."""
    notice = notice_in(Condition.DAMAGED)

    answer = store.get(identifier_of(notice.number))
    part = store.get(identifier_of(notice.number), Range="bytes=0-4")

    assert answer.status_code == 200
    assert len(answer.content) == int(store.entry(notice.number)["taille"])
    assert not answer.content.startswith(b"%PDF-")
    assert part.content == answer.content[:5]


def test_a_file_broken_off_promises_more_than_it_gives(store: Store) -> None:
    """Content-Length is that of the index; the connection closes after three fifths of the file."""
    notice = notice_in(Condition.BROKEN_OFF)
    size = int(store.entry(notice.number)["taille"])
    head = f"GET /ged/documents/{identifier_of(notice.number)} HTTP/1.1\r\nHost: ged\r\nX-Cle-Acces: demo-ged\r\n\r\n"

    answer = exchange_raw(store.simulator.url, head.encode())

    assert f"content-length: {size}".encode() in answer.received.lower()
    assert answer.end == "closed"
    assert answer.body.startswith(b"%PDF-")
    assert len(answer.body) == size * 3 // 5


@pytest.mark.parametrize(("method", "path"), [("GET", "/ged/index"), ("POST", "/ged/documents/x"), ("GET", "/")])
def test_other_doors_stay_shut(store: Store, method: str, path: str) -> None:
    """No other method and no other path is served."""
    answer = store.simulator.client.request(method, store.simulator.url + path)

    assert answer.status_code in {404, 405}


def without_date(answer: httpx.Response) -> dict[str, str]:
    """The headers but for the moment."""
    return {name: value for name, value in answer.headers.items() if name != "date"}
