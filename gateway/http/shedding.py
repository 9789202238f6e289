"""Who is turned away when there is too much to do: analysts first, then strangers, then all but those who sign in.

What a question costs to turn away is little beside what it costs to answer, so most people are still answered in time.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from gateway.domain.access import Role, Session
from gateway.http.refusals import RequestRefusedError
from gateway.telemetry.metrics import Metrics

HOLD_SECONDS = 1.0
"""A loop that was late counts as late for so long, lest people be turned away and let in by turns."""
SPELL_SECONDS = 5.0
"""When tenants have been turned away for so long, the proxy had better send them elsewhere."""


class Grade(IntEnum):
    """How much there is to do, by who is turned away."""

    CALM = 0
    ANALYSTS = 1
    STRANGERS = 2
    ALL = 3
    """But for those who sign in: they wait for their password to be checked, in a queue that has a bound of its own."""


class Rank(StrEnum):
    """Who asks."""

    ANALYST = "analyst"
    STRANGER = "stranger"
    TENANT = "tenant"
    """Advisors too: they have a tenant on the telephone."""
    BEARER = "bearer"
    """Whoever shows a token, before anybody has looked whose it is: all that is known is that nobody signs in."""
    SIGNING_IN = "signing_in"


_TURNED_AWAY_FROM = {
    Rank.ANALYST: Grade.ANALYSTS,
    Rank.STRANGER: Grade.STRANGERS,
    Rank.TENANT: Grade.ALL,
    Rank.BEARER: Grade.ALL,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Where the first grade begins, by operations in flight and by how late the event loop is.

    The second begins at twice as much, the third at four times as many operations. Lateness alone never turns tenants
    away: turning people away may be what the loop is late with.
    """

    operations: int = 16
    lag_seconds: float = 0.5


class Load:
    """What there is to do. Belongs to one event loop; other threads may look."""

    def __init__(
        self,
        bounds: Bounds | None = None,
        *,
        metrics: Metrics | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._bounds = bounds or Bounds()
        self._shed = (metrics or Metrics()).shed
        self._clock = clock
        self._in_flight = 0
        self._latest_lag = 0.0
        self._late: tuple[Grade, float] = (Grade.CALM, 0.0)
        self._spell: tuple[float, float] | None = None

    @property
    def in_flight(self) -> int:
        """Operations that are being answered."""
        return self._in_flight

    @property
    def grade(self) -> Grade:
        """Who is turned away now."""
        times = self._in_flight // self._bounds.operations
        busy = Grade.ALL if times >= 4 else Grade(min(times, Grade.STRANGERS))
        return max(busy, self._late[0] if self._clock() < self._late[1] else Grade.CALM)

    @property
    def has_lasted(self) -> bool:
        """Whether tenants are turned away, and have been for a while."""
        if self._spell is None:
            return False
        began, latest = self._spell
        return latest - began >= SPELL_SECONDS and self._clock() - latest <= HOLD_SECONDS

    def note_lag(self, seconds: float) -> None:
        """The event loop came so much later to something than it had planned. Once is an accident, twice is load."""
        lasting, self._latest_lag = min(seconds, self._latest_lag), seconds
        times = int(lasting / self._bounds.lag_seconds)
        grade, until = self._late
        now = self._clock()
        late = Grade(min(times, Grade.STRANGERS))
        if late >= grade or now >= until:
            self._late = (late, now + HOLD_SECONDS)

    def admit(self, rank: Rank) -> None:
        """Raises RequestRefusedError (503) for somebody who is turned away now."""
        if rank is Rank.SIGNING_IN or self.grade < _TURNED_AWAY_FROM[rank]:
            return
        self._shed.labels(rank).inc()
        if _TURNED_AWAY_FROM[rank] is Grade.ALL:
            self._note_spell()
        message = "there is too much to do just now; try again in a moment"
        raise RequestRefusedError(503, "OVERLOADED", message, headers={"Retry-After": "5"})

    @contextmanager
    def one_more(self) -> Iterator[None]:
        """One operation, for as long as it is being answered."""
        self._in_flight += 1
        try:
            yield
        finally:
            self._in_flight -= 1

    def _note_spell(self) -> None:
        now = self._clock()
        goes_on = self._spell is not None and now - self._spell[1] <= HOLD_SECONDS
        self._spell = (self._spell[0] if self._spell and goes_on else now, now)


def rank_of(session: Session | None, *, is_signing_in: bool) -> Rank:
    """The rank of somebody with that session, or none."""
    if is_signing_in:
        return Rank.SIGNING_IN
    if session is None:
        return Rank.STRANGER
    return Rank.ANALYST if session.role in (Role.ANALYST, Role.OPERATOR) else Rank.TENANT
