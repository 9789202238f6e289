"""The processes of a demo: started, waited for, and stopped, also when the demo itself is killed.

A part runs in a session of its own, so that Ctrl-C reaches the demo alone, which then stops its parts in order.
"""

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

HOST = "127.0.0.1"
START_SECONDS = 60.0
STOP_SECONDS = 10.0


class StartError(Exception):
    """A part did not start; the sentence names it and its log, or the remedy."""


@dataclass(frozen=True, slots=True)
class Part:
    """One running process; `log` holds what it wrote to standard error."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def has_ended(self) -> bool:
        """Whether the process is no more."""
        return self.process.poll() is not None

    def ready_line(self, *, patience_seconds: float = START_SECONDS) -> Mapping[str, str]:
        """The JSON line a simulator prints when it answers. Raises StartError when it does not come in time."""
        output = cast(IO[bytes], self.process.stdout)  # `start` asks for it
        if not select.select([output], [], [], patience_seconds)[0]:
            raise StartError(f"{self.name} is not ready after {patience_seconds:g} s; see {self.log}")
        line = output.readline()
        if not line:
            raise StartError(f"{self.name} ended at its start; see {self.log}")
        ready: Mapping[str, str] = json.loads(line)
        return ready

    def stop(self, *, patience_seconds: float = STOP_SECONDS) -> None:
        """Asks the process to end, and ends it when it does not."""
        with self.process:
            self.process.terminate()
            try:
                self.process.wait(patience_seconds)
            except subprocess.TimeoutExpired:
                self.process.kill()


def start(name: str, arguments: Sequence[str], *, log: Path, environment: Mapping[str, str] | None = None) -> Part:
    """Starts `python -m` with `arguments`; it ends when this process does, however that ends."""
    with log.open("ab") as errors:
        process = subprocess.Popen(  # noqa: S603 - our own modules
            _command(arguments),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=environment,
            start_new_session=True,
        )
    return Part(name, process, log)


def run(arguments: Sequence[str], *, environment: Mapping[str, str]) -> bytes:
    """What `python -m` with `arguments` prints. Raises StartError with its own sentence when it fails."""
    done = subprocess.run(  # noqa: S603 - our own modules
        _command(arguments),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=environment,
        check=False,
        start_new_session=True,
    )
    if done.returncode:
        raise StartError(done.stderr.decode(errors="replace").strip() or f"{arguments[0]} failed")
    return done.stdout


def first_to_end(parts: Sequence[Part]) -> Part:
    """Waits for one of `parts` to end, and gives it."""
    while True:
        for part in parts:
            if part.has_ended:
                return part
        time.sleep(0.2)


def _command(arguments: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "gateway.demo.tether", str(os.getpid()), *arguments]
