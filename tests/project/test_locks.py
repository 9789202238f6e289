"""The locks: complete, pinned, installable from any index, and true to pyproject.toml."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.project.locks import LOCKS, pins, text_of
from tests.support.processes import ROOT


def _asked_for(lock: str) -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    run = project["project"]["dependencies"]
    demo = project["project"]["optional-dependencies"]["demo"]
    of_project = {"run": run, "dev": run + demo + project["dependency-groups"]["dev"]}
    asked = of_project.get(lock) or (ROOT / "requirements" / f"{lock}.in").read_text().splitlines()
    return [Requirement(line) for line in asked]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_what_the_project_asks_for_and_nothing_it_asked_for_once(lock: str) -> None:
    """Whoever changes a dependency runs `make lock`."""
    asked = _asked_for(lock)

    pinned = pins(lock)

    direct = {name for name, pin in pinned.items() if pin.is_direct}
    assert direct == {canonicalize_name(requirement.name) for requirement in asked}
    for requirement in asked:
        assert pinned[canonicalize_name(requirement.name)].version in requirement.specifier


def test_what_is_tested_is_what_runs() -> None:
    """The tests use the same versions as a gateway installed from run.lock."""
    run, tested = pins("run"), pins("dev")

    assert {name: tested[name].version for name in run} == {name: pin.version for name, pin in run.items()}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_place_to_install_from(lock: str) -> None:
    """Hashes, not addresses, say what is installed."""
    assert re.findall(r"://|--[\w-]*index|--find-links|@ file", text_of(lock)) == []
