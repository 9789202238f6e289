"""Keys asked for together leave together, and what goes wrong reaches whoever waits."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

import pytest

from gateway.domain.source import Origin, SourceSystem
from gateway.ports.answers import MISSING, Batch, Failed, Seen
from gateway.ports.errors import Call, UpstreamTimeoutError
from gateway.schema.loading import Loader, Tasks

ORIGIN = Origin(SourceSystem.RENT_ERP, None, datetime(2026, 3, 17, tzinfo=UTC))
TIMEOUT = UpstreamTimeoutError(Call(SourceSystem.RENT_ERP, "names"))

Fetch = Callable[[Sequence[str]], Awaitable[Batch[str, str]]]


class Names:
    """A port's question: the name of each key, in capitals; « nobody » has none."""

    def __init__(self) -> None:
        self.calls: list[list[str]] = []

    async def __call__(self, keys: Sequence[str]) -> Batch[str, str]:
        """Answers in a later turn of the loop."""
        self.calls.append(list(keys))
        await asyncio.sleep(0)
        return {key: MISSING if key == "nobody" else Seen(key.upper(), ORIGIN) for key in keys}


async def test_keys_of_one_turn_become_one_call() -> None:
    """Ten leases cost one call, in the order they were asked for, each key once."""
    names = Names()
    loader = Loader(names, Tasks())

    found = await asyncio.gather(*(loader.need(key) for key in ("b", "a", "b", "c")))

    assert [seen and seen.value for seen in found] == ["B", "A", "B", "C"]
    assert names.calls == [["b", "a", "c"]]


async def test_a_key_is_fetched_once_in_the_life_of_a_loader() -> None:
    """What is known is not asked again; what is new leaves in a call of its own."""
    names = Names()
    loader = Loader(names, Tasks())
    await loader.need("a")

    await asyncio.gather(loader.need("a"), loader.need("b"))

    assert names.calls == [["a"], ["b"]]


async def test_a_prefetched_key_leaves_with_the_others() -> None:
    """What somebody will need later does not cost a call of its own."""
    names = Names()
    loader = Loader(names, Tasks())

    loader.prefetch("later")
    await loader.need("now")
    await loader.need("later")

    assert names.calls == [["later", "now"]]


async def test_a_key_without_a_value_is_none() -> None:
    """« There is none » is an answer, not a failure."""
    assert await Loader(Names(), Tasks()).need("nobody") is None


async def test_a_failed_key_raises_its_error_and_the_others_have_their_value() -> None:
    """One record that cannot be read spoils no other."""

    async def fetch(keys: Sequence[str]) -> Batch[str, str]:
        return {key: Failed(TIMEOUT) if key == "bad" else Seen(key, ORIGIN) for key in keys}

    loader = Loader(fetch, Tasks())

    good, bad = await asyncio.gather(loader.need("good"), loader.need("bad"), return_exceptions=True)

    assert (good, bad) == (Seen("good", ORIGIN), TIMEOUT)


async def test_a_failed_call_fails_each_of_its_keys_and_is_not_repeated() -> None:
    """A system that does not answer is asked once by a request, whoever else needs the same."""
    calls: list[list[str]] = []

    async def fetch(keys: Sequence[str]) -> Batch[str, str]:
        calls.append(list(keys))
        raise TIMEOUT

    loader = Loader(fetch, Tasks())

    together = await asyncio.gather(loader.need("a"), loader.need("b"), return_exceptions=True)
    with pytest.raises(UpstreamTimeoutError):
        await loader.need("a")

    assert set(together) == {TIMEOUT}
    assert calls == [["a", "b"]]


async def crash(keys: Sequence[str]) -> Batch[str, str]:
    """A defect of ours."""
    raise ZeroDivisionError


async def leave_out(keys: Sequence[str]) -> Batch[str, str]:
    """An adapter that breaks its promise to answer every key."""
    return {key: Seen(key, ORIGIN) for key in keys[1:]}


@pytest.mark.parametrize(("fetch", "error"), [(crash, ZeroDivisionError), (leave_out, KeyError)])
async def test_a_defect_of_ours_reaches_whoever_waits(fetch: Fetch, error: type[Exception]) -> None:
    """Nobody waits for ever: the crash surfaces where the value was needed."""
    tasks = Tasks()
    loader = Loader(fetch, tasks)

    async with asyncio.timeout(1):
        outcomes = await asyncio.gather(loader.need("a"), loader.need("b"), return_exceptions=True)

    assert [type(outcome) for outcome in outcomes] == [error, error]
    await tasks.cancel()


async def test_who_stops_waiting_does_not_take_the_answer_from_others() -> None:
    """Two fields need one value; one of them is given up."""
    names = Names()
    loader = Loader(names, Tasks())
    given_up = asyncio.ensure_future(loader.need("a"))
    await asyncio.sleep(0)

    given_up.cancel()
    seen = await loader.need("a")

    assert (seen, names.calls) == (Seen("A", ORIGIN), [["a"]])


async def test_the_end_of_a_request_leaves_no_task() -> None:
    """A call that is under way ends with its request, and whoever waits for it is told."""
    started, ended = asyncio.Event(), asyncio.Event()

    async def fetch(keys: Sequence[str]) -> Batch[str, str]:
        started.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        raise AssertionError

    tasks = Tasks()
    loader = Loader(fetch, tasks)
    waiting = asyncio.ensure_future(loader.need("a"))
    await started.wait()

    await tasks.cancel()

    assert ended.is_set()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_call_that_has_not_left_when_the_request_ends_never_leaves() -> None:
    """A prefetch of the very last moment asks nobody anything."""
    names, tasks = Names(), Tasks()
    Loader(names, tasks).prefetch("a")

    await tasks.cancel()
    await asyncio.sleep(0)

    assert names.calls == []
    assert asyncio.all_tasks() == {asyncio.current_task()}
