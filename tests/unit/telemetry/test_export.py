"""Spans reach a collector, and one that is slow, broken or away costs spans and nothing else."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from opentelemetry.trace import Tracer

from gateway.telemetry.calls import Calls
from gateway.telemetry.export import Queue, exporting
from gateway.telemetry.metrics import Metrics
from gateway.telemetry.tracing import NOWHERE, continued
from tests.support import collector
from tests.support.collector import Collector, running_collector
from tests.support.processes import free_port
from tests.unit.telemetry.test_metrics import figures

pytestmark = pytest.mark.servers

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


def call(tracer: Tracer, times: int = 1) -> None:
    """Spans, as calls to a system make them."""
    calls = Calls(tracer=tracer)
    for _ in range(times):
        with calls.made("RENT_ERP", "balances"):
            pass


def outcomes(metrics: Metrics) -> dict[str, float]:
    """What became of the spans."""
    return {dict(labels)["outcome"]: count for labels, count in figures(metrics, "gateway_spans_total").items()}


async def test_spans_come_to_the_collector_before_the_end() -> None:
    """By OTLP over HTTP; it is told which version of which service they are from."""
    metrics = Metrics()

    with running_collector() as one:
        async with exporting(one.url, ratio=1.0, metrics=metrics) as tracer:
            call(tracer, 3)

    assert [span.name for span in one.spans] == ["RENT_ERP balances"] * 3
    assert set(one.paths) == {"/v1/traces"}
    assert one.resource["service.name"] == "tenant-gateway"
    assert outcomes(metrics) == {"delivered": 3, "failed": 0, "dropped": 0}


@pytest.mark.parametrize(("flags", "expected"), [("01", 2), ("00", 0)])
async def test_a_trace_begun_elsewhere_is_sampled_as_it_was_there(flags: str, expected: int) -> None:
    """Whatever share of ours is: here one of a thousand million."""
    with running_collector() as one:
        async with exporting(one.url, ratio=1e-9, metrics=Metrics()) as tracer:
            with continued(f"00-{TRACE}-{PARENT}-{flags}"):
                call(tracer, 2)
            call(tracer, 50)

    assert [span.trace_id for span in one.spans] == [TRACE] * expected


async def test_a_collector_that_is_away_costs_the_spans() -> None:
    """They are counted, and the end comes in time."""
    metrics, began = Metrics(), time.monotonic()

    async with exporting(f"http://127.0.0.1:{free_port()}", ratio=1.0, metrics=metrics) as tracer:
        call(tracer, 3)

    assert time.monotonic() - began < Queue().patience_seconds + 2
    assert outcomes(metrics) == {"delivered": 0, "failed": 3, "dropped": 0}


async def test_a_collector_that_hangs_holds_up_neither_calls_nor_the_end() -> None:
    """The queue is bounded: what it has no room for, beside a batch or a few under way, is dropped and counted."""
    metrics = Metrics()

    with running_collector() as one:
        async with hanging(one, metrics) as tracer:
            began = time.monotonic()
            call(tracer, 200)

    assert time.monotonic() - began < collector.PATIENCE_SECONDS / 2
    assert 100 <= outcomes(metrics)["dropped"] <= 150


@asynccontextmanager
async def hanging(one: Collector, metrics: Metrics) -> AsyncIterator[Tracer]:
    """A tracer whose collector does not answer before all is over."""
    one.is_open.clear()
    queue = Queue(spans=50, batch=10, patience_seconds=0.5)
    async with exporting(one.url, ratio=1.0, metrics=metrics, queue=queue) as tracer:
        yield tracer
    one.is_open.set()


async def test_without_a_collector_a_span_costs_next_to_nothing() -> None:
    """Less than fifty microseconds for a call, its two histograms included: a home page has ten."""
    calls = Calls(tracer=NOWHERE)
    with calls.made("RENT_ERP", "balances") as made:
        made.begins()

    rounds = []
    for _ in range(5):
        began = time.process_time()
        for _ in range(1_000):
            with calls.made("RENT_ERP", "balances") as made:
                made.begins()
                made.answered(200)
        rounds.append((time.process_time() - began) / 1_000)
        await asyncio.sleep(0)

    assert min(rounds) < 50e-6
