"""The audit trail is append-only, whoever has the password of the database."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from gateway.adapters.stores import migrate
from tests.adapters.migrations.conftest import POSTGRES, SQLITE, run
from tests.support.postgres import Postgres

DAYS = timedelta(days=180)


@pytest.fixture(scope="module", params=[SQLITE, POSTGRES])
def trail(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of one migrated database for all these tests: none of them can tidy up."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('trail')}/store.db"
        migrate(url)
        yield url
    else:
        postgres: Postgres = request.getfixturevalue("postgres")
        with postgres.database() as database:
            migrate(database.url)
            yield database.url


def write(url: str, *, age: timedelta, outcome: str = "ACCEPTED") -> None:
    """Adds a line of that age."""
    at = datetime.now(UTC) - age
    text = str(round(at.timestamp() * 1_000_000)) if url.startswith("sqlite") else f"'{at.isoformat()}'"
    run(
        url,
        f"""
        INSERT INTO audit (at, action, outcome, actor) VALUES ({text}, 'SIGN_IN', '{outcome}', 'stranger')
        RETURNING number
        """,  # noqa: S608 - values of ours
    )


@contextmanager
def refused() -> Iterator[None]:
    """The database refuses, and says why."""
    with pytest.raises((sqlite3.IntegrityError, asyncpg.InsufficientPrivilegeError), match="the audit trail is"):
        yield


def count(url: str, outcome: str) -> object:
    """Lines with that outcome."""
    return run(url, f"SELECT count(*) FROM audit WHERE outcome = '{outcome}'")  # noqa: S608 - values of ours


@pytest.mark.parametrize("days", [0, 400])
def test_a_line_is_never_changed(trail: str, days: int) -> None:
    """However old it is."""
    write(trail, age=timedelta(days=days), outcome=f"AFTER_{days}")

    with refused():
        run(trail, f"UPDATE audit SET outcome = 'CHANGED' WHERE outcome = 'AFTER_{days}' RETURNING 1")  # noqa: S608 - ours

    assert (count(trail, f"AFTER_{days}"), count(trail, "CHANGED")) == (1, 0)


def test_a_line_is_removed_after_180_days_and_not_before(trail: str) -> None:
    """A deletion that would take a younger one takes none."""
    write(trail, age=DAYS + timedelta(minutes=1), outcome="OLD")
    write(trail, age=DAYS - timedelta(minutes=1), outcome="YOUNG")

    with refused():
        run(trail, "DELETE FROM audit WHERE outcome IN ('OLD', 'YOUNG') RETURNING number")
    assert (count(trail, "OLD"), count(trail, "YOUNG")) == (1, 1)

    run(trail, "DELETE FROM audit WHERE outcome = 'OLD' RETURNING number")
    assert (count(trail, "OLD"), count(trail, "YOUNG")) == (0, 1)


def test_no_line_takes_the_place_of_another(trail: str) -> None:
    """Neither by replacing it nor by an insertion that gives way to a change."""
    write(trail, age=timedelta(0), outcome="FIRST")
    values = "SELECT number, at, action, 'SECOND', actor FROM audit WHERE outcome = 'FIRST'"
    columns = "audit (number, at, action, outcome, actor)"

    if trail.startswith("sqlite"):
        with refused():
            run(trail, f"INSERT OR REPLACE INTO {columns} {values}")
    else:
        columns = f"{columns} OVERRIDING SYSTEM VALUE"
    with refused():
        run(trail, f"INSERT INTO {columns} {values} ON CONFLICT (number) DO UPDATE SET outcome = 'SECOND'")

    assert (count(trail, "FIRST"), count(trail, "SECOND")) == (1, 0)


def test_the_number_of_a_removed_line_does_not_come_back(trail: str) -> None:
    """A gap shows that something was there."""
    write(trail, age=2 * DAYS, outcome="LAST")
    removed = run(trail, "DELETE FROM audit WHERE outcome = 'LAST' RETURNING number")

    write(trail, age=timedelta(0))

    assert isinstance(removed, int)
    assert run(trail, "SELECT max(number) FROM audit") == removed + 1


def test_the_trail_is_not_emptied(trail: str) -> None:
    """On PostgreSQL TRUNCATE asks no row; SQLite has none."""
    write(trail, age=2 * DAYS, outcome="STAYS")

    if not trail.startswith("sqlite"):
        with refused():
            run(trail, "TRUNCATE audit")
    with refused():
        run(trail, "DELETE FROM audit RETURNING number")

    assert count(trail, "STAYS") == 1
