"""One account's sign-in over the bare rules."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TypeAlias

from gateway.auth import lockout
from gateway.auth.lockout import (
    Charged,
    Permitted,
    Report,
    Reservation,
    Suspended,
)
from gateway.domain.lockout import GuardRecord, LockoutRules

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
BLOCK = timedelta(minutes=10)
DAY = timedelta(hours=24)
INSTANT = timedelta(microseconds=1)


@dataclass(slots=True)
class Door:
    """One account's sign-in, at an hour that moves when told."""

    now: datetime = NOON
    record: GuardRecord = field(default_factory=GuardRecord)
    rules: LockoutRules = field(default_factory=LockoutRules)
    _ids: "count[int]" = field(default_factory=count)

    def ask(self) -> Reservation:
        """Asks to have a password checked."""
        self.record, answer = lockout.reserve(
            self.record, now=self.now, permit_id=f"p-{next(self._ids)}", rules=self.rules
        )
        return answer

    def enter(self) -> Permitted:
        """A permit, which there must be."""
        answer = self.ask()
        assert isinstance(answer, Permitted)
        return answer

    def right(self, permitted: Permitted) -> Report:
        """The password was right."""
        self.record, answer = lockout.report_success(self.record, permitted, now=self.now, rules=self.rules)
        return answer

    def wrong(self, permitted: Permitted) -> Report:
        """The password was wrong."""
        self.record, answer = lockout.report_failure(self.record, permitted, now=self.now, rules=self.rules)
        return answer

    def guess_wrong(self, times: int = 1) -> Report:
        """Wrong passwords, one after the other; what came of the last."""
        return [self.wrong(self.enter()) for _ in range(times)][-1]

    def recreate(self, times: int = 1) -> Charged | Suspended:
        """Attempts to create the account or to choose a new password; what came of the last."""
        answer: Charged | Suspended = Charged(blocks=False)
        for _ in range(times):
            self.record, answer = lockout.charge_recreation(self.record, now=self.now, rules=self.rules)
        return answer

    def wait(self, duration: timedelta) -> "Door":
        """Later."""
        self.now += duration
        return self

    def spend_the_day(self) -> None:
        """Twenty-four wrong passwords in a little over an hour, as fast as the blocks allow."""
        for _ in range(8):
            self.guess_wrong(3)
            self.wait(BLOCK)


Reporting: TypeAlias = Callable[[Door, Permitted], Report]
"""Door.right or Door.wrong."""
