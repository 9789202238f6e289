"""Every request the legacy port received, in the order it arrived."""

from collections import deque
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from gateway.demo.control.exchange import Operation

_KEPT = 200_000
"""Oldest requests are forgotten beyond this, so that a load test cannot exhaust memory."""


@dataclass(slots=True)
class Line:
    """One request. `ms` is None while it is being handled, `status` until the answer begins."""

    n: int
    at: str
    operation: str
    keys: int
    fault: int | None = None
    status: int | None = None
    ms: float | None = None
    bytes: int = 0


class Journal:
    """Lines numbered from 1; emptying does not start the numbers again, so an old `since` stays true."""

    def __init__(self) -> None:
        self._lines: deque[Line] = deque(maxlen=_KEPT)
        self._next = 1

    def open(self, operation: Operation, *, at: datetime, fault: int | None) -> Line:
        """Write down a request that has just arrived; the caller completes the line."""
        line = Line(self._next, at.isoformat(), operation.name, operation.keys, fault)
        self._next += 1
        self._lines.append(line)
        return line

    def empty(self) -> None:
        """Forget every line."""
        self._lines.clear()

    def as_json(self, since: int) -> dict[str, Any]:
        """Requests numbered `since` or more, and the number to ask from next time."""
        return {"next": self._next, "requests": [asdict(line) for line in self._lines if line.n >= since]}
