"""A collector of traces that reads them with OpenTelemetry's published messages, not with code of ours."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

PATIENCE_SECONDS = 30.0
"""How long one that is not open keeps a delivery waiting."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A span as it came."""

    name: str
    trace_id: str
    span_id: str
    parent_id: str
    facts: Mapping[str, Any]
    has_failed: bool
    events: int


@dataclass(slots=True)
class Collector:
    """What has come; `status` is what the next deliveries are answered, once `is_open` lets them."""

    url: str = ""
    status: int = 200
    is_open: threading.Event = field(default_factory=threading.Event)
    bodies: list[bytes] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    @property
    def spans(self) -> list[Seen]:
        """Every span, in the order of their coming."""
        return [_seen(span) for request in self._requests for span in _spans(request)]

    @property
    def resource(self) -> Mapping[str, Any]:
        """What the latest delivery says of who sent it."""
        return _facts(self._requests[-1].resource_spans[0].resource.attributes)

    @property
    def _requests(self) -> list[ExportTraceServiceRequest]:
        return [ExportTraceServiceRequest.FromString(body) for body in self.bodies]


@contextmanager
def running_collector() -> Iterator[Collector]:
    """A collector that answers, on a port of its own."""
    collector = Collector()
    collector.is_open.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            collector.is_open.wait(PATIENCE_SECONDS)
            if collector.status == 200:
                collector.bodies.append(body)
                collector.paths.append(self.path)
            self.send_response(collector.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    collector.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield collector
    finally:
        collector.is_open.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _spans(request: ExportTraceServiceRequest) -> Iterator[Span]:
    for resource in request.resource_spans:
        for scope in resource.scope_spans:
            yield from scope.spans


def _seen(span: Span) -> Seen:
    return Seen(
        name=span.name,
        trace_id=span.trace_id.hex(),
        span_id=span.span_id.hex(),
        parent_id=span.parent_span_id.hex(),
        facts=_facts(span.attributes),
        has_failed=span.status.code == Status.STATUS_CODE_ERROR,
        events=len(span.events),
    )


def _facts(attributes: Any) -> dict[str, Any]:
    pairs: list[KeyValue] = list(attributes)
    return {pair.key: _value(pair.value) for pair in pairs}


def _value(value: AnyValue) -> Any:
    if value.HasField("array_value"):
        return [_value(one) for one in value.array_value.values]
    return getattr(value, value.WhichOneof("value") or "string_value")
