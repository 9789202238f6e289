"""The books are right to the cent, whatever the household and the day."""

from collections import Counter
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings

from gateway.demo.world.months import billing_run
from tests.demo.world.strategies import Place, balance, places, signed

pytestmark = pytest.mark.thorough

PARIS = ZoneInfo("Europe/Paris")

many = settings(deadline=None, max_examples=80)


@many
@given(place=places)
def test_each_month_has_one_notice_in_force_and_its_entries_add_up_to_it(place: Place) -> None:
    """The total of a notice is the sum of the entries made for its month."""
    one = place.household()
    in_force = {notice.period: notice.period_total_cents for notice in one.notices if notice.state == "EMIS"}

    charged = Counter[str]()
    for entry in one.entries:
        if entry.period is not None:
            charged[entry.period] += signed(entry)

    assert dict(charged) == in_force
    assert len(in_force) == sum(notice.state == "EMIS" for notice in one.notices)


@many
@given(place=places)
def test_a_notice_brings_forward_the_balance_of_the_other_months(place: Place) -> None:
    """What stood before a notice is the sum of everything else posted before it was issued."""
    one = place.household()
    for notice in one.notices:
        before = [
            signed(entry)
            for entry in one.entries
            if entry.posted_at < billing_run(notice.issued_on)
            and (entry.period is None or entry.period < notice.period)
        ]

        assert notice.brought_forward_cents == sum(before)


@many
@given(place=places)
def test_the_net_amount_is_what_stood_before_and_the_month(place: Place) -> None:
    """Solde antérieur and total du mois make the net à payer, for replaced and cancelled notices too."""
    one = place.household()
    for notice in one.notices:
        assert notice.amount_due_cents == notice.brought_forward_cents + notice.period_total_cents


@many
@given(place=places)
def test_a_replaced_notice_names_the_one_in_force(place: Place) -> None:
    """A replaced notice leads to the later one for the same month; others lead nowhere."""
    one = place.household()
    by_number = {notice.number: notice for notice in one.notices}
    for notice in one.notices:
        if notice.state == "REMPLACE":
            successor = by_number[str(notice.replaced_by)]
            assert (successor.period, successor.state) == (notice.period, "EMIS")
            assert successor.issued_on > notice.issued_on
        else:
            assert notice.replaced_by is None


@many
@given(place=places)
def test_nothing_is_in_the_books_before_it_happens(place: Place) -> None:
    """Entries come in the order they were posted, and the last one before today."""
    one = place.household()

    assert all(before.posted_at <= after.posted_at for before, after in pairwise(one.entries))
    assert all(entry.posted_at.astimezone(PARIS).date() < place.today for entry in one.entries)
    assert all(entry.value_on <= entry.posted_at.astimezone(PARIS).date() for entry in one.entries)
    assert all(notice.issued_on < place.today for notice in one.notices)


@many
@given(place=places)
def test_every_line_and_entry_has_a_positive_amount_and_a_lease_of_the_account(place: Place) -> None:
    """Direction carries the sign; a charge belongs to a lease, money that came in belongs to the account."""
    one = place.household()
    numbers = {lease.number for lease in one.leases}
    for notice in one.notices:
        assert all(line.cents > 0 and line.lease_number in numbers for line in notice.lines)
    for entry in one.entries:
        assert entry.cents > 0
        assert (entry.lease_number in numbers) if entry.period else (entry.lease_number is None)


@many
@given(place=places)
def test_a_returned_payment_takes_back_exactly_what_was_received(place: Place) -> None:
    """A rejected payment names the receipt it cancels, for the same amount."""
    one = place.household()
    receipts = {entry.number: entry for entry in one.entries if entry.code == "ENC"}
    for entry in one.entries:
        if entry.code == "IMP":
            assert (entry.direction, entry.cents) == ("D", receipts[str(entry.reverses)].cents)
        else:
            assert entry.reverses is None


@many
@given(place=places)
def test_what_was_to_be_collected_was_collected(place: Place) -> None:
    """A notice that announces a direct debit is followed by one of that amount on that day."""
    one = place.household()
    collected = {(entry.value_on, entry.cents) for entry in one.entries if entry.method == "PRLV"}
    announced = {
        (notice.collection_on, notice.amount_due_cents)
        for notice in one.notices
        if notice.state == "EMIS" and notice.collection_on is not None and notice.collection_on < place.today
    }

    assert announced <= collected


@many
@given(place=places)
def test_the_next_due_date_is_ahead_and_something_is_owed(place: Place) -> None:
    """A due date is shown only while it is to come and there is something to pay."""
    one = place.household()
    if one.next_due_on is not None:
        assert one.next_due_on >= place.today
        assert balance(one) > 0


@many
@given(place=places)
def test_no_more_is_disputed_than_is_owed(place: Place) -> None:
    """The part held apart is a part of the debt."""
    one = place.household()
    assert 0 <= one.disputed_cents <= max(balance(one), 0)
