"""Under load people are turned away by rank: analysts, then strangers, then tenants, and nobody who signs in."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace

import httpx
import pytest
from starlette.types import ASGIApp

from gateway.app import Entrance, application
from gateway.domain.access import Channel, OnlineAccountId, Role, Session
from gateway.domain.identifiers import TenantId
from gateway.http.refusals import RequestRefusedError
from gateway.http.shedding import Bounds, Grade, Load, Rank, rank_of
from gateway.telemetry.metrics import Metrics
from tests.support.doors import CAMILLE_TOKEN, PASSWORD, PUBLIC_URL, Doors, opened_session

BOUNDS = Bounds(operations=2, lag_seconds=0.1)


@dataclass(slots=True)
class Seconds:
    """A clock that is moved by hand."""

    now: float = 100.0

    def __call__(self) -> float:
        """Seconds."""
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    """The clock."""
    return Seconds()


@pytest.fixture
def load(seconds: Seconds) -> Load:
    """Nothing to do, and place for one operation before analysts are turned away."""
    return Load(BOUNDS, clock=seconds)


@contextmanager
def busy(load: Load, operations: int) -> Iterator[None]:
    """So many operations are being answered."""
    with ExitStack() as running:
        for _ in range(operations):
            running.enter_context(load.one_more())
        yield


def turned_away(load: Load) -> list[Rank]:
    """The ranks that are not let in now."""
    refused = []
    for rank in Rank:
        try:
            load.admit(rank)
        except RequestRefusedError:
            refused.append(rank)
    return refused


@pytest.mark.parametrize(
    ("operations", "refused"),
    [
        (1, []),
        (2, [Rank.ANALYST]),
        (3, [Rank.ANALYST]),
        (4, [Rank.ANALYST, Rank.STRANGER]),
        (7, [Rank.ANALYST, Rank.STRANGER]),
        (8, [Rank.ANALYST, Rank.STRANGER, Rank.TENANT, Rank.BEARER]),
        (100, [Rank.ANALYST, Rank.STRANGER, Rank.TENANT, Rank.BEARER]),
    ],
)
def test_the_more_there_is_to_do_the_more_are_turned_away(load: Load, operations: int, refused: list[Rank]) -> None:
    """By twice and four times the bound; whoever signs in never is."""
    with busy(load, operations):
        assert (load.in_flight, turned_away(load)) == (operations, refused)
    assert (load.in_flight, load.grade) == (0, Grade.CALM)


def test_who_is_turned_away_learns_when_to_come_back(seconds: Seconds) -> None:
    """503 with a code of its own, and it is counted by rank."""
    metrics = Metrics()
    load = Load(Bounds(operations=1), metrics=metrics, clock=seconds)

    with load.one_more(), pytest.raises(RequestRefusedError) as refused:
        load.admit(Rank.ANALYST)

    assert (refused.value.status, refused.value.code) == (503, "OVERLOADED")
    assert refused.value.headers == {"Retry-After": "5"}
    assert metrics.registry.get_sample_value("gateway_shed_total", {"rank": "analyst"}) == 1


@pytest.mark.parametrize(
    ("lags", "grade"),
    [
        ([5.0], Grade.CALM),
        ([0.09, 0.09], Grade.CALM),
        ([0.1, 0.15], Grade.ANALYSTS),
        ([0.2, 0.3], Grade.STRANGERS),
        ([9.0, 9.0], Grade.STRANGERS),
        ([0.2, 0.2, 0.0], Grade.STRANGERS),
        ([0.2, 0.2, 0.15, 0.15], Grade.STRANGERS),
    ],
)
def test_a_loop_that_is_late_for_a_while_counts_as_load(load: Load, lags: list[float], grade: Grade) -> None:
    """Once is an accident; and however late, no tenant is turned away for that."""
    for lag in lags:
        load.note_lag(lag)

    assert load.grade is grade


def test_lateness_is_held_for_a_moment_and_then_forgotten(load: Load, seconds: Seconds) -> None:
    """So that nobody is turned away and let in by turns."""
    seen = []
    for lag, later in ((0.2, 0.0), (0.2, 0.9), (0.0, 0.2)):
        load.note_lag(lag)
        seconds.now += later
        seen.append(load.grade)

    assert seen == [Grade.CALM, Grade.STRANGERS, Grade.CALM]


def test_a_gateway_that_turns_tenants_away_for_a_while_is_overloaded(load: Load, seconds: Seconds) -> None:
    """The proxy may have a better place for them; a moment later they are sent here again."""
    seen = []
    with busy(load, 8):
        for _ in range(7):
            assert Rank.TENANT in turned_away(load)
            seen.append(load.has_lasted)
            seconds.now += 0.9
    seconds.now += 0.2

    assert seen == [False] * 6 + [True]
    assert load.has_lasted is False
    assert Load().has_lasted is False


def test_a_pause_begins_a_new_spell(load: Load, seconds: Seconds) -> None:
    """Seconds without anybody turned away do not add up with those before."""
    with busy(load, 8):
        for _ in range(8):
            assert Rank.TENANT in turned_away(load)
            seconds.now += 1.1
        assert Rank.TENANT in turned_away(load)

    assert load.has_lasted is False


TENANT = opened_session("tenant", account_id=OnlineAccountId("account"), tenant_id=TenantId("T1"))
STAFF = opened_session("staff", role=Role.ADVISOR, channel=Channel.DESK, staff_name="Sam Fournier")


@pytest.mark.parametrize(
    ("session", "rank"),
    [
        (None, Rank.STRANGER),
        (TENANT, Rank.TENANT),
        (STAFF, Rank.TENANT),
        (replace(STAFF, role=Role.ANALYST), Rank.ANALYST),
        (replace(STAFF, role=Role.OPERATOR), Rank.ANALYST),
    ],
)
def test_everybody_has_a_rank(session: Session | None, rank: Rank) -> None:
    """Advisors have a tenant on the telephone; a credential comes before all."""
    assert rank_of(session, is_signing_in=False) is rank
    assert rank_of(session, is_signing_in=True) is Rank.SIGNING_IN


HOME = "{ viewer { tenant { greetingName } } }"
SIGN_IN = "mutation In($input: SignInInput!) { signIn(input: $input) { __typename } }"
CREDENTIALS = {"input": {"accountReference": "12345", "password": PASSWORD, "channel": "MOBILE"}}


@dataclass(frozen=True, slots=True)
class Desk:
    """A gateway, the load on it, and who comes."""

    app: ASGIApp
    load: Load
    metrics: Metrics

    async def ask(
        self, query: str, *, token: str | None = None, variables: object = None, name: str | None = None
    ) -> httpx.Response:
        """The answer to somebody with that token, or none, to the operation of that name."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL, headers=headers) as client:
            return await client.post("/graphql", json={"query": query, "variables": variables, "operationName": name})


