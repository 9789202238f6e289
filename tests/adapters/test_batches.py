"""Batches of any size, in chunks that a system takes."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.adapters.batches import Chunks, in_chunks
from gateway.domain.source import Origin, SourceSystem
from gateway.ports.answers import MISSING, Answer, Failed, Seen
from gateway.ports.errors import Call, UpstreamError, UpstreamTimeoutError

ORIGIN = Origin(SourceSystem.RENT_ERP, as_of=None, fetched_at=datetime(2026, 3, 14, tzinfo=UTC))
CALL = Call(SourceSystem.RENT_ERP, "balances")
TRIMMED: Chunks[str] = Chunks(size=3, native=lambda key: key.strip() or None)


class System:
    """Knows keys that do not end in `?`, fails chunks that hold a key with `!`; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Sequence[str]] = []
        self.at_once = self.most_at_once = 0

    async def answer(self, keys: Sequence[str]) -> Mapping[str, Answer[str]]:
        """One chunk."""
        self.asked.append(keys)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0)
        self.at_once -= 1
        if any("!" in key for key in keys):
            raise UpstreamTimeoutError(CALL)
        known = {key: Seen(key.upper(), ORIGIN) for key in keys if not key.endswith("?")}
        return {**known, "not asked": Seen("x", ORIGIN)}


@given(st.lists(st.text("ab ?", max_size=3), max_size=40))
async def test_every_key_is_answered_and_no_more_calls_are_made_than_needed(keys: list[str]) -> None:
    """Duplicates and spellings cost nothing; what cannot be a key is missing and never sent."""
    system = System()

    batch = await in_chunks(keys, chunks=TRIMMED, ask=system.answer)

    distinct = {key.strip() for key in keys} - {""}
    assert batch == {
        key: Seen(key.strip().upper(), ORIGIN) if key.strip() and not key.strip().endswith("?") else MISSING
        for key in keys
    }
    assert len(system.asked) == -(-len(distinct) // 3)
    assert sorted(key for chunk in system.asked for key in chunk) == sorted(distinct)
    assert system.most_at_once <= 4


async def test_chunks_run_side_by_side_but_leave_room_for_others() -> None:
    """Four of them at once."""
    system = System()

    await in_chunks([str(number) for number in range(30)], chunks=TRIMMED, ask=system.answer)

    assert (len(system.asked), system.most_at_once) == (10, 4)


async def test_a_chunk_that_fails_fails_its_own_keys() -> None:
    """The keys of the other chunks are answered."""
    batch = await in_chunks(["a", "b!", "c", "d"], chunks=TRIMMED, ask=System().answer)

    failed = batch["a"]
    assert isinstance(failed, Failed)
    assert type(failed.error) is UpstreamTimeoutError
    assert (batch["b!"], batch["c"]) == (failed, failed)
    assert batch["d"] == Seen("D", ORIGIN)


async def test_when_every_chunk_fails_the_call_fails() -> None:
    """There is nothing to hand on."""
    with pytest.raises(UpstreamError):
        await in_chunks(["a!", "b", "c", "d!"], chunks=TRIMMED, ask=System().answer)


async def test_our_own_mistakes_are_not_hidden() -> None:
    """Only failures of the system are answers."""

    async def mistaken(keys: Sequence[str]) -> Mapping[str, Answer[str]]:
        raise ZeroDivisionError

    with pytest.raises(ExceptionGroup) as caught:
        await in_chunks(["a"], chunks=TRIMMED, ask=mistaken)
    assert caught.group_contains(ZeroDivisionError)
