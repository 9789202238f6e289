"""`python -m tests.demo.alone MODULE ARGUMENT…` runs MODULE as `python -m` would, and coverage stays with it.

What MODULE starts is not measured: other tests do that, and a whole demo would be twice as slow.
"""

import runpy
import sys

from tests.support.processes import unmeasured

if __name__ == "__main__":
    del sys.argv[0]
    with unmeasured():
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