@pytest.fixture
def desk(doors: Doors) -> Desk:
    """A gateway of which two operations at a time are the first grade."""
    metrics = Metrics()
    load = Load(BOUNDS, metrics=metrics)
    entrance = Entrance(clock=doors.clock, deadline_seconds=8, load=load)
    return Desk(application(doors.parts, doors.ports, entrance), load, metrics)


async def test_only_who_signs_in_is_served_in_the_worst_of_times(desk: Desk) -> None:
    """Everybody else is told when to come back, in the form of all refusals."""
    assert (await desk.ask(SIGN_IN, variables=CREDENTIALS)).status_code == 200  # by which the document is known

    with busy(desk.load, 8):
        signed_in = await desk.ask(SIGN_IN, variables=CREDENTIALS)
        tenant = await desk.ask(HOME, token=CAMILLE_TOKEN)
        stranger = await desk.ask("{ __typename }")

    assert signed_in.json()["data"]["signIn"]["__typename"] == "SignInSuccess"
    for refused in (tenant, stranger):
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
        assert refused.json()["errors"][0]["extensions"]["code"] == "OVERLOADED"
    told = {rank: desk.metrics.registry.get_sample_value("gateway_shed_total", {"rank": rank}) for rank in Rank}
    assert {rank: times for rank, times in told.items() if times} == {Rank.STRANGER: 1, Rank.BEARER: 1}


async def test_a_tenant_is_served_while_others_are_turned_away(desk: Desk) -> None:
    """And afterwards everybody is."""
    with busy(desk.load, 7):
        tenant = await desk.ask(HOME, token=CAMILLE_TOKEN)
    with busy(desk.load, 6):
        stranger = await desk.ask("{ __typename }")
    later = await desk.ask("{ __typename }")

    assert [answer.status_code for answer in (tenant, stranger, later)] == [200, 503, 200]


async def test_nobody_reads_an_unknown_document_in_the_worst_of_times(desk: Desk) -> None:
    """To find out what it is would cost what is to be saved: clients send their sign-in again and again."""
    with busy(desk.load, 4):
        refused = await desk.ask(SIGN_IN.replace("In(", "Unheard("), variables=CREDENTIALS)

    assert refused.status_code == 503


TWO_OPERATIONS = """
query Offices { offices { name } }
mutation SignIn($input: SignInInput!) { signIn(input: $input) { __typename } }
mutation Leave { signOut { __typename } }
"""


@pytest.mark.parametrize(
    ("name", "served"), [("SignIn", True), ("Offices", False), ("Leave", False), ("Nothing", False), (None, False)]
)
async def test_nobody_rides_along_with_a_sign_in(name: str | None, served: bool, desk: Desk) -> None:
    """The rank is that of the operation that runs, not of another one in the same document."""
    await desk.ask(TWO_OPERATIONS, variables=CREDENTIALS, name="SignIn")  # by which the document is known

    with busy(desk.load, 8):
        answer = await desk.ask(TWO_OPERATIONS, variables=CREDENTIALS, name=name)

    code = "" if served else answer.json()["errors"][0]["extensions"]["code"]
    assert (answer.status_code, code) == ((200, "") if served else (503, "OVERLOADED"))


async def test_who_is_turned_away_need_not_be_read(desk: Desk) -> None:
    """A body that holds nothing is not looked at: whoever shows a token does not sign in."""
    transport = httpx.ASGITransport(desk.app)
    headers = {"Authorization": f"Bearer {CAMILLE_TOKEN}", "Content-Type": "application/json"}
    async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL, headers=headers) as client:
        calm = await client.post("/graphql", content=b"{")
        with busy(desk.load, 8):
            crowded = await client.post("/graphql", content=b"{")

    assert [answer.json()["errors"][0]["extensions"]["code"] for answer in (calm, crowded)] == [
        "BAD_JSON",
        "OVERLOADED",
    ]
