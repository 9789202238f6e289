"""How late the event loop is: what anybody's blocking work costs everybody."""

import asyncio

from gateway.telemetry.metrics import Metrics

EVERY_SECONDS = 0.25


async def measure_lag(metrics: Metrics) -> None:
    """Until it is cancelled, plans to wake and notes how much later it did."""
    loop = asyncio.get_running_loop()
    while True:
        due_at = loop.time() + EVERY_SECONDS
        await asyncio.sleep(EVERY_SECONDS)
        metrics.loop_lag_seconds.observe(max(0.0, loop.time() - due_at))
