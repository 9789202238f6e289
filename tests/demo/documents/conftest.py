"""A document store of three thousand households, calm before each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.demo.control.simulator import Simulator, running_simulator
from tests.demo.documents.store import NOON, Store

SEED, HOUSEHOLDS, TODAY = 57, 3_000, "2026-11-22"


def options(data: Path, *, households: int = HOUSEHOLDS) -> tuple[str, ...]:
    """The command line of a store with its archive in `data`."""
    return ("--data", str(data), "--seed", str(SEED), "--households", str(households), "--today", TODAY)


@pytest.fixture(scope="session")
def _simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    folder = tmp_path_factory.mktemp("documents")
    with running_simulator("gateway.demo.documents", *options(folder / "data"), log=folder / "log") as simulator:
        yield simulator


@pytest.fixture
def store(_simulator: Simulator) -> Store:
    """The store on the world's day at noon, without faults, its journal empty."""
    _simulator.calm(NOON)
    return Store(_simulator)
