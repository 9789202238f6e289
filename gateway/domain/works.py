"""Works in progress or to come (travaux)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from gateway.domain.identifiers import LeaseId, WorksId
from gateway.domain.source import DataQualityIssue


class WorksState(StrEnum):
    """State of works; `UNKNOWN` for a code of the source we do not know."""

    ANNOUNCED = "ANNOUNCED"
    IN_PROGRESS = "IN_PROGRESS"
    SUSPENDED = "SUSPENDED"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"
    UNKNOWN = "UNKNOWN"


class WorksScope(StrEnum):
    """What works touch: the dwelling itself, the building's shared parts, the outdoors, or we cannot tell."""

    DWELLING = "DWELLING"
    COMMON_PARTS = "COMMON_PARTS"
    ESTATE = "ESTATE"
    UNKNOWN = "UNKNOWN"


class WorksImpact(StrEnum):
    """What occupants will notice."""

    WATER_CUT = "WATER_CUT"
    POWER_CUT = "POWER_CUT"
    HEATING_CUT = "HEATING_CUT"
    LIFT_OUT = "LIFT_OUT"
    NOISE = "NOISE"
    SCAFFOLDING = "SCAFFOLDING"
    PARKING_RESTRICTED = "PARKING_RESTRICTED"


@dataclass(frozen=True, slots=True)
class WorksUpdate:
    """News on works: when it happened and, often days later, when the source recorded it. Aware UTC."""

    at: datetime
    recorded_at: datetime | None
    message: str


@dataclass(frozen=True, slots=True)
class Contractor:
    """Firm that does the works; `phone` in E.164, None when unusable."""

    name: str
    phone: str | None


@dataclass(frozen=True, slots=True)
class WorksOperation:
    """Works that concern one or several leases. `updates` most recent first."""

    id: WorksId
    lease_ids: tuple[LeaseId, ...]
    title: str
    description: str | None
    state: WorksState
    scope: WorksScope
    impacts: tuple[WorksImpact, ...]
    starts_on: date | None
    expected_end_on: date | None
    ended_on: date | None
    contractor: Contractor | None
    access_required: bool
    updates: tuple[WorksUpdate, ...]
    issues: tuple[DataQualityIssue, ...] = ()
