"""Leases (baux), the units they let and the people party to them."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gateway.domain.address import PostalAddress
from gateway.domain.identifiers import AccountId, LeaseId, UnitId
from gateway.domain.person import Person
from gateway.domain.source import DataQualityIssue


class UnitKind(StrEnum):
    """What is let."""

    DWELLING = "DWELLING"
    PARKING = "PARKING"
    ANNEX = "ANNEX"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class RentalUnit:
    """A let unit (logement, garage). `surface_dm2` is habitable surface in square decimetres."""

    id: UnitId
    kind: UnitKind
    address: PostalAddress
    typology: str | None
    surface_dm2: int | None
    floor: str | None
    estate: str | None
    issues: tuple[DataQualityIssue, ...] = ()


class LeaseState(StrEnum):
    """State of a lease; `UNKNOWN` for a code of the source we do not know."""

    UPCOMING = "UPCOMING"
    CURRENT = "CURRENT"
    NOTICE_GIVEN = "NOTICE_GIVEN"
    ENDED = "ENDED"
    UNKNOWN = "UNKNOWN"


class LeasePartyRole(StrEnum):
    """Part a person has in a lease."""

    PRINCIPAL_HOLDER = "PRINCIPAL_HOLDER"
    CO_HOLDER = "CO_HOLDER"
    OCCUPANT = "OCCUPANT"
    GUARANTOR = "GUARANTOR"


@dataclass(frozen=True, slots=True)
class LeaseParty:
    """A person's part in a lease over time; `until` is None while it lasts."""

    person: Person
    role: LeasePartyRole
    since: date | None
    until: date | None


class RentTerm(StrEnum):
    """When rent falls due: at the end of its month (terme échu) or at its start (terme à échoir)."""

    IN_ARREARS = "IN_ARREARS"
    IN_ADVANCE = "IN_ADVANCE"


@dataclass(frozen=True, slots=True)
class Lease:
    """A lease. `starts_on` and `term` are None when the source's value cannot be read."""

    id: LeaseId
    reference: str
    state: LeaseState
    starts_on: date | None
    ends_on: date | None
    notice_received_on: date | None
    parties: tuple[LeaseParty, ...]
    unit: RentalUnit
    account_id: AccountId
    account_reference: str
    term: RentTerm | None
    issues: tuple[DataQualityIssue, ...] = ()
