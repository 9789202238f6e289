"""Many people at one guard, in a thousand orders: no password too many is ever looked at, and nobody is shut out."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta

import pytest

from gateway.auth.lockout import Accepted, Failed, InProgress, RecreationOffered
from gateway.domain.lockout import UNKNOWN_DEVICES, Subject
from tests.sim.sign_in_world import PHONE, SignIn, World, charge_before, count_after, recreate, redeem
from tests.sim.sim_loop import simulate

pytestmark = pytest.mark.thorough

SEEDS = 1_000
BLOCKS = 4
SUBJECTS = [Subject(bytes([number]) * 32) for number in range(3)]
JUMPS = [timedelta(seconds=15), timedelta(minutes=10), timedelta(hours=8), timedelta(hours=24)]


async def somebody(world: World, *, sign_in: SignIn, subjects: list[Subject]) -> None:
    """A few things that somebody does one after the other; what takes too long may be given up, as in a crash."""
    chance = world.chance
    for _ in range(chance.randint(1, 4)):
        await asyncio.sleep(chance.uniform(0, 0.5))
        subject = chance.choice(subjects)
        match chance.randrange(20):
            case 0:
                world.note("recreated", await recreate(world, subject))
            case 1:
                await redeem(world, subject)
            case 2:
                world.skip(chance.choice(JUMPS))
            case _:
                door = (subject, PHONE if chance.random() < 0.1 else UNKNOWN_DEVICES)
                with suppress(TimeoutError):
                    async with asyncio.timeout(chance.uniform(0, 0.4) if chance.random() < 0.2 else None):
                        await sign_in(world, door, chance.random() < 0.2)


async def crowd(world: World, sign_in: SignIn) -> None:
    """A crowd, then silence: what was counted is what happened, and every holder gets in with the right password."""
    subjects = SUBJECTS[: world.chance.choice([1, 1, 3])]
    people = [somebody(world, sign_in=sign_in, subjects=subjects) for _ in range(world.chance.randint(3, 10))]
    await asyncio.gather(*people)
    await asyncio.sleep(15)
    for door in list(world.book.guesses):
        record, now = await world.record(door)
        assert list(record.spent) == world.book.failures_of_the_day(door, now=now)
    world.verifier.late_one_in = 0
    await asyncio.sleep(600)
    for door in list(world.book.guesses):
        outcome = await sign_in(world, door, True)
        assert isinstance(outcome, Accepted) or len((await world.record(door))[0].spent) == 24


def run(
    seed: int, *, story: Callable[[World, SignIn], Awaitable[None]] = crowd, sign_in: SignIn = charge_before
) -> World:
    """The world after one run. An AssertionError names the seed, with which the run can be had again."""
    world = World(seed)

    async def main() -> None:
        await story(world, sign_in)

    try:
        simulate(main, seed=seed)
    except AssertionError as error:
        raise AssertionError(f"seed {seed}: {error}") from error
    return world


@pytest.mark.parametrize("block", range(BLOCKS))
def test_in_a_thousand_orders_every_guess_is_counted_and_none_is_too_many(block: int) -> None:
    """Wrong and right passwords, links, lost callers and nights in between, on one account and on several."""
    worlds = [run(seed) for seed in range(block, SEEDS, BLOCKS)]

    assert sum(world.book.checks for world in worlds) > 1_000
    assert len({str(world.trace) for world in worlds}) == len(worlds)


def test_a_seed_is_played_again_exactly() -> None:
    """What a failing seed did, it does again."""
    assert [run(seed).trace for seed in range(20)] == [run(seed).trace for seed in range(20)]


def test_order_that_lets_a_crowd_through_is_found_out() -> None:
    """The same crowds at a sign-in that counts after it has checked: the simulation can fail, and names the seed."""
    failures = {seed: failure for seed in range(40) if (failure := failure_of(seed, sign_in=count_after))}

    assert len(failures) > 20
    assert all(failure.startswith(f"seed {seed}: ") for seed, failure in failures.items())


def failure_of(seed: int, *, sign_in: SignIn) -> str | None:
    """What is wrong in this run, if anything is."""
    try:
        run(seed, sign_in=sign_in)
    except AssertionError as error:
        return str(error)
    return None


@pytest.mark.parametrize("seed", range(5))
def test_of_two_hundred_wrong_passwords_at_once_three_are_checked(seed: int) -> None:
    """At two processes on one account; everybody is told what the third one led to, as soon as it is known."""
    outcomes = Counter[type]()

    async def flood(world: World, sign_in: SignIn) -> None:
        world.verifier.late_one_in = 0
        answers = await asyncio.gather(*(sign_in(world, (SUBJECTS[0], UNKNOWN_DEVICES), False) for _ in range(200)))
        outcomes.update(map(type, answers))

    world = run(seed, story=flood)

    assert world.book.checks == 3
    assert outcomes[Failed] == 2
    assert outcomes[RecreationOffered] + outcomes[InProgress] == 198


def test_counting_afterwards_checks_all_two_hundred() -> None:
    """What the order of the gateway is for."""

    async def flood(world: World, sign_in: SignIn) -> None:
        await asyncio.gather(*(sign_in(world, (SUBJECTS[0], UNKNOWN_DEVICES), False) for _ in range(200)))

    with pytest.raises(AssertionError, match="seed 0: a fourth wrong password within ten minutes"):
        run(0, story=flood, sign_in=count_after)


@pytest.mark.parametrize("seed", range(5))
def test_eight_right_passwords_at_once_are_all_accepted(seed: int) -> None:
    """Who clicks twice, or opens two tabs, is not refused for it; nothing counts as a failure."""

    async def click(world: World, sign_in: SignIn) -> None:
        world.verifier.late_one_in = 0
        door = (SUBJECTS[0], UNKNOWN_DEVICES)
        answers = await asyncio.gather(*(sign_in(world, door, True) for _ in range(8)))
        assert answers == [Accepted()] * 8
        assert (await world.record(door))[0].spent == ()
        assert asyncio.get_running_loop().time() < 2.5

    assert run(seed, story=click).book.checks == 8


@pytest.mark.parametrize("seed", range(5))
def test_a_crowd_elsewhere_does_not_shut_out_the_holders_own_telephone(seed: int) -> None:
    """Two hundred guesses from unknown devices, a block, and the known device signs in without waiting for them."""

    async def besiege(world: World, sign_in: SignIn) -> None:
        world.verifier.late_one_in = 0
        guesses = [asyncio.ensure_future(sign_in(world, (SUBJECTS[0], UNKNOWN_DEVICES), False)) for _ in range(200)]
        for _ in range(3):
            await recreate(world, SUBJECTS[0])
        began = asyncio.get_running_loop().time()
        assert await sign_in(world, (SUBJECTS[0], PHONE), True) == Accepted()
        assert asyncio.get_running_loop().time() - began < 0.5
        await asyncio.gather(*guesses)

    assert run(seed, story=besiege).book.checks <= 4
