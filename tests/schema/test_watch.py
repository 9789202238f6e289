"""The health of a system is judged by the calls made to it in the last five minutes."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from itertools import permutations

import pytest

from gateway.domain.source import SourceSystem
from gateway.ports.errors import Call, UpstreamTimeoutError
from gateway.schema.watch import HEARD_FOR, KEPT_CALLS, Health, SourceHealth, SourceWatch, joint
from tests.support.doors import Clock
from tests.support.household import NOW

SYSTEM, OTHER = SourceSystem.RENT_ERP, SourceSystem.WORKS
UP, DEGRADED, DOWN = SourceHealth


async def answer() -> str:
    """A call that succeeds."""
    return "answer"


async def fail() -> str:
    """A call that fails."""
    raise UpstreamTimeoutError(Call(SYSTEM, "balances"))


async def crash() -> str:
    """A defect of ours, which says nothing of the system."""
    raise ZeroDivisionError


@pytest.fixture
def clock() -> Clock:
    """A clock that stands at half past ten."""
    return Clock()


@pytest.fixture
def watch(clock: Clock) -> SourceWatch:
    """A watch over two systems."""
    return SourceWatch([SYSTEM, OTHER], clock)


async def observe(watch: SourceWatch, calls: str) -> SourceHealth:
    """Health of the system after calls, written `.` for one that succeeds and `x` for one that fails."""
    for call in calls:
        if call == ".":
            await watch.watch(SYSTEM, answer())
        else:
            with pytest.raises(UpstreamTimeoutError):
                await watch.watch(SYSTEM, fail())
    return watch.health()[0].health


def test_a_system_that_was_never_asked_is_up(watch: SourceWatch) -> None:
    """Nothing bad is known of it, and no figure is made up."""
    assert watch.health() == tuple(Health(one, SourceHealth.UP, NOW, None, None) for one in (SYSTEM, OTHER))


async def test_the_watch_hands_on_what_the_call_gives(watch: SourceWatch) -> None:
    """It only looks."""
    assert await watch.watch(SYSTEM, answer()) == "answer"


@pytest.mark.parametrize(
    ("calls", "health"),
    [
        ("...", SourceHealth.UP),
        ("x", SourceHealth.DEGRADED),
        ("xx", SourceHealth.DEGRADED),
        ("xxx", SourceHealth.DOWN),
        ("xxx.", SourceHealth.DEGRADED),
        (".xxx", SourceHealth.DOWN),
        ("xx.x", SourceHealth.DEGRADED),
        (".x.", SourceHealth.DEGRADED),
    ],
)
async def test_three_failures_in_a_row_are_down(calls: str, health: SourceHealth, watch: SourceWatch) -> None:
    """A failure among successes is a difficulty; three in a row mean that the system does not answer."""
    assert await observe(watch, calls) is health
    assert watch.health()[1].health is SourceHealth.UP


async def test_a_crash_of_ours_says_nothing_of_the_system(watch: SourceWatch) -> None:
    """Our own defect does not make the ERP look ill."""
    with pytest.raises(ZeroDivisionError):
        await watch.watch(SYSTEM, crash())

    assert watch.health()[0] == Health(SYSTEM, SourceHealth.UP, NOW, None, None)


async def test_a_system_that_is_not_connected_is_not_judged(clock: Clock) -> None:
    """A landlord without a works system is not told that it is down."""
    watch = SourceWatch([OTHER], clock)

    with pytest.raises(UpstreamTimeoutError):
        await watch.watch(SYSTEM, fail())

    assert [judged.system for judged in watch.health()] == [OTHER]


async def test_a_judgement_keeps_the_moment_it_changed(watch: SourceWatch, clock: Clock) -> None:
    """« Since » is when the health changed, not when somebody looked."""
    clock.forward(seconds=10)
    await observe(watch, "x")
    clock.forward(seconds=10)
    await observe(watch, "x")

    assert watch.health()[0].since == NOW + timedelta(seconds=10)


async def test_failures_are_forgotten_after_five_minutes(watch: SourceWatch, clock: Clock) -> None:
    """An old failure does not darken the present."""
    await observe(watch, "xxx")
    clock.forward(minutes=5)
    assert watch.health()[0].health is SourceHealth.DOWN

    clock.forward(seconds=1)

    now = NOW + timedelta(minutes=5, seconds=1)
    assert watch.health()[0] == Health(SYSTEM, SourceHealth.UP, now, None, None)


async def test_figures_are_those_of_the_window(watch: SourceWatch) -> None:
    """One call of four failed; the slow tail is told in whole milliseconds."""
    await observe(watch, "..x.")

    judged = watch.health()[0]
    assert judged.error_rate == 0.25
    assert judged.p95_milliseconds is not None
    assert 0 <= judged.p95_milliseconds < 1000


async def test_memory_is_bounded(watch: SourceWatch) -> None:
    """Only the latest thousand calls are kept."""
    await observe(watch, "x" + "." * KEPT_CALLS)

    assert watch.health()[0].error_rate == 0


@pytest.mark.parametrize(
    ("verdicts", "health"),
    [
        ([], UP),
        ([UP], UP),
        ([DEGRADED], DEGRADED),
        ([DOWN], DOWN),
        ([UP, UP], UP),
        ([DOWN, DOWN], DOWN),
        ([UP, DEGRADED], DEGRADED),
        ([UP, DOWN], DEGRADED),
        ([DEGRADED, DOWN], DEGRADED),
        ([UP, DEGRADED, DOWN], DEGRADED),
        ([DOWN, DOWN, UP], DEGRADED),
    ],
)
def test_replicas_that_differ_make_a_system_that_answers_in_part(
    verdicts: Sequence[SourceHealth], health: SourceHealth
) -> None:
    """In whatever order they are heard, so that each replica shows the same."""
    assert {joint(order) for order in permutations(verdicts)} == {health}


async def test_a_replica_speaks_of_what_it_has_called(watch: SourceWatch, clock: Clock) -> None:
    """Of the others it knows nothing, and after five minutes without a call it knows nothing any more."""
    assert watch.verdicts() == {}
    await observe(watch, "xxx")
    assert watch.verdicts() == {SYSTEM: DOWN}

    clock.forward(minutes=5, seconds=1)

    assert watch.verdicts() == {}


async def test_what_another_replica_says_counts_for_a_minute(watch: SourceWatch, clock: Clock) -> None:
    """One that has gone is forgotten. It is shown without figures: those are of our own calls."""
    clock.forward(seconds=7)
    watch.hear("there", {SYSTEM: DOWN})
    heard_at = clock.now

    assert watch.health()[0] == Health(SYSTEM, DOWN, heard_at, None, None)
    assert watch.verdicts() == {}
    clock.forward(seconds=HEARD_FOR.total_seconds())
    assert watch.health()[0].health is DOWN
    clock.forward(seconds=1)
    assert watch.health()[0] == Health(SYSTEM, UP, clock.now, None, None)


async def test_the_latest_word_of_a_replica_counts(watch: SourceWatch) -> None:
    """It takes back what it said before, also by saying nothing; other replicas' words stay."""
    watch.hear("there", {SYSTEM: DOWN, OTHER: DOWN})
    watch.hear("elsewhere", {OTHER: DEGRADED})
    watch.hear("there", {OTHER: DEGRADED})

    assert [judged.health for judged in watch.health()] == [UP, DEGRADED]


