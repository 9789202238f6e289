"""Spans by OpenTelemetry's API, which does nothing until it is handed a tracer that exports.

No span has a literal, a variable, an address or a person in it; an exception leaves its code, never its message.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TypeAlias

from opentelemetry import context, trace
from opentelemetry.trace import INVALID_SPAN, NoOpTracer, Span, SpanKind, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

__all__ = ["NOWHERE", "Span", "SpanKind", "StatusCode", "Tracer", "continued", "spanned", "trace_id_of"]

Value: TypeAlias = str | int | float | tuple[str, ...]

NOWHERE: Tracer = NoOpTracer()
"""Traces nothing, at the cost of a call."""
_LEADING_NOWHERE = nullcontext(INVALID_SPAN)

_PROPAGATOR = TraceContextTextMapPropagator()


def spanned(tracer: Tracer, name: str, *, kind: SpanKind, facts: Mapping[str, Value]) -> AbstractContextManager[Span]:
    """A span for the time of the block, under the one that is open around it."""
    if tracer is NOWHERE:
        return _LEADING_NOWHERE
    return tracer.start_as_current_span(
        name, kind=kind, attributes=facts, record_exception=False, set_status_on_exception=False
    )


@contextmanager
def continued(traceparent: str | None) -> Iterator[None]:
    """Spans of the block belong to the trace that `traceparent` names (W3C Trace Context); None begins their own.

    The caller vouches for who sent it. `tracestate` and baggage, which may hold any text, are left behind.
    """
    if traceparent is None:
        yield
        return
    token = context.attach(_PROPAGATOR.extract({"traceparent": traceparent}, context=context.Context()))
    try:
        yield
    finally:
        context.detach(token)


def trace_id_of(span: Span) -> str | None:
    """The id of the span's trace, 32 hexadecimal digits; None for a span that leads nowhere."""
    told = span.get_span_context()
    return trace.format_trace_id(told.trace_id) if told.is_valid else None
