"""Fixtures that every room of the tests may ask for."""

from collections.abc import Iterator

import pytest

from tests.support.postgres import Postgres, running_postgres


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server; `with postgres.database() as database` makes a database for the block."""
    with running_postgres() as server:
        yield server
