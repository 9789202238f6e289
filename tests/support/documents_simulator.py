"""The document store as a separate process, with the notices of the households of `erp_simulator`."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.demo.control.simulator import Simulator, running_simulator
from tests.support.erp_simulator import HOUSEHOLDS, MORNING, SEED, TODAY
from tests.support.processes import unmeasured

ACCESS_KEY = "demo-ged"


@pytest.fixture(scope="session")
def _ged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    folder = tmp_path_factory.mktemp("ged")
    numbers = ("--seed", str(SEED), "--households", str(HOUSEHOLDS), "--today", TODAY)
    command = ("--data", str(folder / "data"), *numbers)
    with ExitStack() as running:
        with unmeasured():
            simulator = running.enter_context(running_simulator("gateway.demo.documents", *command, log=folder / "log"))
        yield simulator


@pytest.fixture
def ged(_ged: Simulator) -> Simulator:
    """The store on the same Tuesday morning, without faults, its journal empty."""
    _ged.calm(MORNING)
    return _ged
