"""What limits come to at the door: the cost told on request, the minute's share, answers too large, deadlines."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway import systems
from gateway.app import Entrance, application
from gateway.demo.gateway import environment
from gateway.domain.access import Role
from gateway.http.spending import WINDOW_SECONDS, Purses
from gateway.instruments import Instruments
from gateway.schema.limits import ANALYST, PUBLIC, Limit, by_view
from gateway.schema.operations import Operations
from gateway.settings import limits_of, load
from gateway.telemetry.metrics import Metrics
from tests.schema.matrix import BUILT
from tests.support.doors import CAMILLE_TOKEN, NOOR_TOKEN, STAFF_TOKENS, Doors

ANALYST_TOKEN = STAFF_TOKENS[Role.ANALYST]
TIERS = {CAMILLE_TOKEN: PUBLIC, ANALYST_TOKEN: ANALYST}
TOKENS = pytest.mark.parametrize("token", TIERS, ids=["public", "analyst"])


def limited(
    doors: Doors, changes: Mapping[Limit, int], *, warned: frozenset[Limit] = frozenset(), **others: Any
) -> tuple[Doors, Metrics]:
    """The same doors under other limits, for both tiers, and what is counted there; `others` as for `but`."""
    metrics, ports = Metrics(), others.pop("ports", doors.ports)
    public, analyst = (tier.but(changes, warned=warned, **others) for tier in (PUBLIC, ANALYST))
    entrance = Entrance(
        clock=doors.clock,
        deadline_seconds=8,
        operations=Operations(BUILT, limits=by_view(public, analyst), metrics=metrics),
        instruments=Instruments(metrics),
    )
    return replace(doors, app=application(doors.parts, ports, entrance)), metrics


def verdicts(metrics: Metrics) -> dict[tuple[str, str], float]:
    """How often which limit was exceeded, with which verdict."""
    samples = [one for metric in metrics.limits.collect() for one in metric.samples if one.name.endswith("_total")]
    return {(one.labels["limit"], one.labels["verdict"]): one.value for one in samples}


def bearing(token: str) -> dict[str, str]:
    """The head of whoever holds a token."""
    return {"Authorization": f"Bearer {token}"}


OFFICES = "{ offices { name address { lines } } }"
COST = 20
"""Of OFFICES: ten offices are reckoned with, an address each."""


async def test_the_cost_is_told_on_request(doors: Doors) -> None:
    """What was reckoned with, and what the answer came to; otherwise nothing is said of it."""
    asked = {"query": OFFICES, "extensions": {"cost": True}}

    told, untold = await doors.post(asked), await doors.post({"query": OFFICES})

    offices = told.json()["data"]["offices"]
    assert told.json()["extensions"] == {"cost": {"estimated": COST, "actual": 2 * len(offices)}}
    assert "extensions" not in untold.json()


async def test_a_mutation_costs_more_than_its_answer(doors: Doors) -> None:
    """It is reckoned at ten, and counts as that."""
    asked = {"query": "mutation { signOut { __typename } }", "extensions": {"cost": True}}

    response = await doors.post(asked, headers=bearing(CAMILLE_TOKEN))

    assert response.json()["extensions"] == {"cost": {"estimated": 11, "actual": 11}}


async def test_costs_are_measured(doors: Doors) -> None:
    """Estimated and actual, of what has run."""
    watched, metrics = limited(doors, {})

    await watched.post({"query": OFFICES})

    samples = [one for metric in metrics.cost.collect() for one in metric.samples if one.name.endswith("_sum")]
    told = {one.labels["reckoned"]: one.value for one in samples}
    assert told == {"estimated": COST, "actual": 2 * len(doors.landlord.books.offices)}


DEEP = "{ offices { address { lines } } __typename }"


@TOKENS
async def test_a_document_over_a_limit_is_counted(token: str, doors: Doors) -> None:
    """Refused, and told which limit it is over; or served, where that only warns, and counted each time it is asked."""
    strict, refused = limited(doors, {Limit.DEPTH: 2})
    lenient, warned = limited(doors, {Limit.DEPTH: 2}, warned=frozenset({Limit.DEPTH}))

    none = await strict.post({"query": DEEP}, headers=bearing(token))
    served = [await lenient.post({"query": DEEP}, headers=bearing(token)) for _ in range(2)]

    [error] = none.json()["errors"]
    told = {name: value for name, value in error["extensions"].items() if name != "requestId"}
    assert told == {"code": "GRAPHQL_DOCUMENT_TOO_COMPLEX", "limit": "depth", "allowed": 2}
    assert [answer.json()["data"]["__typename"] for answer in served] == ["Query", "Query"]
    assert (verdicts(refused), verdicts(warned)) == ({("depth", "refused"): 1}, {("depth", "warned"): 2})


@TOKENS
async def test_everybody_has_a_share_of_the_minute(token: str, doors: Doors) -> None:
    """When it is spent, one is told when to come back, and nothing is asked of any system; others go on."""
    few, metrics = limited(doors, {Limit.SPENDING: 2 * COST})
    headers = bearing(token)
    answers = [await few.post({"query": OFFICES}, headers=headers) for _ in range(2)]
    doors.landlord.journal.clear()

    spent = await few.post({"query": OFFICES}, headers=headers)

    assert [answer.status_code for answer in answers] == [200, 200]
    assert spent.status_code == 429
    assert 1 <= int(spent.headers["Retry-After"]) <= 2 * WINDOW_SECONDS
    [error] = spent.json()["errors"]
    assert error["message"] == f"all that you ask for in a minute costs at most {2 * COST}"
    assert error["extensions"]["code"] == "COST_BUDGET_SPENT"
    assert doors.landlord.journal == []
    assert verdicts(metrics) == {("spending", "refused"): 1}
    assert (await few.post({"query": OFFICES}, headers=bearing(NOOR_TOKEN))).status_code == 200
    assert (await few.post({"query": OFFICES})).status_code == 200


async def test_strangers_share_by_their_address(doors: Doors) -> None:
    """Whatever they call themselves; and what costs nothing is charged, too."""
    few, _ = limited(doors, {Limit.SPENDING: 3})

    statuses = [(await few.post({"query": "{ __typename }"})).status_code for _ in range(4)]

    assert statuses == [200, 200, 200, 429]


async def test_a_share_that_only_warns_is_counted(doors: Doors) -> None:
    """Nobody is refused."""
    few, metrics = limited(doors, {Limit.SPENDING: COST}, warned=frozenset({Limit.SPENDING}))

    statuses = [(await few.post({"query": OFFICES})).status_code for _ in range(3)]

    assert statuses == [200, 200, 200]
    assert verdicts(metrics) == {("spending", "warned"): 2}


@dataclass
class Seconds:
    """A clock that is moved by hand."""

    now: float = 0.0

    def __call__(self) -> float:
        """The seconds it stands at."""
        return self.now


CHARGES = st.lists(st.tuples(st.floats(0, 90), st.integers(1, 10)), max_size=30)


@given(CHARGES)
def test_what_is_spent_counts_for_a_minute(charges: list[tuple[float, int]]) -> None:
    """Never more than twice the share within a minute; whoever waits as told is served, and not much earlier."""
    clock = Seconds()
    purses, paid = Purses(clock), list[tuple[float, int]]()
    for pause, cost in charges:
        clock.now += pause
        wait = purses.spend(cost, of="a", allowed=10)
        if wait:
            assert 0 < wait <= 2 * WINDOW_SECONDS
            clock.now += wait + 1e-6
            assert purses.spend(cost, of="a", allowed=10) == 0.0
        paid.append((clock.now, cost))

    assert all(sum(cost for at, cost in paid if since <= at < since + WINDOW_SECONDS) <= 20 for since, _ in paid)


@pytest.mark.parametrize(
    ("later", "cost", "wait"),
    [
        (0.0, 1, 60.0 + 60.0 * 0.1),  # a tenth of what was spent must have left the minute
        (30.0, 1, 30.0 + 60.0 * 0.1),
        (60.0, 1, 6.0),
        (66.0, 1, 0.0),
        (90.0, 5, 0.0),
        (90.0, 6, 6.0),
        (90.0, 10, 30.0),
        (120.0, 10, 0.0),
    ],
)
def test_what_is_spent_leaves_the_minute_by_and_by(later: float, cost: int, wait: float) -> None:
    """All of it was spent at the beginning of a window: in the next one, its share shrinks evenly."""
    clock = Seconds()
    purses = Purses(clock)
    purses.spend(10, of="a", allowed=10)
    clock.now = later

    assert purses.spend(cost, of="a", allowed=10) == pytest.approx(wait)


def test_purses_are_forgotten() -> None:
    """After two minutes nothing is left of anybody."""
    clock = Seconds()
    purses = Purses(clock)
    for number in range(100):
        purses.spend(1, of=str(number), allowed=10)
    clock.now += 2 * WINDOW_SECONDS
    purses.spend(1, of="one", allowed=10)

    assert (len(purses._spent), len(purses._spent_before)) == (1, 0)  # noqa: SLF001 - memory has no outward sign


@TOKENS
async def test_an_answer_has_so_many_objects(token: str, doors: Doors) -> None:
    """Where lists turn out longer than an answer may be, there is none."""
    found = len(doors.landlord.books.offices)
    enough, _ = limited(doors, {Limit.NODES: 2 * found})
    short, metrics = limited(doors, {Limit.NODES: 2 * found - 1})

    whole, none = [
        await one.post({"query": "{ offices { name address { city } } }"}, headers=bearing(token))
        for one in (enough, short)
    ]

    assert len(whole.json()["data"]["offices"]) == found
    assert (none.status_code, none.json()["data"]) == (200, None)
    [error] = none.json()["errors"]
    told = {name: value for name, value in error["extensions"].items() if name != "requestId"}
    assert told == {"code": "GRAPHQL_RESULT_TOO_LARGE", "limit": "nodes", "allowed": 2 * found - 1}
    assert verdicts(metrics) == {("nodes", "refused"): 1}


@TOKENS
async def test_an_answer_has_so_many_bytes(token: str, doors: Doors) -> None:
    """Texts are data as well: of an answer that has become too long nothing is sent."""
    length = len((await doors.post({"query": OFFICES}, headers=bearing(token))).content)
    enough, _ = limited(doors, {Limit.ANSWER: length})
    short, metrics = limited(doors, {Limit.ANSWER: length - 1})

    whole, none = [await one.post({"query": OFFICES}, headers=bearing(token)) for one in (enough, short)]

    assert len(whole.content) == length
    assert none.json()["data"] is None
    [error] = none.json()["errors"]
    told = {name: value for name, value in error["extensions"].items() if name != "requestId"}
    assert told == {"code": "GRAPHQL_RESULT_TOO_LARGE", "limit": "answer", "allowed": length - 1}
    assert verdicts(metrics) == {("answer", "refused"): 1}


@dataclass
class Hanging:
    """A server that takes requests and never answers."""

    url: str = ""
    opened: int = 0
    closed: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Takes one connection until the other side closes it."""
        self.opened += 1
        while await reader.read(65_536):
            pass
        writer.close()
        self.closed.set()


