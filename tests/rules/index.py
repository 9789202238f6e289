"""Which test holds which rule: R1-R18 are the landlord's, A1-A27 our interpretations where the landlord is silent.

    python -m tests.rules.index

prints the table. A test names the rules it holds at the end of its sentence, as in « … opens by itself (R9, A18) ».
"""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

RULES = (*(f"R{number}" for number in range(1, 19)), *(f"A{number}" for number in range(1, 28)))

NOTES: Mapping[str, str] = {
    "R16": "What people wrote is erased in time; the register of processing and the export of one's own data come "
    "with their own issue, there is nothing yet that could be exported beyond what the account shows.",
    "A8": "A code on paper needs the landlord's printing of notices and is not built: without an address on file the "
    "assistance form is the way.",
}
"""What a reader of the table should know besides."""

_NAMED = re.compile(r"\(([A-Z]\d+(?:, [A-Z]\d+)*)\)\.?$")


def sentences_by_rule() -> dict[str, list[tuple[str, str]]]:
    """Name and sentence of every test of this folder, by each rule or case that its sentence names."""
    found = defaultdict(list)
    for name, sentence in written_tests().items():
        for rule in _rules_in(sentence):
            found[rule].append((name, sentence))
    return dict(found)


def written_tests() -> dict[str, str]:
    """The sentence of every test of this folder, by its name."""
    paths = sorted(Path(__file__).parent.glob("test_*.py"))
    return {f"{path.name}::{name}": sentence for path in paths for name, sentence in _sentences(path)}


def _sentences(path: Path) -> Iterator[tuple[str, str]]:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            yield node.name, ast.get_docstring(node) or ""


def _rules_in(sentence: str) -> list[str]:
    named = _NAMED.search(sentence)
    return named[1].split(", ") if named else []


def table() -> str:
    """The rules with their tests, in Markdown."""
    found = sentences_by_rule()
    lines = ["| rule | tests |", "|---|---|"]
    for rule in RULES:
        tests = "<br>".join(f"`{test}`" for test, _ in found.get(rule, []))
        lines.append(f"| {rule} | {tests}{'<br>' + NOTES[rule] if rule in NOTES else ''} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(table())
