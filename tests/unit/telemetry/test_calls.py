"""Each call to a system is timed and traced under the operation that made it."""

import asyncio

import pytest

from gateway.domain.source import SourceSystem
from gateway.ports.errors import Call, UpstreamTimeoutError, UpstreamUnavailableError
from gateway.telemetry.calls import Calls
from gateway.telemetry.metrics import Metrics
from gateway.telemetry.operations import Operation, OperationRecorder
from gateway.telemetry.tracing import continued
from tests.unit.telemetry.conftest import Traced
from tests.unit.telemetry.test_metrics import figures

ERP = SourceSystem.RENT_ERP
BALANCES = Call(ERP, "balances")
TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


def outcomes(metrics: Metrics) -> dict[str, float]:
    """How many calls ended how."""
    counted = figures(metrics, "gateway_upstream_duration_seconds_count")
    return {dict(labels)["outcome"]: count for labels, count in counted.items()}


async def test_calls_belong_to_the_operation_that_makes_them(traced: Traced) -> None:
    """Also those that tasks make on its behalf."""
    recorder, calls = OperationRecorder(tracer=traced.tracer), Calls(tracer=traced.tracer)

    async def call(operation: str) -> None:
        with calls.made(ERP, operation) as made:
            made.begins()
            made.answered(200)

    with recorder.recorded(Operation(kind="query", request_id="r", client="web")):
        await asyncio.gather(call("balances"), call("leases"))

    *children, parent = traced.spans
    assert [child.name for child in children] == ["RENT_ERP balances", "RENT_ERP leases"]
    assert {child.parent and child.parent.span_id for child in children} == {parent.context and parent.context.span_id}
    assert dict(children[0].attributes or {}) == {
        "gateway.system": "RENT_ERP",
        "gateway.operation": "balances",
        "http.response.status_code": 200,
    }


async def test_a_call_counts_its_time_and_its_wait_by_its_outcome() -> None:
    """One that never had its turn has not begun to wait for the system."""
    calls = Calls()

    with calls.made(ERP, "balances") as made:
        made.begins()
    with pytest.raises(UpstreamTimeoutError), calls.made(ERP, "balances"):
        raise UpstreamTimeoutError(BALANCES)
    with pytest.raises(KeyError), calls.made(ERP, "balances"):
        raise KeyError
    with pytest.raises(asyncio.CancelledError), calls.made(ERP, "balances"):
        raise asyncio.CancelledError

    assert outcomes(calls.metrics) == {"OK": 1, "SOURCE_TIMEOUT": 1, "INTERNAL": 1, "ABANDONED": 1}
    assert figures(calls.metrics, "gateway_upstream_wait_seconds_count") == {(("system", "RENT_ERP"),): 1.0}


async def test_a_call_that_fails_leaves_its_code_and_no_sentence(traced: Traced) -> None:
    """And when the system asked to come back."""
    error = UpstreamUnavailableError(BALANCES, "HTTP 503 at a secret address", retry_after_seconds=30)

    with pytest.raises(UpstreamUnavailableError), Calls(tracer=traced.tracer).made(ERP, "balances"):
        raise error

    (span,) = traced.spans
    assert dict(span.attributes or {}) == {
        "gateway.system": "RENT_ERP",
        "gateway.operation": "balances",
        "error.type": "SOURCE_UNAVAILABLE",
        "gateway.retry_after_seconds": 30,
    }
    assert (span.events, span.status.description) == ((), None)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (f"00-{TRACE}-{PARENT}-01", (TRACE, PARENT)),
        (None, None),
        ("nonsense", None),
        (f"00-{'0' * 32}-{PARENT}-01", None),
        (f"00-{TRACE}-{PARENT}-01-{'x' * 9_000}", None),
    ],
)
def test_a_trace_is_continued_where_it_can_be_read(
    traced: Traced, told: str | None, expected: tuple[str, str] | None
) -> None:
    """Anything else begins a trace of its own."""
    with continued(told), Calls(tracer=traced.tracer).made(ERP, "balances"):
        pass

    parent = traced.spans[0].parent
    found = (f"{parent.trace_id:032x}", f"{parent.span_id:016x}") if parent else None
    assert found == expected


def test_a_trace_ends_with_its_request(traced: Traced) -> None:
    """The next one on the same connection does not belong to it."""
    calls = Calls(tracer=traced.tracer)
    with continued(f"00-{TRACE}-{PARENT}-01"):
        pass

    with calls.made(ERP, "balances"):
        pass

    assert traced.spans[0].parent is None
