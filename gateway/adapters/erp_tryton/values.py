"""Tryton's own types inside JSON: objects tagged `__class__`, each read by one grammar."""

from datetime import UTC, date, datetime
from typing import Annotated

import msgspec

from gateway.domain.money import Money

_Numeral = Annotated[str, msgspec.Meta(pattern=r"^-?[0-9]{1,13}(\.[0-9]{1,2}0*)?$")]


class Amount(msgspec.Struct, frozen=True, tag_field="__class__", tag="Decimal"):
    """Exact euros, with no more than two digits that count after the point."""

    decimal: _Numeral

    @property
    def money(self) -> Money:
        """The amount in cents."""
        euros, _, fraction = self.decimal.partition(".")
        return Money(int(euros + fraction[:2].ljust(2, "0")))


class Day(msgspec.Struct, frozen=True, tag_field="__class__", tag="date"):
    """A day of the calendar; made only of one that exists."""

    year: int
    month: int
    day: int

    def __post_init__(self) -> None:
        date(self.year, self.month, self.day)

    @classmethod
    def of(cls, day: date) -> "Day":
        """`day` as Tryton reads it."""
        return cls(day.year, day.month, day.day)

    @property
    def value(self) -> date:
        """The day."""
        return date(self.year, self.month, self.day)


class Instant(msgspec.Struct, frozen=True, tag_field="__class__", tag="datetime"):
    """A moment in UTC, although it does not say so; made only of one that exists."""

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int
    microsecond: int

    def __post_init__(self) -> None:
        _moment(self)

    @property
    def value(self) -> datetime:
        """The moment, aware."""
        return _moment(self)


def _moment(it: Instant) -> datetime:
    return datetime(it.year, it.month, it.day, it.hour, it.minute, it.second, it.microsecond, tzinfo=UTC)
