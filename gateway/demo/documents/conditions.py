"""What has become of each document: most are there, some are lost, damaged or late."""

from datetime import date, datetime, time, timedelta
from enum import Enum, auto

from gateway.demo.control import PARIS
from gateway.demo.documents.identifiers import draw_of
from gateway.demo.world.model import Notice

_LATE_BY = timedelta(days=2)
_DELIVERY = time(6)


class Condition(Enum):
    """What a request for the document meets; INTERFACE.md §4 tells it from outside."""

    THERE = auto()
    LATE = auto()
    LOST = auto()
    EMPTIED = auto()
    ERROR_PAGE = auto()
    DAMAGED = auto()
    BROKEN_OFF = auto()


_MISSING = (Condition.LOST, Condition.EMPTIED, Condition.ERROR_PAGE)
_CORRUPT = (Condition.DAMAGED, Condition.BROKEN_OFF)


def condition_of(notice: Notice, *, made_on: date, now: datetime) -> Condition:
    """The condition of a notice's document at `now`, in a store made on `made_on`; which variant is drawn once."""
    drawn = draw_of(notice.number)
    match notice.pdf:
        case "MISSING":
            return _MISSING[drawn % len(_MISSING)]
        case "CORRUPT":
            return _CORRUPT[drawn % len(_CORRUPT)]
        case "LATE" if now < _delivered_at(made_on):
            return Condition.LATE
        case _:
            return Condition.THERE


def _delivered_at(made_on: date) -> datetime:
    return datetime.combine(made_on + _LATE_BY, _DELIVERY, PARIS)
