"""A door for each test."""

import pytest

from tests.unit.auth.lockout.door import Door


@pytest.fixture
def door() -> Door:
    """Nobody has tried anything."""
    return Door()
