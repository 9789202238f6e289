"""Keys asked for in one turn of the event loop become one call of a port.

One loader lives as long as one request; it is where the graph meets a port, and the only memory a request has.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Hashable, Mapping, Sequence
from typing import Any, Generic, TypeVar, assert_never

from gateway.ports.answers import Answer, Batch, Failed, Missing, Seen
from gateway.ports.errors import UpstreamError

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Tasks:
    """Owner of the tasks one request starts; `cancel` ends those nobody waits for any more."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()
        self._is_over = False

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Runs `work` beside the request; drops it when the request is over."""
        if self._is_over:
            work.close()
            return
        task = asyncio.ensure_future(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def cancel(self) -> None:
        """The request is over: ends what runs, and waits for that end."""
        self._is_over = True
        running = list(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


class Loader(Generic[K, V]):
    """Asks `fetch` once for all keys wanted in the same turn; each key is fetched at most once in the loader's life."""

    def __init__(self, fetch: Callable[[Sequence[K]], Awaitable[Batch[K, V]]], tasks: Tasks) -> None:
        self._fetch = fetch
        self._tasks = tasks
        self._answers: dict[K, asyncio.Future[Answer[V]]] = {}
        self._wanted: list[K] = []

    def load(self, key: K) -> "asyncio.Future[Answer[V]]":
        """The answer for `key`, now or later. May be called without awaiting, to have the call start early."""
        known = self._answers.get(key)
        if known is not None:
            return known
        loop = asyncio.get_running_loop()
        if not self._wanted:
            loop.call_soon(self._dispatch)
        self._wanted.append(key)
        answer: asyncio.Future[Answer[V]] = loop.create_future()
        self._answers[key] = answer
        return answer

    def prefetch(self, key: K) -> None:
        """Has the call for `key` leave with the others of this turn, for somebody who will need it later."""
        _ = self.load(key)

    async def need(self, key: K) -> Seen[V] | None:
        """The value for `key`, None when there is none. Raises the UpstreamError that kept it from us."""
        answer = await asyncio.shield(self.load(key))
        match answer:
            case Seen():
                return answer
            case Missing():
                return None
            case Failed():
                raise answer.error
            case _:
                assert_never(answer)

    def _dispatch(self) -> None:
        keys, self._wanted = self._wanted, []
        self._tasks.start(self._answer(keys))

    async def _answer(self, keys: list[K]) -> None:
        try:
            batch = await self._fetch(keys)
            self._settle({key: batch[key] for key in keys})
        except UpstreamError as failure:
            self._settle(dict.fromkeys(keys, Failed(failure)))
        except asyncio.CancelledError:
            self._abandon(keys)
            raise
        except Exception as error:  # noqa: BLE001 - a defect of ours, such as a key without an answer: the door masks it
            for key in keys:
                self._answers[key].set_exception(error)

    def _settle(self, answers: Mapping[K, Answer[V]]) -> None:
        for key, answer in answers.items():
            self._answers[key].set_result(answer)

    def _abandon(self, keys: list[K]) -> None:
        for key in keys:
            self._answers[key].cancel()
