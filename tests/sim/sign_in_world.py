"""People who sign in, guess, give up, crash and re-create, all at once, at a guard over a slow store."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from typing import TypeAlias, TypeVar

from gateway.auth import guard, lockout
from gateway.auth.guard import Guard
from gateway.auth.lockout import Accepted, Permitted, Report, Reservation
from gateway.domain.lockout import UNKNOWN_DEVICES, Bucket, GuardRecord, LockoutRules, Subject
from gateway.ports.store import Transaction
from tests.sim.guesses import Book, Door
from tests.support.memory_store import MemoryStore

T = TypeVar("T")

RULES = LockoutRules()
BEGINNING = datetime(2026, 11, 22, 12, tzinfo=UTC)
PHONE = Bucket("device:phone")


class SlowStore(MemoryStore):
    """The store, further away: its answers take their time in both directions. The book learns of each permit."""

    def __init__(self, book: Book, *, clock: Callable[[], datetime], chance: Random) -> None:
        super().__init__(clock=clock)
        self._book = book
        self._chance = chance

    async def transact(self, subject: Subject, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """As the store, with a way to it and a way back."""
        await asyncio.sleep(self._chance.uniform(0, 0.02))
        result = await super().transact(subject, work)
        if isinstance(result, Permitted):
            self._book.permit(self._door_of(result, subject), result.permit_id, at=self._clock())
        await asyncio.sleep(self._chance.uniform(0, 0.02))
        return result

    def _door_of(self, permitted: Permitted, subject: Subject) -> Door:
        [door] = self._tables.guard.keys(lambda kept: any(one.id == permitted.permit_id for one in kept.record.permits))
        assert door[0] == subject
        return door


class CountingVerifier:
    """Takes its time to look at a password, and has the book count it.

    One time in `late_one_in` it takes longer than a permit lasts.
    """

    def __init__(self, book: Book, *, chance: Random) -> None:
        self.late_one_in = 50
        self._book = book
        self._chance = chance

    async def verify(self, door: Door, permitted: Permitted, *, is_right: bool) -> bool:
        """Whether the password is right."""
        self._book.check(door, permitted.permit_id, is_right=is_right)
        is_late = self.late_one_in and not self._chance.randrange(self.late_one_in)
        await asyncio.sleep(20 if is_late else self._chance.uniform(0.02, 0.2))
        return is_right


@dataclass(slots=True)
class World:
    """Everything of one run. `trace` is what happened, to the microsecond."""

    seed: int
    chance: Random = field(init=False)
    book: Book = field(default_factory=Book)
    trace: list[tuple[float, str, str]] = field(default_factory=list)
    store: SlowStore = field(init=False)
    processes: tuple[Guard, Guard] = field(init=False)
    verifier: CountingVerifier = field(init=False)
    ids: Iterator[str] = field(default_factory=lambda: map(str, count()))
    _skipped: timedelta = timedelta()

    def __post_init__(self) -> None:
        self.chance = Random(f"world {self.seed}")
        self.store = SlowStore(self.book, clock=self.now, chance=self.chance)
        first, second = (Guard(self.store, rules=RULES, permit_ids=lambda: next(self.ids)) for _ in range(2))
        self.processes = (first, second)
        self.verifier = CountingVerifier(self.book, chance=self.chance)

    def now(self) -> datetime:
        """The store's clock."""
        return BEGINNING + self._skipped + timedelta(seconds=asyncio.get_running_loop().time())

    def skip(self, duration: timedelta) -> None:
        """The clock jumps, as after a night in which nobody came."""
        self._skipped += duration
        self.note("clock", str(duration))

    def note(self, what: str, detail: object) -> None:
        """One line more of the trace."""
        self.trace.append((asyncio.get_running_loop().time(), what, str(detail)))

    async def record(self, door: Door) -> tuple[GuardRecord, datetime]:
        """What the store remembers, as time has left it, and the time."""

        async def read(tx: Transaction) -> tuple[GuardRecord, datetime]:
            return lockout.settle(await tx.guard(door[1]), now=tx.now, rules=RULES), tx.now

        return await self.store.transact(door[0], read)

    async def report(self, door: Door, permitted: Permitted, *, was_right: bool) -> Report:
        """The outcome, committed and written down at the same instant."""

        async def work(tx: Transaction) -> Report:
            verdict = guard.report_success if was_right else guard.report_failure
            report = await verdict(tx, bucket=door[1], permitted=permitted, rules=RULES)
            self.book.report(door, permitted.permit_id, at=tx.now, was_accepted=isinstance(report, Accepted))
            self.note("reported", (permitted.permit_id, report))
            return report

        return await self.store.transact(door[0], work)


SignIn: TypeAlias = Callable[[World, Door, bool], Awaitable[Reservation | Report]]


async def charge_before(world: World, door: Door, is_right: bool) -> Reservation | Report:
    """Reserve, look at the password, report: the order of the gateway."""
    subject, bucket = door
    process = world.chance.choice(world.processes)
    async with process.reserved(subject, bucket=bucket, admission=nullcontext()) as reservation:
        world.note("reserved", reservation)
        if not isinstance(reservation, Permitted):
            return reservation
        was_right = await world.verifier.verify(door, reservation, is_right=is_right)
        return await world.report(door, reservation, was_right=was_right)


async def count_after(world: World, door: Door, is_right: bool) -> Reservation | Report:
    """Look whether there is a block, check the password, count it: the order that lets a crowd through."""
    record, now = await world.record(door)
    _, reservation = lockout.reserve(record, now=now, permit_id=next(world.ids), rules=RULES)
    if not isinstance(reservation, Permitted):
        return reservation
    world.book.permit(door, reservation.permit_id, at=now)
    was_right = await world.verifier.verify(door, reservation, is_right=is_right)

    async def work(tx: Transaction) -> Reservation | Report:
        verdict = lockout.report_success if was_right else lockout.report_failure
        before = await tx.guard(door[1])
        charged, permitted = lockout.reserve(before, now=tx.now, permit_id=reservation.permit_id, rules=RULES)
        if not isinstance(permitted, Permitted):
            return permitted
        after, report = verdict(charged, permitted, now=tx.now, rules=RULES)
        await tx.put_guard(door[1], after)
        world.book.report(door, permitted.permit_id, at=tx.now, was_accepted=was_right)
        return report

    return await world.store.transact(door[0], work)


async def redeem(world: World, subject: Subject) -> None:
    """A link from a letter leads to a new password."""

    async def work(tx: Transaction) -> None:
        await tx.forget_guards()
        world.book.redeem(subject, at=tx.now)

    await world.store.transact(subject, work)


async def recreate(world: World, subject: Subject) -> object:
    """Somebody asks for a link."""
    return await world.store.transact(
        subject, lambda tx: guard.charge_recreation(tx, bucket=UNKNOWN_DEVICES, rules=RULES)
    )
