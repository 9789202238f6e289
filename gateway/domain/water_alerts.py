"""What water readings should make somebody look at: leaks, silent meters, an index that went back.

Alerts are computed from readings, never stored: the same readings give the same alerts. Readings at the end
of a day cannot show water that never stops running; a source of hourly readings would have to say so itself.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby, zip_longest
from statistics import median_low

from gateway.domain.meter_readings import is_real, metering_points
from gateway.domain.metering_point import MeteringPoint
from gateway.domain.period import YearMonth
from gateway.domain.water import MeterReading, WaterKind, WaterMeter
from gateway.domain.water_consumption import ConsumptionQuality
from gateway.domain.water_series import last_whole_months

_RECENT_MONTHS = 13
_COMPARED_MONTHS = 12
_FEWEST_COMPARED = 3
_LEAST_EXCESS_LITRES = 3_000
_LONGEST_SILENCE_DAYS = 45


class WaterAlertKind(StrEnum):
    """Kinds of alert that readings at the end of a day can prove."""

    ABNORMAL_VOLUME = "ABNORMAL_VOLUME"
    NO_READING = "NO_READING"
    INDEX_WENT_BACK = "INDEX_WENT_BACK"


@dataclass(frozen=True, slots=True)
class AbnormalVolume:
    """The latest abnormal month, and the median of the `compared_months` usual ones before it."""

    month: YearMonth
    litres: int
    usual_litres: int
    compared_months: int


@dataclass(frozen=True, slots=True)
class ReadingOverdue:
    """Days without a real reading; `last_on` is None when there has been none since the meter was put in."""

    last_on: date | None
    days: int


@dataclass(frozen=True, slots=True)
class IndexWentBack:
    """Two real readings in the order of their days, the later one lower."""

    before: MeterReading
    after: MeterReading


Evidence = AbnormalVolume | ReadingOverdue | IndexWentBack


@dataclass(frozen=True, slots=True)
class WaterAlert:
    """Alert on one meter, open while `resolved_on` is None.

    `excess_litres` is the volume above the usual so far.
    """

    kind: WaterAlertKind
    meter: WaterMeter
    since: date
    evidence: Evidence
    excess_litres: int | None = None
    resolved_on: date | None = None


def alerts(meters: Sequence[WaterMeter], *, today: date) -> tuple[WaterAlert, ...]:
    """Open alerts on the meters of one dwelling and those of the last thirteen months, latest first."""
    found = [
        alert
        for kind in WaterKind
        for point in metering_points(meters, kind=kind, today=today)
        for rule in (_abnormal_volumes, _overdue_readings, _indexes_gone_back)
        for alert in rule(point, today)
    ]
    return tuple(sorted(found, key=lambda alert: alert.since, reverse=True))


@dataclass(frozen=True, slots=True)
class _JudgedMonth:
    """A month's volume beside the median of `compared_months` usual ones."""

    month: YearMonth
    litres: int
    usual_litres: int
    compared_months: int

    @property
    def excess_litres(self) -> int:
        return self.litres - self.usual_litres

    @property
    def is_abnormal(self) -> bool:
        """Above twice the usual, the yardstick of CGCT L2224-12-4 III bis, and not by a trifle."""
        return self.litres > 2 * self.usual_litres and self.excess_litres >= _LEAST_EXCESS_LITRES


def _abnormal_volumes(point: MeteringPoint, today: date) -> Iterator[WaterAlert]:
    """One alert for each spell of abnormal months; the first usual month after it resolves it."""
    first_recent, _ = last_whole_months(_RECENT_MONTHS, today)
    months = groupby(_judged_months(point, today), key=lambda month: month.is_abnormal)
    spells = [(is_abnormal, list(spell)) for is_abnormal, spell in months]
    for (is_abnormal, spell), following in zip_longest(spells, spells[1:]):
        if is_abnormal and (following is None or spell[-1].month >= first_recent):
            yield _abnormal_volume(point.meter, spell, following[1][0] if following else None)


def _abnormal_volume(meter: WaterMeter, spell: Sequence[_JudgedMonth], resolved_by: _JudgedMonth | None) -> WaterAlert:
    latest = spell[-1]
    return WaterAlert(
        kind=WaterAlertKind.ABNORMAL_VOLUME,
        meter=meter,
        since=spell[0].month.first_day,
        evidence=AbnormalVolume(latest.month, latest.litres, latest.usual_litres, latest.compared_months),
        excess_litres=sum(month.excess_litres for month in spell),
        resolved_on=resolved_by.month.last_day if resolved_by else None,
    )


def _judged_months(point: MeteringPoint, today: date) -> Iterator[_JudgedMonth]:
    """The months that can be compared, oldest first.

    A leak never becomes the usual that it is compared with.
    """
    usual: dict[YearMonth, int] = {}
    first, _ = last_whole_months(_RECENT_MONTHS + _COMPARED_MONTHS, today)
    for month in (first.plus(count) for count in range(_RECENT_MONTHS + _COMPARED_MONTHS)):
        litres = _reliable_litres(point, month)
        if litres is None:
            continue
        compared = [volume for other, volume in usual.items() if other >= month.plus(-_COMPARED_MONTHS)]
        if len(compared) < _FEWEST_COMPARED:
            usual[month] = litres
            continue
        judged = _JudgedMonth(month, litres, median_low(compared), len(compared))
        if not judged.is_abnormal:
            usual[month] = litres
        yield judged


def _reliable_litres(point: MeteringPoint, month: YearMonth) -> int | None:
    """The month's volume unless it is unknown or rests on an estimate."""
    passed = point.consumption(month.first_day.toordinal() - 1, month.last_day.toordinal())
    if passed is None or passed.quality is ConsumptionQuality.ESTIMATED:
        return None
    return passed.litres


def _overdue_readings(point: MeteringPoint, today: date) -> Iterator[WaterAlert]:
    """Meters that are read remotely promise a reading each month; the others are read when somebody comes."""
    last_on = max((reading.on for reading in point.readings if is_real(reading)), default=None)
    since = last_on or point.meter.installed_on
    if since is None or not point.meter.remotely_read or not point.is_in_service(today.toordinal()):
        return
    days = (today - since).days
    if days > _LONGEST_SILENCE_DAYS:
        yield WaterAlert(WaterAlertKind.NO_READING, point.meter, since, ReadingOverdue(last_on, days))


def _indexes_gone_back(point: MeteringPoint, today: date) -> Iterator[WaterAlert]:
    """One alert for each time; the next reading that is higher again resolves it, even on another meter."""
    first_recent, _ = last_whole_months(_RECENT_MONTHS, today)
    for stretch, following in zip_longest(point.stretches, point.stretches[1:]):
        if stretch.between is None or stretch.estimated or stretch.litres is not None:
            continue
        before, after = stretch.between
        resolved_by = following.between if following and following.litres is not None else None
        if resolved_by is None or after.on >= first_recent.first_day:
            yield WaterAlert(
                kind=WaterAlertKind.INDEX_WENT_BACK,
                meter=point.meter,
                since=after.on,
                evidence=IndexWentBack(before, after),
                resolved_on=resolved_by[1].on if resolved_by else None,
            )
