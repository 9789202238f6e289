"""A stand-in for the gateway: keeps what it is asked, answers what the test says."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass(slots=True)
class Gateway:
    """The last word is the test's: `answer` is the body of every answer."""

    url: str = ""
    answer: bytes = b"{}"
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def will_say(self, operation: str, **outcome: object) -> None:
        """Answers with one outcome from now on."""
        self.answer = json.dumps({"data": {operation: outcome}}).encode()


@contextmanager
def running_gateway() -> Iterator[Gateway]:
    """A stand-in on a free port of 127.0.0.1, in a thread."""
    gateway = Gateway()

    class Door(BaseHTTPRequestHandler):
        """POST /graphql."""

        def do_POST(self) -> None:
            """Keep the question, give the answer."""
            gateway.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            gateway.headers.append({"path": self.path, **{name.lower(): text for name, text in self.headers.items()}})
            self.send_response(200)
            self.send_header("Content-Length", str(len(gateway.answer)))
            self.end_headers()
            self.wfile.write(gateway.answer)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        gateway.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield gateway
        finally:
            server.shutdown()
            thread.join()
