"""Batches of any size, asked in chunks that the system takes."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

from gateway.ports.answers import MISSING, Answer, Batch, Failed
from gateway.ports.errors import UpstreamError

K = TypeVar("K")
V = TypeVar("V")

# One large batch takes only some of a system's turns, and never times out waiting for itself.
_CHUNKS_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Chunks(Generic[K]):
    """How keys travel: at most `size` at a time, each in the spelling that `native` gives it.

    `native` answers None for a key outside the system's grammar: it is `Missing` and never sent.
    """

    size: int
    native: Callable[[K], str | None]


async def in_chunks(
    keys: Sequence[K],
    *,
    chunks: Chunks[K],
    ask: Callable[[Sequence[str]], Awaitable[Mapping[str, Answer[V]]]],
) -> Batch[K, V]:
    """What `ask` answers for all of `keys`, each asked once however often it is given.

    A native key that `ask` leaves out is `Missing`. A chunk that fails fails its own keys; when every chunk
    does, the first error is raised.
    """
    spelled = {key: chunks.native(key) for key in keys}
    distinct = iter(dict.fromkeys(native for native in spelled.values() if native is not None))
    parts: list[list[str]] = []
    while part := list(islice(distinct, chunks.size)):
        parts.append(part)
    found = await _answers(parts, ask)
    return {key: MISSING if native is None else found.get(native, MISSING) for key, native in spelled.items()}


async def _answers(
    parts: Sequence[Sequence[str]], ask: Callable[[Sequence[str]], Awaitable[Mapping[str, Answer[V]]]]
) -> dict[str, Answer[V]]:
    turns = asyncio.Semaphore(_CHUNKS_AT_ONCE)
    errors: list[UpstreamError] = []

    async def answer(part: Sequence[str]) -> Mapping[str, Answer[V]]:
        async with turns:
            try:
                return await ask(part)
            except UpstreamError as error:
                errors.append(error)
                return dict.fromkeys(part, Failed(error))

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(answer(part)) for part in parts]
    if errors and len(errors) == len(parts):
        raise errors[0]
    return {key: value for task in tasks for key, value in task.result().items()}
