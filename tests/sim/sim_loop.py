"""An event loop whose time is virtual and whose order is drawn from a seed: the same seed, the same run."""

import asyncio
import selectors
from collections import deque
from collections.abc import Callable, Coroutine
from random import Random
from typing import Any, TypeVar

T = TypeVar("T")


class DeadlockError(Exception):
    """Everybody waits for somebody, and nothing is planned."""


class SimLoop(asyncio.SelectorEventLoop):
    """Waits for nothing: when nobody has anything to do, it is at once as late as the next timer.

    What is ready at the same moment runs in an order of the seed's. Nothing outside can be waited for.
    """

    _ready: deque[asyncio.Handle]

    def __init__(self, seed: int) -> None:
        self._now = 0.0
        self._order = Random(f"order {seed}")
        super().__init__(_Waiting(self._wait))

    def time(self) -> float:
        """Virtual seconds since the loop was made."""
        return self._now

    def _wait(self, timeout: float | None) -> None:
        if timeout is None:
            raise DeadlockError
        self._now += timeout
        ready = list(self._ready)
        self._order.shuffle(ready)
        self._ready.clear()
        self._ready.extend(ready)


class _Waiting(selectors.SelectSelector):
    """Tells how long the loop would wait, and that nothing came meanwhile."""

    def __init__(self, wait: Callable[[float | None], None]) -> None:
        super().__init__()
        self._wait = wait

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Nothing, at once."""
        self._wait(timeout)
        return []


def simulate(main: Callable[[], Coroutine[Any, Any, T]], *, seed: int = 0) -> T:
    """What `main` returns, run in a loop of its own."""
    with asyncio.Runner(loop_factory=lambda: SimLoop(seed)) as runner:
        return runner.run(main())
