"""The balance explains itself: its lines add up, and what they do not explain is told."""

import pytest

from gateway.domain.balance import (
    BalanceLineKind,
    BalanceState,
    composition_since,
    running_balances,
    strike,
    strike_at,
)
from gateway.domain.ledger import ChargeKind
from gateway.domain.money import Money
from gateway.domain.source import DataQualityCode, DataQualityIssue
from tests.unit.domain.samples import at, credit, debit, extract, month, on, stored

TODAY = on("2026-03-15")
MARCH = (
    debit("2026-03-01", 39000, ChargeKind.RENT, period="2026-03"),
    debit("2026-03-01", 8000, ChargeKind.SERVICE_CHARGE_ADVANCE, period="2026-03"),
    credit("2026-03-01", 4621, ChargeKind.RENT_REDUCTION, period="2026-03"),
    credit("2026-03-05", 20000, ChargeKind.HOUSING_BENEFIT, period="2026-03"),
    credit("2026-03-08", 15000),
)


def test_the_lines_of_a_month_add_up_to_the_stored_total() -> None:
    """The balance brought forward, rent and charges, benefit and payments make exactly the amount due."""
    balance = strike(stored(12379), extract(*MARCH, opening=5000), as_of=None, on=TODAY)

    assert [(line.kind, line.amount.cents, line.period) for line in balance.composition] == [
        (BalanceLineKind.BROUGHT_FORWARD, 5000, None),
        (BalanceLineKind.NOTICE, 42379, month("2026-03")),
        (BalanceLineKind.HOUSING_BENEFIT, -20000, month("2026-03")),
        (BalanceLineKind.PAYMENTS, -15000, month("2026-03")),
    ]
    assert balance.due == Money(12379)
    assert balance.unexplained_difference is None
    assert balance.issues == ()


def test_a_line_keeps_the_entries_behind_it() -> None:
    """The tenant sees which entries make a line."""
    balance = strike(stored(7379), extract(*MARCH), as_of=None, on=TODAY)

    assert [line.entries for line in balance.composition] == [MARCH[:3], MARCH[3:4], MARCH[4:]]


def test_nothing_is_brought_forward_when_the_account_was_settled() -> None:
    """No line says zero euros brought forward."""
    balance = strike(stored(0), extract(), as_of=None, on=TODAY)

    assert balance.composition == ()


def test_months_follow_each_other_and_money_counts_in_the_month_it_came() -> None:
    """A payment of March for the rent of February is a payment of March."""
    entries = (
        debit("2026-03-01", 40000, period="2026-03"),
        debit("2026-02-01", 40000, period="2026-02"),
        credit("2026-03-04", 40000, period="2026-02"),
    )

    balance = strike(stored(40000), extract(*entries), as_of=None, on=TODAY)

    assert [(line.kind, line.period) for line in balance.composition] == [
        (BalanceLineKind.NOTICE, month("2026-02")),
        (BalanceLineKind.NOTICE, month("2026-03")),
        (BalanceLineKind.PAYMENTS, month("2026-03")),
    ]


def test_an_entry_without_a_month_counts_in_the_month_of_its_value_day() -> None:
    """Rent that the ERP gives no month is rent of the month it is charged in."""
    balance = strike(stored(40000), extract(debit("2026-02-01", 40000)), as_of=None, on=TODAY)

    assert [(line.kind, line.period) for line in balance.composition] == [(BalanceLineKind.NOTICE, month("2026-02"))]


def test_a_correction_of_benefit_is_not_netted_with_the_benefit() -> None:
    """The benefit of the month and the one taken back for earlier months are two lines."""
    entries = (
        credit("2026-03-05", 20000, ChargeKind.HOUSING_BENEFIT),
        debit("2026-03-05", 3000, ChargeKind.HOUSING_BENEFIT_CORRECTION),
    )

    balance = strike(stored(-17000), extract(*entries), as_of=None, on=TODAY)

    assert [(line.kind, line.charge, line.amount.cents) for line in balance.composition] == [
        (BalanceLineKind.HOUSING_BENEFIT, ChargeKind.HOUSING_BENEFIT, -20000),
        (BalanceLineKind.HOUSING_BENEFIT, ChargeKind.HOUSING_BENEFIT_CORRECTION, 3000),
    ]


