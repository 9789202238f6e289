"""The simulation's own loop: time that costs nothing, an order that can be had again."""

import asyncio
import time

import pytest

from tests.sim.sim_loop import DeadlockError, simulate


async def interleaving() -> str:
    """Six tasks, each writing its name three times."""
    written: list[str] = []

    async def write(name: str) -> None:
        for _ in range(3):
            written.append(name)
            await asyncio.sleep(0)

    await asyncio.gather(*map(write, "abcdef"))
    return "".join(written)


def test_a_day_passes_at_once() -> None:
    """Timers fire in their order and at their time, without anybody waiting."""

    async def wait_a_day() -> tuple[float, list[int]]:
        woken: list[int] = []

        async def sleep(hours: int) -> None:
            await asyncio.sleep(hours * 3600)
            woken.append(hours)

        await asyncio.gather(*map(sleep, (30, 1, 7)))
        return asyncio.get_running_loop().time(), woken

    began = time.monotonic()
    now, woken = simulate(wait_a_day)

    assert (round(now), woken) == (30 * 3600, [1, 7, 30])
    assert time.monotonic() - began < 5


def test_one_seed_is_one_order() -> None:
    """A run can be had again exactly, and other seeds try other orders."""
    orders = [simulate(interleaving, seed=seed) for seed in range(50)]

    assert orders == [simulate(interleaving, seed=seed) for seed in range(50)]
    assert len(set(orders)) > 40


def test_who_waits_for_nothing_is_found_out() -> None:
    """A run in which nobody can go on fails instead of hanging."""

    async def wait_for_nothing() -> None:
        await asyncio.Event().wait()

    with pytest.raises(DeadlockError):
        simulate(wait_for_nothing)
