"""What a process has used, as the kernel counts it."""

import os
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Usage:
    """Processor time, user and system, in milliseconds; resident memory in MiB."""

    cpu_ms: float
    resident_mib: float


def usage_of(pid: int) -> Usage:
    """What the process has used so far."""
    # The name of the command, in brackets, may hold spaces; the numbers follow its last bracket.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return Usage((int(fields[11]) + int(fields[12])) * 1000 / _TICKS, pages * _PAGE_BYTES / 2**20)


def child_running(pid: int, argument: str) -> int:
    """The child of process `pid` that was started with `argument`; LookupError when there is none."""
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        if argument in Path(f"/proc/{child}/cmdline").read_text().split("\0"):
            return int(child)
    raise LookupError(f"no child of {pid} runs {argument}")
