"""Gateways over simulators, all of them processes of their own; each worker of the run has its own set."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.support.gateway import RunningGateway, Systems, copied, prepared, running_gateway, running_systems
from tests.support.postgres import Postgres

Cast = tuple[Path, Mapping[str, str]]


@pytest.fixture(scope="session")
def systems(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Systems]:
    """The simulated legacy systems."""
    with running_systems(tmp_path_factory.mktemp("systems")) as running:
        yield running


@pytest.fixture(scope="session")
def cast(tmp_path_factory: pytest.TempPathFactory) -> Cast:
    """A folder with the seeded database, to copy, and the bearer tokens of the staff."""
    folder = tmp_path_factory.mktemp("cast")
    return folder, prepared(folder)


@pytest.fixture(scope="session")
def _gateway(systems: Systems, cast: Cast, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGateway]:
    folder, staff = cast
    home = copied(folder, to=tmp_path_factory.mktemp("gateway") / "data")
    with running_gateway(systems, home, staff=staff) as running:
        yield running


@pytest.fixture
def gateway(_gateway: RunningGateway) -> RunningGateway:
    """The gateway on SQLite, as the demo runs it; no faults, empty journals."""
    _gateway.systems.calm()
    return _gateway


@pytest.fixture(scope="session")
def _impatient(systems: Systems, cast: Cast, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGateway]:
    folder, staff = cast
    home = copied(folder, to=tmp_path_factory.mktemp("impatient") / "data")
    with running_gateway(systems, home, staff=staff, GATEWAY_REQUEST_DEADLINE_SECONDS="2") as running:
        yield running


@pytest.fixture
def impatient(_impatient: RunningGateway) -> RunningGateway:
    """A gateway that gives each request two seconds; no faults, empty journals."""
    _impatient.systems.calm()
    return _impatient


@pytest.fixture(scope="session")
def on_postgres(
    systems: Systems, postgres: Postgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningGateway]:
    """The gateway on PostgreSQL."""
    home = tmp_path_factory.mktemp("postgres")
    with postgres.database() as database:
        settings = {"GATEWAY_DATABASE_URL": database.url}
        with running_gateway(systems, home, staff=prepared(home, **settings), **settings) as running:
            yield running


@pytest.fixture(
    params=[
        pytest.param("_gateway", id="sqlite", marks=pytest.mark.sqlite),
        pytest.param("on_postgres", id="postgres", marks=pytest.mark.postgres),
    ]
)
def either(request: pytest.FixtureRequest) -> RunningGateway:
    """The gateway on each store in turn; no faults, empty journals."""
    running: RunningGateway = request.getfixturevalue(request.param)
    running.systems.calm()
    return running


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests over the gateways that they share follow each other on one worker, which then starts one set."""
    for item in items:
        shares = {"gateway", "either", "impatient", "on_postgres"} & set(getattr(item, "fixturenames", ()))
        if shares and item.path.parent == Path(__file__).parent and not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group("journeys"))
