"""The import contracts of pyproject.toml, each broken on purpose in a copy of the gateway."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.processes import ROOT

pytestmark = pytest.mark.thorough

_LINT = Path(sys.executable).with_name("lint-imports")


def _check(directory: Path, *contracts: str) -> tuple[int, str]:
    """Exit status and report of the linter, for the named contracts or for all."""
    chosen = [argument for contract in contracts for argument in ("--contract", contract)]
    command: list[str | Path] = [_LINT, "--no-logo", "--cache-dir", "cache", *chosen]
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the gateway that keeps every contract."""
    directory = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "pyproject.toml", directory)
    shutil.copytree(ROOT / "gateway", directory / "gateway", ignore=shutil.ignore_patterns("__pycache__"))
    assert _check(directory)[0] == 0
    return directory


@pytest.mark.parametrize(
    ("contract", "module", "content"),
    [
        ("rooms", "domain/intruder.py", "import gateway.ports"),
        ("rooms", "domain/intruder.py", "import gateway.log"),
        ("rooms", "ports/intruder.py", "import gateway.auth"),
        ("rooms", "ports/intruder.py", "import gateway.adapters"),
        ("rooms", "auth/intruder.py", "import gateway.schema"),
        ("rooms", "auth/intruder.py", "import gateway.adapters"),
        ("rooms", "adapters/intruder.py", "import gateway.auth"),
        ("rooms", "schema/intruder.py", "import gateway.http"),
        ("rooms", "http/intruder.py", "import gateway.app"),
        ("rooms", "settings_intruder.py", ""),
        ("rooms", "demo/intruder.py", "import gateway.domain"),
        ("adapters", "schema/intruder.py", "import gateway.adapters"),
        ("adapters", "http/intruder.py", "import gateway.adapters"),
        ("settings", "http/intruder.py", "import gateway.settings"),
        ("settings", "adapters/intruder.py", "import gateway.settings"),
        ("demo", "http/intruder.py", "import gateway.demo"),
        ("graphql", "http/intruder.py", "import graphql"),
        ("graphql", "auth/intruder.py", "import strawberry"),
        ("outside", "schema/intruder.py", "import httpx"),
        ("outside", "auth/intruder.py", "import sqlite3"),
        ("outside", "http/intruder.py", "from asyncpg import connect"),
        ("pure", "domain/intruder.py", "from time import time"),
    ],
)
def test_a_forbidden_import_breaks_its_contract(house: Path, contract: str, module: str, content: str) -> None:
    """Where a new import points the wrong way, and where a new room has no place yet, the build fails."""
    intruder = house / "gateway" / module
    intruder.write_text(content)

    status, report = _check(house, contract)

    intruder.unlink()
    assert (status, "BROKEN" in report, intruder.stem in report) == (1, True, True), report
