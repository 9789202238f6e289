"""The commands that the README promises."""

import subprocess

from tests.support.processes import ROOT

_COMMANDS = ["help", "demo", "test", "quick", "check", "bench", "lock", "clean"]


def _make(*arguments: str) -> str:
    command = ["make", "--no-print-directory", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def test_make_without_a_target_tells_what_there_is() -> None:
    """Somebody new types `make` and learns every command with one sentence each."""
    listed = [line.split(maxsplit=2) for line in _make().splitlines()]

    assert [words[1] for words in listed] == _COMMANDS
    assert all(len(words) == 3 for words in listed)


def test_every_command_can_be_carried_out() -> None:
    """No target is missing, not even one that another depends on."""
    for command in _COMMANDS:
        assert _make("--dry-run", command)
