"""Which faults are ordered, and which of them strike the next request: one seeded draw, replayable."""

from dataclasses import dataclass
from math import exp, log
from random import Random

import msgspec

from gateway.demo.control.kinds import Fault, Latency, Striking

_Z99 = 2.3263478740408408
"""99th centile of the standard normal distribution."""


@dataclass(slots=True)
class Order:
    """One ordered fault and how often it may still strike; `times_left` None means for ever."""

    id: int
    fault: Fault
    times_left: int | None
    hits: int = 0

    def strike(self) -> None:
        """Count one more hit."""
        self.hits += 1
        if self.times_left is not None:
            self.times_left -= 1

    def as_json(self) -> dict[str, object]:
        """The fault as it was ordered, with its id, the times left and the hits so far."""
        described: dict[str, object] = msgspec.to_builtins(self.fault)
        return {"id": self.id, **described, "times": self.times_left, "hits": self.hits}


@dataclass(frozen=True, slots=True)
class Blow:
    """What happens to one request: a wait, at most one other fault, and the id to write in the journal."""

    delay_seconds: float = 0.0
    fault: Striking | None = None
    order_id: int | None = None


class FaultBook:
    """The ordered faults, oldest first. Waits add up; of all others the oldest one drawn strikes."""

    def __init__(self, *, seed: int) -> None:
        self.random = Random(seed)
        self._orders: list[Order] = []
        self._last_id = 0

    def reseed(self, seed: int) -> None:
        """Start the draw again: the same requests in the same order meet the same faults."""
        self.random.seed(seed)

    def add(self, fault: Fault) -> int:
        """Order `fault` and answer its id."""
        self._last_id += 1
        self._orders.append(Order(self._last_id, fault, fault.times))
        return self._last_id

    def clear(self) -> None:
        """Withdraw every fault; ids are not used again."""
        self._orders.clear()

    def as_json(self) -> list[dict[str, object]]:
        """Every ordered fault, spent ones included."""
        return [order.as_json() for order in self._orders]

    def draw(self, operation: str) -> Blow:
        """What strikes this request. Every fault that could takes one draw, whatever the others drew."""
        blow = Blow()
        for order in self._orders:
            if self._drawn(order, operation):
                blow = self._struck(order, blow)
        return blow

    def _drawn(self, order: Order, operation: str) -> bool:
        if order.times_left == 0 or order.fault.operation not in ("*", operation):
            return False
        return self.random.random() < order.fault.rate

    def _struck(self, order: Order, blow: Blow) -> Blow:
        if isinstance(order.fault, Latency):
            order.strike()
            delay = blow.delay_seconds + self._wait_seconds(order.fault)
            return Blow(delay, blow.fault, blow.order_id or order.id)
        if blow.fault is not None:
            return blow
        order.strike()
        return Blow(blow.delay_seconds, order.fault, order.id)

    def _wait_seconds(self, latency: Latency) -> float:
        if latency.p50_ms is None or latency.p99_ms is None:
            return (latency.ms or 0.0) / 1000
        sigma = log(latency.p99_ms / latency.p50_ms) / _Z99
        return latency.p50_ms * exp(sigma * self.random.gauss(0.0, 1.0)) / 1000
