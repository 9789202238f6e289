"""The real gateway against clients that are slow on purpose, and against too many of them."""

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest

from tests.journeys.conftest import Cast
from tests.support.client import SIGN_IN, question
from tests.support.gateway import RunningGateway, Systems, copied, credentials_of, running_gateway
from tests.support.openloop import Call, drive, post
from tests.support.processes import free_port
from tests.support.slow import SlowClients

pytestmark = pytest.mark.servers

DEADLINE_SECONDS = 2
HEALTH_PORT = free_port()
CASE, OTHER_CASE = "plain", "dwelling-and-garage"
SETTINGS = {
    "GATEWAY_HEAD_SECONDS": str(DEADLINE_SECONDS),
    "GATEWAY_BODY_STALL_SECONDS": str(DEADLINE_SECONDS),
    "GATEWAY_BUSY_OPERATIONS": "8",
    "GATEWAY_HEALTH_PORT": str(HEALTH_PORT),
}
HEAD = b"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n"
ANALYSIS = "{ sources { system health } }"
HOME = "{ viewer { tenant { greetingName leases { reference } } } }"


@pytest.fixture(scope="module")
def stressed(systems: Systems, cast: Cast, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGateway]:
    """A gateway with little patience that is soon busy."""
    folder, staff = cast
    home = copied(folder, to=tmp_path_factory.mktemp("stressed") / "data")
    with running_gateway(systems, home, staff=staff, **SETTINGS) as running:
        yield running


def seconds_of(ask: Callable[[], httpx.Response], *, until: Callable[[], bool], most: float) -> list[float]:
    """How long each of many answers took, one after the other, until something is so or `most` seconds are over."""
    took, give_up_at = [], time.monotonic() + most
    while not until() and time.monotonic() < give_up_at:
        began = time.monotonic()
        assert ask().status_code == 200
        took.append(time.monotonic() - began)
        time.sleep(0.01)  # between two questions of a busy person
    return sorted(took)


@pytest.mark.parametrize(
    ("opening", "drop"),
    [
        pytest.param(b"", b"", id="silent"),
        pytest.param(b"GET /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ", b"y", id="partial head"),
        pytest.param(HEAD, b"x", id="trickled body"),
    ],
)
def test_slow_connections_are_closed_in_time_and_hold_up_nobody(
    stressed: RunningGateway, opening: bytes, drop: bytes
) -> None:
    """Five hundred of each kind: gone a second after the deadline, while they cost a good client less than 300 ms."""

    def ask() -> httpx.Response:
        return stressed.http.post(f"{stressed.url}/graphql", json={"query": "{ __typename }"})

    calm = seconds_of(ask, until=lambda: False, most=1)  # whatever else this machine is doing
    with SlowClients(stressed.port, opening, drop).holding() as slow:
        took = seconds_of(ask, until=lambda: len(slow.lasted_seconds) == slow.count, most=DEADLINE_SECONDS + 5)

    assert len(slow.lasted_seconds) == 500
    assert min(slow.lasted_seconds) > DEADLINE_SECONDS - 0.1
    assert max(slow.lasted_seconds) < DEADLINE_SECONDS + 1
    assert _p99(took) - _p99(calm) < 0.3


def _p99(seconds: list[float]) -> float:
    return seconds[int(len(seconds) * 0.99)]


@contextmanager
def probing() -> Iterator[list[tuple[int, float]]]:
    """Status and seconds of each look at whether the gateway lives, on the port for that, ten times a second."""
    over, answers = threading.Event(), list[tuple[int, float]]()

    def probe() -> None:
        while not over.wait(0.1):
            began = time.monotonic()
            status = httpx.get(f"http://127.0.0.1:{HEALTH_PORT}/livez", timeout=5).status_code
            answers.append((status, time.monotonic() - began))

    thread = threading.Thread(target=probe)
    thread.start()
    try:
        yield answers
    finally:
        over.set()
        thread.join()


def bearer(token: str | None) -> dict[str, str]:
    """The header of somebody with that token."""
    return {"Authorization": f"Bearer {token}"}


def calls(gateway: RunningGateway) -> list[Call]:
    """What people ask of a gateway on a bad day, in percent."""
    [reference, password] = credentials_of(OTHER_CASE)
    asked = json.dumps(question(HOME, {})).encode()
    secret = {"accountReference": reference, "password": password, "channel": "MOBILE"}
    return [
        Call("sign in", post(json.dumps(question(SIGN_IN, {"input": secret})).encode()), 1),
        Call("tenant", post(asked, bearer(gateway.tenant(CASE).token)), 39),
        Call("stranger", post(asked), 20),
        Call(
            "analyst",
            post(json.dumps(question(ANALYSIS, {})).encode(), bearer(gateway.staff["ANALYST"])),
            35,
        ),
        Call("health", b"GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 5),
    ]


def test_an_overload_turns_away_analysts_before_it_turns_away_those_who_sign_in(stressed: RunningGateway) -> None:
    """Five times too much for three seconds: each answer is the data or a coded 503; the process is seen to live."""
    mix = calls(stressed)
    tenant = stressed.tenant(CASE).token
    took = seconds_of(
        lambda: stressed.http.post(f"{stressed.url}/graphql", json=question(HOME, {}), headers=bearer(tenant)),
        until=lambda: False,
        most=0.5,
    )

    with probing() as probed:
        five_times_too_much = min(5 / took[len(took) // 2], 800)
        tally = asyncio.run(drive(stressed.port, mix, per_second=five_times_too_much, seconds=3))

    assert {(one.status, one.code) for one in tally.outcomes} <= {(200, ""), (503, "OVERLOADED")}
    served = {call.name: tally.share_of_successes(call.name) for call in mix}
    assert served["analyst"] < served["stranger"] + 0.1
    assert served["stranger"] < served["tenant"] <= served["sign in"] == served["health"] == 1
    assert served["analyst"] < 0.5
    assert {status for status, _ in probed} == {200}
    assert max(seconds for _, seconds in probed) < 1
