"""Bringing a database to the newest revision: once, whoever else tries at the same time."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from alembic.script import ScriptDirectory

from gateway.adapters import migrations
from gateway.adapters.stores import migrate, open_store
from gateway.ports.store import StoreError
from tests.adapters.migrations.conftest import run
from tests.ports.stores import TABLES, account
from tests.support import processes


def test_the_revision_served_is_the_newest_one_brought() -> None:
    """The constant that serving compares with cannot fall behind the revisions."""
    script = ScriptDirectory(str(Path(migrations.__file__).parent))

    assert script.get_heads() == [migrations.REVISION]
    assert [one.revision for one in script.walk_revisions()] == ["0002", "0001"]


def test_an_empty_database_gets_every_table(url: str) -> None:
    """It had no revision; now it has the newest, and migrating again changes nothing."""
    assert migrate(url) is None
    assert migrate(url) == "0002"

    assert run(url, "SELECT version_num FROM alembic_version") == "0002"
    for table in TABLES:
        assert run(url, f"SELECT count(*) FROM {table}") == 0  # noqa: S608 - a table of ours


def test_a_newer_database_is_left_alone(url: str) -> None:
    """Going back to an older release does not harm what the newer one has made."""
    migrate(url)
    run(url, "UPDATE alembic_version SET version_num = '0003'")

    assert migrate(url) == "0003"

    assert run(url, "SELECT version_num FROM alembic_version") == "0003"


def test_of_eight_who_migrate_at_once_one_does(url: str) -> None:
    """Eight replicas start together: one migrates, the others wait for it and find nothing to do."""
    starting_line = Barrier(8)

    def replica(_number: int) -> str | None:
        starting_line.wait()
        return migrate(url)

    with ThreadPoolExecutor(8) as replicas:
        found = list(replicas.map(replica, range(8)))

    assert sorted(found, key=str) == ["0002"] * 7 + [None]
    assert run(url, "SELECT count(*) FROM alembic_version") == 1


def test_a_migration_that_fails_leaves_nothing(url: str) -> None:
    """A table of that name is in the way: no table of ours stays behind, and the sentence names the cause."""
    run(url, "CREATE TABLE session (id text)")

    with pytest.raises(StoreError, match=r"cannot be migrated: (SQLITE_ERROR|DuplicateTableError)$"):
        migrate(url)

    run(url, "DROP TABLE session")
    assert migrate(url) is None


async def test_what_was_migrated_can_be_served(migrated_url: str) -> None:
    """The URL alone decides between the two databases."""
    store = await open_store(migrated_url, max_connections=2)

    assert await store.add_account(account())
    assert await store.account("12345") == account()
    await store.close()


@pytest.mark.sqlite
def test_a_new_file_is_private(tmp_path: Path) -> None:
    """It will hold password hashes; an existing file keeps its permissions."""
    path = tmp_path / "store.db"
    migrate(f"sqlite:///{path}")
    assert oct(path.stat().st_mode & 0o777) == "0o600"

    path.chmod(0o640)
    migrate(f"sqlite:///{path}")
    assert oct(path.stat().st_mode & 0o777) == "0o640"


@pytest.mark.sqlite
def test_a_relative_path_starts_in_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three slashes, then the path."""
    monkeypatch.chdir(tmp_path)

    migrate("sqlite:///store.db")

    assert (tmp_path / "store.db").is_file()


@pytest.mark.sqlite
def test_a_directory_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """The sentence names the path and the cause."""
    with pytest.raises(StoreError, match=r"missing/store\.db cannot be migrated: FileNotFoundError"):
        migrate(f"sqlite:///{tmp_path}/missing/store.db")


@pytest.mark.sqlite
def test_a_file_that_is_no_database_is_an_error(tmp_path: Path) -> None:
    """And stays as it was."""
    path = tmp_path / "store.db"
    path.write_bytes(b"letters to the landlord" * 100)

    with pytest.raises(StoreError, match="cannot be migrated: SQLITE_NOTADB"):
        migrate(f"sqlite:///{path}")

    assert path.read_bytes() == b"letters to the landlord" * 100


def test_a_server_that_is_not_there_is_an_error() -> None:
    """The sentence does not repeat the password."""
    with pytest.raises(StoreError) as raised:
        migrate(f"postgresql://gateway:hunter2@127.0.0.1:{processes.free_port()}/gateway")

    assert str(raised.value) == "PostgreSQL cannot be migrated: ConnectionRefusedError"
