"""What is remembered of the guesses at one account reference, whether or not an account stands behind it.

The rules that change it are in `gateway.auth.lockout`; the stores keep it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

Subject = NewType("Subject", bytes)
"""32 bytes that stand for an account reference, made with the gateway's key: what strangers type is not kept."""

Bucket = NewType("Bucket", str)
"""Who is guessing: all unknown devices together, or one device that the holder has signed in on before."""

UNKNOWN_DEVICES = Bucket("*")


class Phase(StrEnum):
    """OPEN: passwords are checked. RECREATE: none is, a new one may be chosen. LOCKED: only a mailed link helps."""

    OPEN = "OPEN"
    RECREATE = "RECREATE"
    LOCKED = "LOCKED"


@dataclass(frozen=True, slots=True)
class Permit:
    """The right to check one password, reserved before it is checked; unused at `expires_at`, it was a failure."""

    id: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class GuardRecord:
    """The state of one subject and bucket. The default is that of somebody who never tried.

    `failures` are wrong passwords and `recreations` are attempts to choose a new one, since the last reset;
    `until` is set when `phase` is not OPEN; `last` is the latest attempt that was charged; `spent` are the instants
    of wrong passwords of the last day, oldest first. `epoch` grows when a block ends: permits of an earlier epoch
    open nothing.
    """

    phase: Phase = Phase.OPEN
    failures: int = 0
    recreations: int = 0
    until: datetime | None = None
    last: datetime | None = None
    permits: tuple[Permit, ...] = ()
    spent: tuple[datetime, ...] = ()
    epoch: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LockoutRules:
    """The landlord's published rules, and what keeps them from being worn down.

    Three wrong passwords, then three failed re-creations, then ten minutes. A day holds at most `daily_failures`
    wrong passwords for each bucket; `consecutive_failures` on one account disable its password.
    """

    sign_in_failures: int = 3
    recreation_failures: int = 3
    block: timedelta = timedelta(minutes=10)
    daily_failures: int = 24
    consecutive_failures: int = 100
    decay: timedelta = timedelta(hours=24)
    permit: timedelta = timedelta(seconds=15)

    def __post_init__(self) -> None:
        counts = (self.sign_in_failures, self.recreation_failures, self.daily_failures, self.consecutive_failures)
        spans = (self.block, self.decay, self.permit)
        if min(counts) < 1 or min(spans) <= timedelta(0):
            raise ValueError("every number of the lockout is positive")
        if self.permit > self.block or self.block > self.decay:
            raise ValueError("a permit lasts at most as long as a block, and a block as long as the memory of failures")
