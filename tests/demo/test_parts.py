"""Parts of a demo that start, that do not, and that will not stop."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from gateway.demo.parts import Part, StartError, first_to_end, run, start
from tests.support.processes import is_running, wait_until

pytestmark = pytest.mark.servers

Starting = Callable[..., Part]


@pytest.fixture
def part(tmp_path: Path) -> Iterator[Starting]:
    """Starts a process that behaves in one way; it is stopped after the test."""
    with ExitStack() as running:

        def started(*behaviour: str) -> Part:
            one = start("stand-in", ["tests.demo.part", *behaviour], log=tmp_path / "stand-in.log")
            running.callback(one.stop, patience_seconds=0.1)
            return one

        yield started


def test_a_part_tells_that_it_is_ready(part: Starting) -> None:
    """Its line is read, and its arguments are those it was given."""
    assert part("ready", "--port", "0").ready_line() == {"name": "ready", "told": ["--port", "0"]}


def test_a_part_that_says_nothing_is_not_waited_for_forever(part: Starting, tmp_path: Path) -> None:
    """The sentence names the part and its log."""
    with pytest.raises(StartError) as refused:
        part("silent").ready_line(patience_seconds=0.1)

    assert str(refused.value) == f"stand-in is not ready after 0.1 s; see {tmp_path / 'stand-in.log'}"


def test_a_part_that_ends_at_once_is_told(part: Starting, tmp_path: Path) -> None:
    """What it said stands in its log."""
    with pytest.raises(StartError) as refused:
        part("fails", "no", "disk").ready_line()

    assert str(refused.value) == f"stand-in ended at its start; see {tmp_path / 'stand-in.log'}"
    assert (tmp_path / "stand-in.log").read_text() == "no disk\n"


def test_a_part_is_asked_to_stop_before_it_is_made_to(part: Starting) -> None:
    """Whoever hears SIGTERM ends by it; whoever ignores it is killed after some patience."""
    willing, stubborn = part("ready"), part("stubborn")
    willing.ready_line()
    stubborn.ready_line()

    willing.stop()
    stubborn.stop(patience_seconds=0.1)

    assert (willing.process.returncode, stubborn.process.returncode) == (-signal.SIGTERM, -signal.SIGKILL)


def test_the_first_part_to_end_is_found(part: Starting) -> None:
    """The demo learns which of its parts is gone."""
    running, ending = part("ready"), part("silently fails")

    assert first_to_end([running, ending]) is ending
    assert not running.has_ended


def test_a_command_gives_what_it_prints_or_its_own_sentence() -> None:
    """A command that fails says why; one that says nothing is named."""
    with pytest.raises(StartError, match=r"^no disk$"):
        run(["tests.demo.part", "fails", "no", "disk"], environment={})
    with pytest.raises(StartError, match=r"^tests\.demo\.part failed$"):
        run(["tests.demo.part", "silently fails"], environment={})
    assert run(["gateway.demo.world", "--seed", "57"], environment={}).startswith("0 · plain".encode())


def test_a_part_dies_with_whoever_started_it(tmp_path: Path) -> None:
    """Also when that one is killed and can stop nothing itself."""
    code = (
        "from gateway.demo.parts import start; from pathlib import Path; import signal\n"
        f"part = start('orphan', ['tests.demo.part', 'ready'], log=Path({str(tmp_path / 'log')!r}))\n"
        "part.ready_line(); print(part.process.pid, flush=True); signal.pause()"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        orphan = int(parent.stdout.readline())
        assert is_running(orphan)

        parent.kill()

    wait_until(lambda: not is_running(orphan), seconds=5)


def test_a_part_whose_starter_is_gone_does_not_begin() -> None:
    """A demo killed between two breaths leaves nobody behind."""
    command = [sys.executable, "-m", "gateway.demo.tether", "1", "tests.demo.part", "ready"]

    outcome = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)

    assert (outcome.returncode, outcome.stdout) == (1, "")
    assert outcome.stderr == "the demo ended before this part of it began\n"
