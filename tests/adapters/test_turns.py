"""The queue in front of the pool."""

import asyncio

from gateway.adapters.turns import Turns
from gateway.domain.lockout import Subject


async def test_a_subject_has_one_turn_at_a_time_and_different_subjects_their_own() -> None:
    """First come, first served."""
    turns, served = Turns(), []

    async def take(name: str, subject: Subject) -> None:
        async with turns.of(subject):
            await asyncio.sleep(0)
            served.append(name)

    async with turns.of(Subject(b"a")):
        others = [asyncio.create_task(take(name, Subject(b"a"))) for name in ("first", "second")]
        await take("another", Subject(b"b"))

    await asyncio.gather(*others)
    assert served == ["another", "first", "second"]


async def test_fifty_thousand_made_up_subjects_leave_nothing_behind() -> None:
    """Whoever makes references up fills no memory."""
    turns = Turns()

    for number in range(50_000):
        async with turns.of(Subject(number.to_bytes(32))):
            assert len(turns) == 1

    assert len(turns) == 0


async def test_a_turn_that_somebody_waits_for_is_not_forgotten() -> None:
    """Nor is it there twice."""
    turns, subject = Turns(), Subject(b"a")
    async with turns.of(subject):
        waiting = asyncio.create_task(turns.of(subject).acquire())
        await asyncio.sleep(0)

    assert await waiting
    assert len(turns) == 0
