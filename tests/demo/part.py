"""`python -m tests.demo.part WAY …`: a process that behaves in one way, for the launcher to meet."""

import json
import signal
import sys


def main() -> None:
    """Behave as the first argument says."""
    way, *told = sys.argv[1:]
    if way == "fails":
        sys.exit(" ".join(told))
    if way == "silently fails":
        sys.exit(3)
    if way == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if way != "silent":
        sys.stdout.write(json.dumps({"name": way, "told": told}) + "\n")
        sys.stdout.flush()
    signal.pause()


main()
