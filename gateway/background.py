"""Background work, which has an owner."""

import asyncio
from collections.abc import Coroutine
from contextlib import AsyncExitStack


def run(work: Coroutine[object, object, None], owned: AsyncExitStack) -> None:
    """`work` as a task, which ends with what owns it."""
    task = asyncio.create_task(work)

    async def end() -> None:
        task.cancel()
        await asyncio.wait([task])

    owned.push_async_callback(end)