@pytest.mark.parametrize(
    "kind",
    [
        ChargeKind.CHARGE_SETTLEMENT,
        ChargeKind.SURVEY_PENALTY,
        ChargeKind.LEGAL_FEES,
        ChargeKind.PAYMENT_RETURNED,
        ChargeKind.CORRECTION,
        ChargeKind.PAYMENT,
        ChargeKind.OTHER,
    ],
)
def test_settlements_fees_and_money_taken_back_are_adjustments(kind: ChargeKind) -> None:
    """A payment that came back never hides among the payments received."""
    balance = strike(stored(2500), extract(debit("2026-03-09", 2500, kind)), as_of=None, on=TODAY)

    assert [(line.kind, line.charge) for line in balance.composition] == [(BalanceLineKind.ADJUSTMENT, kind)]


def test_an_unknown_charge_for_a_month_is_part_of_that_notice() -> None:
    """An ERP that books a notice as one sum still has notices."""
    entry = debit("2026-02-25", 41237, ChargeKind.OTHER, period="2026-03")

    balance = strike(stored(41237), extract(entry), as_of=None, on=TODAY)

    assert [(line.kind, line.period, line.charge) for line in balance.composition] == [
        (BalanceLineKind.NOTICE, month("2026-03"), None)
    ]


def test_an_unknown_credit_for_a_month_is_an_adjustment() -> None:
    """What is credited for a reason we do not know is not taken for rent."""
    entry = credit("2026-02-25", 1000, ChargeKind.OTHER, period="2026-03")

    balance = strike(stored(-1000), extract(entry), as_of=None, on=TODAY)

    assert [line.kind for line in balance.composition] == [BalanceLineKind.ADJUSTMENT]


def test_entries_posted_after_the_closing_are_told_apart() -> None:
    """The ERP closed its balance at midnight; the payment posted this morning is listed, not counted."""
    rent = debit("2026-03-01", 40000, posted_at=at("2026-03-14T22:00"))
    payment = credit("2026-03-14", 40000, posted_at=at("2026-03-15T08:00"))

    balance = strike(stored(40000), extract(rent, payment), as_of=at("2026-03-14T23:00"), on=TODAY)

    assert balance.due == Money(40000)
    assert [line.entries for line in balance.composition] == [(rent,)]
    assert balance.later_entries == (payment,)
    assert balance.unexplained_difference is None


def test_an_entry_posted_at_the_closing_itself_is_counted() -> None:
    """What was posted at the very moment of the closing is in it."""
    rent = debit("2026-03-01", 40000, posted_at=at("2026-03-14T23:00"))

    balance = strike(stored(40000), extract(rent), as_of=at("2026-03-14T23:00"), on=TODAY)

    assert balance.later_entries == ()
    assert [line.entries for line in balance.composition] == [(rent,)]


def test_without_a_posting_time_or_a_closing_time_every_entry_is_counted() -> None:
    """Nothing is left out on a guess."""
    untimed = debit("2026-03-01", 40000)
    timed = debit("2026-03-02", 100, posted_at=at("2026-03-02T08:00"))

    closed = strike(stored(40000), extract(untimed), as_of=at("2026-02-01T00:00"), on=TODAY)
    undated = strike(stored(40100), extract(untimed, timed), as_of=None, on=TODAY)

    assert closed.later_entries == undated.later_entries == ()
    assert undated.unexplained_difference is None


def test_what_the_entries_do_not_explain_is_told() -> None:
    """The total of the ERP is one cent above its own entries: both are shown, and IT is told."""
    balance = strike(stored(40001), extract(debit("2026-03-01", 40000)), as_of=None, on=TODAY)

    assert balance.due == Money(40001)
    assert balance.unexplained_difference == Money(1)
    assert balance.issues == (DataQualityIssue(DataQualityCode.TOTAL_MISMATCH, "due", "total 400.01, entries 400.00"),)


