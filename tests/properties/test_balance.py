"""Whatever the books hold, the balance adds up to the cent."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.balance import Balance, BalanceState, running_balances, strike, strike_at
from gateway.domain.identifiers import AccountId
from gateway.domain.ledger import Direction, LedgerExtract, StoredBalance
from gateway.domain.money import ZERO, Money
from tests.properties import strategies

pytestmark = pytest.mark.thorough

ON = date(2026, 3, 15)

stored_balances = st.builds(
    StoredBalance,
    account_id=st.just(AccountId("A1")),
    total=strategies.moneys,
    overdue=strategies.moneys,
    next_due_on=st.none(),
    issues=st.just(()),
)


def signed_cents(extract: LedgerExtract, *, until: date = date.max) -> int:
    """The naive sum: debits less credits, after the opening."""
    return extract.opening.cents + sum(
        entry.amount.cents if entry.direction is Direction.DEBIT else -entry.amount.cents
        for entry in extract.entries
        if entry.value_on <= until
    )


def shown_cents(balance: Balance) -> int:
    """What a reader adds up: the lines and the unexplained difference."""
    unexplained = balance.unexplained_difference or ZERO
    return sum(line.amount.cents for line in balance.composition) + unexplained.cents


@given(stored_balances, strategies.extracts, st.none() | strategies.current_instants)
def test_lines_and_unexplained_difference_make_what_is_due(
    stored: StoredBalance, extract: LedgerExtract, as_of: datetime | None
) -> None:
    """Always, and exactly; no difference of zero is ever shown."""
    balance = strike(stored, extract, as_of=as_of, on=ON)

    assert shown_cents(balance) == balance.due.cents == stored.total.cents
    assert balance.unexplained_difference != ZERO


@given(stored_balances, strategies.extracts, st.none() | strategies.current_instants)
def test_every_entry_stands_in_one_line_or_among_the_later_ones(
    stored: StoredBalance, extract: LedgerExtract, as_of: datetime | None
) -> None:
    """None is lost, none counted twice; each line is the sum of its entries."""
    balance = strike(stored, extract, as_of=as_of, on=ON)

    told = [entry for line in balance.composition for entry in line.entries] + list(balance.later_entries)
    assert sorted(map(repr, told)) == sorted(map(repr, extract.entries))
    assert all(
        line.amount.cents == sum(entry.signed.cents for entry in line.entries)
        for line in balance.composition
        if line.period is not None
    )


@given(stored_balances, strategies.extracts)
def test_what_is_overdue_lies_between_zero_and_what_is_due(stored: StoredBalance, extract: LedgerExtract) -> None:
    """And the state says the same as the figures."""
    balance = strike(stored, extract, as_of=None, on=ON)

    assert balance.overdue is not None
    assert ZERO <= balance.overdue <= max(balance.due, ZERO)
    assert (balance.state is BalanceState.OVERDUE) == (balance.overdue > ZERO)
    assert (balance.state is BalanceState.IN_CREDIT) == (balance.due < ZERO)
    assert (balance.state is BalanceState.SETTLED) == (balance.due == ZERO)


@given(strategies.extracts, strategies.current_days)
def test_a_past_balance_is_the_sum_of_the_entries_until_then(extract: LedgerExtract, on: date) -> None:
    """As anybody would add them up."""
    balance = strike_at(extract, on=on)

    assert balance.due.cents == shown_cents(balance) == signed_cents(extract, until=on)


@given(strategies.extracts)
def test_running_balances_are_what_a_person_would_write_beside_each_entry(extract: LedgerExtract) -> None:
    """One after the other, from the opening on."""
    balance, expected = extract.opening, []
    for entry in extract.entries:
        balance = Money(balance.cents + entry.signed.cents)
        expected.append(balance)

    assert running_balances(extract) == tuple(expected)


@given(stored_balances, strategies.extracts)
def test_lines_follow_each_other_by_month(stored: StoredBalance, extract: LedgerExtract) -> None:
    """What was brought forward first, then one month after the other, each line but once."""
    lines = strike(stored, extract, as_of=None, on=ON).composition

    periods = [line.period for line in lines if line.period is not None]
    keys = [(line.period, line.kind, line.charge) for line in lines]
    assert periods == sorted(periods)
    assert len(keys) == len(set(keys))
    assert [line.period for line in lines].count(None) == (extract.opening != ZERO)
