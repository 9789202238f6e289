"""The time one request may take, handed down to every call it makes."""

import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Deadline:
    """Moment on the monotonic clock, in seconds, after which nobody waits for the answer any more."""

    at: float

    @classmethod
    def after(cls, seconds: float) -> "Deadline":
        """Deadline `seconds` from now."""
        return cls(time.monotonic() + seconds)

    def remaining_seconds(self) -> float:
        """Seconds left, never negative."""
        return max(0.0, self.at - time.monotonic())
