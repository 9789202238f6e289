"""A real PostgreSQL server for the tests, and databases on it that vanish after use.

GATEWAY_TEST_POSTGRES_URL names a running server to use; otherwise one is started, on 127.0.0.1 only, with a
random password, and it ends with the test run even if that is killed. It never waits for the disk, so its
data would not survive a crash of the machine.
"""

import asyncio
import os
import secrets
import signal
import subprocess
import sys
import tempfile
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

from tests.support import processes
from tests.support.postgres_launch import Way, best_way, binaries, hand_over, possible_ways, reachable

_SUPERUSER = "gateway"
_FAST_SHUTDOWN = signal.SIGINT  # disconnects the clients, then shuts down cleanly
_STATE_LINE = 7  # of postmaster.pid, counted from 0
_THAW = """
import os, signal, sys
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
signal.sigwait([signal.SIGTERM])
for pid in sys.argv[1:]:
    os.kill(int(pid), signal.SIGCONT)
"""
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}


@dataclass(frozen=True, slots=True)
class Database:
    """A database made for one purpose, and the URL that opens it."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Postgres:
    """A server that answers; `url` opens its maintenance database as a user who may create databases."""

    url: str

    @contextmanager
    def database(self, *, template: str = "template1") -> Iterator[Database]:
        """A fresh copy of `template`, to which nobody is connected; dropped after the block."""
        name = f"gateway_test_{secrets.token_hex(6)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY WAL_LOG")
        try:
            yield Database(name, urlsplit(self.url)._replace(path=f"/{name}").geturl())
        finally:
            self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def execute(self, statement: str) -> object:
        """The first value that `statement` returns there; may be called inside a running loop."""
        return _in_thread(_execute(self.url, statement))


async def _execute(url: str, statement: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


def _in_thread(work: Coroutine[object, object, object]) -> object:
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(asyncio.run, work).result()


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """The server of GATEWAY_TEST_POSTGRES_URL, or one of our own for the time of the block."""
    if url := os.environ.get("GATEWAY_TEST_POSTGRES_URL"):
        yield Postgres(url)
    else:
        with own_postgres(binaries(), way=best_way(possible_ways())) as server:
            yield server


@contextmanager
def own_postgres(directory: Path, *, way: Way) -> Iterator[Postgres]:
    """A new, empty server run from the binaries in `directory`."""
    with breakable_postgres(directory, way=way) as breakable:
        yield breakable.server


@contextmanager
def breakable_postgres(directory: Path, *, way: Way) -> Iterator["BreakablePostgres"]:
    """The same, to be killed, restarted and frozen."""
    with tempfile.TemporaryDirectory(prefix="gateway-postgres-", ignore_cleanup_errors=True) as scratch:
        reached = reachable(directory, way=way, scratch=Path(scratch))
        cluster = _Cluster(Path(scratch), reached, way, secrets.token_urlsafe())
        cluster.initialise()
        breakable = BreakablePostgres(cluster, *cluster.start())
        try:
            yield breakable
        finally:
            breakable.child.stop(polite_signal=_FAST_SHUTDOWN)


@dataclass(frozen=True, slots=True)
class _Cluster:
    """The files of a server of our own, before and while it runs."""

    scratch: Path
    directory: Path
    way: Way
    password: str

    @property
    def data(self) -> Path:
        """Where the server keeps its files."""
        return self.scratch / "data"

    def initialise(self) -> None:
        """Run initdb; the password goes through a file, since command lines are public."""
        password = self.scratch / "password"
        password.write_text(self.password)
        hand_over(self.scratch, way=self.way)
        subprocess.run(
            [
                *self._command("initdb"),
                *("--username", _SUPERUSER, "--pwfile", password, "--auth", "password"),
                *("--encoding", "UTF8", "--locale", "C", "--no-sync", "--no-instructions"),
            ],
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def start(self, *, attempts: int = 5) -> tuple[processes.Child, int]:
        """The server, ready, and its port: another one if somebody took the first meanwhile."""
        port = processes.free_port()
        try:
            return self.start_at(port), port
        except processes.ChildDiedError:
            if attempts == 1:
                raise
            return self.start(attempts=attempts - 1)

    def start_at(self, port: int) -> processes.Child:
        """The server, ready, at this port."""
        settings = [f"--{name}={value}" for name, value in {**_SETTINGS, "port": str(port)}.items()]
        child = processes.start(
            [*self._command("postgres"), *settings],
            log=self.scratch / "log",
            death_signal=_FAST_SHUTDOWN,
        )
        try:
            child.wait_until(self._is_ready)
        except BaseException:
            child.stop(polite_signal=_FAST_SHUTDOWN)
            raise
        return child

    def _is_ready(self) -> bool:
        """What pg_ctl looks at: the state that the server writes into its pid file."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) > _STATE_LINE and lines[_STATE_LINE].strip() == "ready"

    def _command(self, program: str) -> list[str | Path]:
        return [*self.way.prefix, self.directory / program, "-D", self.data]


@dataclass(slots=True)
class BreakablePostgres:
    """A server of our own, and what can happen to it."""

    cluster: _Cluster
    child: processes.Child
    port: int

    @property
    def server(self) -> Postgres:
        """The server, at the same URL whatever happened to it."""
        return Postgres(f"postgresql://{_SUPERUSER}:{self.cluster.password}@127.0.0.1:{self.port}/postgres")

    def kill(self) -> None:
        """Ends all its processes without a chance to finish anything."""
        pids = self._halted()
        _signal_all(pids, signal.SIGKILL)
        self.child.process.wait()
        processes.wait_until(lambda: not any(map(processes.is_running, pids)))
        (self.cluster.data / "postmaster.pid").unlink()  # it still says that the server is ready

    def restart(self) -> None:
        """Starts it again where it was; it recovers by itself."""
        self.child = self.cluster.start_at(self.port)

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """It takes connections and says nothing. It goes on, to its end, should the test run be killed meanwhile."""
        pids = self._halted()
        thaw = [sys.executable, "-I", "-S", "-c", _THAW, *map(str, pids)]
        with processes.running(thaw, log=self.cluster.scratch / "thaw"):
            try:
                _signal_all(pids, signal.SIGSTOP)
                yield
            finally:
                _signal_all(pids, signal.SIGCONT)

    def _halted(self) -> list[int]:
        """All its processes; the first is stopped, so that it makes no more of them."""
        main = self.child.process.pid
        os.kill(main, signal.SIGSTOP)
        children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
        return [main, *map(int, children)]


def _signal_all(pids: list[int], number: int) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
