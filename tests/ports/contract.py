"""What every batch of every port promises, whoever is behind it: inherit `BatchContract`, give it a case."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from gateway.domain.source import SourceSystem
from gateway.ports.answers import MISSING, Answer, Seen
from gateway.ports.deadline import Deadline
from gateway.ports.errors import (
    UpstreamError,
    UpstreamGarbledError,
    UpstreamTimeoutError,
    UpstreamUnavailableError,
)

Batched = Mapping[Any, Answer[object]]
"""A batch of any port; keys are its own kind of identifier."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A system behind the port, with the means to watch and to trouble it.

    `calls` counts the questions it received so far, sessions apart; `spoilt` makes it answer badly in a block;
    what errors must not tell is in `secrets`.
    """

    calls: Callable[[], int]
    forget_sessions: Callable[[], None]
    spoilt: Callable[[str], AbstractContextManager[None]]
    secrets: tuple[str, ...]
    now: datetime


@dataclass(frozen=True, slots=True)
class BatchCase:
    """A batch method of a port over one peer.

    `known` are keys with a value, `unknown` makes keys that nobody has; `keys_per_call` is what the peer takes, and
    `calls_per_chunk` how many calls a chunk may cost. `nothing` answers an unknown key; `spellings` are those that
    the peer's own data may have of a key, for most of them padded ones.
    """

    peer: Peer
    source: SourceSystem
    ask: Callable[[Sequence[str], Deadline], Awaitable[Batched]]
    known: Sequence[str]
    unknown: Callable[[int], str]
    keys_per_call: int
    calls_per_chunk: int = 1
    nothing: Callable[[Answer[object]], bool] = MISSING.__eq__
    spellings: Callable[[str], Sequence[str]] = lambda key: (key, f"{key}   ", f" {key}", key)


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to answer badly, and what it is called on our side."""

    kind: str
    expected: type[UpstreamError]
    patience_seconds: float = 10


FAULTS = (
    Fault("html_200", UpstreamUnavailableError),
    Fault("http_500", UpstreamUnavailableError),
    Fault("http_503", UpstreamUnavailableError),
    Fault("truncate", UpstreamGarbledError),
    Fault("reset", UpstreamUnavailableError),
    Fault("garbage", UpstreamGarbledError),
    Fault("empty", UpstreamGarbledError),
    Fault("drip", UpstreamTimeoutError, patience_seconds=0.3),
    Fault("hang", UpstreamTimeoutError, patience_seconds=0.3),
)


def soon() -> Deadline:
    """Time enough for a healthy system on a busy machine."""
    return Deadline.after(20)


async def assert_fails_well(peer: Peer, fault: Fault, ask: Callable[[Deadline], Awaitable[object]]) -> None:
    """While the fault lasts `ask` raises exactly its error, in time and without telling where it was looked for."""
    with peer.spoilt(fault.kind), pytest.raises(UpstreamError) as caught:
        async with asyncio.timeout(fault.patience_seconds + 2):
            await ask(Deadline.after(fault.patience_seconds))

    assert type(caught.value) is fault.expected
    assert not [secret for secret in peer.secrets if secret in str(caught.value)]
    if fault.kind == "http_503":
        assert isinstance(caught.value, UpstreamUnavailableError)
        assert caught.value.retry_after_seconds == 7