async def test_our_own_calls_count_beside_what_others_say(watch: SourceWatch) -> None:
    """The ERP that answers us and not them answers in part; when it does not answer us either, it is down."""
    watch.hear("there", {SYSTEM: DOWN})
    assert await observe(watch, ".") is DEGRADED

    assert await observe(watch, "xxx") is DOWN


async def test_a_system_that_is_connected_elsewhere_only_is_not_judged(clock: Clock) -> None:
    """A word about a system that this replica does not know changes nothing."""
    watch = SourceWatch([OTHER], clock)

    watch.hear("there", {SYSTEM: DOWN})

    assert [(judged.system, judged.health) for judged in watch.health()] == [(OTHER, UP)]


class Follower:
    """Somebody who follows the changes, begun before anything else happens."""

    def __init__(self, watch: SourceWatch) -> None:
        self._changes: AsyncIterator[Health] = watch.changes()
        self._next = asyncio.ensure_future(anext(self._changes))

    async def told(self) -> list[tuple[SourceSystem, SourceHealth]]:
        """What has been told since the last time."""
        gathered = []
        while await self._is_told():
            judged = self._next.result()
            gathered.append((judged.system, judged.health))
            self._next = asyncio.ensure_future(anext(self._changes))
        return gathered

    async def _is_told(self) -> bool:
        for _ in range(5):
            await asyncio.sleep(0)
        return self._next.done()

    async def leave(self) -> None:
        """Ends the following."""
        self._next.cancel()
        await asyncio.wait([self._next])


