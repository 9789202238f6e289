"""What one person may have done in a minute, whatever it is split into: operations are charged at their estimated cost.

A window slides over the minute: what was spent in the last whole one counts by the share of it that is still within
sixty seconds. (The counters of the `limits` library look through all of them at each hit: too dear for each request.)
"""

import math
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from gateway.http.refusals import RequestRefusedError
from gateway.http.streaming.allowances import user_of
from gateway.schema.context import Context
from gateway.schema.limits import Limit, Limits, code_of, sentence_of
from gateway.schema.operations import Prepared
from gateway.telemetry.metrics import Metrics

WINDOW_SECONDS = 60.0

STRANGERS = 2**16
"""Purses of all strangers: their addresses are without number, so a few share one by chance."""


@dataclass(slots=True)
class Purses:
    """What was spent in the present window and in the one before. `clock` tells seconds that only grow."""

    clock: Callable[[], float] = time.monotonic
    _window: int = 0
    _spent: Counter[str] = field(default_factory=Counter)
    _spent_before: Counter[str] = field(default_factory=Counter)

    def spend(self, cost: int, *, of: str, allowed: int) -> float:
        """Charges `cost` and returns 0.0; or charges nothing, and returns the seconds after which there is enough."""
        elapsed = self._elapsed()
        spent, before = self._spent[of], self._spent_before[of]
        left = allowed - cost - spent
        if before * (1 - elapsed) <= left:
            self._spent[of] += cost
            return 0.0
        if left >= 0:
            return WINDOW_SECONDS * (1 - left / before - elapsed)
        return WINDOW_SECONDS * (1 - elapsed + max(0.0, 1 - (allowed - cost) / spent))

    def owe(self, cost: int, *, of: str) -> None:
        """Charges what has been done already, whatever is left."""
        self._elapsed()
        self._spent[of] += cost

    def _elapsed(self) -> float:
        """The share of the present window that is over."""
        windows, elapsed = divmod(self.clock(), WINDOW_SECONDS)
        if windows != self._window:
            self._spent_before = self._spent if windows == self._window + 1 else Counter()
            self._spent, self._window = Counter(), int(windows)
        return elapsed / WINDOW_SECONDS


@dataclass(frozen=True, slots=True)
class Spending:
    """Charges operations to whoever asks: to a person, with all their sessions, or to a stranger's address."""

    metrics: Metrics = field(default_factory=Metrics)
    purses: Purses = field(default_factory=Purses)

    def charge(self, prepared: Prepared, context: Context) -> None:
        """Charges one operation, at least 1. Raises RequestRefusedError (429) when the minute's share is spent."""
        limits = prepared.limits
        allowed = limits.allowed[Limit.SPENDING]
        seconds = self.purses.spend(max(1, prepared.cost), of=_purse(context), allowed=allowed)
        if not seconds:
            return
        self.metrics.limits.labels(Limit.SPENDING, _verdict(limits)).inc()
        if limits.refused([Limit.SPENDING]):
            retry_after = {"Retry-After": str(math.ceil(seconds))}
            sentence = sentence_of(Limit.SPENDING, allowed)
            raise RequestRefusedError(429, code_of(Limit.SPENDING), sentence, headers=retry_after)

    def settle(self, prepared: Prepared, context: Context, *, actual: int) -> None:
        """Charges what an operation has cost beyond its estimate; what was too much is not given back."""
        if actual > prepared.cost:
            self.purses.owe(actual - prepared.cost, of=_purse(context))


def _verdict(limits: Limits) -> str:
    return "refused" if limits.refused([Limit.SPENDING]) else "warned"


def _purse(context: Context) -> str:
    user = user_of(context.session)
    if user is not None:
        return f"user/{user}"
    # Of strings, `hash` is another in each process, so that nobody can choose whose purse to share.
    return f"stranger/{hash(context.visitor.source.address) % STRANGERS}"
