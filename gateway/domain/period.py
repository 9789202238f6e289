"""Paris calendar: rent months, today's date, wall-clock times."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")

_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class YearMonth:
    """Calendar month, the unit of rent periods; prints as `2021-03`."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1 <= self.month <= 12 and 1 <= self.year <= 9999):
            raise ValueError(f"not a calendar month: {self.year}-{self.month}")

    @classmethod
    def parse(cls, text: str) -> "YearMonth":
        """Month written `YYYY-MM`. Raises ValueError for anything else."""
        match = _MONTH.fullmatch(text)
        if match is None:
            raise ValueError("a month is written YYYY-MM")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> "YearMonth":
        """Month that contains `day`."""
        return cls(day.year, day.month)

    def plus(self, months: int) -> "YearMonth":
        """The month `months` later; negative goes back. Raises ValueError beyond the years 1 to 9999."""
        years, month = divmod(self.month - 1 + months, 12)
        return YearMonth(self.year + years, month + 1)

    @property
    def first_day(self) -> date:
        """First day of the month."""
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        """Last day of the month."""
        return date(self.year, self.month, monthrange(self.year, self.month)[1])

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


def paris_date(instant: datetime) -> date:
    """Paris date of an aware instant."""
    try:
        return instant.astimezone(PARIS).date()
    except OverflowError:  # In the last hours of the calendar Paris is beyond it already.
        return instant.date()


def paris_instant(day: date, wall_clock: time) -> datetime:
    """The instant, in UTC, of a Paris wall-clock time: the earlier one when it comes twice that night."""
    local = datetime.combine(day, wall_clock, PARIS)
    try:
        return local.astimezone(UTC)
    except OverflowError:  # In the first minutes of the calendar Greenwich is before it still.
        return local.replace(tzinfo=UTC)
