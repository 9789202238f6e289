"""The server is killed, or frozen, in the middle of a transaction."""

import asyncio
import time
from collections.abc import Awaitable, Iterator
from contextlib import ExitStack, contextmanager

import pytest

from gateway.adapters.store_postgres.connections import Limits
from gateway.ports.store import StoreError, Transaction
from tests.adapters.store_postgres.counting import OTHER, SUBJECT, count, counted
from tests.adapters.store_postgres.servers import once_it_answers, opened
from tests.support.postgres import BreakablePostgres

pytestmark = pytest.mark.postgres


@contextmanager
def killed_and_restarted(server: BreakablePostgres) -> Iterator[None]:
    """The server is dead for the time of the block."""
    server.kill()
    try:
        yield
    finally:
        server.restart()


async def test_a_killed_server_forgets_nothing_it_answered_and_keeps_no_half(breakable: BreakablePostgres) -> None:
    """What was committed is there after recovery, what was under way is not, and the same store goes on."""
    async with opened(breakable.server.url, connections=2) as store:
        counted_before = await store.transact(SUBJECT, count)

        async def outlive(tx: Transaction) -> None:
            await count(tx)
            with killed_and_restarted(breakable):
                await tx.hold()

        with pytest.raises(StoreError, match="PostgreSQL does not answer"):
            await store.transact(SUBJECT, outlive)

        assert (counted_before, await counted(store)) == (1, 1)
        assert await store.transact(SUBJECT, count) == 2


async def test_a_server_killed_while_many_count_keeps_every_count_it_answered(breakable: BreakablePostgres) -> None:
    """Whoever got an error may have been counted or not; whoever got an answer was."""
    async with opened(breakable.server.url, connections=2) as store:
        crowd = [asyncio.create_task(store.transact(OTHER, count)) for _ in range(100)]
        answered, _ = await asyncio.wait(crowd, return_when=asyncio.FIRST_COMPLETED)

        with killed_and_restarted(breakable):
            await asyncio.wait(crowd)

        answers = [one.result() for one in crowd if one.exception() is None]
        assert {type(one.exception()) for one in crowd} == {type(None), StoreError}
        assert answered <= {one for one in crowd if one.exception() is None}
        assert len(answers) <= await counted(store, subject=OTHER) <= len(answers) + 1


async def test_a_frozen_server_is_an_error_in_time_and_forgiven(breakable: BreakablePostgres) -> None:
    """Nobody waits longer than allowed, what was under way is undone, and every connection works again."""
    limits = Limits(connect=0.4, statement=0.4, answer=0.5)
    async with opened(breakable.server.url, connections=2, limits=limits) as store:
        before = await counted(store)
        with ExitStack() as frost:

            async def freeze(tx: Transaction) -> None:
                await count(tx)
                frost.enter_context(breakable.frozen())
                await tx.hold()

            waited = [await _seconds_to_fail(store.transact(SUBJECT, work)) for work in (freeze, count)]

        assert max(waited) < limits.answer + 1
        assert await once_it_answers(lambda: counted(store)) == before
        both_inside = asyncio.Barrier(2)

        async def meet(_: Transaction) -> int:
            return await both_inside.wait()

        assert sum(await asyncio.gather(*(store.transact(subject, meet) for subject in (SUBJECT, OTHER)))) == 1


async def _seconds_to_fail(asked: Awaitable[object]) -> float:
    began = time.monotonic()
    with pytest.raises(StoreError, match="PostgreSQL does not answer"):
        await asked
    return time.monotonic() - began
