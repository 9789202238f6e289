"""Lists of keys: padded, repeated, unknown, too many."""

from typing import Any

import pytest

from tests.demo.control.simulator import Simulator
from tests.demo.erp.clients import Caller

pytestmark = pytest.mark.servers

READS = [
    ("LireLocataires", "NumLocataire", "P0120001"),
    ("LireContrats", "NumLocataire", "P0120001"),
    ("LireContrats", "NumContrat", "012000/01"),
    ("LireContrats", "NumCompte", "0012000"),
    ("LireSoldes", "NumCompte", "0012000"),
    ("LireEcritures", "NumCompte", "0012000"),
    ("LireAvis", "NumCompte", "0012000"),
    ("LireConsommations", "NumContrat", "012000/01"),
    ("LireInterventions", "NumContrat", "012006/01"),
    ("LireConseillers", "NumContrat", "012000/01"),
    ("LireAgences", "CodeAgence", "AG01"),
    ("RechercherEncaissement", "Reference", "R1"),
]
OTHERS: dict[str, dict[str, Any]] = {"LireAvis": {"NbMois": 1}, "LireConsommations": {"DepuisLe": "20260101"}}
FOUND = [read for read in READS if read[0] != "RechercherEncaissement"]


@pytest.mark.parametrize(("operation", "list_name", "key"), FOUND)
def test_a_key_is_answered_once_however_often_it_is_given(
    caller: Caller, operation: str, list_name: str, key: str
) -> None:
    """Padded or not, it is one key; an unknown one beside it is simply absent."""
    others = OTHERS.get(operation, {})

    once = caller.rows(operation, **{list_name: [key]}, **others)
    often = caller.rows(operation, **{list_name: ["UNKNOWN", f"{key}   ", key, f" {key}"]}, **others)

    assert once == often != []


@pytest.mark.parametrize(("operation", "list_name", "key"), READS)
def test_unknown_keys_alone_are_an_empty_answer(caller: Caller, operation: str, list_name: str, key: str) -> None:
    """OK, and no rows: that somebody does not exist is no error."""
    assert caller.rows(operation, **{list_name: ["12000"]}, **OTHERS.get(operation, {})) == []


@pytest.mark.parametrize(("operation", "list_name", "key"), READS)
def test_two_hundred_keys_are_the_most(caller: Caller, operation: str, list_name: str, key: str) -> None:
    """One more is refused in band, whatever the operation, with no data."""
    keys, others = [f"K{number}" for number in range(200)], OTHERS.get(operation, {})

    assert caller.rows(operation, **{list_name: keys}, **others) == []
    assert caller.rows(operation, **{list_name: [*keys, *keys]}, **others) == []
    refused = caller.ask(operation, **{list_name: [*keys, key]}, **others)

    assert refused.CodeRetour == "TROP_DE_CLES"
    assert refused.LibErreur == "201 clés demandées, 200 au plus par appel"
    assert not any(value for value in refused.__values__.values() if isinstance(value, list))


def test_a_hundred_accounts_cost_one_call(erp: Simulator, caller: Caller) -> None:
    """The journal counts calls and keys."""
    caller.rows("LireSoldes", NumCompte=[f"{12000 + number:07d}" for number in range(100)])

    assert [(line["operation"], line["keys"]) for line in erp.journal()] == [("LireSoldes", 100)]
