"""The health of a system is judged by the calls made to it in the last five minutes."""

from datetime import timedelta

import pytest

from gateway.domain.source import SourceSystem
from gateway.ports.errors import Call, UpstreamTimeoutError
from gateway.schema.watch import KEPT_CALLS, Health, SourceHealth, SourceWatch
from tests.support.doors import Clock
from tests.support.household import NOW

SYSTEM, OTHER = SourceSystem.RENT_ERP, SourceSystem.WORKS


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
