"""Whether the time of an answer tells who has an account: known and unknown references, tried in random order.

What is looked at is the chance that an answer about a known reference takes longer than one about an unknown: one half
when time tells nothing (the area under the ROC curve, Mann and Whitney's statistic).
"""

import random
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from gateway.demo.cast import tenants
from tests.support.client import question
from tests.support.gateway import RunningGateway, world
from tests.support.guessing import ASK_FOR_LINK, SIGN_IN, WRONG, bystander, sign_in

pytestmark = [pytest.mark.servers, pytest.mark.sqlite]

TRIES = 120
ASSIST = """
mutation Assist($input: RequestAssistanceInput!) { requestAssistance(input: $input) { __typename } }
"""
STRANGER = {"firstName": "Ariane", "lastName": "Fictive", "birthDate": "1970-01-01"}

Question = Callable[[str], dict[str, object]]
"""What is asked about a reference."""


def sign_in_at(reference: str) -> dict[str, object]:
    """A wrong password."""
    return question(SIGN_IN, {"input": {"accountReference": reference, "password": WRONG}})


def link_for(reference: str) -> dict[str, object]:
    """A link, by somebody who is not the holder."""
    return question(ASK_FOR_LINK, {"input": {"accountReference": reference, **STRANGER}})


def assistance_for(reference: str) -> dict[str, object]:
    """The form."""
    given = {"accountReference": reference, "email": "ariane@example.org", "comment": "Je n’y arrive pas.", **STRANGER}
    return question(ASSIST, {"input": given})


def chance_of_longer(some: Sequence[float], others: Sequence[float]) -> float:
    """How often one of `some` is longer than one of `others`, of all pairs; a tie counts half."""
    ordered = sorted(others)
    wins = sum(bisect_left(ordered, one) + bisect_right(ordered, one) for one in some)
    return wins / (2 * len(some) * len(others))


def seconds_of(gateway: RunningGateway, asked: dict[str, object]) -> tuple[float, Any]:
    """How long one answer takes, and what it is."""
    began = time.perf_counter()
    response = gateway.http.post(f"{gateway.url}/graphql", json=asked)
    return time.perf_counter() - began, response.json()["data"]


@pytest.fixture
def quiet(gateway: RunningGateway) -> Iterator[RunningGateway]:
    """A gateway that remembers no guesses, before and after; forms that are handed in meanwhile are thrown away."""
    waiting = ", ".join(f"'{row[0]}'" for row in gateway.query("SELECT id FROM assistance"))
    gateway.query("DELETE FROM guard")
    yield gateway
    gateway.query("DELETE FROM guard")
    gateway.query(f"DELETE FROM assistance WHERE id NOT IN ({waiting})")  # noqa: S608 - ids of ours


def measured(gateway: RunningGateway, ask: Question) -> tuple[list[float], list[float]]:
    """Seconds of 120 answers about references that have an account, and of as many about references that have none.

    Each reference is asked about once and then forgotten by the guard, so that no lock interferes.
    """
    references = [tenant.as_seed()["reference"] for tenant in tenants(world())][:40]
    shuffled, known, unknown = random.Random(57), list[float](), list[float]()
    for _ in range(TRIES // len(references)):
        tries = [(one, known) for one in references] + [(f"77{one[-5:]}", unknown) for one in references]
        shuffled.shuffle(tries)
        for reference, taken in tries:
            seconds, answer = seconds_of(gateway, ask(reference))
            assert _is_expected(answer), answer
            taken.append(seconds)
        gateway.query("DELETE FROM guard")
    return known, unknown


def _is_expected(answer: Any) -> bool:
    return next(iter(answer.values()))["__typename"] in {
        "InvalidCredentialsProblem",
        "AccountLinkRequested",
        "AssistanceRequested",
    }


@pytest.mark.parametrize("ask", [sign_in_at, link_for, assistance_for])
def test_time_does_not_tell_who_has_an_account(ask: Question, quiet: RunningGateway) -> None:
    """With a stopwatch and 240 tries nobody sorts out the accounts of the landlord's tenants (P14)."""
    known, unknown = measured(quiet, ask)

    assert (len(known), len(unknown)) == (TRIES, TRIES)
    assert 0.35 < chance_of_longer(known, unknown) < 0.65


def test_a_difference_would_be_seen(quiet: RunningGateway) -> None:
    """A reference at which no password is checked any more answers sooner than the others: the stopwatch tells."""
    blocked, opened = bystander(2), list[float]()
    for _ in range(3):
        sign_in(quiet, blocked.attempt(WRONG))

    unchecked = []
    for number in range(20):
        opened.append(seconds_of(quiet, sign_in_at(f"77{number:05}"))[0])
        unchecked.append(seconds_of(quiet, sign_in_at(blocked.reference))[0])

    assert chance_of_longer(unchecked, opened) < 0.1


def test_the_chance_is_that_of_all_pairs() -> None:
    """Always longer, never, as often as not, and a tie."""
    assert chance_of_longer([3, 4], [1, 2]) == 1
    assert chance_of_longer([1, 2], [3, 4]) == 0
    assert chance_of_longer([1, 4], [2, 3]) == 0.5
    assert chance_of_longer([1], [1]) == 0.5
