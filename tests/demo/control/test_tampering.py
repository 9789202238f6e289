"""Each kind of fault, as it arrives on the wire."""

import socket
import time
from urllib.parse import urlsplit

import httpx
import pytest

from tests.demo.control.plain import PAGE
from tests.demo.control.simulator import Simulator, exchange_raw
from tests.support import processes

pytestmark = pytest.mark.servers

GET = b"GET /page HTTP/1.1\r\nHost: plain\r\nConnection: close\r\n\r\n"
DECLARED = b'<?xml version="1.0" encoding="windows-1252"?>'


def _page(simulator: Simulator) -> httpx.Response:
    return simulator.fetch("/page")


def test_without_faults_the_answer_is_the_systems_own(plain: Simulator) -> None:
    """Body, type and other headers, to the byte."""
    answer = _page(plain)

    assert (answer.status_code, answer.content) == (200, PAGE)
    assert answer.headers["content-type"] == "text/xml; charset=windows-1252"
    assert answer.headers["etag"] == '"1"'


def test_the_body_of_a_request_reaches_the_system(plain: Simulator) -> None:
    """Although it was read before, to know the operation."""
    answer = plain.client.post(f"{plain.url}/echo", content=b"a,b,c")

    assert answer.content == b"a,b,c"
    assert [(line["operation"], line["keys"]) for line in plain.journal()] == [("echo", 2)]


def test_a_streamed_answer_passes_unbuffered(plain: Simulator) -> None:
    """Its pieces are counted in the journal all the same."""
    answer = plain.fetch("/stream")

    assert (answer.content, "content-length" in answer.headers) == (PAGE, False)
    assert plain.journal()[0]["bytes"] == len(PAGE)


def test_the_journal_tells_each_request_exactly(plain: Simulator) -> None:
    """Number, moment, operation, keys, status, time, fault and size."""
    fault = plain.order("http_503", operation="handled")
    _page(plain)
    refused = plain.fetch("/handled")

    first, second = plain.journal()

    assert (first["operation"], first["status"], first["fault"]) == ("page", 200, None)
    assert (first["bytes"], first["keys"]) == (len(PAGE), 0)
    assert first["ms"] >= 2
    assert first["at"].startswith("2026-03-16T11:00:0")
    assert (second["n"], second["status"], second["fault"]) == (first["n"] + 1, 503, fault)
    assert second["bytes"] == len(refused.content)


def test_latency_delays_the_answer(plain: Simulator) -> None:
    """By the ordered time at least, and the answer is whole."""
    fault = plain.order("latency", ms=120)

    assert _page(plain).content == PAGE

    (line,) = plain.journal()
    assert line["ms"] >= 120
    assert line["fault"] == fault


@pytest.mark.parametrize(
    ("order", "status", "retry_after"),
    [
        ({"kind": "http_500"}, 500, None),
        ({"kind": "http_503"}, 503, None),
        ({"kind": "http_503", "retry_after": 30}, 503, "30"),
        ({"kind": "html_200"}, 200, None),
    ],
)
def test_an_error_page_comes_instead(
    plain: Simulator, order: dict[str, str], status: int, retry_after: str | None
) -> None:
    """HTML, whatever the status says, and the system itself was not asked."""
    before = plain.fetch("/handled").text
    plain.order(**order, operation="page")

    answer = _page(plain)

    assert (answer.status_code, answer.headers.get("retry-after")) == (status, retry_after)
    assert answer.headers["content-type"] == "text/html; charset=iso-8859-1"
    assert answer.text.startswith("<!DOCTYPE HTML")
    assert "demandé" in answer.text
    assert plain.fetch("/handled").text == before


def test_garbage_is_random_bytes_replayed_by_the_seed(plain: Simulator) -> None:
    """Under the system's usual content type."""
    plain.order("garbage", size=700)
    plain.post("seed", seed=4).raise_for_status()
    first = _page(plain)
    plain.post("seed", seed=4).raise_for_status()

    assert (first.status_code, len(first.content)) == (200, 700)
    assert first.headers["content-type"] == "application/octet-stream"
    assert _page(plain).content == first.content


def test_an_empty_answer_has_a_head_only(plain: Simulator) -> None:
    """Status 200 and nothing."""
    plain.order("empty")

    assert (_page(plain).status_code, _page(plain).content) == (200, b"")


def test_an_in_band_error_comes_with_status_200(plain: Simulator) -> None:
    """In the system's own words."""
    plain.order("in_band", code="FERME", label="inventaire")

    assert (_page(plain).status_code, _page(plain).text) == (200, "page: FERME inventaire\n")


def test_a_corrupted_field_holds_the_ordered_value(plain: Simulator) -> None:
    """Of a system that speaks plain HTTP the fields are headers."""
    plain.order("corrupt_field", field="ETag", value="broken")

    answer = _page(plain)

    assert (answer.headers["etag"], answer.content) == ("broken", PAGE)


