"""What a page costs the landlord's systems, by the journals of the systems themselves."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.support.gateway import RunningGateway

pytestmark = pytest.mark.servers

SLOW_MS = 200
"""Long enough for calls that leave together to overlap."""

FIRST = {"LireLocataires", "LireContrats", "LireInformations"}
SECOND = {"LireSoldes", "LireEcritures", "LireAvis", "LireConsommations", "LireInterventions", "LireConseillers"}
THIRD = {"index"}


@pytest.fixture
def slow(gateway: RunningGateway) -> Iterator[RunningGateway]:
    """The gateway with its session in the ERP open, over systems that take a fifth of a second to answer."""
    gateway.tenant("plain").run("mobile_home", version="4.2.0")
    gateway.systems.calm()
    for simulator in gateway.systems.running.values():
        simulator.order("latency", ms=SLOW_MS)
    yield gateway
    gateway.systems.calm()


def calls(gateway: RunningGateway) -> list[dict[str, Any]]:
    """Every call to the systems, in the order of their arrival."""
    systems = gateway.systems
    return sorted([*systems.erp.journal(), *systems.documents.journal()], key=lambda call: call["at"])


def rounds(made: Iterable[dict[str, Any]]) -> list[set[str]]:
    """The operations by round: a call belongs to the first round that was not over when it arrived."""
    found: list[set[str]] = []
    over_at = None
    for call in made:
        arrived = datetime.fromisoformat(call["at"])
        answered = arrived + timedelta(milliseconds=call["ms"])
        if over_at is None or arrived >= over_at:
            found.append(set())
            over_at = answered
        found[-1].add(call["operation"])
        over_at = min(over_at, answered)
    return found


def test_a_home_page_costs_one_call_of_each_kind_in_three_rounds(slow: RunningGateway) -> None:
    """File and leases, then all that hangs on them, then the files of the notices."""
    slow.tenant("plain").run("web_home").whole()

    made = calls(slow)
    assert set(Counter(call["operation"] for call in made).values()) == {1}
    assert rounds(made) == [FIRST, SECOND, THIRD]


def test_two_leases_cost_no_more_calls_than_one(slow: RunningGateway) -> None:
    """What is asked of each lease is asked of both at once."""
    slow.tenant("dwelling-and-garage").run("web_home").whole()

    made = calls(slow)
    assert rounds(made) == [FIRST, SECOND, THIRD]
    assert len(made) == len(FIRST | SECOND | THIRD)
    keys = {call["operation"]: call["keys"] for call in made}
    assert (keys["LireConsommations"], keys["LireConseillers"], keys["LireSoldes"]) == (2, 2, 1)


def test_the_first_screen_of_the_application_asks_only_what_it_shows(slow: RunningGateway) -> None:
    """Neither notices nor meters nor files: six calls in two rounds."""
    slow.tenant("plain").run("mobile_home", version="4.2.0").whole()

    made = calls(slow)
    assert rounds(made) == [FIRST, {"LireSoldes", "LireEcritures", "LireInterventions"}]
    assert len(made) == 6


def test_a_greeting_is_one_call(slow: RunningGateway) -> None:
    """Whoever asks for a name is not made to wait for a balance."""
    slow.tenant("plain").ask("{ viewer { tenant { greetingName } } }").whole()

    assert [call["operation"] for call in calls(slow)] == ["LireLocataires"]


def test_a_forgotten_session_is_opened_once_for_all_calls(slow: RunningGateway) -> None:
    """The ERP was restarted: whoever comes first signs in again, and everybody goes on with it."""
    slow.systems.erp.post("restart-sessions").raise_for_status()

    slow.tenant("plain").run("web_home").whole()

    assert [call["operation"] for call in calls(slow)].count("OuvrirSession") == 1
