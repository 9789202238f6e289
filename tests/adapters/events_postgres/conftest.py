"""A server that a test may break, and a database on one that it may not."""

from collections.abc import Iterator

import pytest

from tests.support.logs import Log, captured_log
from tests.support.postgres import BreakablePostgres, Database, Postgres, breakable_postgres
from tests.support.postgres_launch import best_way, binaries, possible_ways


@pytest.fixture(scope="module")
def breakable() -> Iterator[BreakablePostgres]:
    """A server that nobody else uses; whoever breaks it mends it."""
    with breakable_postgres(binaries(), way=best_way(possible_ways())) as server:
        yield server


@pytest.fixture
def own_database(postgres: Postgres) -> Iterator[Database]:
    """An empty database: events need no table."""
    with postgres.database() as database:
        yield database


@pytest.fixture
def log() -> Iterator[Log]:
    """What is logged."""
    with captured_log() as log:
        yield log