@pytest.mark.parametrize(
    ("order", "kept"), [({"at_bytes": 10}, 10), ({"fraction": 0.5}, len(PAGE) // 2), ({"at_bytes": 10**6}, len(PAGE))]
)
def test_a_truncated_answer_announces_more_than_it_sends(plain: Simulator, order: dict[str, float], kept: int) -> None:
    """The length of the whole, a part of it, and the connection closed."""
    plain.order("truncate", **order)

    answer = exchange_raw(plain.url, GET)

    assert f"content-length: {len(PAGE)}\r\n".encode() in answer.received
    assert (answer.body, answer.end) == (PAGE[:kept], "closed")


def test_a_truncated_answer_closes_a_connection_meant_to_stay(plain: Simulator) -> None:
    """A client that keeps connections alive is cut off too."""
    plain.order("truncate", fraction=0.5)

    with pytest.raises(httpx.RemoteProtocolError):
        plain.fetch("/page")


def test_a_reset_comes_in_mid_body(plain: Simulator) -> None:
    """Half of the body, then the connection is gone as when a process crashes."""
    plain.order("reset")

    answer = exchange_raw(plain.url, GET)

    assert (answer.body, answer.end) == (PAGE[: len(PAGE) // 2], "reset")


def test_a_dripping_answer_is_slow_and_whole(plain: Simulator) -> None:
    """951 bytes at 4,000 a second take almost a quarter of one."""
    plain.order("drip", bytes_per_second=4_000)

    started = time.monotonic()
    answer = exchange_raw(plain.url, GET)

    assert (answer.body, answer.end) == (PAGE, "closed")
    assert time.monotonic() - started > len(PAGE) / 4_000 * 0.9


def test_dripping_stops_when_the_client_leaves(plain: Simulator) -> None:
    """Nobody is kept busy for a client that gave up."""
    plain.order("drip", bytes_per_second=10)

    answer = exchange_raw(plain.url, GET, patience_seconds=0.05)

    assert answer.end == "open"
    processes.wait_until(lambda: plain.journal()[0]["ms"] is not None, seconds=5)
    assert plain.journal()[0]["bytes"] < 10


def test_a_hanging_system_accepts_and_never_answers(plain: Simulator) -> None:
    """Nothing comes, the connection stays; the journal has no status for it."""
    plain.order("hang")

    answer = exchange_raw(plain.url, GET, patience_seconds=0.2)

    assert (answer.received, answer.end) == (b"", "open")
    processes.wait_until(lambda: plain.journal()[0]["ms"] is not None, seconds=5)
    assert plain.journal()[0]["status"] is None


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1"])
def test_a_wrong_charset_is_announced_twice(plain: Simulator, charset: str) -> None:
    """In the header and in the XML declaration, over the same bytes."""
    plain.order("wrong_charset", charset=charset)

    answer = _page(plain)

    assert answer.headers["content-type"] == f"text/xml; charset={charset}"
    assert answer.content == PAGE.replace(b"windows-1252", charset.encode(), 1)


def test_a_wrong_charset_is_announced_also_where_there_was_none(plain: Simulator) -> None:
    """What declares no encoding of its own gets one in the header only."""
    plain.order("wrong_charset")

    answer = plain.client.post(f"{plain.url}/echo", content=b"abc")

    assert (answer.headers["content-type"], answer.content) == ("text/plain; charset=utf-8", b"abc")


def test_a_duplicate_delivery_is_handled_twice(plain: Simulator) -> None:
    """One request in the journal, two in the system."""
    before = int(plain.fetch("/handled").text)
    plain.order("duplicate_delivery", operation="page", times=1)

    answer = _page(plain)

    assert answer.content == PAGE
    assert int(plain.fetch("/handled").text) == before + 2
    assert [line["operation"] for line in plain.journal()] == ["handled", "page", "handled"]


def test_a_streamed_answer_can_be_truncated(plain: Simulator) -> None:
    """Then it does announce a length."""
    plain.order("truncate", at_bytes=150)

    answer = exchange_raw(plain.url, GET.replace(b"/page", b"/stream"))

    assert f"content-length: {len(PAGE)}\r\n".encode() in answer.received
    assert answer.body == PAGE[:150]


def test_a_client_that_leaves_while_sending_is_no_request(plain: Simulator) -> None:
    """The system never saw it, so the journal does not either."""
    address = urlsplit(plain.url)
    with socket.create_connection((address.hostname, address.port)) as peer:
        peer.sendall(b"POST /echo HTTP/1.1\r\nHost: plain\r\nContent-Length: 100\r\n\r\nonly this")

    _page(plain)

    assert [line["operation"] for line in plain.journal()] == ["page"]
