"""What is particular about some accounts is shown, and never smoothed over."""

from typing import Any

import pytest

from tests.journeys.books import NO_BREAK, account_in_erp, cents, in_force, newest_first, titled
from tests.support.client import Answer
from tests.support.gateway import RunningGateway, household_of

pytestmark = pytest.mark.servers

BALANCE = """
query Balance {
  viewer { tenant { rentalAccounts {
    leases { reference unit { kind } }
    balance {
      due { amount } overdue { amount } state explanation unexplainedDifference { amount }
      composition { kind label amount { amount } period }
      provenance { issues { code field } }
    }
    notices(first: 1) { edges { node { title lines { kind direction amount { amount } quantity unitPrice { amount }
      lease { reference } } } } }
  } } }
}
"""
LEDGER = """
query Ledger {
  viewer { tenant { rentalAccounts {
    ledger(first: 40) { edges { node { kind label amount { amount } direction reverses { amount { amount } } } } }
  } } }
}
"""
ISSUES = """
query Issues {
  viewer { tenant { rentalAccounts {
    ledger(first: 25) { edges { node { kind label amount { amount } provenance { issues { code field } } } } }
  } } }
}
"""


def account_of(gateway: RunningGateway, case: str) -> dict[str, Any]:
    """The only account of that tenant; what is in its ledger is asked apart, for together it would cost too much."""
    answers = asked(gateway, case), gateway.tenant(case).ask(LEDGER)
    (account,), (ledger,) = (answer.whole()["viewer"]["tenant"]["rentalAccounts"] for answer in answers)
    return {**account, **ledger}


def asked(gateway: RunningGateway, case: str) -> Answer:
    """The answer to that tenant's question about money."""
    return gateway.tenant(case).ask(BALANCE)


def test_two_leases_are_charged_to_one_account(gateway: RunningGateway) -> None:
    """Dwelling and garage have one balance and one notice, on which each line names its lease."""
    household = household_of("dwelling-and-garage")

    account = account_of(gateway, "dwelling-and-garage")

    dwelling, garage = (lease.number for lease in household.leases)
    assert account["leases"] == [
        {"reference": dwelling, "unit": {"kind": "DWELLING"}},
        {"reference": garage, "unit": {"kind": "PARKING"}},
    ]
    (notice,) = account["notices"]["edges"]
    assert notice["node"]["title"] == titled(in_force(household)[0])
    assert [(line["kind"] == "PARKING", line["lease"]["reference"]) for line in notice["node"]["lines"]] == [
        (line.code == "GAR", line.lease_number) for line in in_force(household)[0].lines
    ]
    assert garage in {line["lease"]["reference"] for line in notice["node"]["lines"]}


def test_a_credit_is_told_as_a_credit(gateway: RunningGateway) -> None:
    """Who has paid too much reads how much, and that nothing is to be paid."""
    balance = account_of(gateway, "in-credit")["balance"]

    assert (balance["due"]["amount"], balance["overdue"]["amount"]) == ("-35.20", "0.00")
    assert balance["state"] == "IN_CREDIT"
    assert f"créditeur de 35,20{NO_BREAK}€ : vous n'avez rien à régler" in balance["explanation"]


@pytest.mark.parametrize("case", ["overdue-reissued-notice", "disputed"])
def test_arrears_are_shown_without_blame(gateway: RunningGateway, case: str) -> None:
    """The overdue part is told, and whom to turn to; what is disputed is still part of the balance."""
    due = account_in_erp(gateway, case)["solde_stocke"]

    balance = account_of(gateway, case)["balance"]

    assert cents(balance["due"]) == due > 0
    assert 0 < cents(balance["overdue"]) <= due
    assert balance["state"] == "OVERDUE"
    assert "votre conseiller peut vous aider" in balance["explanation"]


def test_a_dispute_is_kept_apart_in_the_books_alone(gateway: RunningGateway) -> None:
    """Legal fees have a line of their own; half of the debt stands in another general account of the ERP."""
    household = household_of("disputed")

    account = account_of(gateway, "disputed")

    assert account_in_erp(gateway, "disputed")["contentieux"] == household.disputed_cents > 0
    fees = [entry["node"] for entry in account["ledger"]["edges"] if entry["node"]["kind"] == "LEGAL_FEES"]
    assert [cents(fee["amount"]) for fee in fees] == [
        entry.cents for entry in newest_first(household)[:40] if entry.code == "FRS"
    ]


