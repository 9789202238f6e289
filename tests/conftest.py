"""What every test may use, and how properties are tried: the same examples each time, no time limit for one."""

from pathlib import Path

from hypothesis import settings
from hypothesis.configuration import set_hypothesis_home_dir

set_hypothesis_home_dir(Path(__file__).parents[1] / ".cache" / "hypothesis")
settings.register_profile("tests", max_examples=40, derandomize=True, deadline=None, database=None)
settings.load_profile("tests")

# A plugin that another one imports comes before it, or pytest cannot rewrite its assertions.
pytest_plugins = [
    "tests.support.fixtures",
    "tests.support.erp_simulator",
    "tests.support.documents_simulator",
    "tests.support.tryton",
]
