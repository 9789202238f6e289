"""Replicas tell each other what they make of the systems, and show the same. Time is virtual, and passes at once."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

import pytest

from gateway.adapters.events_local import LocalEvents
from gateway.domain.source import SourceSystem
from gateway.ports.errors import Call, UpstreamUnavailableError
from gateway.ports.events import MAX_BYTES, Heard, Missed, Topic
from gateway.schema.hearsay import LOOK_SECONDS, REPEAT_SECONDS, Hearsay, Word, read, written
from gateway.schema.watch import HEARD_FOR, WINDOW, SourceHealth, SourceWatch
from gateway.telemetry.metrics import Metrics
from tests.sim.sim_loop import simulate
from tests.support.household import NOW

ERP, WORKS = SourceSystem.RENT_ERP, SourceSystem.WORKS
UP, DEGRADED, DOWN = SourceHealth


def clock() -> datetime:
    """The time of the loop, from half past ten."""
    return NOW + timedelta(seconds=asyncio.get_running_loop().time())


@dataclass(frozen=True, slots=True)
class Replica:
    """One gateway among those on the same events."""

    watch: SourceWatch
    running: asyncio.Task[None]

    async def call(self, system: SourceSystem, outcomes: str) -> None:
        """Calls that succeed (`.`) or fail (`x`)."""
        for outcome in outcomes:
            try:
                await self.watch.watch(system, _call(system, fails=outcome == "x"))
            except UpstreamUnavailableError:
                continue

    @property
    def shows(self) -> list[SourceHealth]:
        """Health of the ERP and of the works system, as a client sees it here."""
        return [judged.health for judged in self.watch.health()]

    async def die(self) -> None:
        """Says nothing any more."""
        self.running.cancel()
        await asyncio.wait([self.running])


async def _call(system: SourceSystem, *, fails: bool) -> None:
    if fails:
        raise UpstreamUnavailableError(Call(system, "balances"))


@asynccontextmanager
async def replicas(count: int, events: LocalEvents | None = None) -> AsyncIterator[list[Replica]]:
    """Replicas that have just started."""
    shared = events or LocalEvents(Metrics())
    async with AsyncExitStack() as owned:
        started = [replica(shared) for _ in range(count)]
        for one in started:
            owned.push_async_callback(one.die)
        await looks()
        yield started


def replica(events: LocalEvents) -> Replica:
    """One that starts now."""
    watch = SourceWatch([ERP, WORKS], clock)
    return Replica(watch, asyncio.create_task(Hearsay(watch, events).run()))


async def looks() -> None:
    """Long enough for a look, and for what follows from it."""
    await asyncio.sleep(LOOK_SECONDS + 0.1)


def test_what_one_finds_all_show() -> None:
    """The ERP stops answering one replica; a second later the others show it, and when it answers again, that too."""

    async def story() -> list[list[list[SourceHealth]]]:
        shown = []
        async with replicas(3) as all_three:
            for calls in ("xxx", "."):
                await all_three[0].call(ERP, calls)
                await looks()
                shown.append([one.shows for one in all_three])
            await asyncio.sleep(WINDOW.total_seconds())
            await looks()
            return [*shown, [one.shows for one in all_three]]

    assert simulate(story) == [[[DOWN, UP]] * 3, [[DEGRADED, UP]] * 3, [[UP, UP]] * 3]


def test_who_follows_at_another_replica_is_told() -> None:
    """Nobody asks there; the change comes by itself, also the one that time makes."""

    async def story() -> list[tuple[SourceHealth, int]]:
        async with replicas(2) as (here, there):
            changes = there.watch.changes()
            coming = asyncio.ensure_future(anext(changes))
            await asyncio.sleep(0)
            began = asyncio.get_running_loop().time()
            await here.call(ERP, "xxx")
            told = [await coming, await anext(changes)]
            await changes.aclose()
            return [(one.health, round((one.since - NOW).total_seconds() - began)) for one in told]

    (down, soon), (up, later) = simulate(story)

    assert (down, up) == (DOWN, UP)
    assert soon <= 1
    assert 300 <= later <= 302


def test_who_follows_is_told_what_time_changes() -> None:
    """Nobody asks and no other replica speaks: five minutes without a failure are noticed all the same."""

    async def story() -> tuple[SourceHealth, int]:
        async with replicas(1) as (only,):
            await only.call(ERP, "x")
            changes = only.watch.changes()
            async with asyncio.timeout(WINDOW.total_seconds() + 10):
                changed = await anext(changes)
            await changes.aclose()
            return changed.health, round((changed.since - NOW).total_seconds())

    health, after = simulate(story)

    assert health is UP
    assert 300 <= after <= 303


def test_a_replica_does_not_take_itself_for_another() -> None:
    """What it said a moment ago does not stand against what it finds now."""

    async def story() -> list[SourceHealth]:
        async with replicas(1) as (only,):
            await only.call(ERP, ".")
            await looks()
            await only.call(ERP, "xxx")
            return only.shows

    assert simulate(story) == [DOWN, UP]


def test_a_replica_that_starts_later_learns_what_the_others_know() -> None:
    """They repeat themselves."""

    async def story() -> list[list[SourceHealth]]:
        events = LocalEvents(Metrics())
        async with replicas(1, events) as (first,):
            await first.call(ERP, "xxx")
            await looks()
            async with replicas(1, events) as (second,):
                early = second.shows
                await asyncio.sleep(REPEAT_SECONDS)
                return [early, second.shows]

    assert simulate(story) == [[UP, UP], [DOWN, UP]]


def test_what_lasts_is_shown_as_long_as_it_lasts() -> None:
    """Words are repeated before they are forgotten: no replica shows another health in between."""

    async def story() -> set[tuple[SourceHealth, ...]]:
        async with replicas(2) as (here, there):
            await here.call(ERP, "xxx")
            await looks()
            shown = set()
            for _ in range(round(WINDOW.total_seconds() - 5)):
                await asyncio.sleep(1)
                shown.add(tuple(there.shows))
            return shown

    assert simulate(story) == {(DOWN, UP)}


def test_a_replica_that_has_gone_is_forgotten_after_a_minute() -> None:
    """It was killed and cannot take back what it said."""

    async def story() -> list[list[SourceHealth]]:
        async with replicas(2) as (here, there):
            await here.call(WORKS, "x")
            await looks()
            await here.die()
            before = there.shows
            await asyncio.sleep(HEARD_FOR.total_seconds() + REPEAT_SECONDS)
            return [before, there.shows]

    assert simulate(story) == [[UP, DEGRADED], [UP, UP]]


def test_after_a_gap_everybody_says_it_again() -> None:
    """What was said while the database did not answer is not waited for until the next repetition."""

    async def story() -> list[Heard]:
        events = LocalEvents(Metrics())
        async with replicas(1, events) as (only,):
            await only.call(ERP, "x")
            await looks()
            with events.listen(Topic.SOURCES) as heard:
                events.tell(Topic.SOURCES, Missed())
                async with asyncio.timeout(LOOK_SECONDS + 0.1):
                    return [await anext(heard), await anext(heard)]

    missed, said = simulate(story)

    assert missed == Missed()
    assert isinstance(said, str)
    assert json.loads(said)["verdicts"] == {"RENT_ERP": "DEGRADED"}


@pytest.mark.parametrize("seed", range(8))
def test_all_replicas_come_to_the_same(seed: int) -> None:
    """Whatever is called where, and in which order: a look later, all of them show the same."""
    chance = Random(f"calls {seed}")

    async def story() -> list[list[SourceHealth]]:
        async with replicas(3) as all_three:
            for _ in range(30):
                calls = chance.choices([".", "x", "xxx", ""], k=6)
                for number, outcomes in enumerate(calls):
                    await all_three[number % 3].call((ERP, WORKS)[number // 3], outcomes)
                await asyncio.sleep(chance.choice([0.3, 5, 40, 200]))
                await looks()
                assert all_three[0].shows == all_three[1].shows == all_three[2].shows
            return [one.shows for one in all_three]

    assert len(simulate(story, seed=seed)) == 3


def test_a_word_is_short_and_names_systems_only() -> None:
    """What travels between replicas fits, with every system there is, and holds nothing of anybody."""
    word = Word("0123456789abcdef", dict.fromkeys(SourceSystem, DEGRADED))

    text = written(word)

    assert read(text) == word
    assert len(text.encode()) < MAX_BYTES / 10
    assert written(Word("ab", {ERP: DOWN})) == '{"replica": "ab", "verdicts": {"RENT_ERP": "DOWN"}}'


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        '"DOWN"',
        "{}",
        '{"replica": "a"}',
        '{"verdicts": {}}',
        '{"replica": 1, "verdicts": {}}',
        '{"replica": "a", "verdicts": []}',
        "[" * MAX_BYTES,
        "1" * MAX_BYTES,
    ],
    ids=lambda text: text[:40],
)
def test_what_is_no_word_is_passed_over(text: str) -> None:
    """Whoever may write to the database may say anything."""
    assert read(text) is None


def test_of_a_newer_release_what_is_known_is_understood() -> None:
    """While gateways are replaced one by one, a new system or health does not silence the rest."""
    text = '{"v": 2, "replica": "a", "verdicts": {"RENT_ERP": "DOWN", "NEW": "UP", "WORKS": "FROZEN", "METERING": 1}}'

    assert read(text) == Word("a", {ERP: DOWN})


def test_nonsense_does_not_stop_the_hearing() -> None:
    """The next word counts."""

    async def story() -> list[SourceHealth]:
        events = LocalEvents(Metrics())
        async with replicas(1, events) as (only,):
            events.publish(Topic.SOURCES, "{")
            events.publish(Topic.SOURCES, written(Word("there", {WORKS: DOWN})))
            await looks()
            return only.shows

    assert simulate(story) == [UP, DOWN]