@asynccontextmanager
async def hanging() -> AsyncIterator[Hanging]:
    """One, as long as the block lasts."""
    handler = Hanging()
    async with await asyncio.start_server(handler, "127.0.0.1", 0) as server:
        handler.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield handler


@TOKENS
async def test_a_deadline_ends_what_was_asked_of_the_systems(token: str, doors: Doors, tmp_path: Path) -> None:
    """The call to a system that hangs is closed on our side, whoever asked, and no task is left behind."""
    async with hanging() as erp, AsyncExitStack() as owned:
        settings = load(environment(tmp_path, port=8000, systems={"erp": erp.url}))
        hurried, _ = limited(doors, {}, deadline_seconds=0.2, ports=systems.connect(settings, owned))
        before, began = asyncio.all_tasks(), monotonic()

        response = await hurried.post({"query": "{ offices { name } }"}, headers=bearing(token))

        took = monotonic() - began
        async with asyncio.timeout(5):
            await erp.closed.wait()
        left = asyncio.all_tasks() - before
    assert response.json()["data"] == {"offices": None}
    assert response.json()["errors"][0]["extensions"]["code"] == "SOURCE_TIMEOUT"
    assert 0.2 <= took < 2
    assert (erp.opened, left) == (1, set())


def test_settings_become_limits(tmp_path: Path) -> None:
    """What a landlord sets is what counts, for each tier, and all else is as it always is."""
    chosen = {
        "GATEWAY_MAX_DEPTH": "8",
        "GATEWAY_MAX_COST": "101",
        "GATEWAY_COST_PER_MINUTE": "102",
        "GATEWAY_MAX_NODES": "103",
        "GATEWAY_MAX_ANSWER_KILOBYTES": "104",
        "GATEWAY_REQUEST_DEADLINE_SECONDS": "5",
        "GATEWAY_ANALYST_MAX_DEPTH": "9",
        "GATEWAY_ANALYST_MAX_COST": "201",
        "GATEWAY_ANALYST_COST_PER_MINUTE": "202",
        "GATEWAY_ANALYST_MAX_NODES": "203",
        "GATEWAY_ANALYST_MAX_ANSWER_KILOBYTES": "204",
        "GATEWAY_ANALYST_DEADLINE_SECONDS": "50",
        "GATEWAY_LIMITS_WARN_ONLY": "depth, cost",
    }
    warned = frozenset({Limit.DEPTH, Limit.COST})
    named = (Limit.DEPTH, Limit.COST, Limit.SPENDING, Limit.NODES, Limit.ANSWER)

    limits = limits_of(load({**environment(tmp_path, port=8000), **chosen}))

    public = PUBLIC.but(dict(zip(named, (8, 101, 102, 103, 104_000), strict=True)), deadline_seconds=5, warned=warned)
    analyst = ANALYST.but(
        dict(zip(named, (9, 201, 202, 203, 204_000), strict=True)), deadline_seconds=50, warned=warned
    )
    assert limits == by_view(public, analyst)


