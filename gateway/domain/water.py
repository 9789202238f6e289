"""Water meters and what their readings say. Volumes are whole litres: a thousandth of the m³ shown."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gateway.domain.identifiers import LeaseId, MeterId
from gateway.domain.source import DataQualityIssue


class WaterKind(StrEnum):
    """Cold water, or hot water produced for the building."""

    COLD = "COLD"
    HOT = "HOT"


class ReadingOrigin(StrEnum):
    """How a reading was obtained.

    REMOVAL and INSTALLATION are the last and first index around a meter change.
    """

    REMOTE = "REMOTE"
    MANUAL = "MANUAL"
    SELF_READING = "SELF_READING"
    ESTIMATED = "ESTIMATED"
    REMOVAL = "REMOVAL"
    INSTALLATION = "INSTALLATION"


@dataclass(frozen=True, slots=True)
class MeterReading:
    """Index of a meter's totaliser at the end of a day."""

    on: date
    index_litres: int
    origin: ReadingOrigin


@dataclass(frozen=True, slots=True)
class WaterMeter:
    """A meter with its readings, oldest first.

    `digits` is the totaliser's whole-m³ digits, None when unknown.
    """

    id: MeterId
    lease_id: LeaseId
    serial_number: str
    kind: WaterKind
    location: str | None
    remotely_read: bool
    installed_on: date | None
    removed_on: date | None
    digits: int | None
    readings: tuple[MeterReading, ...]
    issues: tuple[DataQualityIssue, ...] = ()
