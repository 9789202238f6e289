"""A real Tryton server on PostgreSQL, with the invented tenants of `tryton_world` in its books.

Tryton is a separate program under the GPL, in an environment of its own below `.cache/tryton`. The first run
installs it, initialises a database and books everything through Tryton's own door, which takes about a
minute; the dump of that database is kept there, and later runs restore it in a second.
"""

import faulthandler
import fcntl
import hashlib
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.support import processes
from tests.support.postgres import Database, Postgres, own_postgres
from tests.support.postgres_launch import best_way, binaries, possible_ways
from tests.support.tryton_landlord import MODULES
from tests.support.tryton_rpc import TrytonRpc
from tests.support.tryton_seed import fill

_CACHE = processes.ROOT / ".cache" / "tryton"
_LOCK = processes.ROOT / "requirements" / "tryton.lock"
_PARTS = ("rpc", "world", "landlord", "bookings", "files", "seed")
_INGREDIENTS = (_LOCK, *(Path(__file__).with_name(f"tryton_{part}.py") for part in _PARTS))
_USER = "admin"
_PASSWORD = "invented-password-of-a-test-server"
_ADDRESS = re.compile(r"Running on (http://127\.0\.0\.1:(\d+))")


@dataclass(slots=True)
class Tryton:
    """A server that answers JSON-RPC at `url`; `user` may do everything in `database`."""

    url: str = field(init=False)
    database: str
    user: str
    password: str
    _server: "_Server"
    _store: Postgres
    _session: str | None = None

    def __post_init__(self) -> None:
        self.url = self._server.start()

    def stop(self) -> None:
        """Stop answering; `restart` opens the same address again."""
        self._server.stop()

    def restart(self) -> None:
        """Stop and start. Sessions survive, since Tryton keeps them in its database."""
        self._server.stop()
        self.url = self._server.start()

    def session(self) -> str:
        """Credentials of an open session, the same for all tests: Tryton takes its time to check a password."""
        if self._session is None:
            with TrytonRpc(self.url, self.database) as rpc:
                self._session = rpc.log_in(self.user, self.password)
        return self._session

    def forget_sessions(self) -> None:
        """End every session, as an idle time-out does."""
        self._store.execute("DELETE FROM ir_session")
        self._session = None

    def pids(self) -> tuple[int, int]:
        """The processes of the server and of its PostgreSQL."""
        postmaster = self.ask("SELECT split_part(pg_read_file('postmaster.pid'), chr(10), 1)::int")
        assert isinstance(postmaster, int)
        return self._server.pid, postmaster

    def ask(self, statement: str) -> object:
        """The first value that SQL finds in Tryton's own tables."""
        return self._store.execute(statement)

    @contextmanager
    def rpc(self) -> Iterator[TrytonRpc]:
        """A session of our own, beside the adapter's, to change the books."""
        with TrytonRpc(self.url, self.database) as rpc:
            rpc.resume(self.session())
            yield rpc


@pytest.fixture(scope="session")
def tryton(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tryton]:
    """Tryton with the tenants of `tryton_world`; a test that adds to the books adds to tenants of its own."""
    # The first run takes longer than a test may.
    faulthandler.cancel_dump_traceback_later()
    with running_tryton(tmp_path_factory.mktemp("tryton")) as server:
        yield server


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark whatever asks for Tryton, and keep it on one worker, which then starts one server."""
    for item in items:
        if "tryton" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.tryton)
            item.add_marker(pytest.mark.xdist_group("tryton"))


@contextmanager
def running_tryton(scratch: Path) -> Iterator[Tryton]:
    """Tryton over a fresh copy of the cached books, for the time of the block; logs go to `scratch`."""
    tools = binaries()
    with own_postgres(tools, way=best_way(possible_ways())) as postgres:
        with _exclusive_cache():
            programs = _installed()
            dump = _dump(programs, tools=tools, postgres=postgres, scratch=scratch)
        with postgres.database() as database:
            _restore(dump, tools=tools, into=database)
            server = _Server(programs, database, scratch / "server.log")
            tryton = Tryton(database.name, _USER, _PASSWORD, server, Postgres(database.url))
            try:
                yield tryton
            finally:
                tryton.stop()


@dataclass(slots=True)
class _Server:
    """The server process over one database. Its first start chooses the port that it keeps."""

    programs: Path
    database: Database
    log: Path
    _port: str = "0"
    _child: processes.Child | None = None

    def start(self) -> str:
        """Start; the address at which it answers."""
        self.log.unlink(missing_ok=True)
        self._child = processes.start(
            [self.programs / "trytond", "-d", self.database.name],
            log=self.log,
            environment=_settings(self.database) | {"TRYTOND_WEB__LISTEN": f"127.0.0.1:{self._port}"},
        )
        self._child.wait_until(lambda: self._announced() is not None, seconds=60)
        announced = self._announced()
        assert announced is not None
        self._port = announced[2]
        return announced[1]

    def stop(self) -> None:
        """Stop, if it runs."""
        if self._child is not None:
            self._child.stop()

    @property
    def pid(self) -> int:
        """The running process."""
        assert self._child is not None
        return self._child.process.pid

    def _announced(self) -> re.Match[str] | None:
        return _ADDRESS.search(self.log.read_text(errors="replace"))


def _settings(database: Database) -> dict[str, str]:
    """Tryton's configuration; the address carries a password, and an environment is not public.

    Attachments stay in the database, where the dump finds them, and not in files below the home directory.
    """
    return {
        "TRYTOND_DATABASE_URI": urlsplit(database.url)._replace(path="/").geturl(),
        "TRYTOND_ATTACHMENT__FILESTORE": "false",
    }


@contextmanager
def _exclusive_cache() -> Iterator[None]:
    """One test run at a time fills the cache; the others wait and find it full."""
    _CACHE.mkdir(parents=True, exist_ok=True)
    with (_CACHE / "busy").open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        yield


def _installed() -> Path:
    """Directory of Tryton's programs, in an environment that holds what its lock says."""
    environment = _CACHE / "environment"
    subprocess.run(
        [processes.ROOT / "scripts" / "bootstrap.sh", environment, _LOCK],
        env=os.environ | {"PYTHON": _interpreter()},
        check=True,
    )
    return environment / "bin"


