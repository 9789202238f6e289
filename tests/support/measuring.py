"""Coverage rests during tests that walk the same code thousands of times: other tests reach all of it, and assert it.

These rooms would take three times as long under coverage and add nothing to it.
"""

from collections.abc import Generator
from pathlib import Path

import pytest
from coverage import Coverage

_ROOMS = tuple(Path(__file__).parents[1] / room for room in ("sim", "properties", "rules"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, bool | None, bool | None]:
    """Stop measuring for the time of a test in one of these rooms, if anything is measured."""
    measuring = Coverage.current()
    if measuring is None or not any(item.path.is_relative_to(room) for room in _ROOMS):
        return (yield)
    measuring.stop()
    try:
        return (yield)
    finally:
        measuring.start()
