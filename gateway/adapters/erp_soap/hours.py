"""Opening hours in IMMO-GEST: `1:0830-1200/1330-1700;2:0830-1200`, ISO weekdays, closed when left out."""

import re
from datetime import time
from itertools import pairwise

from gateway.domain.directory import OpeningSpan

_SPAN = re.compile(r"(\d{2})(\d{2})-(\d{2})(\d{2})", re.ASCII)
_WEEKDAYS = tuple("1234567")


def read_week(text: str) -> tuple[tuple[OpeningSpan, ...], ...]:
    """The spans of each weekday, Monday first. Raises ValueError for anything unclear."""
    days: dict[str, tuple[OpeningSpan, ...]] = {}
    for part in text.split(";"):
        weekday, _, spans = part.partition(":")
        if weekday not in _WEEKDAYS or weekday in days or not spans:
            raise ValueError("a day is one of 1 to 7, once, and has spans")
        days[weekday] = read_spans(spans)
    return tuple(days.get(weekday, ()) for weekday in _WEEKDAYS)


def read_spans(text: str) -> tuple[OpeningSpan, ...]:
    """The spans of one day in their order; none when `text` is empty. Raises ValueError."""
    spans = tuple(_span(part) for part in text.split("/")) if text else ()
    if any(later.opens < earlier.closes for earlier, later in pairwise(spans)):
        raise ValueError("spans follow each other")
    return spans


def _span(text: str) -> OpeningSpan:
    match = _SPAN.fullmatch(text)
    if match is None:
        raise ValueError("a span is written HHMM-HHMM")
    opening_hour, opening_minute, closing_hour, closing_minute = map(int, match.groups())
    return OpeningSpan(time(opening_hour, opening_minute), time(closing_hour, closing_minute))
