"""An answer is judged by what is left of it, and by whose fault it is that something is missing."""

from typing import Any

import pytest

from gateway.http.recording import judge, judge_refusal
from gateway.telemetry.operations import Ending, Outcome, Problem

DOWN = {"code": "SOURCE_UNAVAILABLE", "source": "RENT_ERP"}
CRASHED: dict[str, Any] = {"code": "INTERNAL"}
WRONG = {"code": "INVALID_ARGUMENT", "argument": "first"}
TOO_LARGE = {"code": "GRAPHQL_RESULT_TOO_LARGE", "limit": "nodes"}


@pytest.mark.parametrize(
    ("started", "data", "told", "expected"),
    [
        pytest.param(True, {"a": 1}, [], Outcome.OK, id="all of it"),
        pytest.param(True, {"a": None}, [DOWN], Outcome.PARTIAL, id="a part of it"),
        pytest.param(True, None, [WRONG, DOWN], Outcome.FAILED, id="a system failed"),
        pytest.param(True, None, [CRASHED], Outcome.FAILED, id="we failed"),
        pytest.param(True, None, [{"code": "SERVICE_UNAVAILABLE"}], Outcome.FAILED, id="our store failed"),
        pytest.param(True, None, [TOO_LARGE], Outcome.REFUSED, id="more than there may be"),
        pytest.param(True, None, [WRONG], Outcome.REFUSED, id="asked wrongly"),
        pytest.param(False, None, [WRONG], Outcome.REFUSED, id="not begun"),
    ],
)
def test_an_answer_is_judged(*, started: bool, data: object, told: list[dict[str, Any]], expected: Outcome) -> None:
    """What a client alone can bring about is never called a failure, so nobody can raise an alarm from outside."""
    ending = Ending()

    judge(ending, started=started, data=data, errors=[{"message": "…", "extensions": one} for one in told])

    assert ending.outcome is expected
    assert ending.codes == tuple(one["code"] for one in told)


@pytest.mark.parametrize(("status", "expected"), [(429, Outcome.REFUSED), (503, Outcome.FAILED)])
def test_a_refusal_is_judged_by_its_status(status: int, expected: Outcome) -> None:
    """As HTTP has it: whose turn it is to do something about it."""
    ending = Ending()

    judge_refusal(ending, status=status, code="CODE")

    assert (ending.outcome, ending.problems) == (expected, [Problem("CODE")])
