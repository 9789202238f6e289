"""A provider in this process where Sam is known, and a clock that stands."""

import pytest

from tests.support.doors import Clock
from tests.support.openid import Provider


@pytest.fixture
def clock() -> Clock:
    """Stands until it is moved."""
    return Clock()


@pytest.fixture
def provider(clock: Clock) -> Provider:
    """Knows Sam, who is an advisor."""
    return Provider(clock, people={"sam": {"name": "Sam Fournier", "groups": ["desk"]}})
