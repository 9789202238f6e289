"""The journal by itself."""

from datetime import UTC, datetime

from gateway.demo.control import Operation
from gateway.demo.control.journal import Journal

NOON = datetime(2026, 3, 16, 11, 0, tzinfo=UTC)


def test_requests_are_numbered_in_the_order_of_arrival() -> None:
    """And shown from the number asked for."""
    journal = Journal()
    journal.open(Operation("LireSoldes", keys=3), at=NOON, fault=None)
    journal.open(Operation("LireAvis"), at=NOON, fault=2)

    assert journal.as_json(since=2) == {
        "next": 3,
        "requests": [
            {
                "n": 2,
                "at": "2026-03-16T11:00:00+00:00",
                "operation": "LireAvis",
                "keys": 0,
                "fault": 2,
                "status": None,
                "ms": None,
                "bytes": 0,
            }
        ],
    }


def test_emptying_keeps_the_numbers_going() -> None:
    """A reader who remembers where it was misses nothing."""
    journal = Journal()
    journal.open(Operation("LireSoldes"), at=NOON, fault=None)

    journal.empty()
    journal.open(Operation("LireSoldes"), at=NOON, fault=None)

    assert [line["n"] for line in journal.as_json(since=1)["requests"]] == [2]
