"""Children of the test run: readiness, politeness, and death with their parent."""

import signal
import sys
from pathlib import Path

import pytest

from tests.support import processes

_PYTHON = [sys.executable, "-u", "-c"]
_SLEEPER = "print('ready', flush=True); import time; time.sleep(600)"
_DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + _SLEEPER
_PARENT = f"""
import pathlib, sys, time
from tests.support import processes
child = processes.start([sys.executable, "-u", "-c", {_SLEEPER!r}], log=pathlib.Path(sys.argv[1]))
child.wait_until(lambda: b"ready" in child.log.read_bytes())
print("child", child.process.pid, flush=True)
time.sleep(600)
"""


def _says(child: processes.Child, word: str) -> None:
    child.wait_until(lambda: word in child.log.read_text())


def test_a_child_stops_at_the_polite_signal(tmp_path: Path) -> None:
    """SIGTERM is enough for a process that does not refuse it."""
    child = processes.start([*_PYTHON, _SLEEPER], log=tmp_path / "log")
    _says(child, "ready")

    assert child.stop() == -signal.SIGTERM


def test_a_child_that_ignores_the_polite_signal_is_killed(tmp_path: Path) -> None:
    """Politeness has an end."""
    child = processes.start([*_PYTHON, _DEAF], log=tmp_path / "log")
    _says(child, "ready")

    assert child.stop(patience_seconds=0.1) == -signal.SIGKILL


def test_a_child_dies_with_its_killed_parent(tmp_path: Path) -> None:
    """Killing the test run with SIGKILL leaves no server behind."""
    parent = processes.start([*_PYTHON, _PARENT, tmp_path / "child"], log=tmp_path / "log")
    _says(parent, "\n")
    child = int(parent.log.read_text().split()[1])
    assert processes.is_running(child)

    parent.process.kill()
    parent.process.wait()

    processes.wait_until(lambda: not processes.is_running(child), seconds=5)


def test_a_child_that_ends_early_is_reported_with_its_last_words(tmp_path: Path) -> None:
    """A server that cannot start says why in the failure, not in a file that nobody opens."""
    child = processes.start([*_PYTHON, "raise SystemExit('no such setting')"], log=tmp_path / "log")

    with pytest.raises(processes.ChildDiedError, match="exit status 1:\nno such setting"):
        child.wait_until(lambda: False)


def test_waiting_has_an_end() -> None:
    """A condition that never comes true is an error after its time, not a hang."""
    with pytest.raises(TimeoutError, match=r"still not true after 0\.05 s"):
        processes.wait_until(lambda: False, seconds=0.05)


def test_a_child_gets_our_environment_and_its_own_additions(tmp_path: Path) -> None:
    """Additions do not replace the environment, which carries the coverage settings."""
    show = "import os; print(os.environ['ADDED'], 'PATH' in os.environ)"
    environment = {"ADDED": "yes"}
    with processes.running([*_PYTHON, show], log=tmp_path / "log", environment=environment) as child:
        assert child.process.wait(10) == 0

        assert child.log.read_text() == "yes True\n"
