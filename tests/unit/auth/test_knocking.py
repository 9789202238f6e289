"""One source may not knock without end; nobody else notices that it tried."""

import asyncio
from dataclasses import dataclass

import pytest
from limits.aio.storage import MemoryStorage
from limits.errors import StorageError

from gateway.auth.knocking import RULES, Action, Knocking, RetryAfter, Rule, Source, rules, source_at
from tests.support.logs import captured_log

pytestmark = pytest.mark.thorough

RULE = Rule(per_address=3, per_network=5, overall=8)
ONE_RULE = {Action.SIGN_IN: RULE, Action.LINK: RULE}
HOME, NEIGHBOUR, ELSEWHERE = map(source_at, ("203.0.113.9", "203.0.113.10", "198.51.100.7"))


@dataclass(slots=True)
class StandingTime:
    """The clock of the library's counters: seconds since 1970, fifteen seconds into a minute."""

    now: float = 1_773_739_815.0

    def time(self) -> float:
        """Now."""
        return self.now


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> StandingTime:
    """The library reads the time by itself, so the clock stands for all of its modules that do, and for ours."""
    clock = StandingTime()
    for module in ("limits.aio.storage.memory", "limits.aio.strategies", "gateway.auth.knocking"):
        monkeypatch.setattr(f"{module}.time", clock)
    return clock


async def admitted(knocking: Knocking, source: Source, times: int) -> int:
    """How many of `times` knocks at sign-in were admitted."""
    answers = [await knocking.admit(source, action=Action.SIGN_IN) for _ in range(times)]
    return answers.count(None)


async def test_an_address_is_admitted_so_often_and_then_told_to_wait() -> None:
    """The fourth knock of a minute is refused, and tells when to come back."""
    knocking = Knocking(ONE_RULE)

    assert await admitted(knocking, HOME, 3) == 3
    assert await knocking.admit(HOME, action=Action.SIGN_IN) == RetryAfter(45)


async def test_who_waits_is_admitted_again(clock: StandingTime) -> None:
    """Two minutes later nothing is remembered."""
    knocking = Knocking(ONE_RULE)
    await admitted(knocking, HOME, 4)

    clock.now += 120

    assert await admitted(knocking, HOME, 4) == 3


async def test_the_window_slides(clock: StandingTime) -> None:
    """At the turn of a minute nobody gets a second full share at once."""
    knocking = Knocking(ONE_RULE)
    clock.now += 44
    await admitted(knocking, HOME, 3)

    clock.now += 2

    assert await admitted(knocking, HOME, 3) == 1
    assert await knocking.admit(HOME, action=Action.SIGN_IN) == RetryAfter(19)


async def test_parallel_knocks_are_admitted_no_more_often() -> None:
    """Two hundred at once are two hundred, and three of them go on."""
    knocking = Knocking(ONE_RULE)

    answers = await asyncio.gather(*(knocking.admit(HOME, action=Action.SIGN_IN) for _ in range(200)))

    assert answers.count(None) == 3


class SlowStorage(MemoryStorage):
    """A storage as Redis is: everything else goes on while it is asked."""

    async def get(self, key: str) -> int:
        """The counter, in a moment."""
        await asyncio.sleep(0)
        return await super().get(key)


async def test_processes_that_share_a_storage_share_the_limits() -> None:
    """Two hundred knocks at once, at two gateways: three go on."""
    storage = SlowStorage(wrap_exceptions=True)
    gateways = [Knocking(ONE_RULE, storage=storage) for _ in range(2)]

    answers = await asyncio.gather(*(gateways[n % 2].admit(HOME, action=Action.SIGN_IN) for n in range(200)))

    assert answers.count(None) == 3


async def test_within_a_process_testing_and_charging_are_one_step() -> None:
    """Fifty neighbours at once share five places; the other forty-five are charged nothing of their own."""
    storage = SlowStorage(wrap_exceptions=True)
    knocking = Knocking(ONE_RULE, storage=storage)
    neighbours = [source_at(f"203.0.113.{n}") for n in range(50)]

    answers = await asyncio.gather(*(knocking.admit(one, action=Action.SIGN_IN) for one in neighbours))

    charged = [count for key, count in storage.storage.items() if "/address/" in key]
    assert (answers.count(None), charged) == (5, [1] * 5)


async def test_a_network_has_a_limit_of_its_own() -> None:
    """Its addresses share five; an address of another network is not concerned."""
    knocking = Knocking(ONE_RULE)
    await admitted(knocking, HOME, 3)

    assert await admitted(knocking, NEIGHBOUR, 3) == 2
    assert await admitted(knocking, ELSEWHERE, 3) == 3


