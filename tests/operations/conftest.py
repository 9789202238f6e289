"""The doors over two households in memory."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.doors import Doors, opened_doors


@pytest.fixture
async def doors(tmp_path: Path) -> AsyncIterator[Doors]:
    """The application in this process, over a store of its own."""
    async with opened_doors(tmp_path) as doors:
        yield doors
