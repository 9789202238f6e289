"""Child processes that never outlive the test run, and waiting that polls instead of hoping.

A child runs in the root of the repository and in a session of its own, writes to a log file, and dies with
its parent even if that is killed. It is asked to stop by SIGTERM, so that coverage is kept; SIGKILL follows.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
_TETHER = Path(__file__).with_name("tether.py")
_POLL_SECONDS = 0.02
_MEASURING = "COVERAGE_PROCESS_CONFIG"  # with it in the environment, coverage measures a process from its first line


class ChildDiedError(AssertionError):
    """A child process ended before it was ready; the message carries the end of its log."""


@dataclass(frozen=True, slots=True)
class Child:
    """A started process and the file that takes its standard output and standard error."""

    process: subprocess.Popen[bytes]
    log: Path

    def wait_until(self, is_ready: Callable[[], bool], *, seconds: float = 30) -> None:
        """Poll `is_ready`; ChildDiedError if the child ends first, TimeoutError after `seconds`."""
        wait_until(lambda: self._is_alive() and is_ready(), seconds=seconds)

    def stop(self, *, polite_signal: int = signal.SIGTERM, patience_seconds: float = 10) -> int:
        """The exit status after `polite_signal`, or after SIGKILL to its whole group if that was ignored."""
        if self.process.poll() is None:
            self.process.send_signal(polite_signal)
        try:
            return self.process.wait(patience_seconds)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            return self.process.wait()

    def _is_alive(self) -> bool:
        status = self.process.poll()
        if status is not None:
            raise ChildDiedError(f"exit status {status}:\n{self.log.read_text(errors='replace')[-2000:]}")
        return True


def start(
    command: Sequence[str | Path],
    *,
    log: Path,
    environment: Mapping[str, str] | None = None,
    death_signal: int = signal.SIGTERM,
) -> Child:
    """Start `command`, with `environment` added to ours; `death_signal` reaches it if we die first."""
    tether: list[str | Path] = [sys.executable, "-I", "-S", _TETHER, str(os.getpid()), str(int(death_signal))]
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*tether, *command],
            cwd=ROOT,
            env=os.environ | (environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return Child(process, log)


@contextmanager
def running(
    command: Sequence[str | Path], *, log: Path, environment: Mapping[str, str] | None = None
) -> Iterator[Child]:
    """The started `command`, stopped when the block ends."""
    child = start(command, log=log, environment=environment)
    try:
        yield child
    finally:
        child.stop()


@contextmanager
def unmeasured() -> Iterator[None]:
    """What starts inside the block runs without coverage, twice as fast: other tests measure what it does."""
    measuring = os.environ.pop(_MEASURING, None)
    try:
        yield
    finally:
        if measuring is not None:
            os.environ[_MEASURING] = measuring


def wait_until(condition: Callable[[], bool], *, seconds: float = 30) -> None:
    """Poll `condition` every 20 ms; TimeoutError when it is still false after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"still not true after {seconds} s")
        time.sleep(_POLL_SECONDS)


def is_running(pid: int) -> bool:
    """Whether process `pid` exists and is more than a zombie that waits to be reaped (Linux)."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    state = status.rpartition(")")[2].split()[0]
    return state not in {"Z", "X"}


def free_port() -> int:
    """A TCP port of 127.0.0.1 that was free a moment ago; port 0 is better if the server tells its choice."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
