"""Run a command that receives a signal when its parent dies: tether.py PARENT_PID SIGNAL COMMAND...

Run as a script, so that nothing executes between fork and exec in a test run that may have threads.
Linux delivers the signal itself; elsewhere the command runs untethered. The kernel's "parent" is the thread
that started the child: start servers from the main thread or from one that outlives them.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def tether(parent: int, death_signal: int) -> None:
    """Ask for `death_signal` at the death of `parent`, and leave at once if it is dead already."""
    if sys.platform == "linux" and ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, death_signal) != 0:
        sys.exit("prctl(PR_SET_PDEATHSIG) was refused")
    if os.getppid() != parent:
        sys.exit("the parent died before its child started")


if __name__ == "__main__":
    tether(int(sys.argv[1]), int(sys.argv[2]))
    os.execvp(sys.argv[3], sys.argv[3:])  # noqa: S606 - the whole purpose: become the command
