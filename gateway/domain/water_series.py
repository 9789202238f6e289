"""Water consumption by day, month or year, all meters of a kind together, from the readings of their meters.

Invariants: no figure is ever negative; the steps between two real readings add up to what was measured, to
the litre; a figure that cannot be computed is None with its reason.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import assert_never

from gateway.domain.meter_readings import metering_points
from gateway.domain.metering_point import MeteringPoint
from gateway.domain.period import YearMonth
from gateway.domain.water import WaterKind, WaterMeter
from gateway.domain.water_consumption import (
    Consumption,
    ConsumptionQuality,
    Remark,
    RemarkKind,
    add,
    unavailable,
)


class Granularity(StrEnum):
    """Step of a series."""

    DAY = "DAY"
    MONTH = "MONTH"
    YEAR = "YEAR"


@dataclass(frozen=True, slots=True)
class ConsumptionPoint:
    """Consumption of one step, `from_` and `to` included.

    `litres` is None exactly when `quality` is UNAVAILABLE.
    """

    from_: date
    to: date
    litres: int | None
    quality: ConsumptionQuality
    remark: Remark | None = None


@dataclass(frozen=True, slots=True)
class YearToDate:
    """Litres since 1 January.

    They go up to `until`, the last day that each meter in service has been read or estimated for.
    `previous_year_litres` are those of the same span a year before. Figures are None when they cannot be
    computed; the average of the building is, until a source gives it.
    """

    until: date | None
    litres: int | None
    previous_year_litres: int | None
    building_average_litres: int | None = None


def series(  # noqa: PLR0913 - what is asked for is five facts, all of them named at the call
    meters: Sequence[WaterMeter],
    *,
    kind: WaterKind,
    granularity: Granularity,
    months: tuple[YearMonth, YearMonth] | None = None,
    today: date,
) -> tuple[ConsumptionPoint, ...]:
    """Consumption of `kind` by step over `months`, both included, oldest first; empty without such a meter.

    Without `months`, the thirteen last months that are over: the latest one has its like of the year before.
    Years are cut at the ends of the range. Takes time in proportion to the number of steps: the caller
    bounds the range.
    """
    points = metering_points(meters, kind=kind, today=today)
    first, last = months or last_whole_months(13, today)
    if not points or first > last:
        return ()
    return tuple(_at_step(points, from_=from_, to=to, today=today) for from_, to in _steps(granularity, first, last))


def year_to_date(meters: Sequence[WaterMeter], *, kind: WaterKind, today: date) -> YearToDate:
    """Consumption of `kind` since 1 January."""
    points = metering_points(meters, kind=kind, today=today)
    until = _read_until(points, today)
    if until is None or until.year < today.year:
        return YearToDate(until=None, litres=None, previous_year_litres=None)
    month = YearMonth.of(until).plus(-12)
    year_before = date(month.year, month.month, min(until.day, month.last_day.day))
    return YearToDate(
        until=until,
        litres=_all_points(points, from_=date(until.year, 1, 1), to=until).litres,
        previous_year_litres=_all_points(points, from_=date(month.year, 1, 1), to=year_before).litres,
    )


def last_whole_months(count: int, today: date) -> tuple[YearMonth, YearMonth]:
    """First and last of the `count` latest months that are over by `today`. Raises ValueError beyond the calendar."""
    last = YearMonth.of(today).plus(-1)
    return last.plus(1 - count), last


def _at_step(points: Sequence[MeteringPoint], *, from_: date, to: date, today: date) -> ConsumptionPoint:
    passed = _all_points(points, from_=from_, to=to)
    if passed.litres is None and to >= today:
        passed = unavailable(*passed.remarks, Remark(RemarkKind.NOT_OVER_YET))
    return ConsumptionPoint(from_, to, passed.litres, passed.quality, passed.remark)


def _all_points(points: Sequence[MeteringPoint], *, from_: date, to: date) -> Consumption:
    """What passed at all points in service from the first to the last day, both included."""
    after, until = from_.toordinal() - 1, to.toordinal()
    parts = [part for point in points if (part := point.consumption(after, until)) is not None]
    return add(parts) if parts else unavailable(Remark(RemarkKind.READING_MISSING))


def _steps(granularity: Granularity, first: YearMonth, last: YearMonth) -> Iterator[tuple[date, date]]:
    """First and last day of each step."""
    match granularity:
        case Granularity.DAY:
            for ordinal in range(first.first_day.toordinal(), last.last_day.toordinal() + 1):
                yield (day := date.fromordinal(ordinal)), day
        case Granularity.MONTH:
            for count in range((last.year - first.year) * 12 + last.month - first.month + 1):
                yield (month := first.plus(count)).first_day, month.last_day
        case Granularity.YEAR:
            for year in range(first.year, last.year + 1):
                yield max(date(year, 1, 1), first.first_day), min(date(year, 12, 31), last.last_day)
        case _:
            assert_never(granularity)


def _read_until(points: Sequence[MeteringPoint], today: date) -> date | None:
    """The last day that each point in service has been read for; None when one never has, or without any."""
    in_service = [point for point in points if point.is_in_service(today.toordinal())]
    days = [point.readings[-1].on for point in in_service if point.readings]
    return min(days, default=None) if len(days) == len(in_service) else None
