"""Pages for probes: they answer while the gateway's own loop does not."""

import http.client
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress

import pytest

from gateway.http.server.sideline import MAX_CONNECTIONS, MAX_HEAD_BYTES, PATIENCE_SECONDS, Page, Sideline

pytestmark = pytest.mark.servers


@pytest.fixture
def port() -> Iterator[int]:
    """A sideline with one page."""
    pages: dict[str, Callable[[], Page]] = {"/page": lambda: Page(b'{"n":1}', 503)}
    with Sideline(pages, host="127.0.0.1", port=0) as sideline:
        yield sideline.port


def told(port: int, sent: bytes) -> bytes:
    """All that comes back."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        client.sendall(sent)
        client.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: client.recv(65_536), b""))


def test_a_page_is_served_with_its_status(port: int) -> None:
    """This thread does nothing meanwhile; a query string changes nothing."""
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    asking.request("GET", "/page?verbose")
    answer = asking.getresponse()

    assert (answer.status, answer.read()) == (503, b'{"n":1}')
    assert dict(answer.getheaders()) == {
        "Content-Type": "application/json",
        "Content-Length": "7",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Connection": "close",
    }


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET /other HTTP/1.1\r\n\r\n", b"404"),
        (b"POST /page HTTP/1.1\r\n\r\n", b"405"),
        (b"GET /page HTTP/1.1\r\n", b"400"),
        (b"\xff\xfe\x00\r\n\r\n", b"405"),
        (b"GET /page HTTP/1.1\r\nX: " + b"y" * MAX_HEAD_BYTES + b"\r\n\r\n", b"400"),
    ],
)
def test_anything_else_is_refused(port: int, sent: bytes, status: bytes) -> None:
    """Nothing of a request is used but its path, and it is short."""
    assert told(port, sent).startswith(b"HTTP/1.1 " + status)


def test_whoever_holds_the_line_does_not_hold_others(port: int) -> None:
    """There is always a place for the next: who came first and has asked nothing yet makes room."""
    with ExitStack() as held:
        silent = [
            held.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5))
            for _ in range(2 * MAX_CONNECTIONS)
        ]
        for one in silent:
            with suppress(ConnectionError):
                one.sendall(b"GET /pa")
        served = told(port, b"GET /page HTTP/1.1\r\n\r\n")
        silent[0].settimeout(PATIENCE_SECONDS / 2)
        with suppress(ConnectionResetError):
            assert silent[0].recv(100) == b""

    assert served.startswith(b"HTTP/1.1 503 ")


def test_a_port_that_is_taken_stops_the_start(port: int) -> None:
    """Rather than to be watched by nobody."""
    with pytest.raises(OSError, match="in use"):
        Sideline({}, host="127.0.0.1", port=port)
