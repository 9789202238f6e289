"""The lockout in use: its rules, carried out in transactions of the store.

A permit is reserved in one transaction, the password checked outside of any, and the outcome reported in another, the
one that opens the session. When a caller is lost in between, whether to a crash, a cancellation or the store, the
permit stays behind and counts as a failure.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import TypeVar
from weakref import WeakValueDictionary

from gateway.auth import lockout
from gateway.auth.lockout import Charged, InProgress, Permitted, Report, Reservation, Suspended
from gateway.auth.tokens import new_id
from gateway.domain.lockout import Bucket, GuardRecord, LockoutRules, Subject
from gateway.ports.store import Store, Transaction

PATIENCE_SECONDS = 2.0
"""How long a caller waits for others who guess at the same account."""

_POLL_SECONDS = 0.1

Decision = TypeVar("Decision")


class Guard:
    """Decides who may have a password checked.

    Callers of one subject and bucket stand in line, and only the first asks the store: a crowd at one account costs
    the others nothing, nor does it keep the holder's known devices waiting. Lines vanish with those who stand in them.
    """

    def __init__(self, store: Store, *, rules: LockoutRules, permit_ids: Callable[[], str] = new_id) -> None:
        self._store = store
        self._rules = rules
        self._permit_ids = permit_ids
        self._lines = WeakValueDictionary[tuple[Subject, Bucket], asyncio.Lock]()
        self._news = WeakValueDictionary[Subject, asyncio.Event]()

    @asynccontextmanager
    async def reserved(
        self, subject: Subject, *, bucket: Bucket, admission: AbstractAsyncContextManager[object]
    ) -> AsyncIterator[Reservation]:
        """The right to check one password, or why not, for the time in which it is checked and reported.

        InProgress comes after `PATIENCE_SECONDS` only, so that a double click signs in twice. `admission` (a seat in
        the pool of hashes) is had before anything is charged, kept by whoever is permitted, and not held while waiting
        for others. What it raises when it is refused goes to the caller, uncharged. StoreError: no permit.
        """
        async with AsyncExitStack() as kept:

            async def ask() -> Reservation:
                async with AsyncExitStack() as admitted:
                    await admitted.enter_async_context(admission)
                    reservation = await self._ask(subject, bucket)
                    if isinstance(reservation, Permitted):
                        kept.push_async_exit(admitted.pop_all())
                    return reservation

            reservation = await self._ask_in_line(subject, bucket=bucket, ask=ask)
            try:
                yield reservation
            finally:
                if isinstance(reservation, Permitted):
                    self._tell(subject)

    async def _ask_in_line(
        self, subject: Subject, *, bucket: Bucket, ask: Callable[[], Awaitable[Reservation]]
    ) -> Reservation:
        give_up_at = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        line = self._lines.setdefault((subject, bucket), asyncio.Lock())
        try:
            async with asyncio.timeout_at(give_up_at):
                await line.acquire()
        except TimeoutError:
            return InProgress()
        try:
            return await self._ask_again(subject, ask=ask, give_up_at=give_up_at)
        finally:
            line.release()

    async def _ask_again(
        self, subject: Subject, *, ask: Callable[[], Awaitable[Reservation]], give_up_at: float
    ) -> Reservation:
        loop = asyncio.get_running_loop()
        while True:
            news = self._news.setdefault(subject, asyncio.Event())  # before asking: nothing is missed in between
            reservation = await ask()
            if not isinstance(reservation, InProgress) or loop.time() >= give_up_at:
                return reservation
            try:
                async with asyncio.timeout_at(min(give_up_at, loop.time() + _POLL_SECONDS)):
                    await news.wait()
            except TimeoutError:
                continue

    def _tell(self, subject: Subject) -> None:
        """Wakes those who wait for a report on the subject. Other processes find out by asking."""
        if news := self._news.pop(subject, None):
            news.set()

    async def _ask(self, subject: Subject, bucket: Bucket) -> Reservation:
        permit_id = self._permit_ids()

        async def work(tx: Transaction) -> Reservation:
            return await _apply(
                tx, bucket, lambda record: lockout.reserve(record, now=tx.now, permit_id=permit_id, rules=self._rules)
            )

        return await self._store.transact(subject, work)


async def report_failure(tx: Transaction, *, bucket: Bucket, permitted: Permitted, rules: LockoutRules) -> Report:
    """The password was wrong: Failed, RecreationOffered or Suspended; Void if the permit was worth nothing any more."""
    return await _apply(tx, bucket, lambda record: lockout.report_failure(record, permitted, now=tx.now, rules=rules))


async def report_success(tx: Transaction, *, bucket: Bucket, permitted: Permitted, rules: LockoutRules) -> Report:
    """The password was right: Accepted, or Void: then nothing may be opened."""
    return await _apply(tx, bucket, lambda record: lockout.report_success(record, permitted, now=tx.now, rules=rules))


async def charge_recreation(tx: Transaction, *, bucket: Bucket, rules: LockoutRules) -> Charged | Suspended:
    """Counts an attempt to choose a new password, before anything about it is compared."""
    return await _apply(tx, bucket, lambda record: lockout.charge_recreation(record, now=tx.now, rules=rules))


async def _apply(
    tx: Transaction, bucket: Bucket, rule: Callable[[GuardRecord], tuple[GuardRecord, Decision]]
) -> Decision:
    before = await tx.guard(bucket)
    after, decision = rule(before)
    if after != before:  # what is denied writes nothing, and does not prolong how long it is remembered
        await tx.put_guard(bucket, after)
    return decision
