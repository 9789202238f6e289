"""When an office is open, in Paris wall-clock, public holidays of Moselle included.

A time that the clock repeats on the night it changes is the earlier one, as everywhere here.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import groupby
from types import MappingProxyType
from typing import Literal

from holidays import country_holidays

from gateway.domain.directory import (
    OpeningHours,
    OpeningSpan,
    SpecialOpening,
    UsefulContact,
    UsefulContactKind,
)
from gateway.domain.period import paris_date, paris_instant

Language = Literal["fr", "en_US"]

_SEARCHED_DAYS = 366


@dataclass(frozen=True, slots=True)
class WeekdayGroup:
    """Consecutive weekdays with the same hours. Days count from 0, Monday, to 6; both ends included."""

    first: int
    last: int
    spans: tuple[OpeningSpan, ...]


@lru_cache(maxsize=64)
def public_holidays(year: int, language: Language = "fr") -> Mapping[date, str]:
    """The thirteen public holidays of Moselle with their names.

    Local law adds Good Friday and 26 December to the national ones. Empty for years too far to be known.
    """
    return MappingProxyType(dict(sorted(country_holidays("FR", "57", years=year, language=language).items())))


def spans_on(hours: OpeningHours, day: date) -> tuple[OpeningSpan, ...]:
    """The spans of `day`, in order: a special period's, else none on a public holiday, else the usual week's.

    Of several special periods the shortest holds, of equally long ones the later: a single day within a summer
    timetable is meant.
    """
    periods = [special for special in hours.special if special.first_day <= day <= special.last_day]
    if periods:
        spans = min(periods, key=_precedence).spans
    elif day in public_holidays(day.year):
        spans = ()
    else:
        spans = hours.regular[day.weekday()]
    return _in_order(spans)


def is_open(hours: OpeningHours, at: datetime) -> bool:
    """Whether the office is open at the aware instant `at`; it is no longer at the closing time itself."""
    return any(opens <= at < closes for opens, closes in _openings_on(hours, paris_date(at)))


def next_opening(hours: OpeningHours, after: datetime) -> datetime | None:
    """The first opening strictly after the aware instant `after`, in UTC; None without one within a year."""
    first = paris_date(after).toordinal()
    for ordinal in range(first, min(first + _SEARCHED_DAYS, date.max.toordinal())):
        openings = (opens for opens, _ in _openings_on(hours, date.fromordinal(ordinal)) if opens > after)
        if opening := min(openings, default=None):
            return opening
    return None


def weekly_groups(hours: OpeningHours) -> tuple[WeekdayGroup, ...]:
    """The usual week, equal neighbouring days together, closed days left out."""
    groups = []
    for spans, days in groupby(range(7), key=lambda day: _in_order(hours.regular[day])):
        first, *others = days
        if spans:
            groups.append(WeekdayGroup(first, others[-1] if others else first, spans))
    return tuple(groups)


def special_with_holidays(
    hours: OpeningHours, *, first_day: date, last_day: date, language: Language = "fr"
) -> tuple[SpecialOpening, ...]:
    """Special periods that touch the range, both ends included, and public holidays outside them, by day.

    A special period says what happens on the holidays within it. `language` is that of the holidays' names.
    Takes time in proportion to the number of years: the caller bounds the range.
    """
    periods = [special for special in hours.special if special.first_day <= last_day and special.last_day >= first_day]
    holidays = [
        SpecialOpening(first_day=day, last_day=day, label=name, spans=())
        for year in range(first_day.year, last_day.year + 1)
        for day, name in public_holidays(year, language).items()
        if first_day <= day <= last_day and not any(special.first_day <= day <= special.last_day for special in periods)
    ]
    return tuple(sorted([*periods, *holidays], key=lambda special: special.first_day))


def reachable_now(contact: UsefulContact, office_hours: OpeningHours | None, *, now: datetime) -> bool:
    """Whether `contact` is right at `now`: the emergency line while the office is closed, else the others.

    While the hours are not known the emergency line is right. A contact without a number never is.
    """
    office_is_open = office_hours is not None and is_open(office_hours, now)
    is_emergency_line = contact.kind is UsefulContactKind.EMERGENCY_LINE
    return contact.phone is not None and office_is_open is not is_emergency_line


def _precedence(special: SpecialOpening) -> tuple[timedelta, int]:
    return special.last_day - special.first_day, -special.first_day.toordinal()


def _in_order(spans: Iterable[OpeningSpan]) -> tuple[OpeningSpan, ...]:
    return tuple(sorted(spans, key=lambda span: (span.opens, span.closes)))


def _openings_on(hours: OpeningHours, day: date) -> Iterator[tuple[datetime, datetime]]:
    """Instants in UTC between which the office is open on `day`, but for spans that the clock skips."""
    for span in spans_on(hours, day):
        opens, closes = paris_instant(day, span.opens), paris_instant(day, span.closes)
        if opens < closes:
            yield opens, closes
