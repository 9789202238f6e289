"""Inputs shared by several fields."""

from datetime import date

import strawberry

from gateway.domain.period import YearMonth
from gateway.schema.errors import InvalidArgumentError


@strawberry.input(description="Inclusive range of months.")
class MonthRange:
    """Both ends included."""

    from_: YearMonth = strawberry.field(name="from", description="First month.")
    to: YearMonth = strawberry.field(description="Last month.")

    def checked(self, *, longest_months: int) -> tuple[YearMonth, YearMonth]:
        """First and last month. Raises InvalidArgumentError when upside down or longer than `longest_months`."""
        if self.to < self.from_:
            raise InvalidArgumentError("range", "the range ends before it begins")
        if (self.to.year - self.from_.year) * 12 + self.to.month - self.from_.month >= longest_months:
            raise InvalidArgumentError("range", f"the range covers more than {longest_months} months")
        return self.from_, self.to


@strawberry.input(description="Inclusive range of dates.")
class DateRange:
    """Both ends included."""

    from_: date = strawberry.field(name="from", description="First day.")
    to: date = strawberry.field(description="Last day.")

    def checked(self) -> tuple[date, date]:
        """First and last day. Raises InvalidArgumentError when upside down."""
        if self.to < self.from_:
            raise InvalidArgumentError("range", "the range ends before it begins")
        return self.from_, self.to
