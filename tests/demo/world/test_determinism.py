"""The world is a function of its seed, and cheap to ask."""

import sys
from types import FrameType

import pytest
from hypothesis import given, settings

from gateway.demo.world import household, households, index_of, landlord
from tests.demo.world.strategies import TODAY, indexes, seeds

pytestmark = pytest.mark.thorough


@settings(deadline=None, max_examples=40)
@given(seed=seeds, index=indexes)
def test_the_same_seed_gives_the_same_household(seed: int, index: int) -> None:
    """Two systems that ask for one household see the same people and the same books."""
    assert household(seed, index, TODAY) == household(seed, index, TODAY)


def test_another_seed_gives_other_people() -> None:
    """Every household of another seed has other holders, and the showcase cases stay where they are."""
    ours = list(households(57, 40, TODAY))
    theirs = list(households(58, 40, TODAY))

    assert [one.case for one in ours] == [one.case for one in theirs]
    assert all(one.holder != other.holder for one, other in zip(ours, theirs, strict=True))


def test_a_household_does_not_depend_on_those_before_it() -> None:
    """The document store may rebuild one household without the others."""
    assert list(households(57, 30, TODAY))[29] == household(57, 29, TODAY)


@settings(deadline=None, max_examples=40)
@given(seed=seeds, index=indexes)
def test_a_notice_number_leads_back_to_its_household(seed: int, index: int) -> None:
    """Whoever holds a notice number can find the household it was sent to."""
    numbers = [notice.number for notice in household(seed, index, TODAY).notices]

    assert {index_of(number) for number in numbers} <= {index}
    assert len(set(numbers)) == len(numbers)


def test_what_is_no_notice_number_leads_nowhere() -> None:
    """A number of another kind, a number too long and nothing at all are told apart from notices."""
    wrong = ["", "AE", "AE00000026100", "AE0000002610011", " AE000000261001", "AE٠٠٠٠٠٠261001", "0012000"]

    assert [index_of(number) for number in wrong] == [None] * len(wrong)


def test_numbers_are_shared_by_nobody() -> None:
    """No two households share an account, lease, person, entry, notice, meter or works number."""
    seen: list[str] = []
    for one in households(57, 200, TODAY):
        seen.append(one.account_number)
        seen += [lease.number for lease in one.leases] + [lease.unit.number for lease in one.leases]
        seen += [party.person.number for party in one.leases[0].parties]
        seen += [entry.number for entry in one.entries] + [notice.number for notice in one.notices]
        seen += [meter.serial_number for meter in one.meters] + [works.number for works in one.works]

    assert len(set(seen)) == len(seen)


def test_a_household_costs_the_same_wherever_it_stands() -> None:
    """Thousands are made in seconds: some twenty calls of any function for each entry, far out as at the start."""
    near = _calls_per_entry(range(100, 130))
    far = _calls_per_entry(range(199_000, 199_030))

    assert near < 30
    assert far < 30


def test_the_landlord_is_the_same_for_every_process() -> None:
    """Offices, advisors and announcements depend on the day alone."""
    assert landlord(TODAY) == landlord(TODAY)


def _calls_per_entry(asked: range) -> float:
    calls = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        entries = sum(len(household(57, index, TODAY).entries) for index in asked)
    finally:
        sys.setprofile(None)
    return calls / entries
