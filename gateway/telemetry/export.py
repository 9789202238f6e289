"""Spans to the landlord's collector by OTLP over HTTP: from a bounded queue, by a thread of its own.

No request waits for it and none fails with it. What the collector does not take in time is dropped and counted. The
SDK is imported here alone, and this module only where there is a collector: it takes an eighth of a second to load.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanLimits, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace import Tracer

from gateway import __version__
from gateway.telemetry.metrics import Metrics

_LONGEST_VALUE = 200


@dataclass(frozen=True, slots=True)
class Queue:
    """At most `spans` wait, to be sent in batches, once a second at least.

    `patience_seconds` are for one batch, with all its repetitions, and for what is left at the end.
    """

    spans: int = 4_096
    batch: int = 512
    patience_seconds: float = 3.0


@asynccontextmanager
async def exporting(
    endpoint: str, *, ratio: float, metrics: Metrics, queue: Queue | None = None
) -> AsyncIterator[Tracer]:
    """A tracer whose spans go to the collector at `endpoint`, of so many of all traces; the rest at the end in time.

    A trace that was begun elsewhere is followed where it is sampled, whatever `ratio` says.
    """
    queue = queue or Queue()
    exporter = OTLPSpanExporter(f"{endpoint}/v1/traces", timeout=queue.patience_seconds)
    provider = TracerProvider(
        sampler=ParentBased(TraceIdRatioBased(ratio)),
        resource=Resource.create({SERVICE_NAME: "tenant-gateway", SERVICE_VERSION: __version__}),
        shutdown_on_exit=False,
        span_limits=SpanLimits(max_attribute_length=_LONGEST_VALUE),
    )
    provider.add_span_processor(_Bounded(_Counted(exporter, metrics, queue.spans), metrics, queue))
    try:
        yield provider.get_tracer("gateway")
    finally:
        # A daemon, so that a collector that hangs keeps the process no longer than this.
        ending = threading.Thread(target=provider.shutdown, name="spans-shutdown", daemon=True)
        ending.start()
        await asyncio.to_thread(ending.join, queue.patience_seconds)


class _Counted(SpanExporter):
    """Counts what `exporter` delivers, and what it gives up."""

    def __init__(self, exporter: SpanExporter, metrics: Metrics, most: int) -> None:
        self._exporter = exporter
        self._most = most
        self._delivered = metrics.spans.labels("delivered")
        self._refused = metrics.spans.labels("failed")
        self._lock = threading.Lock()
        self._waiting = 0

    def takes_one_more(self) -> bool:
        """Whether there is room in the queue for a span."""
        with self._lock:
            has_room = self._waiting < self._most
            self._waiting += has_room
            return has_room

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Sends a batch."""
        with self._lock:
            self._waiting -= len(spans)
        result = self._exporter.export(spans)
        counter = self._delivered if result is SpanExportResult.SUCCESS else self._refused
        counter.inc(len(spans))
        return result

    def shutdown(self) -> None:
        """Ends the exporter, in the middle of a batch if need be."""
        self._exporter.shutdown()


class _Bounded(BatchSpanProcessor):
    """The SDK's queue, which counts what it has no room for."""

    def __init__(self, exporter: _Counted, metrics: Metrics, queue: Queue) -> None:
        super().__init__(
            exporter,
            max_queue_size=queue.spans,
            schedule_delay_millis=1_000,
            max_export_batch_size=queue.batch,
        )
        self._room = exporter
        self._dropped = metrics.spans.labels("dropped")

    def on_end(self, span: ReadableSpan) -> None:
        """Queues the span, or drops it."""
        if self._room.takes_one_more():
            super().on_end(span)
        else:
            self._dropped.inc()