@pytest.mark.parametrize(
    ("total", "overdue", "state"),
    [
        (-1, 0, BalanceState.IN_CREDIT),
        (0, 0, BalanceState.SETTLED),
        (41237, 0, BalanceState.DUE),
        (41237, 1, BalanceState.OVERDUE),
    ],
)
def test_the_state_saves_everybody_from_reading_a_sign(total: int, overdue: int, state: BalanceState) -> None:
    """Credit, settled, due, overdue."""
    balance = strike(stored(total, overdue=overdue), extract(opening=total), as_of=None, on=TODAY)

    assert balance.state is state
    assert balance.overdue == Money(overdue)


@pytest.mark.parametrize(
    ("total", "overdue", "shown", "state"),
    [
        (-5000, 12000, 0, BalanceState.IN_CREDIT),
        (8000, 12000, 8000, BalanceState.OVERDUE),
        (8000, -1, 0, BalanceState.DUE),
        (0, 12000, 0, BalanceState.SETTLED),
    ],
)
def test_a_contradictory_overdue_amount_never_exceeds_what_is_due(
    total: int, overdue: int, shown: int, state: BalanceState
) -> None:
    """An account in credit owes nothing overdue, whatever the ERP says; IT is told."""
    balance = strike(stored(total, overdue=overdue), extract(opening=total), as_of=None, on=TODAY)

    assert (balance.overdue, balance.state) == (Money(shown), state)
    assert [(issue.code, issue.field) for issue in balance.issues] == [(DataQualityCode.TOTAL_MISMATCH, "overdue")]


def test_pending_payments_stand_apart() -> None:
    """What is paid online but not posted yet lowers what is left to pay, not what is due."""
    balance = strike(stored(41237), extract(opening=41237), as_of=None, on=TODAY, pending=Money(40000))

    assert (balance.due, balance.pending, balance.due_after_pending) == (
        Money(41237),
        Money(40000),
        Money(1237),
    )


def test_the_balance_says_when_it_was_struck_and_what_falls_due_next() -> None:
    """« Solde à régler au 15 mars 2026 »."""
    balance = strike(stored(0), extract(), as_of=None, on=TODAY)

    assert (balance.on, balance.next_due_on) == (TODAY, on("2026-04-10"))


def test_a_past_balance_counts_the_entries_up_to_that_day() -> None:
    """On 7 March the payment of the 8th had not come."""
    balance = strike_at(extract(*MARCH, opening=5000), on=on("2026-03-07"))

    assert balance.due == Money(27379)
    assert balance.state is BalanceState.DUE
    assert sum(line.amount.cents for line in balance.composition) == 27379


def test_a_past_balance_counts_the_entries_of_that_day_itself() -> None:
    """It is struck at the end of the day."""
    assert strike_at(extract(*MARCH, opening=5000), on=on("2026-03-08")).due == Money(12379)


def test_a_past_balance_does_not_pretend_to_know_what_was_overdue() -> None:
    """The books keep no due dates of the past."""
    balance = strike_at(extract(opening=5000), on=on("2026-03-07"))

    assert (balance.overdue, balance.next_due_on, balance.pending) == (None, None, Money(0))
    assert (balance.unexplained_difference, balance.later_entries, balance.issues) == (None, (), ())


@pytest.mark.parametrize(
    ("struck_on", "since"),
    [
        ("2026-03-15", "2025-12-01"),
        ("2026-12-31", "2026-09-01"),
        ("0002-01-31", "0001-10-01"),
        ("0001-02-01", "0001-01-01"),
    ],
)
def test_three_months_explain_a_balance(struck_on: str, since: str) -> None:
    """The month of the balance and the three before it; never before the calendar itself."""
    assert composition_since(on(struck_on)) == on(since)


def test_running_balances_start_from_the_opening() -> None:
    """The balance after each entry, the first one included."""
    balances = running_balances(extract(debit("2026-03-01", 300), credit("2026-03-02", 500), opening=100))

    assert balances == (Money(400), Money(-100))
