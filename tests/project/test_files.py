"""What no file of the repository may contain."""

import re

import pytest

from tests.project.tracked import lines
from tests.support.processes import ROOT

pytestmark = pytest.mark.thorough

_REGISTRIES = r"pypi[.]org|pythonhosted[.]org|registry[.]npmjs|npmjs[.]org|registry[.]yarnpkg|--(extra-)?index-url"
_MACHINE_PATHS = r"(?<![\w.])/(home|root|work|farm|Users)/"
_UNTESTED = r"unittest[.]mock|Magic[M]ock|\bmocker\b|pytest[.]skip|mark[.]skip|[x]fail"
_LEFTOVERS = r"\b(TO[D]O|FIX[M]E|XX[X])\b"


@pytest.mark.parametrize("forbidden", [_REGISTRIES, _MACHINE_PATHS], ids=["registry", "machine path"])
def test_no_file_depends_on_where_it_was_written(forbidden: str) -> None:
    """The repository names no package registry and no directory of somebody's machine."""
    assert [place for place, line in lines() if re.search(forbidden, line)] == []


def test_no_test_is_mocked_or_skipped() -> None:
    """A test runs against the real thing, or it is not a test."""
    assert [place for place, line in lines(suffix=".py") if re.search(_UNTESTED, line)] == []


def test_no_work_is_left_for_later_in_the_code() -> None:
    """What is not done is an issue, not a comment."""
    assert [place for place, line in lines(suffix=".py") if re.search(_LEFTOVERS, line)] == []


@pytest.mark.parametrize(
    ("ignore", "explained"),
    [
        ("no[q]a", r"# no[q]a: [A-Z]+\d+(, [A-Z]+\d+)* - \w"),
        ("type: ignor[e]", r"# type: ignor[e]\[[\w, -]+\]  # \w"),
        ("pragma: no cove[r]", r"# pragma: no cove[r] - \w"),
    ],
    ids=["ruff", "mypy", "coverage"],
)
def test_every_ignore_names_its_code_and_its_reason(ignore: str, explained: str) -> None:
    """A tool is overruled in one point only, and the reader learns why."""
    ignored = [(place, line) for place, line in lines(suffix=".py") if re.search(f"# {ignore}", line)]

    assert [place for place, line in ignored if not re.search(explained, line)] == []


def test_the_documents_point_at_tests_that_exist() -> None:
    """A decision names what enforces it; a name that leads nowhere enforces nothing."""
    named = {(place, path) for place, line in lines(suffix=".md") for path in re.findall(r"`(tests/[\w/.]+)`", line)}

    assert [(place, path) for place, path in sorted(named) if not (ROOT / path).exists()] == []
