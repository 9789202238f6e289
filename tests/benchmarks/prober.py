"""Asks `/livez` at an even pace, as a process of its own, so that whoever makes load does not hold it up.

Run by `probing`; until its standard input ends, and then it prints what it has found. A look counts from the time when
it was due.
"""

import http.client
import json
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

_EVERY_SECONDS = 0.01
_PATIENCE_SECONDS = 10


@dataclass(slots=True)
class Looks:
    """Milliseconds from when each look was due to its answer; `failed` counts those that had none, or not 200."""

    waits_ms: list[float] = field(default_factory=list)
    failed: int = 0


@contextmanager
def probing(port: int) -> Iterator[Looks]:
    """Looks at 127.0.0.1:`port` for the time of the block; they are there when it is over."""
    looks = Looks()
    command = [sys.executable, "-m", "tests.benchmarks.prober", str(port)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            process.stdout.readline()  # it has begun
            yield looks
        finally:
            told, _ = process.communicate()
    found = json.loads(told)
    looks.waits_ms, looks.failed = found["waits_ms"], found["failed"]


def _look(connection: http.client.HTTPConnection) -> bool:
    try:
        connection.request("GET", "/livez")
        answer = connection.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException):
        connection.close()
        return False
    return answer.status == 200


def _main(port: int) -> None:
    looks, connection = Looks(), http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_SECONDS)
    _look(connection)
    print("ready", flush=True)
    due_at = time.perf_counter()
    while not select.select([sys.stdin], [], [], max(0.0, due_at - time.perf_counter()))[0]:
        looks.failed += not _look(connection)
        now = time.perf_counter()
        looks.waits_ms.append((now - due_at) * 1000)
        due_at = max(due_at + _EVERY_SECONDS, now)
    print(json.dumps({"waits_ms": looks.waits_ms, "failed": looks.failed}))


if __name__ == "__main__":
    _main(int(sys.argv[1]))
