"""Money is whole cents, exact at any size."""

from typing import cast

import pytest

from gateway.domain.money import ZERO, Money, total


@pytest.mark.parametrize(
    ("cents", "text"),
    [
        (0, "0.00"),
        (5, "0.05"),
        (-5, "-0.05"),
        (41237, "412.37"),
        (-123450, "-1234.50"),
        (10**30 + 1, "10000000000000000000000000000.01"),
    ],
)
def test_an_amount_is_written_with_two_digits(cents: int, text: str) -> None:
    """No rounding, no exponent, the sign of cents below one euro kept."""
    assert Money(cents).decimal == text


@pytest.mark.parametrize("cents", [412.37, 41237.0, True, "41237", None])
def test_what_is_not_whole_cents_is_no_amount(cents: object) -> None:
    """No float ever meets an amount, not even by mistake."""
    with pytest.raises(TypeError, match="whole cents"):
        Money(cast("int", cents))


def test_amounts_are_added_subtracted_and_turned_round() -> None:
    """In cents."""
    assert Money(30) + Money(12) == Money(42)
    assert Money(30) - Money(42) == Money(-12)
    assert -Money(30) == Money(-30)


def test_amounts_are_ordered() -> None:
    """A credit is below zero."""
    assert sorted([Money(2), ZERO, Money(-1)]) == [Money(-1), ZERO, Money(2)]


def test_a_total_of_nothing_is_zero() -> None:
    """An account without entries owes nothing."""
    assert total([]) == ZERO
    assert total([Money(30), Money(12)]) == Money(42)
