"""No rule is without its test, and no test without its sentence."""

import pytest

from tests.rules.index import NOTES, RULES, sentences_by_rule, table, written_tests

FOUND = sentences_by_rule()


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_test(rule: str) -> None:
    """Whoever changes a rule finds the sentences it stands behind."""
    assert FOUND[rule]


def test_every_test_names_what_it_holds() -> None:
    """Each test of a rule ends its sentence with the rules or cases it is about."""
    named = {test for tests in FOUND.values() for test, _ in tests}

    assert {test for test in written_tests() if not test.startswith("test_index.py")} == named


def test_the_table_lists_every_rule_once() -> None:
    """The table for readers is whole."""
    rows = [line.split(" | ")[0].removeprefix("| ") for line in table().splitlines()[2:]]

    assert tuple(rows) == RULES
    assert all(note in table() for note in NOTES.values())
