"""A tracer whose spans stay here, and the log."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import Tracer

from tests.support.logs import Log, captured_log


@dataclass(frozen=True, slots=True)
class Traced:
    """A tracer, and what it has traced."""

    tracer: Tracer
    exporter: InMemorySpanExporter

    @property
    def spans(self) -> tuple[ReadableSpan, ...]:
        """Every span that has ended, in the order of their ends."""
        return self.exporter.get_finished_spans()


@pytest.fixture
def traced() -> Iterator[Traced]:
    """A tracer of this test's own."""
    exporter, provider = InMemorySpanExporter(), TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    yield Traced(provider.get_tracer("test"), exporter)
    provider.shutdown()


@pytest.fixture
def log() -> Iterator[Log]:
    """What is logged in the test."""
    with captured_log() as written:
        yield written
