"""From the readings of meters to the metering points of a dwelling.

Readings are taken as legacy systems give them: twice a day, estimated and later corrected, around a change
of meter, after a totaliser has turned over. What two readings do not prove is not known; it is never
guessed.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise

from gateway.domain.metering_point import MeteringPoint, Stretch
from gateway.domain.water import MeterReading, ReadingOrigin, WaterKind, WaterMeter
from gateway.domain.water_consumption import Remark, RemarkKind

# A burst pipe lets a few m³ a day through the meter of a dwelling. A totaliser that seems to have turned
# over with more than that, or with a tenth of what it can count, has rather been misread.
_PLAUSIBLE_LITRES_PER_DAY = 10_000
_MOST_DIGITS = 9

_CHANGES = (ReadingOrigin.REMOVAL, ReadingOrigin.INSTALLATION)


def metering_points(meters: Sequence[WaterMeter], *, kind: WaterKind, today: date) -> tuple[MeteringPoint, ...]:
    """The places of one dwelling where water of `kind` is measured, without readings dated after `today`."""
    chains: list[list[_Run]] = []
    runs_by_meter = (_runs(meter, today) for meter in meters if meter.kind is kind)
    for runs in sorted(runs_by_meter, key=lambda runs: runs[0].installed_on or date.min):
        chain = _preceding(chains, runs[0])
        if chain is None:
            chains.append(runs)
        else:
            chain.extend(runs)
    return tuple(_point(chain) for chain in chains)


def is_real(reading: MeterReading) -> bool:
    """Whether somebody or something has read the meter."""
    return reading.origin is not ReadingOrigin.ESTIMATED


@dataclass(frozen=True, slots=True)
class _Run:
    """Readings of one physical meter, at most one a day, and the days it came and went, where known."""

    meter: WaterMeter
    readings: tuple[MeterReading, ...]
    installed_on: date | None
    removed_on: date | None


def _preceding(chains: Iterable[list[_Run]], run: _Run) -> list[_Run] | None:
    """The runs of the place where the meter of `run` took over: the one freed last before it came."""
    if run.installed_on is None:
        return None
    freed = [
        (removed_on, chain)
        for chain in chains
        if (removed_on := chain[-1].removed_on)
        and removed_on <= run.installed_on
        and _may_share_a_place(chain[-1].meter, run.meter)
    ]
    return max(freed, key=lambda place: place[0])[1] if freed else None


def _may_share_a_place(one: WaterMeter, other: WaterMeter) -> bool:
    return one.location is None or other.location is None or one.location == other.location


def _runs(meter: WaterMeter, today: date) -> list[_Run]:
    """The readings of one record, parted where it goes on with another meter, as some sources do."""
    groups: list[list[MeterReading]] = [[]]
    last: MeterReading | None = None
    for reading in _one_a_day(reading for reading in meter.readings if reading.on <= today):
        if last and (last.origin is ReadingOrigin.REMOVAL or reading.origin is ReadingOrigin.INSTALLATION):
            groups.append([])
        groups[-1].append(reading)
        last = reading
    comings = [meter.installed_on, *(None for _ in groups[1:])]
    goings = [*(following[0].on for following in groups[1:]), meter.removed_on]
    return [
        _Run(meter, tuple(group), _put_in_on(group, coming), _taken_away_on(group, going))
        for group, coming, going in zip(groups, comings, goings, strict=True)
    ]


def _put_in_on(readings: Sequence[MeterReading], recorded: date | None) -> date | None:
    """Day of the first index, else the recorded day unless a reading contradicts it."""
    if readings and readings[0].origin is ReadingOrigin.INSTALLATION:
        return readings[0].on
    return None if recorded and readings and recorded > readings[0].on else recorded


def _taken_away_on(readings: Sequence[MeterReading], recorded: date | None) -> date | None:
    """Day of the last index, else the recorded day unless a reading contradicts it."""
    if readings and readings[-1].origin is ReadingOrigin.REMOVAL:
        return readings[-1].on
    return None if recorded and readings and recorded < readings[-1].on else recorded


def _one_a_day(readings: Iterable[MeterReading]) -> Iterator[MeterReading]:
    """By day: both indexes of a change, else the last real reading of the day, else its last estimate."""
    in_order = sorted(readings, key=lambda reading: reading.on)
    for _, day in groupby(in_order, key=lambda reading: reading.on):
        of_day = list(day)
        latest = {reading.origin: reading for reading in of_day}
        changes = [latest[origin] for origin in _CHANGES if origin in latest]
        real = [reading for reading in of_day if is_real(reading)]
        yield from changes or (real or of_day)[-1:]


def _point(runs: Sequence[_Run]) -> MeteringPoint:
    first, last = runs[0], runs[-1]
    return MeteringPoint(
        meter=last.meter,
        begins=first.installed_on.toordinal() if first.installed_on else None,
        ends=last.removed_on.toordinal() if last.removed_on else None,
        readings=tuple(reading for run in runs for reading in run.readings),
        stretches=tuple(_stretches(runs)),
        changes=tuple(_changes(runs)),
    )


def _stretches(runs: Sequence[_Run]) -> Iterator[Stretch]:
    removed_on: date | None = None
    for run in runs:
        if removed_on and run.installed_on:
            yield from _overnight(removed_on, run.installed_on)
        yield from _between_readings(run)
        yield from _before_removal(run)
        removed_on = run.removed_on


def _overnight(removed_on: date, installed_on: date) -> Iterator[Stretch]:
    """Nothing passes between a removal and an installation on the next day; over a longer time, who knows."""
    if installed_on.toordinal() - removed_on.toordinal() == 1:
        yield Stretch(removed_on.toordinal(), installed_on.toordinal(), litres=0)


def _before_removal(run: _Run) -> Iterator[Stretch]:
    """What passed after the last reading of a meter that was taken away without one."""
    if run.removed_on and run.readings and run.readings[-1].on < run.removed_on:
        remark = Remark(RemarkKind.REMOVAL_INDEX_MISSING, run.removed_on)
        yield Stretch(run.readings[-1].on.toordinal(), run.removed_on.toordinal(), litres=None, remark=remark)


def _between_readings(run: _Run) -> Iterator[Stretch]:
    """Stretches between real readings; estimates count before the first of them and after the last."""
    readings = run.readings
    last_real = max((n for n, reading in enumerate(readings) if is_real(reading)), default=0)
    kept = [n for n, reading in enumerate(readings) if n == 0 or n >= last_real or is_real(reading)]
    for m, n in pairwise(kept):
        yield _stretch(readings[m], readings[n], digits=run.meter.digits, corrected=n - m > 1)


def _stretch(before: MeterReading, after: MeterReading, *, digits: int | None, corrected: bool) -> Stretch:
    litres = _passed(before, after, digits)
    estimated = not (is_real(before) and is_real(after))
    remark = None
    if litres is None:
        # An estimate that was too high proves nothing about the meter.
        kind = RemarkKind.READING_MISSING if estimated else RemarkKind.INDEX_WENT_BACK
        remark = Remark(kind, None if estimated else after.on)
    elif after.index_litres < before.index_litres:
        remark = Remark(RemarkKind.ROLLED_OVER, after.on)
    return Stretch(
        after=before.on.toordinal(),
        until=after.on.toordinal(),
        litres=litres,
        between=(before, after),
        estimated=estimated,
        corrected=corrected,
        remark=remark,
    )


def _passed(before: MeterReading, after: MeterReading, digits: int | None) -> int | None:
    """Litres between two indexes; None when the later one is lower without having turned over."""
    difference = after.index_litres - before.index_litres
    if difference >= 0:
        return difference
    if digits is None or not 1 <= digits <= _MOST_DIGITS:
        return None
    counts_to = 1_000 * 10**digits
    turned_over = difference + counts_to
    plausible = min(_PLAUSIBLE_LITRES_PER_DAY * (after.on - before.on).days, counts_to // 10)
    return turned_over if 0 <= turned_over <= plausible else None


def _changes(runs: Sequence[_Run]) -> Iterator[Remark]:
    first, *followers = runs
    if first.installed_on:
        yield Remark(RemarkKind.METER_INSTALLED, first.installed_on)
    for run in followers:
        yield Remark(RemarkKind.METER_REPLACED, run.installed_on or run.readings[0].on)
    if runs[-1].removed_on:
        yield Remark(RemarkKind.METER_REMOVED, runs[-1].removed_on)