class BatchContract:
    """Inherited by the suite of each batch, which gives `case`."""

    @pytest.mark.parametrize("count", [1, 100, 1_000])
    async def test_a_batch_costs_no_more_calls_than_its_chunks(self, case: BatchCase, count: int) -> None:
        """Every key is answered, and one, a hundred and a thousand cost what the system's limit makes them cost."""
        keys = [*case.known[:count], *map(case.unknown, range(count))][:count]
        await case.ask(case.known[:1], soon())
        before = case.peer.calls()

        batch = await case.ask(keys, soon())

        assert set(batch) == set(keys)
        assert 1 <= case.peer.calls() - before <= case.calls_per_chunk * -(-count // case.keys_per_call)

    async def test_values_say_where_they_come_from(self, case: BatchCase) -> None:
        """The system, from when, read when; nothing is from later than a value that came before it."""
        (first,) = (await case.ask(case.known[:1], soon())).values()
        (second,) = (await case.ask(case.known[:1], soon())).values()

        assert isinstance(first, Seen)
        assert isinstance(second, Seen)
        assert (first.origin.source, first.origin.fetched_at, first.origin.stale) == (case.source, case.peer.now, None)
        if first.origin.as_of is not None:
            assert second.origin.as_of is not None
            assert first.origin.as_of <= second.origin.as_of

    async def test_a_key_nobody_has_is_answered_with_nothing(self, case: BatchCase) -> None:
        """Beside one that has a value, and alone."""
        unknown = case.unknown(0)

        together = await case.ask([unknown, case.known[0]], soon())
        alone = await case.ask([unknown], soon())

        assert case.nothing(together[unknown])
        assert case.nothing(alone[unknown])
        assert isinstance(together[case.known[0]], Seen)

    async def test_a_key_in_several_spellings_is_one_key(self, case: BatchCase) -> None:
        """Padded, repeated: one question, the same answer under each spelling."""
        key = case.known[0]
        await case.ask([key], soon())
        before = case.peer.calls()

        batch = await case.ask(case.spellings(key), soon())

        assert case.peer.calls() - before <= case.calls_per_chunk
        assert {_value(answer) for answer in batch.values()} == {_value(batch[key])}

    @pytest.mark.parametrize("key", ["", "   ", "../x", "<a>&", "a\x00b", "☃"])
    async def test_what_cannot_be_a_key_is_missing_and_never_sent(self, case: BatchCase, key: str) -> None:
        """Nothing of it reaches the system."""
        before = case.peer.calls()

        assert await case.ask([key], soon()) == {key: MISSING}
        assert case.peer.calls() == before

    async def test_no_keys_are_no_question(self, case: BatchCase) -> None:
        """An empty batch is answered by us."""
        before = case.peer.calls()

        assert await case.ask([], soon()) == {}
        assert case.peer.calls() == before

    async def test_a_system_that_was_restarted_is_asked_again(self, case: BatchCase) -> None:
        """It has forgotten our session; nobody notices."""
        before = await case.ask(case.known[:3], soon())

        case.peer.forget_sessions()

        assert _values(await case.ask(case.known[:3], soon())) == _values(before)

    @pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.kind)
    async def test_a_bad_answer_is_one_clear_error_and_leaves_no_trace(self, case: BatchCase, fault: Fault) -> None:
        """Afterwards everything is as before."""
        before = await case.ask(case.known[:3], soon())

        await assert_fails_well(case.peer, fault, lambda deadline: case.ask(case.known[:3], deadline))

        assert _values(await case.ask(case.known[:3], soon())) == _values(before)

    async def test_a_wrong_label_on_the_charset_changes_nothing(self, case: BatchCase) -> None:
        """Accents are what they were."""
        before = await case.ask(case.known[:50], soon())

        with case.peer.spoilt("wrong_charset"):
            spoilt = await case.ask(case.known[:50], soon())

        assert _values(spoilt) == _values(before)

    async def test_questions_at_the_same_time_do_not_mix(self, case: BatchCase) -> None:
        """Each gets its own answers, whoever else asks."""
        keys = case.known[:24]
        all_at_once = await case.ask(keys, soon())

        batches = await asyncio.gather(*(case.ask(keys[start::12], soon()) for start in range(12)))

        for start, batch in enumerate(batches):
            assert _values(batch) == {key: _value(all_at_once[key]) for key in keys[start::12]}


def _value(answer: Answer[object]) -> object:
    return answer.value if isinstance(answer, Seen) else type(answer)


def _values(batch: Batched) -> dict[str, object]:
    return {key: _value(answer) for key, answer in batch.items()}
