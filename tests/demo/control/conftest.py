"""The plain simulator, calm before each test."""

from collections.abc import Iterator

import pytest

from tests.demo.control.simulator import Simulator, running_simulator

NOON = "2026-03-16T12:00:00+01:00"


@pytest.fixture(scope="session")
def _plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with running_simulator("tests.demo.control.plain", log=tmp_path_factory.mktemp("plain") / "log") as simulator:
        yield simulator


@pytest.fixture
def plain(_plain: Simulator) -> Simulator:
    """A plain legacy system without faults, at noon, its journal empty."""
    _plain.calm(NOON)
    return _plain
