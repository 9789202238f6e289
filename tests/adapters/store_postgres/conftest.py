"""A migrated database for each test, and a server that a test may break."""

from collections.abc import Iterator

import pytest

from gateway.adapters.stores import migrate
from tests.support.postgres import BreakablePostgres, Database, Postgres, breakable_postgres
from tests.support.postgres_launch import best_way, binaries, possible_ways


@pytest.fixture(scope="session")
def template(postgres: Postgres) -> Iterator[Database]:
    """A database with our tables, to be copied."""
    with postgres.database() as database:
        migrate(database.url)
        yield database


@pytest.fixture(scope="session")
def shared_database(postgres: Postgres, template: Database) -> Iterator[Database]:
    """A database with our tables, for one test after the other."""
    with postgres.database(template=template.name) as database:
        yield database


@pytest.fixture
def database(shared_database: Database) -> Database:
    """A database with our tables, empty but for the trails; it stays as it is made."""
    Postgres(shared_database.url).execute(
        "TRUNCATE online_account, guard, hold, account_link, outbox, assistance CASCADE"
    )
    return shared_database


@pytest.fixture
def own_database(postgres: Postgres, template: Database) -> Iterator[Database]:
    """A database with our tables that a test may alter."""
    with postgres.database(template=template.name) as database:
        yield database


@pytest.fixture(scope="module")
def breakable() -> Iterator[BreakablePostgres]:
    """A server with our tables that nobody else uses; whoever breaks it mends it."""
    with breakable_postgres(binaries(), way=best_way(possible_ways())) as server:
        migrate(server.server.url)
        yield server
