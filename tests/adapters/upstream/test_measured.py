"""What goes out is measured, whatever comes back: each call once, with its wait and its outcome."""

import asyncio
from contextlib import suppress

import pytest

from gateway.adapters.upstream import Limits, Request, Upstream
from gateway.domain.source import SourceSystem
from gateway.ports.deadline import Deadline
from gateway.ports.errors import Call, UpstreamError
from gateway.telemetry.calls import Calls
from tests.support.chaos import Answer, chaos, http, say, say_and_hang
from tests.unit.telemetry.test_metrics import figures

CALL = Call(SourceSystem.RENT_ERP, "balances")
ASK = Request("GET", "/x")
PAGE = http(b"<html>", headers="Content-Type: text/html")


def outcomes(calls: Calls) -> dict[str, float]:
    """How many calls ended how."""
    counted = figures(calls.metrics, "gateway_upstream_duration_seconds_count")
    assert {(dict(labels)["system"], dict(labels)["operation"]) for labels in counted} == {("RENT_ERP", "balances")}
    return {dict(labels)["outcome"]: count for labels, count in counted.items()}


def waits(calls: Calls) -> float:
    """How many calls had their turn."""
    return sum(figures(calls.metrics, "gateway_upstream_wait_seconds_count").values())


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        pytest.param(say(http(b"x")), "OK", id="answered"),
        pytest.param(say(PAGE), "SOURCE_UNAVAILABLE", id="page"),
        pytest.param(say(http(b"", status="403 No")), "SOURCE_REFUSED", id="refused"),
        pytest.param(say_and_hang(), "SOURCE_TIMEOUT", id="hang"),
    ],
)
@pytest.mark.parametrize("streams", [False, True])
async def test_a_call_is_counted_by_what_becomes_of_it(answer: Answer, expected: str, *, streams: bool) -> None:
    """A stream by its head; a page under an accepted status is a failure only of what is read as a whole."""
    calls = Calls()
    with chaos(answer) as server:
        upstream = Upstream(server.url, calls=calls)
        with suppress(UpstreamError):
            if streams:
                async with upstream.stream(CALL, ASK, deadline=Deadline.after(0.3)):
                    assert outcomes(calls) == {"OK": 1}  # while its body is still to come
            else:
                await upstream.request(CALL, ASK, deadline=Deadline.after(0.3))
        await upstream.aclose()

    is_page = streams and expected == "SOURCE_UNAVAILABLE"
    assert outcomes(calls) == {"OK" if is_page else expected: 1}
    assert waits(calls) == 1


async def test_a_call_that_never_had_its_turn_has_not_waited_for_the_system() -> None:
    """It is counted as held back by us; one that its caller leaves is counted as abandoned."""
    calls = Calls()
    with chaos(say_and_hang()) as server:
        upstream = Upstream(server.url, limits=Limits(concurrency=1, wait_seconds=0.05), calls=calls)
        first = asyncio.create_task(upstream.request(CALL, ASK, deadline=Deadline.after(5)))
        await asyncio.sleep(0)
        with pytest.raises(UpstreamError):
            await upstream.request(CALL, ASK, deadline=Deadline.after(5))
        first.cancel()
        await asyncio.wait([first])
        await upstream.aclose()

    assert outcomes(calls) == {"SOURCE_OVERLOADED": 1, "ABANDONED": 1}
    assert waits(calls) == 1