def test_what_has_cost_more_than_it_was_reckoned_to_is_owed() -> None:
    """It has been done: the next one pays, and what is left over is waited for."""
    clock = Seconds()
    purses = Purses(clock)
    purses.spend(4, of="a", allowed=10)
    purses.owe(20, of="a")

    assert purses.spend(1, of="a", allowed=10) > 0
    clock.now += 2 * WINDOW_SECONDS
    assert purses.spend(10, of="a", allowed=10) == 0.0


async def test_an_operation_that_costs_more_than_its_estimate_is_charged_for_it(doors: Doors) -> None:
    """Thirty days are reckoned with where a year is asked by the day: the rest is charged when it is known."""
    document = "{ viewer { tenant { leases { water { series(kind: COLD, granularity: DAY) { from } } } } } }"
    costs, _ = limited(doors, {})
    answer = await costs.post({"query": document, "extensions": {"cost": True}}, headers=bearing(CAMILLE_TOKEN))
    cost = answer.json()["extensions"]["cost"]
    narrow, _ = limited(doors, {Limit.SPENDING: cost["estimated"] + 1})

    statuses = [
        (await narrow.post({"query": asked}, headers=bearing(CAMILLE_TOKEN))).status_code
        for asked in (document, "{ viewer { roles } }")
    ]

    assert cost["actual"] > cost["estimated"] + 1
    assert statuses == [200, 429]
