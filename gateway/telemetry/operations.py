"""Operations: each one counted, timed, told in one line of the log, and traced by one span.

What names an operation in all of them is the name of a registered one; of others nobody knows what is in their names.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from time import perf_counter

import structlog

from gateway.telemetry.metrics import Metrics
from gateway.telemetry.names import Names
from gateway.telemetry.tracing import NOWHERE, Span, SpanKind, StatusCode, Tracer, Value, spanned, trace_id_of

FREE = "free"
"""Operations of documents that are not registered."""

NO_SOURCE = "none"
"""Of errors that are no system's."""
MOST_NAMES = 500
"""Names that have figures of their own: registered documents may come and go without a restart."""

log = structlog.get_logger()


class Outcome(StrEnum):
    """What became of an operation."""

    OK = "OK"
    PARTIAL = "PARTIAL"
    """Something was answered, and something is missing."""
    REFUSED = "REFUSED"
    """Nothing ran, or nothing of it is told: whoever asked must ask otherwise."""
    FAILED = "FAILED"
    ABANDONED = "ABANDONED"
    """Nobody waits for the answer any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What is known of an operation before it runs. `name` and `sha256` only of a registered one.

    `client` is one of the names that the landlord knows, or none of them.
    """

    kind: str
    request_id: str
    name: str = FREE
    sha256: str | None = None
    client: str
    client_version: str | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """One error of an answer: its code, and the system that failed if one did."""

    code: str
    source: str = NO_SOURCE


@dataclass(slots=True)
class Ending:
    """How an operation ends; it is abandoned unless told otherwise."""

    outcome: Outcome = Outcome.ABANDONED
    problems: Sequence[Problem] = ()

    def comes_to(self, outcome: Outcome, problems: Sequence[Problem] = ()) -> None:
        """This is how it ended."""
        self.outcome, self.problems = outcome, problems

    @property
    def codes(self) -> tuple[str, ...]:
        """Each code once, in the order of the errors."""
        return tuple(dict.fromkeys(problem.code for problem in self.problems))


@dataclass(frozen=True, slots=True)
class OperationRecorder:
    """Records operations, on every transport."""

    metrics: Metrics = field(default_factory=Metrics)
    tracer: Tracer = NOWHERE
    _names: Names = field(default_factory=lambda: Names(most=MOST_NAMES))

    @contextmanager
    def recorded(self, operation: Operation) -> Iterator[Ending]:
        """The time of the block is the operation's; calls made in it are traced under its span."""
        ending, began = Ending(), perf_counter()
        name = f"{operation.kind} {operation.name}"
        with spanned(self.tracer, name, kind=SpanKind.SERVER, facts=_facts(operation)) as span:
            try:
                yield ending
            finally:
                _finish(span, ending)
                self._count(operation, ending, perf_counter() - began)
                _tell(operation, ending, seconds=perf_counter() - began, trace_id=trace_id_of(span))

    def _count(self, operation: Operation, ending: Ending, seconds: float) -> None:
        kind, name = operation.kind, self._names.bounded(operation.name)
        self.metrics.operations.labels(kind, name, ending.outcome, operation.client).inc()
        self.metrics.operation_seconds.labels(kind, name).observe(seconds)
        for problem in ending.problems:
            self.metrics.errors.labels(problem.code, problem.source).inc()


def _facts(operation: Operation) -> dict[str, Value]:
    facts = {
        "graphql.operation.type": operation.kind,
        "graphql.operation.name": operation.name,
        "gateway.document.sha256": operation.sha256,
        "gateway.client.name": operation.client,
        "gateway.client.version": operation.client_version,
        "gateway.role": operation.role,
        "gateway.request_id": operation.request_id,
    }
    return {name: value for name, value in facts.items() if value is not None}


def _finish(span: Span, ending: Ending) -> None:
    span.set_attribute("gateway.outcome", ending.outcome)
    if ending.problems:
        span.set_attribute("gateway.error.codes", ending.codes)
    if ending.outcome is Outcome.FAILED:
        span.set_status(StatusCode.ERROR)


def _tell(operation: Operation, ending: Ending, *, seconds: float, trace_id: str | None) -> None:
    facts = {
        "operation": operation.name,
        "kind": operation.kind,
        "outcome": ending.outcome.value,
        "code": ending.problems[0].code if ending.problems else None,
        "duration_ms": round(seconds * 1000, 1),
        "request_id": operation.request_id,
        "client": operation.client,
        "client_version": operation.client_version,
        "role": operation.role,
        "trace_id": trace_id,
    }
    log.info("operation.done", **{name: value for name, value in facts.items() if value is not None})
