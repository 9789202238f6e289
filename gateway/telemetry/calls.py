"""Calls to the systems behind the gateway: how long each waited, how long it took, and what became of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import Protocol, runtime_checkable

from gateway.telemetry.metrics import Metrics
from gateway.telemetry.tracing import NOWHERE, Span, SpanKind, StatusCode, Tracer, spanned

OK = "OK"
ABANDONED = "ABANDONED"
"""Nobody waits for the answer any more."""
_UNKNOWN = "INTERNAL"


@runtime_checkable
class Coded(Protocol):
    """An error with a stable code."""

    code: str


@dataclass(slots=True)
class Call:
    """One call under way."""

    _began: float
    _span: Span
    waited_seconds: float | None = None
    outcome: str = ABANDONED

    def begins(self) -> None:
        """It has its turn."""
        self.waited_seconds = perf_counter() - self._began

    def answered(self, status: int) -> None:
        """The head of the answer is here."""
        self._span.set_attribute("http.response.status_code", status)

    def fails(self, error: Exception) -> None:
        """It ends in `error`, of which only the code is told, and when the system asked to come back."""
        self.outcome = error.code if isinstance(error, Coded) else _UNKNOWN
        self._span.set_attribute("error.type", self.outcome)
        self._span.set_status(StatusCode.ERROR)
        if seconds := getattr(error, "retry_after_seconds", None):
            self._span.set_attribute("gateway.retry_after_seconds", seconds)


@dataclass(frozen=True, slots=True)
class Calls:
    """Measures calls. Codes tell failures; what an adapter finds wrong in a complete answer is not among them."""

    metrics: Metrics = field(default_factory=Metrics)
    tracer: Tracer = NOWHERE

    @contextmanager
    def made(self, system: str, operation: str) -> Iterator[Call]:
        """One call, from asking for its turn to the end of the block; both names are constants of ours."""
        facts = {"gateway.system": system, "gateway.operation": operation}
        began = perf_counter()
        with spanned(self.tracer, f"{system} {operation}", kind=SpanKind.CLIENT, facts=facts) as span:
            call = Call(began, span)
            try:
                yield call
                call.outcome = OK
            except Exception as error:
                call.fails(error)
                raise
            finally:
                self.metrics.upstream_seconds.labels(system, operation, call.outcome).observe(perf_counter() - began)
                if call.waited_seconds is not None:
                    self.metrics.upstream_wait_seconds.labels(system).observe(call.waited_seconds)
