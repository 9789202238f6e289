"""The page's own rules, and what it was built into."""

import re
import subprocess

import pytest

from gateway.http.built_page import FOLDER, BuiltPage
from gateway.http.saved_queries import saved_queries
from gateway.schema.build import build_schema
from gateway.schema.documents import Asked
from gateway.schema.operations import Operations, Prepared
from gateway.schema.views import View
from tests.support import node
from tests.support.processes import ROOT

LOADS = re.compile(
    r"""(?:\b(?:src|href)\s*=\s*["']?|@import\s+["']?|url\(["']?|\b(?:import|fetch|importScripts)\(["'`])https?://[^\s"'`)]+""",
    re.IGNORECASE,
)


def test_the_rules_of_the_page_hold() -> None:
    """Tables, tokens, what is kept and what is found in an answer: the tests beside the sources pass."""
    command = [str(node.find().program), "--test", "--test-reporter=tap", "--test-concurrency=1"]
    done = subprocess.run(command, cwd=ROOT / "graphiql", capture_output=True, text=True, check=False, timeout=60)

    assert done.returncode == 0, done.stdout[-4000:]
    assert int(re.findall(r"^# pass (\d+)$", done.stdout, re.MULTILINE)[0]) >= 23


def test_nothing_that_is_served_loads_from_elsewhere() -> None:
    """No file of the page names another host where a browser would fetch from it."""
    served = [FOLDER / "index.html", *(asset.path for asset in BuiltPage.of().assets.values())]
    texts = {path.name: path.read_text(encoding="utf-8") for path in served if path.suffix != ".ttf"}

    assert {name: LOADS.findall(text) for name, text in texts.items() if LOADS.search(text)} == {}
    assert [name for name, text in texts.items() if re.search(r"unpkg|jsdelivr|cdnjs|googleapis|gstatic", text)] == []


@pytest.mark.parametrize(
    "text",
    [
        '<script src="https://cdn.example.org/a.js">',
        "@import 'http://a.example.org/x.css'",
        'url("https://x.example/f")',
    ],
)
def test_what_would_load_from_elsewhere_is_found(text: str) -> None:
    """The search above finds what it is for."""
    assert LOADS.search(text)


def test_every_saved_query_can_be_run_by_an_analyst() -> None:
    """None asks for a field that is not in the analyst's view, or for more than an analyst may ask at once."""
    operations = Operations(build_schema())

    refused = {
        query.name: found
        for query in saved_queries()
        if not isinstance(
            found := operations.prepare(Asked(query.document, None, {}), View.ANALYST, is_stranger=False), Prepared
        )
    }

    assert refused == {}


def test_the_notices_name_every_package_of_the_page() -> None:
    """With the version that went in and its licence."""
    notices = (FOLDER / "NOTICES.txt").read_text(encoding="utf-8")

    named = set(re.findall(r"^(\S+) \d\S*: \S", notices, re.MULTILINE))

    assert {"graphiql", "@graphiql/react", "@graphiql/plugin-explorer", "graphql", "react", "monaco-editor"} <= named
    assert len(named) > 50
