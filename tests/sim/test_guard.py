"""How callers wait at the guard: in line, for a moment, without asking too often, and leaving nothing behind."""

import asyncio
import gc
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest

from gateway.auth import guard
from gateway.auth.guard import Guard
from gateway.auth.lockout import InProgress, Permitted, RecreationOffered, Report, Reservation
from gateway.domain.lockout import UNKNOWN_DEVICES, Bucket, LockoutRules, Subject
from gateway.ports.store import StoreError, Transaction
from tests.sim.sim_loop import simulate
from tests.support.memory_store import MemoryStore

pytestmark = pytest.mark.thorough

T = TypeVar("T")

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
RULES = LockoutRules()
ANNA = Subject(bytes(32))


def seconds() -> float:
    """Since the beginning of the simulation."""
    return round(asyncio.get_running_loop().time(), 6)


class CountingStore(MemoryStore):
    """The store, at the simulation's time, with the number of its transactions."""

    def __init__(self) -> None:
        super().__init__(clock=lambda: NOON + timedelta(seconds=seconds()))
        self.transactions = 0

    async def transact(self, subject: Subject, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """As the store, and counted."""
        self.transactions += 1
        assert self.transactions < 2_000, "somebody asks without a pause"
        return await super().transact(subject, work)


class Seat:
    """A place that is taken while somebody is inside; None is free when it is said to be full."""

    def __init__(self) -> None:
        self.is_full = False
        self.taken = 0

    async def __aenter__(self) -> None:
        if self.is_full:
            raise PoolFullError
        self.taken += 1

    async def __aexit__(self, *_: object) -> None:
        self.taken -= 1


class PoolFullError(Exception):
    """No password can be checked at present."""


class Process:
    """One gateway process at a store."""

    def __init__(self, store: CountingStore) -> None:
        self.store = store
        self.seat = Seat()
        self._guard = Guard(store, rules=RULES)
        self._at_work: dict[Reservation, AbstractAsyncContextManager[Reservation]] = {}

    async def reserve(self, subject: Subject = ANNA, bucket: Bucket = UNKNOWN_DEVICES) -> Reservation:
        """What somebody is told; whoever is permitted is at work until they report."""
        work = self._guard.reserved(subject, bucket=bucket, admission=self.seat)
        reservation = await work.__aenter__()
        if isinstance(reservation, Permitted):
            self._at_work[reservation] = work
        else:
            await work.__aexit__(None, None, None)
        return reservation

    async def fill(self) -> list[Permitted]:
        """Takes the three permits that there are."""
        permits = [await self.reserve() for _ in range(3)]
        return [one for one in permits if isinstance(one, Permitted)]

    async def report(self, permitted: Permitted, *, was_right: bool) -> Report:
        """The outcome, as the sign-in reports it."""
        rule = guard.report_success if was_right else guard.report_failure
        report = await self.store.transact(
            ANNA, lambda tx: rule(tx, bucket=UNKNOWN_DEVICES, permitted=permitted, rules=RULES)
        )
        await self._at_work.pop(permitted).__aexit__(None, None, None)
        return report


async def timed(waiting: Awaitable[Reservation]) -> tuple[float, type[Reservation]]:
    """When the answer came, and of which kind it was."""
    answer = await waiting
    return seconds(), type(answer)


def test_who_finds_three_at_work_waits_two_seconds_and_is_not_charged() -> None:
    """Then they are asked to try again; nothing is written."""

    async def wait() -> tuple[float, type[Reservation]]:
        process = Process(CountingStore())
        await process.fill()
        return await timed(process.reserve())

    assert simulate(wait) == (2.0, InProgress)


def test_who_waits_goes_on_in_the_moment_a_permit_is_reported() -> None:
    """In the same process nobody has to ask for it."""

    async def wait() -> tuple[float, type[Reservation]]:
        process = Process(CountingStore())
        [first, *_] = await process.fill()
        waiting = asyncio.ensure_future(timed(process.reserve()))
        await asyncio.sleep(0.03)
        await process.report(first, was_right=True)
        return await waiting

    assert simulate(wait) == (0.03, Permitted)


def test_reports_of_other_processes_are_found_within_a_tenth_of_a_second() -> None:
    """The store knows of them."""

    async def wait() -> tuple[float, type[Reservation]]:
        store = CountingStore()
        here, there = Process(store), Process(store)
        [first, *_] = await there.fill()
        waiting = asyncio.ensure_future(timed(here.reserve()))
        await asyncio.sleep(0.13)
        await there.report(first, was_right=True)
        return await waiting

    assert simulate(wait) == (0.2, Permitted)


def test_permits_that_nobody_reports_let_the_next_one_know() -> None:
    """Whoever comes shortly before the three are lost is told of the offer, not kept waiting."""

    async def wait() -> tuple[float, type[Reservation]]:
        process = Process(CountingStore())
        await process.fill()
        await asyncio.sleep(14.05)
        return await timed(process.reserve())

    assert simulate(wait) == (15.05, RecreationOffered)


def test_a_long_line_asks_no_more_often_than_one_caller() -> None:
    """Of fifty who wait, one asks, every tenth of a second; all give up after two seconds."""

    async def wait() -> tuple[int, set[tuple[float, type[Reservation]]]]:
        store = CountingStore()
        process = Process(store)
        await process.fill()
        before = store.transactions
        answers = await asyncio.gather(*(timed(process.reserve()) for _ in range(50)))
        return store.transactions - before, set(answers)

    asked, answers = simulate(wait)

    assert answers == {(2.0, InProgress)}
    assert 20 <= asked <= 22


def test_news_that_help_nobody_leave_the_line_waiting() -> None:
    """One of three was wrong, so there is still no room for a fourth: it waits on, and asks no more often."""

    async def wait() -> tuple[int, tuple[float, type[Reservation]]]:
        process = Process(CountingStore())
        [first, *_] = await process.fill()
        waiting = asyncio.ensure_future(timed(process.reserve()))
        await asyncio.sleep(0.03)
        before = process.store.transactions
        await process.report(first, was_right=False)
        return process.store.transactions - before, await waiting

    assert simulate(wait) == (1, (2.0, InProgress))


def test_whoever_is_permitted_keeps_the_seat_and_nobody_else_does() -> None:
    """While others are waited for, and after a refusal, no place in the pool is taken."""

    async def sit() -> list[int]:
        process = Process(CountingStore())
        [first, *_] = await process.fill()
        taken = [process.seat.taken]
        waiting = asyncio.ensure_future(process.reserve())
        await asyncio.sleep(0.03)
        taken.append(process.seat.taken)
        await process.report(first, was_right=False)
        taken.append(process.seat.taken)
        assert await waiting == InProgress()
        return [*taken, process.seat.taken]

    assert simulate(sit) == [3, 3, 2, 2]


def test_a_full_pool_sends_away_before_anything_is_charged() -> None:
    """The guess is not carried out, so it does not count, and the next caller is not held up."""

    async def knock() -> tuple[dict[str, int], float]:
        process = Process(CountingStore())
        process.seat.is_full = True
        for _ in range(2):
            with pytest.raises(PoolFullError):
                await process.reserve()
        return process.store.sizes(), seconds()

    sizes, took = simulate(knock)

    assert (sizes["guard"], took) == (0, 0)


def test_a_long_line_is_served_at_once_when_the_door_closes() -> None:
    """The third wrong password is news for everybody who waits."""

    async def wait() -> set[tuple[float, type[Reservation]]]:
        process = Process(CountingStore())
        permits = await process.fill()
        waiting = [asyncio.ensure_future(timed(process.reserve())) for _ in range(50)]
        await asyncio.sleep(0.03)
        for permitted in permits:
            await process.report(permitted, was_right=False)
        return set(await asyncio.gather(*waiting))

    assert simulate(wait) == {(0.03, RecreationOffered)}


def test_a_line_for_unknown_devices_does_not_hold_up_a_known_one() -> None:
    """Each has its own."""

    async def wait() -> tuple[float, type[Reservation]]:
        process = Process(CountingStore())
        await process.fill()
        others = [asyncio.ensure_future(process.reserve()) for _ in range(9)]
        await asyncio.sleep(0.03)
        answer = await timed(process.reserve(bucket=Bucket("device:phone")))
        await asyncio.gather(*others)
        return answer

    assert simulate(wait) == (0.03, Permitted)


def test_who_hangs_up_in_line_does_not_hold_up_the_others() -> None:
    """The first in line is cancelled, the next one asks."""

    async def wait() -> tuple[float, type[Reservation]]:
        process = Process(CountingStore())
        [first, *_] = await process.fill()
        gone, waiting = (asyncio.ensure_future(timed(process.reserve())) for _ in range(2))
        await asyncio.sleep(0.03)
        gone.cancel()
        await asyncio.sleep(0.01)
        await process.report(first, was_right=True)
        return await waiting

    assert simulate(wait) == (0.04, Permitted)


def test_without_a_store_nobody_gets_a_permit() -> None:
    """Not now, and nobody waits for it."""

    async def ask() -> float:
        process = Process(CountingStore())
        await process.store.close()
        for _ in range(2):
            with pytest.raises(StoreError):
                await process.reserve()
        return seconds()

    assert simulate(ask) == 0


def test_denials_do_not_prolong_how_long_guesses_are_remembered() -> None:
    """Whoever knocks on a closed door leaves no trace in the store: it forgets 48 hours after the third failure."""

    async def knock() -> dict[str, int]:
        process = Process(CountingStore())
        for permitted in await process.fill():
            await process.report(permitted, was_right=False)
        await asyncio.sleep(300)
        answers = [await process.reserve() for _ in range(500)]
        assert answers == [RecreationOffered(NOON + timedelta(minutes=10))] * 500
        return await process.store.purge(now=NOON + timedelta(hours=48), audit_before=NOON)

    assert simulate(knock)["guard"] == 1


def test_who_never_tried_is_not_remembered_for_being_refused() -> None:
    """One row for each subject and bucket that was permitted something, none for what was read."""

    async def ask() -> dict[str, int]:
        process = Process(CountingStore())
        await process.store.transact(ANNA, lambda tx: tx.guard(Bucket("device:phone")))
        await process.fill()
        return process.store.sizes()

    assert simulate(ask)["guard"] == 1


def test_lines_are_gone_with_those_who_stood_in_them() -> None:
    """A thousand references that strangers made up cost no memory once they are answered."""

    async def visit() -> int:
        process = Process(CountingStore())
        before = living_locks()
        subjects = [Subject(number.to_bytes(32)) for number in range(1_000)]
        await asyncio.gather(*(process.reserve(subject) for subject in subjects))
        return living_locks() - before

    assert simulate(visit) == 0


def living_locks() -> int:
    """Locks and events that somebody holds on to."""
    gc.collect()
    return sum(isinstance(one, asyncio.Lock | asyncio.Event) for one in gc.get_objects())
