"""The rental account: balances of today and of past days, entries one by one."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from gateway.domain.identifiers import EntryId
from gateway.domain.ledger import PaymentMethod
from gateway.domain.money import Money
from gateway.domain.source import DataQualityCode, DataQualityIssue, StaleReason
from tests.support.doors import Doors
from tests.support.household import ACCOUNT, CAMILLE


async def account(doors: Doors, fields: str, language: str = "fr") -> Any:
    """What Camille's rental account answers to `fields`."""
    answer = await doors.ask(f"{{ viewer {{ tenant {{ rentalAccounts {{ {fields} }} }} }} }}", language=language)
    assert "errors" not in answer, answer
    [found] = answer["data"]["viewer"]["tenant"]["rentalAccounts"]
    return found


STRUCK = """{ due { amount currency display } state on overdue { amount } nextDueOn pendingPayments { amount }
    dueAfterPending { amount } unexplainedDifference { amount } composition { kind period amount { amount } }
    explanation provenance { asOf } }"""


async def test_the_balance_of_a_past_day_comes_from_its_entries(doors: Doors) -> None:
    """What was overdue then the books no longer tell; what came later is not in it."""
    found = await account(doors, f'balance(on: "2026-03-04") {STRUCK}')

    assert found["balance"] == {
        "due": {"amount": "645.00", "currency": "EUR", "display": "645,00\N{NO-BREAK SPACE}€"},
        "state": "DUE",
        "on": "2026-03-04",
        "overdue": None,
        "nextDueOn": None,
        "pendingPayments": {"amount": "0.00"},
        "dueAfterPending": {"amount": "645.00"},
        "unexplainedDifference": None,
        "composition": [
            {"kind": "BROUGHT_FORWARD", "period": None, "amount": {"amount": "35.00"}},
            {"kind": "NOTICE", "period": "2026-02", "amount": {"amount": "455.00"}},
            {"kind": "HOUSING_BENEFIT", "period": "2026-02", "amount": {"amount": "-180.00"}},
            {"kind": "PAYMENTS", "period": "2026-02", "amount": {"amount": "-120.00"}},
            {"kind": "NOTICE", "period": "2026-03", "amount": {"amount": "455.00"}},
        ],
        "explanation": "Au 4 mars 2026, le solde à régler est de 645,00\N{NO-BREAK SPACE}€.",
        "provenance": {"asOf": "2026-03-16T22:15:00+00:00"},
    }
    assert doors.landlord.calls("balances") == []


async def test_today_named_is_the_same_as_today_unnamed(doors: Doors) -> None:
    """The stored total is used, not the sum of entries alone."""
    found = await account(doors, 'named: balance(on: "2026-03-17") { due { amount } } balance { due { amount } }')

    assert found == {"named": {"due": {"amount": "477.10"}}, "balance": {"due": {"amount": "477.10"}}}


async def test_a_balance_speaks_english_on_request(doors: Doors) -> None:
    """Amounts and sentences; the codes stay."""
    found = await account(doors, "balance { state due { display } composition { label } explanation }", "en")

    assert found["balance"]["state"] == "OVERDUE"
    assert found["balance"]["due"] == {"display": "€477.10"}
    assert [line["label"] for line in found["balance"]["composition"]] == [
        "Balance brought forward",
        "Rent and charges for February 2026",
        "Housing benefit for February 2026",
        "Your payments in February 2026",
        "Rent and charges for March 2026",
        "Housing benefit for March 2026",
    ]
    assert found["balance"]["explanation"].startswith("On 17 March 2026, the balance to pay is €477.10, of which")


async def test_an_old_figure_says_that_it_is_old(doors: Doors) -> None:
    """The last known balance is shown with its date and the reason; the reader is not misled."""
    doors.landlord.stale["balances"] = StaleReason.TIMEOUT

    found = await account(doors, "balance { provenance { freshness staleReason statement } }")

    assert found["balance"]["provenance"] == {
        "freshness": "STALE",
        "staleReason": "TIMEOUT",
        "statement": "Dernière situation connue, au 16 mars 2026 à 23\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}15",
    }


