"""A migrated database for each test."""

from collections.abc import Iterator

import pytest

from gateway.adapters.stores import migrate
from tests.support.postgres import Database, Postgres


@pytest.fixture(scope="session")
def template(postgres: Postgres) -> Iterator[Database]:
    """A database with our tables, to be copied."""
    with postgres.database() as database:
        migrate(database.url)
        yield database


@pytest.fixture
def database(postgres: Postgres, template: Database) -> Iterator[Database]:
    """A database of its own, with our tables."""
    with postgres.database(template=template.name) as database:
        yield database
