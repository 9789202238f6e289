"""Puts one household together from its parts. Nothing is kept and no household knows another."""

from collections.abc import Iterator
from datetime import date
from random import Random

from gateway.demo.world.account import Account
from gateway.demo.world.books import Books, keep_books
from gateway.demo.world.homes import Signed, draw_unit, leases, tenure
from gateway.demo.world.model import Household
from gateway.demo.world.numbers import account_number
from gateway.demo.world.people import Registry, parties, principal_holder
from gateway.demo.world.profile import Profile
from gateway.demo.world.rates import draw_profile
from gateway.demo.world.showcase import SHOWCASE
from gateway.demo.world.water import draw_water
from gateway.demo.world.works import draw_works


def household(seed: int, index: int, today: date) -> Household:
    """The household at `index`, as it stands on the morning of `today`; the first ones are the showcase.

    A pure function: the same arguments give an equal household, in any process.
    """
    rng = Random(f"{seed}/{index}")
    profile = SHOWCASE[index] if index < len(SHOWCASE) else draw_profile(rng)
    registry = Registry(rng, index, today)
    holder = principal_holder(registry, home=profile.home)
    term = tenure(profile.home, today=today)
    signed = Signed(parties(registry, home=profile.home, holder=holder, since=term.starts_on), term)
    unit = draw_unit(rng, index=index, home=profile.home)
    account = Account(index, profile, leases(index=index, home=profile.home, unit=unit, signed=signed), term, today)
    water = draw_water(rng, account=account)
    books = keep_books(rng, account=account, billed_litres=water.billed_litres)
    return Household(
        index=index,
        case=profile.case,
        account_number=account_number(index),
        holder=holder,
        leases=account.leases,
        entries=books.entries,
        notices=books.notices,
        meters=water.meters,
        works=draw_works(rng, account=account),
        disputed_cents=_disputed_cents(profile, books=books),
        next_due_on=_next_due_on(books, today=today),
        stored_difference_cents=profile.money.stored_difference_cents,
    )


def households(seed: int, count: int, today: date) -> Iterator[Household]:
    """The first `count` households, made one at a time."""
    return (household(seed, index, today) for index in range(count))


def _disputed_cents(profile: Profile, *, books: Books) -> int:
    """Half of the debt, in whole euros, is held apart when the tenant disputes it."""
    return max(books.balance_cents, 0) // 200 * 100 if profile.money.disputed else 0


def _next_due_on(books: Books, *, today: date) -> date | None:
    """The due date of the latest notice while it is ahead and something is owed."""
    if not books.notices or books.balance_cents <= 0:
        return None
    due_on = books.notices[-1].due_on
    return due_on if due_on >= today else None
