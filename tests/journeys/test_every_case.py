"""Each showcase tenant sees what is theirs; every figure is compared with the landlord's own books."""

import pytest

from gateway.demo.world.model import Household
from tests.journeys.books import (
    account_in_erp,
    advisor_of,
    cents,
    explained,
    in_force,
    newest_first,
    signed,
    titled,
    without_accents,
)
from tests.support.client import Answer
from tests.support.gateway import CASES, RunningGateway, household_of

pytestmark = pytest.mark.servers

WITHOUT_BALANCE = {"unreadable-amount"}
UNREADABLE = {"code": "UNREADABLE_AMOUNT", "source": "RENT_ERP", "retryable": False}

every_case = pytest.mark.parametrize("case", CASES)


def without_balance_alone(answer: Answer, case: str, path: str) -> None:
    """Assert that nothing failed, but for a balance that the ERP gives in a form nobody can read."""
    assert answer.failures == ({path: UNREADABLE} if case in WITHOUT_BALANCE else {})


def shown_leases(household: Household) -> list[str]:
    """The leases that are shown when nobody asks for others."""
    return [lease.number for lease in household.leases if lease.state_code != "RS"]


@every_case
def test_the_home_page_shows_the_landlords_books(gateway: RunningGateway, case: str) -> None:
    """Name, account, balance, notices, dwelling, advisor and works are those of the tenant's own file."""
    household = household_of(case)

    answer = gateway.tenant(case).run("web_home")

    without_balance_alone(answer, case, "viewer.tenant.rentalAccounts.0.balance")
    tenant = answer.data["viewer"]["tenant"]
    (account,) = tenant["rentalAccounts"]
    assert account["reference"] == household.account_number
    assert (account["balance"] is None) == (case in WITHOUT_BALANCE)
    if account["balance"]:
        assert cents(account["balance"]["due"]) == account_in_erp(gateway, case)["solde_stocke"]
    assert [
        (edge["node"]["title"].removesuffix(" (rectifié)"), cents(edge["node"]["amountDue"]), edge["node"]["state"])
        for edge in account["notices"]["edges"]
    ] == [(titled(notice), notice.amount_due_cents, "ISSUED") for notice in in_force(household)[:3]]
    assert [lease["reference"] for lease in tenant["leases"]] == shown_leases(household)
    for lease in tenant["leases"]:
        advisor = advisor_of(household)
        assert lease["advisor"]["displayName"] == f"{advisor.first_name} {advisor.last_name}"
        assert lease["unit"]["address"]["postalCode"] == household.leases[0].unit.address.postal_code
    assert [works["title"] for works in tenant["works"]] == [works.title for works in household.works]


@every_case
def test_the_first_screen_of_the_application_says_the_same(gateway: RunningGateway, case: str) -> None:
    """The greeting is right or empty, and the balance is that of the home page."""
    household = household_of(case)
    greeting = f"M. et Mme {household.holder.last_name}"

    answer = gateway.tenant(case).run("mobile_home", version="4.1.0")

    without_balance_alone(answer, case, "viewer.tenant.rentalAccounts.0.balance")
    tenant = answer.data["viewer"]["tenant"]
    first_name = without_accents(household.holder.first_name)
    assert tenant["greetingName"] == (greeting if case == "two-in-one-name" else first_name)
    (account,) = tenant["rentalAccounts"]
    if account["balance"]:
        assert cents(account["balance"]["due"]) == account_in_erp(gateway, case)["solde_stocke"]
        next_due_on = household.next_due_on
        assert account["balance"]["nextDueOn"] == (next_due_on and next_due_on.isoformat())
    assert answer.data["appRelease"] == {
        "upToDate": False,
        "supported": True,
        "storeUrl": "https://example.org/store/android",
    }


@every_case
def test_the_balance_explains_itself_to_the_cent(gateway: RunningGateway, case: str) -> None:
    """Composition and unexplained difference add up to what is due; the statement is that of the books."""
    household, books = household_of(case), account_in_erp(gateway, case)
    client = gateway.tenant(case)
    (account,) = client.ask("{ viewer { tenant { rentalAccounts { id } } } }").whole()["viewer"]["tenant"][
        "rentalAccounts"
    ]

    answer = client.run("balance_explained", id=account["id"])

    without_balance_alone(answer, case, "node.balance")
    balance, ledger = answer.data["node"]["balance"], answer.data["node"]["ledger"]
    if balance:
        difference = balance["unexplainedDifference"]
        unexplained = cents(difference) if difference else 0
        assert (unexplained, difference is None) == (books["ecart"], books["ecart"] == 0)
        assert explained(balance["composition"]) + unexplained == cents(balance["due"]) == books["solde_stocke"]
    page = newest_first(household)[:24]
    assert [
        (edge["node"]["valueOn"], edge["node"]["direction"][0], cents(edge["node"]["amount"]))
        for edge in ledger["edges"]
    ] == [(entry.value_on.isoformat(), entry.direction, entry.cents) for entry in page]
    assert cents(ledger["closingBalance"]) == books["lignes"]
    assert cents(ledger["openingBalance"]) == books["lignes"] - sum(map(signed, page))
