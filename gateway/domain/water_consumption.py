"""A volume of water, how far it can be trusted, and what needs explaining in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class ConsumptionQuality(StrEnum):
    """How far a volume can be trusted, from best to worst."""

    MEASURED = "MEASURED"
    INTERPOLATED = "INTERPOLATED"
    ESTIMATED = "ESTIMATED"
    UNAVAILABLE = "UNAVAILABLE"


class RemarkKind(StrEnum):
    """What needs explaining, weightiest first."""

    INDEX_WENT_BACK = "INDEX_WENT_BACK"
    REMOVAL_INDEX_MISSING = "REMOVAL_INDEX_MISSING"
    NOT_OVER_YET = "NOT_OVER_YET"
    READING_MISSING = "READING_MISSING"
    METER_REPLACED = "METER_REPLACED"
    METER_INSTALLED = "METER_INSTALLED"
    METER_REMOVED = "METER_REMOVED"
    ROLLED_OVER = "ROLLED_OVER"
    ESTIMATE_CORRECTED = "ESTIMATE_CORRECTED"


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to explain. `on` is the day of the reading or meter change it speaks of.

    `on` is None for NOT_OVER_YET and READING_MISSING only.
    """

    kind: RemarkKind
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Consumption:
    """Whole litres, never negative; None exactly when `quality` is UNAVAILABLE."""

    litres: int | None
    quality: ConsumptionQuality
    remarks: tuple[Remark, ...] = ()

    @property
    def remark(self) -> Remark | None:
        """The weightiest remark; the earliest of those that weigh the same."""
        return min(self.remarks, key=lambda remark: (_WEIGHTS[remark.kind], remark.on or date.max), default=None)


def unavailable(*remarks: Remark) -> Consumption:
    """A consumption that cannot be computed, and why."""
    return Consumption(None, ConsumptionQuality.UNAVAILABLE, remarks)


def add(parts: Iterable[Consumption]) -> Consumption:
    """All `parts` together: no better than the worst of them, unavailable when there is none."""
    known = tuple(parts)
    remarks = tuple(remark for part in known for remark in part.remarks)
    litres = [part.litres for part in known if part.litres is not None]
    if not known or len(litres) < len(known):
        return unavailable(*remarks)
    quality = max((part.quality for part in known), key=_GRADES.__getitem__)
    return Consumption(sum(litres), quality, remarks)


_WEIGHTS = {kind: weight for weight, kind in enumerate(RemarkKind)}
_GRADES = {quality: grade for grade, quality in enumerate(ConsumptionQuality)}
