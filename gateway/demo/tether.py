"""`python -m gateway.demo.tether PARENT MODULE ARGUMENT…` runs MODULE as `python -m` would, until PARENT dies.

On Linux the kernel then sends SIGTERM, also when PARENT was killed; elsewhere an orderly end must do.
"""

import ctypes
import os
import runpy
import signal
import sys
from contextlib import suppress

_SET_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG, linux/prctl.h


def main() -> None:
    """Tie this process to PARENT, then become MODULE."""
    parent, module, *arguments = sys.argv[1:]
    _end_with(int(parent))
    sys.argv[1:] = arguments
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _end_with(parent: int) -> None:
    with suppress(AttributeError):  # only Linux has prctl
        ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, signal.SIGTERM)
    if os.getppid() != parent:
        sys.exit("the demo ended before this part of it began")


main()
