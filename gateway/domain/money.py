"""Exact euro amounts."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """Euro amount in whole cents. As a balance, positive is owed by the tenant."""

    cents: int

    def __post_init__(self) -> None:
        if type(self.cents) is not int:  # a float or a bool that reached us untyped
            raise TypeError(f"Money takes whole cents, got {type(self.cents).__name__}")

    def __add__(self, other: "Money") -> "Money":
        return Money(self.cents + other.cents)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.cents - other.cents)

    def __neg__(self) -> "Money":
        return Money(-self.cents)

    @property
    def decimal(self) -> str:
        """Decimal string with two digits, for example `-1234.50`."""
        euros, cents = divmod(abs(self.cents), 100)
        return f"{'-' if self.cents < 0 else ''}{euros}.{cents:02d}"


ZERO = Money(0)


def total(amounts: Iterable[Money]) -> Money:
    """Sum of `amounts`; zero when there are none."""
    return Money(sum(amount.cents for amount in amounts))
