"""The loop's lag shows work that holds up everybody."""

import asyncio
import time

from gateway.telemetry import lag
from gateway.telemetry.metrics import Metrics
from tests.unit.telemetry.test_metrics import figures


def measured(metrics: Metrics) -> tuple[float, float]:
    """How often the lag was measured, and all of it in seconds."""
    return (
        figures(metrics, "gateway_loop_lag_seconds_count")[()],
        figures(metrics, "gateway_loop_lag_seconds_sum")[()],
    )


async def test_blocking_work_is_seen_as_lag() -> None:
    """Whoever computes for half a second, others wait for them."""
    metrics = Metrics()
    task = asyncio.create_task(lag.measure_lag(metrics))
    await asyncio.sleep(0)  # it has planned when to wake

    time.sleep(lag.EVERY_SECONDS + 0.2)  # noqa: ASYNC251 - blocking the loop is the point
    for _ in range(3):  # its timer is found to be over, it is woken, it runs
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])

    count, seconds = measured(metrics)
    assert count == 1
    assert 0.2 <= seconds < 2
