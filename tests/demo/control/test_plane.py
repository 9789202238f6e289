"""The control plane over HTTP."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.demo.control.simulator import Simulator

pytestmark = pytest.mark.servers


def test_health_tells_name_time_seed_and_size(plain: Simulator) -> None:
    """Enough to know whom one is talking to."""
    health = plain.get("health")

    assert health.pop("now").startswith("2026-03-16T11:00:0")
    assert health == {"name": "plain", "seed": 7, "households": 3}


def test_the_clock_is_set_advanced_and_reset(plain: Simulator) -> None:
    """And runs on in between."""
    plain.set_clock("2026-03-16T23:59:59+01:00")
    advanced = plain.post("clock", advance_seconds=3_600).json()["now"]
    reset = plain.post("clock", reset=True).json()["now"]

    assert advanced.startswith(("2026-03-16T23:59:59", "2026-03-17T00:00:0"))
    assert abs(datetime.fromisoformat(reset) - datetime.now(UTC)) < timedelta(seconds=10)


@pytest.mark.parametrize(
    ("path", "body", "problem"),
    [
        ("clock", "{}", "exactly one of at, advance_seconds and reset"),
        ("clock", '{"at":"2026-03-16T10:00:00Z","reset":true}', "exactly one of"),
        ("clock", '{"at":"2026-03-16T10:00:00"}', "needs its offset"),
        ("clock", '{"at":"tomorrow"}', "Invalid RFC3339"),
        ("clock", "not json", "malformed"),
        ("seed", '{"seed":"x"}', "Expected `int`"),
        ("faults", '{"kind":"flood"}', "Invalid value 'flood'"),
    ],
)
def test_an_order_that_makes_no_sense_is_refused(plain: Simulator, path: str, body: str, problem: str) -> None:
    """400 with a sentence, and nothing changed."""
    answer = plain.client.post(f"{plain.control}/__sim/{path}", content=body)

    assert answer.status_code == 400
    assert problem in answer.json()["error"]
    assert plain.get("faults") == []
    assert plain.get("clock")["now"].startswith("2026-03-16T11:00:0")


def test_the_journal_is_read_from_where_one_was(plain: Simulator) -> None:
    """`next` of one reading is `since` of the next."""
    plain.fetch("/page")
    seen = plain.get("journal")["next"]
    plain.fetch("/handled")

    assert [line["operation"] for line in plain.get(f"journal?since={seen}")["requests"]] == ["handled"]


def test_a_journal_position_that_is_no_number_is_refused(plain: Simulator) -> None:
    """As any other order."""
    assert plain.client.get(f"{plain.control}/__sim/journal?since=yesterday").status_code == 400


def test_faults_are_listed_with_their_hits(plain: Simulator) -> None:
    """And cleared all at once."""
    number = plain.order("http_500", operation="page", times=5)
    plain.fetch("/page")

    listed = plain.get("faults")
    plain.delete("faults")

    assert listed == [{"id": number, "kind": "http_500", "operation": "page", "rate": 1.0, "times": 4, "hits": 1}]
    assert plain.get("faults") == []


def test_a_run_with_faults_is_replayed_by_its_seed(plain: Simulator) -> None:
    """The same requests after the same seed get the same answers."""

    def run() -> list[int]:
        plain.post("seed", seed=11).raise_for_status()
        return [plain.fetch("/page").status_code for _ in range(30)]

    plain.order("http_500", rate=0.3)
    plain.order("http_503", rate=0.3)
    first = run()

    assert run() == first
    assert set(first) == {200, 500, 503}
