"""A server of raw bytes on 127.0.0.1, for what no well-behaved HTTP library would ever send."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

XML = "text/xml; charset=windows-1252"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request, head and body as sent, and the connection to answer on; `over` is set when the test is."""

    peer: socket.socket
    request: bytes
    over: threading.Event


Answer = Callable[[Exchange], None]


@dataclass(slots=True)
class Chaos:
    """What the test sees of the server: its address and the requests it received, head and body as sent."""

    url: str
    requests: list[bytes] = field(default_factory=list)
    open_now: int = 0
    most_open: int = 0


@contextmanager
def chaos(*answers: Answer) -> Iterator[Chaos]:
    """A server that gives `answers` in order, then the last one again and again."""
    over, listener = threading.Event(), socket.create_server(("127.0.0.1", 0))
    server = _Server(list(answers), over, Chaos(f"http://127.0.0.1:{listener.getsockname()[1]}"))
    accepting = threading.Thread(target=server.accept, args=(listener,), daemon=True)
    accepting.start()
    try:
        yield server.seen
    finally:
        over.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        accepting.join(timeout=5)


def http(body: bytes, *, status: str = "200 OK", headers: str = f"Content-Type: {XML}") -> bytes:
    """A complete HTTP answer."""
    lines = f"HTTP/1.1 {status}\r\n{headers}\r\nContent-Length: {len(body)}\r\n\r\n"
    return lines.encode("latin-1") + body


def say(answer: bytes) -> Answer:
    """Send `answer` and wait for the next request."""

    def write(at: Exchange) -> None:
        at.peer.sendall(answer)

    return write


def reply(give: Callable[[bytes], bytes]) -> Answer:
    """Send what `give` makes of the request."""

    def write(at: Exchange) -> None:
        at.peer.sendall(give(at.request))

    return write


def say_and_close(answer: bytes) -> Answer:
    """Send `answer`, which may announce more than it holds, and end the connection in good order."""

    def write(at: Exchange) -> None:
        at.peer.sendall(answer)
        at.peer.shutdown(socket.SHUT_RDWR)

    return write


def say_and_reset(answer: bytes) -> Answer:
    """Send `answer`, then break the connection as a crashed process does."""

    def write(at: Exchange) -> None:
        at.peer.sendall(answer)
        at.over.wait(0.05)
        at.peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        at.peer.close()

    return write


def drip(answer: bytes, *, pause_seconds: float) -> Answer:
    """Send `answer` byte by byte."""

    def write(at: Exchange) -> None:
        for byte in answer:
            at.peer.sendall(bytes([byte]))
            if at.over.wait(pause_seconds):
                return

    return write


def say_and_hang(answer: bytes = b"") -> Answer:
    """Send `answer`, then nothing more until the test is at.over."""

    def write(at: Exchange) -> None:
        at.peer.sendall(answer)
        at.over.wait()

    return write


def one_after_another(*answers: Answer) -> Answer:
    """Several behaviours within one answer."""

    def write(at: Exchange) -> None:
        for answer in answers:
            answer(at)

    return write


@dataclass(slots=True)
class _Server:
    answers: list[Answer]
    over: threading.Event
    seen: Chaos
    guard: threading.Lock = field(default_factory=threading.Lock)

    def accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                peer, _ = listener.accept()
                threading.Thread(target=self._converse, args=(peer,), daemon=True).start()

    def _converse(self, peer: socket.socket) -> None:
        with suppress(OSError), peer:
            while request := _read_request(peer):
                answer = self._note(request)
                try:
                    answer(Exchange(peer, request, self.over))
                finally:
                    self._forget()

    def _note(self, request: bytes) -> Answer:
        with self.guard:
            self.seen.requests.append(request)
            self.seen.open_now += 1
            self.seen.most_open = max(self.seen.most_open, self.seen.open_now)
            return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def _forget(self) -> None:
        with self.guard:
            self.seen.open_now -= 1


def _read_request(peer: socket.socket) -> bytes:
    """One request, or nothing when the client has closed the connection."""
    received = b""
    while b"\r\n\r\n" not in received:
        if not (part := peer.recv(65536)):
            return b""
        received += part
    head, _, body = received.partition(b"\r\n\r\n")
    while len(body) < _announced(head):
        body += peer.recv(65536)
    return head + b"\r\n\r\n" + body


def _announced(head: bytes) -> int:
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    return int(lengths[0].partition(b":")[2]) if lengths else 0