async def test_the_world_has_a_limit_too() -> None:
    """A storm from everywhere is cut as well."""
    knocking = Knocking(ONE_RULE)

    answers = [await admitted(knocking, source_at(f"198.51.{n}.1"), 1) for n in range(10)]

    assert answers == [1] * 8 + [0] * 2


async def test_what_is_refused_is_charged_to_nobody() -> None:
    """An attacker who knocks a thousand times takes nothing from the neighbours beyond his own share."""
    knocking = Knocking(ONE_RULE)

    await admitted(knocking, HOME, 1000)

    assert await admitted(knocking, NEIGHBOUR, 2) == 2
    assert await admitted(knocking, ELSEWHERE, 3) == 3


async def test_each_action_is_counted_by_itself() -> None:
    """Whoever has asked for too many links may still sign in."""
    knocking = Knocking(ONE_RULE)
    for _ in range(4):
        await knocking.admit(HOME, action=Action.LINK)

    assert await admitted(knocking, HOME, 3) == 3


def most_kept(storage: MemoryStorage) -> int:
    """How many entries the largest of the storage's tables has."""
    return max(len(storage.storage), len(storage.expirations), len(storage.locks))


async def test_fifty_thousand_sources_are_forgotten_again(clock: StandingTime) -> None:
    """Only admissions are remembered, and of those there are never more than the overall limit lets in."""
    storage = MemoryStorage(wrap_exceptions=True)
    knocking = Knocking({Action.SIGN_IN: Rule(60, 240, 500)}, storage=storage)

    for number in range(50_000):
        if number % 10_000 == 0:
            clock.now += 60
        source = source_at(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
        await knocking.admit(source, action=Action.SIGN_IN)

    assert most_kept(storage) <= 2 * 3 * 500  # two windows of three circles
    clock.now += 240
    await knocking.admit(HOME, action=Action.SIGN_IN)
    await asyncio.sleep(0)  # the library sweeps after each count
    assert most_kept(storage) <= 3


async def test_one_connection_of_ipv6_is_one_source_however_many_addresses_it_has() -> None:
    """Whoever is given a /64 gains nothing by changing addresses inside it."""
    knocking = Knocking(ONE_RULE)

    answers = [await admitted(knocking, source_at(f"2001:db8::{number:x}"), 1) for number in range(50)]

    assert sum(answers) == 3


class FlakyStorage(MemoryStorage):
    """A storage as Redis is: now and then it does not answer."""

    is_down = False

    async def get(self, key: str) -> int:
        """The counter, if it answers."""
        if self.is_down:
            raise StorageError(ConnectionError("connection refused by 10.1.2.3"))
        return await super().get(key)


async def test_a_storage_that_fails_is_stood_in_for_and_told_once() -> None:
    """The limits go on in this process; the operator reads of each outage once, and no address."""
    storage = FlakyStorage(wrap_exceptions=True)
    knocking = Knocking(ONE_RULE, storage=storage)
    with captured_log() as log:
        storage.is_down = True
        assert await admitted(knocking, HOME, 10) == 3
        storage.is_down = False
        assert await admitted(knocking, HOME, 10) == 3
        storage.is_down = True
        await knocking.admit(HOME, action=Action.SIGN_IN)

    assert [line["event"] for line in log.lines] == ["knocking.storage_failed"] * 2
    assert "10.1.2.3" not in log.getvalue()


def test_the_rules_follow_two_numbers() -> None:
    """Every action has its rule; networks and the world are allowed in proportion to one address."""
    expected = {
        Action.SIGN_IN: Rule(per_address=60, per_network=240, overall=6000),
        Action.LINK: Rule(per_address=10, per_network=40, overall=1000),
        Action.ASSISTANCE: Rule(per_address=10, per_network=40, overall=1000),
        Action.CHOOSE: Rule(per_address=120, per_network=480, overall=12000),
        Action.STAFF_SIGN_IN: Rule(per_address=120, per_network=480, overall=12000),
    }
    assert rules(sign_ins=60, requests=10) == expected == RULES
    assert set(expected) == set(Action)


@pytest.mark.parametrize("numbers", [(0, 1, 1), (-1, 1, 1), (2, 1, 3), (1, 3, 2)])
def test_limits_that_make_no_sense_are_refused(numbers: tuple[int, int, int]) -> None:
    """A limit of nothing would shut everybody out; one that is wider inside than outside would not be one."""
    with pytest.raises(ValueError, match="no wider circle"):
        Rule(*numbers)


def test_what_is_no_address_is_a_source_of_its_own() -> None:
    """A Unix socket has no address; all who come through it share one limit."""
    assert source_at("local") == Source("local", "local")
