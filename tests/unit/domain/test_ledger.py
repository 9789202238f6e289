"""Entries and notice lines carry a direction, never a negative amount."""

import pytest

from gateway.domain.ledger import ChargeKind, Direction
from gateway.domain.money import Money
from gateway.domain.notice import NoticeLine
from tests.unit.domain.samples import credit, debit


def test_a_debit_adds_to_what_is_owed_and_a_credit_takes_away() -> None:
    """Positive is owed by the tenant."""
    assert debit("2026-03-01", 41237).signed == Money(41237)
    assert credit("2026-03-01", 41237).signed == Money(-41237)


def test_an_entry_is_never_negative() -> None:
    """A negative debit would be a credit that says something else."""
    with pytest.raises(ValueError, match="never negative"):
        debit("2026-03-01", -1)


@pytest.mark.parametrize(("direction", "cents"), [(Direction.DEBIT, 4621), (Direction.CREDIT, -4621)])
def test_a_line_of_a_notice_has_the_same_sign(direction: Direction, cents: int) -> None:
    """The rent reduction stands in the credit column."""
    line = NoticeLine(ChargeKind.RENT_REDUCTION, "RLS", direction, Money(4621))

    assert line.signed == Money(cents)
