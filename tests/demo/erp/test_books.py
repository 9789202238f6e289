"""Double entry, always: each voucher adds up to zero, and the sub-ledger to the general one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.demo.erp.books.chart import counterpart
from gateway.demo.erp.books.posting import Leg, Line, UnbalancedError, Voucher
from tests.demo.control.simulator import Simulator
from tests.demo.erp.clients import Caller
from tests.demo.erp.entries import create, validate

CENTS = st.integers(min_value=-1_000_000, max_value=1_000_000)


def _line(cents: int) -> Line:
    return Line(account=1, cents=cents, value_on=20260316, code="OD", label="Essai")


@given(lines=st.lists(CENTS, max_size=5), legs=st.lists(CENTS, max_size=5))
def test_a_voucher_is_balanced_or_does_not_exist(lines: list[int], legs: list[int]) -> None:
    """Whatever its legs are."""
    made = [_line(cents) for cents in lines], [Leg("512100", cents) for cents in legs]
    difference = sum(lines) + sum(legs)

    if difference:
        with pytest.raises(UnbalancedError, match=f"differ by {difference} cents"):
            Voucher(tuple(made[0]), tuple(made[1]))
    else:
        assert Voucher(tuple(made[0]), tuple(made[1])).lines == tuple(made[0])


@pytest.mark.parametrize(
    ("code", "method", "general"),
    [
        ("LOY", "", "706100"),
        ("APL", "", "467100"),
        ("ENC", "CHQ", "511200"),
        ("ENC", "", "512100"),
        ("ZZZ", "", "658000"),
    ],
)
def test_each_kind_of_line_has_its_counterpart(code: str, method: str, general: str) -> None:
    """Unknown codes go to the account for what is not classified."""
    assert counterpart(code, method) == general


@pytest.mark.servers
def test_the_books_are_balanced_from_the_first_minute(town: Simulator) -> None:
    """All vouchers of four hundred households, and so the trial balance."""
    assert town.get("truth/desequilibres") == []
    assert sum(account["cents"] for account in town.get("truth/balance")) == 0


@pytest.mark.servers
def test_the_trial_balance_holds_what_tenants_owe(erp: Simulator) -> None:
    """411 and 416 together are the sum of all accounts; the disputed part is in 416."""
    accounts = erp.get("truth/comptes")
    general = {row["compte_general"]: row["cents"] for row in erp.get("truth/balance")}

    assert general["411000"] + general["416000"] == sum(row["lignes"] for row in accounts)
    assert general["416000"] == sum(row["contentieux"] for row in accounts) > 0


@pytest.mark.servers
def test_they_stay_balanced_whatever_is_written(own: Simulator, own_caller: Caller) -> None:
    """After receipts, a billing run and an arrêté."""
    for number in range(5):
        validate(own_caller, create(own_caller, NumCompte=f"{12000 + number:07d}"))
    own.post("quittancement").raise_for_status()
    own.post("arrete").raise_for_status()

    assert own.get("truth/desequilibres") == []
    for account in own.get("truth/comptes"):
        assert account["solde_stocke"] == account["lignes"] + account["ecart"]


@pytest.mark.servers
@pytest.mark.parametrize(
    ("path", "number"),
    [
        ("truth/comptes?key=0012003", 1),
        ("truth/contrats?key=012001/02", 1),
        ("truth/locataires?key=P0120001", 1),
        ("truth/avis?key=nobody", 0),
        ("truth/encaissements", 0),
        ("truth/balance?key=706100", 1),
    ],
)
def test_the_truth_is_told_by_key(erp: Simulator, path: str, number: int) -> None:
    """Unpadded keys; what does not exist is an empty list."""
    assert len(erp.get(path)) == number


@pytest.mark.servers
def test_an_unknown_table_names_the_others(erp: Simulator) -> None:
    """404 with the list of what can be asked."""
    answer = erp.client.get(f"{erp.control}/__sim/truth/secrets")

    assert answer.status_code == 404
    assert answer.json()["error"].startswith("one of comptes, contrats, ")