@pytest.fixture
async def follower(watch: SourceWatch) -> AsyncIterator[Follower]:
    """One who follows from the beginning."""
    follower = Follower(watch)
    assert await follower.told() == []
    yield follower
    await follower.leave()


async def test_who_follows_is_told_of_changes_only(watch: SourceWatch, follower: Follower) -> None:
    """Neither what is so at the beginning nor what stays as it is."""
    await observe(watch, "..")
    assert await follower.told() == []

    await observe(watch, "x")
    assert await follower.told() == [(SYSTEM, DEGRADED)]
    await observe(watch, "xx")
    assert await follower.told() == [(SYSTEM, DOWN)]
    await observe(watch, "x")
    assert await follower.told() == []


async def test_who_follows_is_told_what_others_say(watch: SourceWatch, follower: Follower) -> None:
    """Each system in its turn."""
    watch.hear("there", {OTHER: DOWN, SYSTEM: DEGRADED})

    assert await follower.told() == [(SYSTEM, DEGRADED), (OTHER, DOWN)]


async def test_who_is_slow_is_told_what_it_has_come_to(watch: SourceWatch, follower: Follower) -> None:
    """Nothing piles up for somebody who does not listen; what has become as it was is not told."""
    watch.hear("there", {SYSTEM: DOWN, OTHER: DEGRADED})
    watch.hear("there", {OTHER: DEGRADED})
    watch.hear("there", {OTHER: DOWN})

    assert await follower.told() == [(OTHER, DOWN)]


async def test_what_changes_while_one_is_told_is_not_slept_over(watch: SourceWatch) -> None:
    """The system that was just told of changes again before the next step: that is the next step."""
    changes = watch.changes()
    coming = asyncio.ensure_future(anext(changes))
    await asyncio.sleep(0)
    watch.hear("there", {SYSTEM: DOWN})
    first = await coming

    watch.hear("there", {SYSTEM: DEGRADED})
    async with asyncio.timeout(5):
        second = await anext(changes)

    assert (first.health, second.health) == (DOWN, DEGRADED)
    await changes.aclose()


async def test_changes_by_time_are_told_when_somebody_looks(
    watch: SourceWatch, clock: Clock, follower: Follower
) -> None:
    """Five minutes without a failure are a change too."""
    await observe(watch, "x")
    await follower.told()

    clock.forward(minutes=5, seconds=1)
    assert await follower.told() == []
    watch.health()

    assert await follower.told() == [(SYSTEM, UP)]


async def test_each_who_follows_is_told(watch: SourceWatch, follower: Follower) -> None:
    """And one who comes later is told what changes later."""
    await observe(watch, "x")
    assert await follower.told() == [(SYSTEM, DEGRADED)]
    later = Follower(watch)
    assert await later.told() == []

    await observe(watch, "xx")

    assert (await follower.told(), await later.told()) == ([(SYSTEM, DOWN)], [(SYSTEM, DOWN)])
    await later.leave()
