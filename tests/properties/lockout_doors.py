"""One account's sign-in, as the properties of the lockout try it: over the bare rules, and over stores."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from datetime import datetime
from itertools import count
from typing import Protocol, TypeVar

from gateway.auth import guard, lockout
from gateway.auth.guard import Guard
from gateway.auth.lockout import Charged, Permitted, Report, Reservation, Suspended
from gateway.domain.lockout import UNKNOWN_DEVICES, GuardRecord, LockoutRules, Subject
from gateway.ports.store import Store, Transaction
from tests.ports.stores import StandingClock

T = TypeVar("T")

RULES = LockoutRules()

_subjects = (Subject(number.to_bytes(32)) for number in count())


class Door(Protocol):
    """What can be tried."""

    def reserve(self, now: datetime) -> Reservation:
        """A password is to be checked."""

    def report_success(self, now: datetime, *, permitted: Permitted) -> Report:
        """It was right."""

    def report_failure(self, now: datetime, *, permitted: Permitted) -> Report:
        """It was wrong."""

    def charge_recreation(self, now: datetime) -> Charged | Suspended:
        """An attempt to choose a new one."""

    def redeem(self) -> None:
        """A mailed link led to a new one."""

    def record(self) -> GuardRecord:
        """What is remembered."""


class BareDoor:
    """The rules, and a variable."""

    def __init__(self) -> None:
        self._record = GuardRecord()
        self._ids = map(str, count())

    def reserve(self, now: datetime) -> Reservation:
        """As `Door` says."""
        self._record, answer = lockout.reserve(self._record, now=now, permit_id=next(self._ids), rules=RULES)
        return answer

    def report_success(self, now: datetime, *, permitted: Permitted) -> Report:
        """As `Door` says."""
        self._record, answer = lockout.report_success(self._record, permitted, now=now, rules=RULES)
        return answer

    def report_failure(self, now: datetime, *, permitted: Permitted) -> Report:
        """As `Door` says."""
        self._record, answer = lockout.report_failure(self._record, permitted, now=now, rules=RULES)
        return answer

    def charge_recreation(self, now: datetime) -> Charged | Suspended:
        """As `Door` says."""
        self._record, answer = lockout.charge_recreation(self._record, now=now, rules=RULES)
        return answer

    def redeem(self) -> None:
        """As `Door` says."""
        self._record = GuardRecord()

    def record(self) -> GuardRecord:
        """As `Door` says."""
        return self._record


class StoreDoor:
    """The guard over a store, at a subject that nobody has used before."""

    def __init__(self, store: Store, *, clock: StandingClock, runner: asyncio.Runner) -> None:
        self._store = store
        self._clock = clock
        self._runner = runner
        self._subject = next(_subjects)
        ids = map(str, count())
        self._guard = Guard(store, rules=RULES, permit_ids=lambda: next(ids))

    def reserve(self, now: datetime) -> Reservation:
        """As `Door` says."""
        self._clock.now = now
        return self._runner.run(self._reserve())

    async def _reserve(self) -> Reservation:
        async with self._guard.reserved(self._subject, bucket=UNKNOWN_DEVICES, admission=nullcontext()) as reservation:
            return reservation

    def report_success(self, now: datetime, *, permitted: Permitted) -> Report:
        """As `Door` says."""
        return self._transact(
            lambda tx: guard.report_success(tx, bucket=UNKNOWN_DEVICES, permitted=permitted, rules=RULES), now=now
        )

    def report_failure(self, now: datetime, *, permitted: Permitted) -> Report:
        """As `Door` says."""
        return self._transact(
            lambda tx: guard.report_failure(tx, bucket=UNKNOWN_DEVICES, permitted=permitted, rules=RULES), now=now
        )

    def charge_recreation(self, now: datetime) -> Charged | Suspended:
        """As `Door` says."""
        return self._transact(lambda tx: guard.charge_recreation(tx, bucket=UNKNOWN_DEVICES, rules=RULES), now=now)

    def redeem(self) -> None:
        """As `Door` says."""
        self._transact(lambda tx: tx.forget_guards(), now=self._clock.now)

    def record(self) -> GuardRecord:
        """As `Door` says."""
        return self._transact(lambda tx: tx.guard(UNKNOWN_DEVICES), now=self._clock.now)

    def _transact(self, work: Callable[[Transaction], Awaitable[T]], *, now: datetime) -> T:
        self._clock.now = now
        return self._runner.run(self._store.transact(self._subject, work))
