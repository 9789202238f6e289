"""Metering points: the places where a dwelling's water is measured, by one meter after the other.

Between the readings of a point lie stretches, each with the volume that passed or the reason why it is not
known. Days are ordinals here (`date.toordinal`); an interval goes from the end of its first day to the end
of its last.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from gateway.domain.water import MeterReading, WaterMeter
from gateway.domain.water_consumption import (
    Consumption,
    ConsumptionQuality,
    Remark,
    RemarkKind,
    add,
    unavailable,
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """What passed from the end of day `after` to the end of day `until`.

    `litres` is None when that is not known. `between` are the readings it is computed from, `estimated` when
    one of them is an estimate. `corrected` when estimates were made meanwhile, which the later reading has
    made obsolete.
    """

    after: int
    until: int
    litres: int | None
    between: tuple[MeterReading, MeterReading] | None = None
    estimated: bool = False
    corrected: bool = False
    remark: Remark | None = None

    def __post_init__(self) -> None:
        if self.after >= self.until:
            raise ValueError("a stretch ends on a later day than it begins")

    def share(self, after: int, until: int) -> Consumption:
        """What of it falls in an interval that it touches, by days; adjoining shares add up exactly.

        It counts as measured as long as the stretch is no more than half as long again as the interval: monthly
        readings measure months, also when they are taken on the second of the month and not on its last day.
        """
        remarks = (self.remark,) if self.remark else ()
        if self.litres is None:
            return unavailable(*remarks)
        is_part = after > self.after or until < self.until
        is_spread = is_part and (self.until - self.after) * 2 > (until - after) * 3
        if is_part and self.corrected and self.between:
            remarks = (*remarks, Remark(RemarkKind.ESTIMATE_CORRECTED, self.between[1].on))
        first, last = max(after, self.after), min(until, self.until)
        days = self.until - self.after
        # The volume since the start of the stretch is rounded, not the share: so no litre is lost or made.
        litres = self.litres * (last - self.after) // days - self.litres * (first - self.after) // days
        if self.estimated or (is_part and self.corrected):
            return Consumption(litres, ConsumptionQuality.ESTIMATED, remarks)
        quality = ConsumptionQuality.INTERPOLATED if is_spread else ConsumptionQuality.MEASURED
        return Consumption(litres, quality, remarks)


@dataclass(frozen=True, slots=True)
class MeteringPoint:
    """A place where water is measured, in service from the end of day `begins` to the end of day `ends`.

    `meter` is the present meter, else the last one. `begins` is None when it is not known, `ends` while it
    lasts. `readings` are those of all its meters, `stretches` lie in order and apart, `changes` tell its
    meter changes.
    """

    meter: WaterMeter
    begins: int | None
    ends: int | None
    readings: tuple[MeterReading, ...]
    stretches: tuple[Stretch, ...]
    changes: tuple[Remark, ...]

    def is_in_service(self, day: int) -> bool:
        """Whether there is a meter at the end of `day`, as far as known."""
        return (self.begins is None or self.begins <= day) and (self.ends is None or day < self.ends)

    def consumption(self, after: int, until: int) -> Consumption | None:
        """What passed between two ends of days; None when the point was not in service at all."""
        first = after if self.begins is None else max(after, self.begins)
        last = until if self.ends is None else min(until, self.ends)
        if first >= last:
            return None
        changes = tuple(change for change in self.changes if change.on and after < change.on.toordinal() <= until)
        passed = add(self._shares(first, last))
        return Consumption(passed.litres, passed.quality, (*passed.remarks, *changes))

    def _shares(self, after: int, until: int) -> Iterator[Consumption]:
        """A share of each stretch between, and an unknown one for each gap."""
        reached = after
        for stretch in self.stretches[bisect_right(self.stretches, after, key=lambda known: known.until) :]:
            if stretch.after >= until:
                break
            if stretch.after > reached:
                yield unavailable(Remark(RemarkKind.READING_MISSING))
            yield stretch.share(after, until)
            reached = stretch.until
        if reached < until:
            yield unavailable(Remark(RemarkKind.READING_MISSING))
