"""Outcomes that several use cases share: a password that is not right, and no answer at all. All are counted."""

from collections import Counter
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import TypeVar

import structlog

from gateway.auth.passwords import HashPoolBusyError
from gateway.ports.store import StoreError

T = TypeVar("T")

STORE_RETRY_SECONDS = 5

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class WrongCredentials:
    """No such account, or another password: the same answer, after the same work."""


@dataclass(frozen=True, slots=True)
class ServiceBusy:
    """No answer, and nothing charged that was not checked: too many at this moment, or the store does not answer."""

    retry_after_seconds: int


@dataclass(frozen=True, slots=True)
class Outcomes:
    """`counted` tells how often each event has had each outcome, by the name of its class."""

    counted: Counter[tuple[str, ...]] = field(default_factory=Counter)

    async def or_busy(self, work: Awaitable[T], *, event: str) -> T | ServiceBusy:
        """What `work` comes to; ServiceBusy when the hashes or the store have no room for it. Logs it as `event`."""
        outcome: T | ServiceBusy
        failed, finished = f"{event}.store_failed", f"{event}.finished"
        try:
            outcome = await work
        except HashPoolBusyError as busy:
            outcome = ServiceBusy(busy.retry_after_seconds)
        except StoreError:
            log.exception(failed)
            outcome = ServiceBusy(STORE_RETRY_SECONDS)
        name = type(outcome).__name__
        self.counted[event, name] += 1
        log.info(finished, outcome=name)
        return outcome
