"""A payment that comes back is in the books from the day the bank says so."""

from datetime import date
from random import Random

import pytest

from gateway.demo.world import household
from gateway.demo.world.account import Account
from gateway.demo.world.books import keep_books
from gateway.demo.world.homes import tenure
from gateway.demo.world.profile import MoneyProfile, Profile

pytestmark = pytest.mark.thorough


def codes_on(today: date) -> list[str]:
    """The last two entries of a household whose latest payment is going to be returned."""
    profile = Profile(money=MoneyProfile(returned=0))
    leases = household(57, 0, today).leases
    account = Account(0, profile, leases, tenure(profile.home, today=today), today)
    books = keep_books(Random(57), account=account, billed_litres={})
    return [entry.code for entry in books.entries[-2:]]


def test_a_payment_is_received_before_it_comes_back() -> None:
    """Collected on the 10th, rejected on the 15th: in between the account looks paid."""
    assert codes_on(date(2026, 11, 15))[-1] == "ENC"
    assert codes_on(date(2026, 11, 16)) == ["ENC", "IMP"]
