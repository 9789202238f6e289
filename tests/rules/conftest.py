"""A house for the rules, and a stranger at its doors."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.rules.house import House, opened_house
from tests.rules.someone import Someone


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """The landlord's house: Camille has an account, Alix a lease without one."""
    async with opened_house(tmp_path) as house:
        yield house


@pytest.fixture
async def stranger(house: House) -> Someone:
    """Somebody with a browser that was never here before."""
    return await house.somebody()


@pytest.fixture
async def camille(house: House) -> Someone:
    """Camille, with a browser that was never here before."""
    return await house.somebody()


@pytest.fixture
async def alix(house: House) -> Someone:
    """Alix, who has a lease and no account."""
    return await house.somebody()