@pytest.mark.parametrize("forget", ["balances", "entries"])
async def test_an_account_without_stored_balance_or_entries_has_no_balance(forget: str, doors: Doors) -> None:
    """Half of a balance is none."""
    getattr(doors.landlord.books, forget).clear()

    assert (await account(doors, "balance { on }"))["balance"] is None


ENTRY = """{ edges { node {
    valueOn postedOn direction kind label amount { amount } balanceAfter { amount } period method
    reverses { valueOn label } provenance { source issues { code field } }
} } }"""


async def test_an_entry_shows_all_that_the_erp_has(doors: Doors) -> None:
    """Days, kind, amount, month, how it was paid, and what it cancels."""
    entries = list(doors.landlord.books.entries[ACCOUNT])
    issue = DataQualityIssue(DataQualityCode.ENCODING_REPAIRED, "label", "RejetÃ©")
    entries[-1] = replace(entries[-1], reverses=EntryId("E-05"), issues=(issue,))
    doors.landlord.books.entries[ACCOUNT] = tuple(entries)

    found = await account(doors, f"ledger(first: 1) {ENTRY}")

    assert found["ledger"]["edges"] == [
        {
            "node": {
                "valueOn": "2026-03-17",
                "postedOn": "2026-03-17",
                "direction": "CREDIT",
                "kind": "PAYMENT",
                "label": "Paiement par carte",
                "amount": {"amount": "100.00"},
                "balanceAfter": {"amount": "365.00"},
                "period": None,
                "method": "CARD",
                "reverses": {"valueOn": "2026-02-12", "label": "Paiement par carte"},
                "provenance": {"source": "RENT_ERP", "issues": [{"code": "ENCODING_REPAIRED", "field": "label"}]},
            }
        }
    ]


async def test_what_the_erp_does_not_say_of_an_entry_is_null(doors: Doors) -> None:
    """No day of posting, no method, nothing cancelled, or something cancelled that is not in the books."""
    first, second, *_ = doors.landlord.books.entries[ACCOUNT]
    doors.landlord.books.entries[ACCOUNT] = (
        replace(first, posted_at=None),
        replace(second, posted_at=None, reverses=EntryId("E-GONE"), method=PaymentMethod.UNKNOWN),
    )

    found = await account(doors, "ledger { edges { node { postedOn method reverses { label } } } }")

    assert [edge["node"] for edge in found["ledger"]["edges"]] == [
        {"postedOn": None, "method": "UNKNOWN", "reverses": None},
        {"postedOn": None, "method": None, "reverses": None},
    ]


async def test_a_day_of_posting_is_that_of_paris(doors: Doors) -> None:
    """Half past eleven at night in Greenwich is tomorrow in Paris."""
    first, *_ = doors.landlord.books.entries[ACCOUNT]
    posted_at = doors.clock.now.replace(day=14, hour=23, minute=30)
    doors.landlord.books.entries[ACCOUNT] = (replace(first, posted_at=posted_at),)

    found = await account(doors, "ledger { edges { node { postedOn } } }")

    assert found["ledger"]["edges"] == [{"node": {"postedOn": "2026-03-15"}}]


async def test_amounts_of_any_size_are_exact(doors: Doors) -> None:
    """No figure ever passes through a floating-point number."""
    first, *_ = doors.landlord.books.entries[ACCOUNT]
    doors.landlord.books.entries[ACCOUNT] = (replace(first, amount=Money(10**17 + 1), value_on=date(2026, 3, 1)),)

    found = await account(doors, "ledger { edges { node { amount { amount } } } }")

    assert found["ledger"]["edges"] == [{"node": {"amount": {"amount": "1000000000000000.01"}}}]


async def test_what_was_booked_before_the_lease_began_is_in_the_balance(doors: Doors) -> None:
    """A deposit is taken when the lease is signed: the account has a balance from then on."""
    leases = doors.landlord.books.leases_of[CAMILLE]
    doors.landlord.books.leases_of[CAMILLE] = tuple(replace(lease, starts_on=date(2026, 4, 1)) for lease in leases)

    found = await account(doors, 'balance(on: "2026-03-04") { on }')

    assert found["balance"] == {"on": "2026-03-04"}
