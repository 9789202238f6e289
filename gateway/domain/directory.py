"""Whom to turn to: housing advisors (conseillers habitat), offices (accueils), useful contacts."""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from gateway.domain.address import PostalAddress
from gateway.domain.identifiers import AdvisorId, OfficeId
from gateway.domain.source import DataQualityIssue


@dataclass(frozen=True, slots=True)
class OpeningSpan:
    """Span of opening within one day, Paris wall-clock; closes after it opens."""

    opens: time
    closes: time

    def __post_init__(self) -> None:
        if self.opens >= self.closes:
            raise ValueError("an opening span closes after it opens")


@dataclass(frozen=True, slots=True)
class SpecialOpening:
    """Other hours for a period, or closure when there is no span."""

    first_day: date
    last_day: date
    label: str
    spans: tuple[OpeningSpan, ...]


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """Usual week and its exceptions.

    `regular[0]` is Monday; `special` does not list public holidays (see `opening`).
    """

    regular: tuple[tuple[OpeningSpan, ...], ...]
    special: tuple[SpecialOpening, ...]
    conditions: str | None

    def __post_init__(self) -> None:
        if len(self.regular) != 7:
            raise ValueError("a usual week has seven days")


@dataclass(frozen=True, slots=True)
class Phone:
    """A usable French number: `e164` for machines, `display` for people (`01 99 00 12 34`)."""

    e164: str
    display: str


@dataclass(frozen=True, slots=True)
class Office:
    """Office open to the public. `opening` is None when its hours cannot be read."""

    id: OfficeId
    name: str
    address: PostalAddress
    phone: Phone | None
    opening: OpeningHours | None
    step_free: bool | None
    issues: tuple[DataQualityIssue, ...] = ()


@dataclass(frozen=True, slots=True)
class Advisor:
    """Housing advisor; `stand_in` replaces them while `absent_until` (inclusive) has not passed."""

    id: AdvisorId
    display_name: str
    title: str
    phone: Phone | None
    phone_as_given: str | None
    office_id: OfficeId | None
    absent_until: date | None
    stand_in: "Advisor | None"
    issues: tuple[DataQualityIssue, ...] = ()


class UsefulContactKind(StrEnum):
    """Kinds of useful contact."""

    CARETAKER = "CARETAKER"
    EMERGENCY_LINE = "EMERGENCY_LINE"
    MAINTENANCE_FIRM = "MAINTENANCE_FIRM"
    TENANT_ASSOCIATION = "TENANT_ASSOCIATION"
    SOCIAL_WORKER = "SOCIAL_WORKER"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class UsefulContact:
    """Useful contact of a lease."""

    kind: UsefulContactKind
    name: str
    phone: Phone | None
    purpose: str | None
    availability: str | None


@dataclass(frozen=True, slots=True)
class LeaseContacts:
    """Whom the holder of one lease turns to."""

    advisor: Advisor | None
    office: Office | None
    useful: tuple[UsefulContact, ...]
