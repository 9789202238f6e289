"""The command shows one household as text."""

import subprocess
import sys

import pytest

from gateway.demo.world.printing import euros
from tests.support.processes import ROOT

pytestmark = pytest.mark.thorough


def test_amounts_are_written_the_french_way() -> None:
    """Thousands apart, a comma, the euro sign, and no break inside."""
    assert [euros(cents) for cents in (0, 5, 1_234_56, -35_20, 1_234_567_89)] == [
        "0,00\N{NO-BREAK SPACE}€",
        "0,05\N{NO-BREAK SPACE}€",
        "1\N{NO-BREAK SPACE}234,56\N{NO-BREAK SPACE}€",
        "-35,20\N{NO-BREAK SPACE}€",
        "1\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567,89\N{NO-BREAK SPACE}€",
    ]


@pytest.mark.servers
def test_the_command_prints_the_household_asked_for() -> None:
    """Case, account, people, notices and meters of one household, in a few lines."""
    command = [sys.executable, "-m", "gateway.demo.world", "--seed", "57", "--today", "2026-11-22"]

    printed = subprocess.run([*command, "--index", "6"], capture_output=True, check=True, text=True, cwd=ROOT)

    lines = printed.stdout.splitlines()
    assert lines[0] == "6 · works-late-entry · compte 0012006"
    assert lines[1].split()[0] == "solde"
    assert [line.split()[0] for line in lines[-8:]] == [
        *["avis"] * 3,
        *["écriture"] * 3,
        "compteur",
        "travaux",
    ]
