"""The benchmark itself: its figures come out, and the counts among them are exact."""

import os
import re
import subprocess
import sys

import pytest

from tests.benchmarks.attacks import ATTACKS

pytestmark = pytest.mark.servers


def test_the_benchmark_counts_what_one_request_asks_of_the_systems() -> None:
    """Nine calls to the ERP in two rounds for a home page, six for the application's first screen, none for a name.

    Of 150 who sign in at once, 34 have a place at first, and most of the others are sent away. Each kind of abuse is
    survived, and an overload leaves nobody without an answer.
    """
    command = [sys.executable, "-m", "tests.benchmarks", "--smoke"]
    unmeasured = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}

    printed = subprocess.run(command, check=True, capture_output=True, text=True, timeout=110, env=unmeasured).stdout

    counts = re.findall(r"^(\w+) +20 ms .* (\d+) +(\d+)$", printed, re.MULTILINE)
    assert counts == [("web_home", "9", "2"), ("mobile_home", "6", "2"), ("tiny", "0", "0")]
    assert "1000 balances through the port: 5 calls" in printed
    floods = re.findall(r"^(\w+): flood of 150 sign-ins: (\d+) served, (\d+) shed", printed, re.MULTILINE)
    assert [(store, int(served) + int(shed)) for store, served, shed in floods] == [
        ("SQLite", 150),
        ("PostgreSQL", 150),
    ]
    assert all(34 <= int(served) < 60 for _, served, _ in floods)  # who comes late may find a place free again
    assert re.findall(r"^(\d+) streams over (\w+)", printed, re.MULTILINE) == [("2", "SSE"), ("2", "WebSocket")]
    assert [name for name in ("nothing", *ATTACKS) if f"\n{name:<38}" not in printed] == []
    assert "looks failed" not in printed
    overloads = re.findall(r"(\d+) x capacity: .*; no answer (\S+);.* (\d+) of \d+ failed", printed)
    assert overloads == [("1", "0.0%", "0"), ("5", "0.0%", "0"), ("10", "0.0%", "0")]
    assert [name for name in ("web_home", "worst tenant", "worst analyst") if f"pass over {name}" not in printed] == []
