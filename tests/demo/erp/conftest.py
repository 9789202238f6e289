"""Simulated ERPs as the tests need them: one that is only read, a larger one, and fresh ones to write to."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import pytest

from gateway.demo.erp.contract import PATH
from tests.demo.control.simulator import Simulator, running_simulator
from tests.demo.erp.clients import Caller, open_contract

TODAY = "2026-03-16"
DAY = date.fromisoformat(TODAY)
MORNING = f"{TODAY}T10:20:00+01:00"
SEED, HOUSEHOLDS, TOWN = 57, 60, 400

Starter = Callable[..., Simulator]


def options(data: Path, *, households: int = HOUSEHOLDS, seed: int = SEED) -> tuple[str, ...]:
    """The command line of an ERP with its books in `data`."""
    numbers = ("--seed", str(seed), "--households", str(households), "--today", TODAY)
    return ("--port", "0", "--control-port", "0", "--data", str(data), *numbers)


def caller_of(erp: Simulator) -> Caller:
    """A zeep client made from the published WSDL, with a session."""
    caller = Caller(open_contract(f"{erp.url}{PATH}?wsdl"))
    caller.open_session()
    return caller


def _shared(tmp_path_factory: pytest.TempPathFactory, *, households: int) -> Iterator[Simulator]:
    folder = tmp_path_factory.mktemp("erp")
    command = options(folder / "data", households=households)
    with running_simulator("gateway.demo.erp", *command, log=folder / "log") as simulator:
        simulator.calm(MORNING)
        yield simulator


@pytest.fixture(scope="session")
def _erp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    yield from _shared(tmp_path_factory, households=HOUSEHOLDS)


@pytest.fixture(scope="session")
def _caller(_erp: Simulator) -> Iterator[Caller]:
    caller = caller_of(_erp)
    yield caller
    caller.client.transport.session.close()


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    """An ERP with enough households for rates to show; only read."""
    yield from _shared(tmp_path_factory, households=TOWN)


@pytest.fixture
def erp(_erp: Simulator) -> Simulator:
    """An ERP of sixty households on a Monday morning, without faults; its books are only read."""
    _erp.calm(MORNING)
    _erp.post("batch", mode="auto").raise_for_status()
    return _erp


@pytest.fixture
def caller(erp: Simulator, _caller: Caller) -> Caller:
    """A foreign client with a fresh session on `erp`."""
    _caller.open_session()
    erp.delete("journal")
    return _caller


@pytest.fixture(scope="session")
def _books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    yield from _shared(tmp_path_factory, households=30)


@pytest.fixture(scope="session")
def _clerk(_books: Simulator) -> Iterator[Caller]:
    caller = caller_of(_books)
    yield caller
    caller.client.transport.session.close()


@pytest.fixture
def books(_books: Simulator) -> Simulator:
    """An ERP that many tests write to, in the morning: what was there before them is not theirs to assert."""
    _books.calm(MORNING)
    return _books


@pytest.fixture
def clerk(books: Simulator, _clerk: Caller) -> Caller:
    """A foreign client with a fresh session on `books`."""
    _clerk.open_session()
    return _clerk


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Starter]:
    """Starts ERPs of a test's own, on `tmp_path`/data unless told otherwise, in the morning."""
    with ExitStack() as stack:
        count = 0

        def start_one(**given: object) -> Simulator:
            nonlocal count
            count += 1
            command = options(
                tmp_path / str(given.get("data", "data")), households=int(str(given.get("households", 30)))
            )
            log = tmp_path / f"log{count}"
            simulator = stack.enter_context(running_simulator("gateway.demo.erp", *command, log=log))
            simulator.calm(MORNING)
            return simulator

        yield start_one


@pytest.fixture
def own(start: Starter) -> Simulator:
    """An ERP that a test may write to."""
    return start()


@pytest.fixture
def own_caller(own: Simulator) -> Iterator[Caller]:
    """A foreign client with a session on `own`."""
    caller = caller_of(own)
    yield caller
    caller.client.transport.session.close()
