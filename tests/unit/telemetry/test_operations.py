"""One operation is one line of the log, one span and one step of the counters, all of which tell the same."""

import asyncio

import pytest
from opentelemetry.trace import StatusCode

from gateway.telemetry.metrics import Metrics
from gateway.telemetry.operations import Operation, OperationRecorder, Outcome, Problem
from tests.support.logs import Log
from tests.unit.telemetry.conftest import Traced
from tests.unit.telemetry.test_metrics import figures

HOME = Operation(
    kind="query",
    request_id="r-1",
    name="WebHome",
    sha256="ab" * 32,
    client="web",
    client_version="4.2.0",
    role="TENANT",
)
FREE = Operation(kind="mutation", request_id="r-2", client="none")
DOWN, LATE = Problem("SOURCE_UNAVAILABLE", "RENT_ERP"), Problem("SOURCE_TIMEOUT", "WORKS")


def test_an_operation_is_told_in_one_line(log: Log) -> None:
    """With what an operator looks for, and nothing of what was asked or answered."""
    with OperationRecorder().recorded(HOME) as ending:
        ending.comes_to(Outcome.OK)

    (line,) = log.lines
    assert line.pop("duration_ms") >= 0
    del line["at"]
    assert line == {
        "level": "info",
        "event": "operation.done",
        "operation": "WebHome",
        "kind": "query",
        "outcome": "OK",
        "request_id": "r-1",
        "client": "web",
        "client_version": "4.2.0",
        "role": "TENANT",
    }


def test_a_free_operation_has_no_name_of_its_own(log: Log, traced: Traced) -> None:
    """Nor a role where nobody is signed in, nor a hash by which its text could be guessed."""
    with OperationRecorder(tracer=traced.tracer).recorded(FREE) as ending:
        ending.comes_to(Outcome.OK)

    (span,) = traced.spans
    assert span.name == "mutation free"
    assert dict(span.attributes or {}) == {
        "graphql.operation.type": "mutation",
        "graphql.operation.name": "free",
        "gateway.client.name": "none",
        "gateway.request_id": "r-2",
        "gateway.outcome": "OK",
    }
    assert (log.lines[0]["operation"], "role" in log.lines[0]) == ("free", False)


def test_line_and_span_and_counters_tell_the_same(log: Log, traced: Traced) -> None:
    """The line names the trace; codes are told once each in the span, and counted each time."""
    recorder = OperationRecorder(Metrics(), traced.tracer)

    with recorder.recorded(HOME) as ending:
        ending.comes_to(Outcome.PARTIAL, [DOWN, LATE, DOWN])

    (span,), (line,) = traced.spans, log.lines
    assert span.attributes is not None
    assert span.context is not None
    assert span.attributes["gateway.error.codes"] == ("SOURCE_UNAVAILABLE", "SOURCE_TIMEOUT")
    assert span.attributes["gateway.document.sha256"] == "ab" * 32
    assert span.status.status_code is StatusCode.UNSET
    assert (line["outcome"], line["code"]) == ("PARTIAL", "SOURCE_UNAVAILABLE")
    assert line["trace_id"] == f"{span.context.trace_id:032x}"
    assert figures(recorder.metrics, "gateway_errors_total") == {
        (("code", "SOURCE_UNAVAILABLE"), ("source", "RENT_ERP")): 2.0,
        (("code", "SOURCE_TIMEOUT"), ("source", "WORKS")): 1.0,
    }
    assert figures(recorder.metrics, "gateway_operations_total") == {
        (("client", "web"), ("kind", "query"), ("operation", "WebHome"), ("outcome", "PARTIAL")): 1.0
    }
    assert figures(recorder.metrics, "gateway_operation_duration_seconds_count") == {
        (("kind", "query"), ("operation", "WebHome")): 1.0
    }


def test_an_operation_that_fails_marks_its_span(traced: Traced) -> None:
    """So that a search for failures finds it."""
    with OperationRecorder(tracer=traced.tracer).recorded(HOME) as ending:
        ending.comes_to(Outcome.FAILED, [Problem("INTERNAL")])

    assert traced.spans[0].status.status_code is StatusCode.ERROR


async def test_an_operation_that_nobody_waits_for_is_abandoned(log: Log, traced: Traced) -> None:
    """The client went away; the span has no event, and no sentence of the exception."""
    recorder = OperationRecorder(tracer=traced.tracer)

    async def run() -> None:
        with recorder.recorded(HOME):
            raise asyncio.CancelledError("a secret")

    with pytest.raises(asyncio.CancelledError):
        await run()

    assert [line["outcome"] for line in log.lines] == ["ABANDONED"]
    assert (traced.spans[0].events, traced.spans[0].status.description) == ((), None)