def test_a_difference_that_nothing_explains_is_shown(gateway: RunningGateway) -> None:
    """3.70 € are in the ERP's total and in none of its entries: the tenant reads it, and may report it."""
    balance = account_of(gateway, "unexplained-difference")["balance"]

    assert balance["unexplainedDifference"] == {"amount": "3.70"}
    assert {"code": "TOTAL_MISMATCH", "field": "due"} in balance["provenance"]["issues"]
    assert f"Le détail n'explique pas 3,70{NO_BREAK}€ de ce montant" in balance["explanation"]


def test_an_unreadable_amount_is_no_balance_and_never_zero(gateway: RunningGateway) -> None:
    """The ERP writes 1.234: nobody knows what that is, so there is no balance, and all the rest."""
    answer = asked(gateway, "unreadable-amount")

    path = "viewer.tenant.rentalAccounts.0.balance"
    assert answer.failures == {path: {"code": "UNREADABLE_AMOUNT", "source": "RENT_ERP", "retryable": False}}
    (account,) = answer.data["viewer"]["tenant"]["rentalAccounts"]
    assert account["balance"] is None
    (books,) = gateway.tenant("unreadable-amount").ask(LEDGER).whole()["viewer"]["tenant"]["rentalAccounts"]
    assert len(books["ledger"]["edges"]) == 40
    assert len(account["notices"]["edges"]) == 1


def test_a_correction_of_the_benefit_is_never_netted(gateway: RunningGateway) -> None:
    """The month's housing benefit and what corrects earlier months stand on two lines."""
    household = household_of("housing-benefit-correction")
    (correction,) = [entry for entry in newest_first(household)[:20] if entry.code == "APR"]

    account = account_of(gateway, "housing-benefit-correction")

    benefits = [line for line in account["balance"]["composition"] if line["kind"] == "HOUSING_BENEFIT"]
    assert [abs(cents(line["amount"])) for line in benefits if line["label"].startswith("Correction")] == [
        correction.cents
    ]
    kinds = [line["kind"] for line in account["notices"]["edges"][0]["node"]["lines"]]
    assert (kinds.count("HOUSING_BENEFIT"), kinds.count("HOUSING_BENEFIT_CORRECTION")) == (1, 1)


def test_a_returned_payment_stands_beside_the_payment(gateway: RunningGateway) -> None:
    """The bank took it back: both are shown, and the one names the other."""
    (returned,) = [entry for entry in household_of("returned-payment").entries if entry.code == "IMP"]

    ledger = account_of(gateway, "returned-payment")["ledger"]["edges"]

    (shown,) = [edge["node"] for edge in ledger if edge["node"]["kind"] == "PAYMENT_RETURNED"]
    assert (cents(shown["amount"]), shown["direction"]) == (returned.cents, "DEBIT")
    assert cents(shown["reverses"]["amount"]) == returned.cents


def test_an_entry_of_an_unknown_kind_is_counted_and_told(gateway: RunningGateway) -> None:
    """A code that nobody knows is « other »: its amount is in the balance all the same."""
    (unknown,) = [entry for entry in household_of("unknown-codes").entries if entry.code == "ZZZ"]

    (account,) = gateway.tenant("unknown-codes").ask(ISSUES).whole()["viewer"]["tenant"]["rentalAccounts"]

    ledger = account["ledger"]["edges"]
    (shown,) = [edge["node"] for edge in ledger if edge["node"]["kind"] == "OTHER"]
    assert (cents(shown["amount"]), shown["label"]) == (unknown.cents, unknown.label)
    assert shown["provenance"]["issues"] == [{"code": "UNKNOWN_CODE", "field": "kind"}]


def test_water_is_billed_by_what_the_meter_shows(gateway: RunningGateway) -> None:
    """The line says how many cubic metres, and the price of one."""
    (line,) = [line for line in in_force(household_of("hot-water"))[0].lines if line.code == "EFR"]

    (notice,) = account_of(gateway, "hot-water")["notices"]["edges"]

    (shown,) = [line for line in notice["node"]["lines"] if line["kind"] == "WATER_ACTUAL"]
    assert shown["quantity"] == f"{(line.litres or 0) / 1000:.3f}"
    assert (cents(shown["unitPrice"]), cents(shown["amount"])) == (line.unit_price_cents, line.cents)