def _interpreter() -> str:
    """A Python on which Tryton serves several clients at once.

    On 3.11 one client that stalls in the middle of a request stops all others: Tryton reads the request
    inside a `cached_property`, which locks the whole class before 3.12. Ours is good enough for one client.
    """
    return next(filter(_is_free_of_the_lock, _interpreters()), sys.executable)


def _interpreters() -> Iterator[str]:
    yield sys.executable
    for name in ("python3.13", "python3.12"):
        if found := shutil.which(name):
            yield found
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    yield from (str(path) for path in sorted(pyenv.glob("versions/3.1[23].*/bin/python"), reverse=True))


def _is_free_of_the_lock(interpreter: str) -> bool:
    probe = "import sys; sys.exit(sys.version_info < (3, 12))"
    return subprocess.run([interpreter, "-c", probe], capture_output=True, check=False).returncode == 0


def _dump(programs: Path, *, tools: Path, postgres: Postgres, scratch: Path) -> Path:
    """The cached books, made if the lock, the seed or the PostgreSQL tools have changed since."""
    recipe = hashlib.sha256(subprocess.check_output([tools / "pg_dump", "--version"]))
    for ingredient in _INGREDIENTS:
        recipe.update(ingredient.read_bytes())
    dump = _CACHE / f"{recipe.hexdigest()[:16]}.dump"
    if not dump.exists():
        with postgres.database() as database:
            _book(programs, database=database, scratch=scratch)
            _save(dump, tools=tools, of=database)
    return dump


def _book(programs: Path, *, database: Database, scratch: Path) -> None:
    """Initialise an empty database and fill it."""
    with tempfile.NamedTemporaryFile("w", dir=scratch) as password:
        password.write(_PASSWORD)
        password.flush()
        subprocess.run(
            [
                *(programs / "trytond-admin", "-d", database.name, "--email", "admin@example.org"),
                *("--activate-dependencies", "--update", *MODULES),
            ],
            env=os.environ | _settings(database) | {"TRYTONPASSFILE": password.name},
            check=True,
        )
    server = _Server(programs, database, scratch / "seed.log")
    try:
        with TrytonRpc(server.start(), database.name) as rpc:
            rpc.log_in(_USER, _PASSWORD)
            fill(rpc)
    finally:
        server.stop()


def _save(dump: Path, *, tools: Path, of: Database) -> None:
    """Write the dump under another name first: a run that is killed leaves no half of one."""
    unfinished = dump.with_suffix(f".{secrets.token_hex(4)}")
    _run_tool([tools / "pg_dump", "--format=custom", f"--file={unfinished}"], on=of)
    unfinished.rename(dump)


def _restore(dump: Path, *, tools: Path, into: Database) -> None:
    restore: list[str | Path] = [tools / "pg_restore", "--no-owner", "--exit-on-error", f"--dbname={into.name}", dump]
    _run_tool(restore, on=into)


def _run_tool(command: list[str | Path], *, on: Database) -> None:
    address = urlsplit(on.url)
    connection = {
        "PGHOST": address.hostname or "",
        "PGPORT": str(address.port),
        "PGUSER": address.username or "",
        "PGPASSWORD": address.password or "",
        "PGDATABASE": on.name,
    }
    subprocess.run(command, env=os.environ | connection, check=True)
