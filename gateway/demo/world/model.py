"""The invented landlord's world as it really is, before any legacy system makes it awkward.

Amounts are integer cents, volumes are whole litres, dates are Paris dates, instants are aware UTC.
Everything hangs from `Landlord` (shared) and `Household` (one rental account and all that belongs to it).
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal

Direction = Literal["D", "C"]
PartyRole = Literal["TITULAIRE", "COTITULAIRE", "OCCUPANT", "GARANT", "EX-CONJOINT"]
UnitKind = Literal["LOGEMENT", "STATIONNEMENT", "ANNEXE"]
NoticeState = Literal["EMIS", "REMPLACE", "ANNULE"]
WaterKind = Literal["FROIDE", "CHAUDE"]
ReadingOrigin = Literal["TELERELEVE", "MANUEL", "AUTORELEVE", "ESTIME", "DEPOSE", "POSE"]
WorksState = Literal["ANNONCE", "EN_COURS", "SUSPENDU", "TERMINE", "ANNULE"]
WorksScope = Literal["LOGEMENT", "COMMUN", "RESIDENCE"]
PdfCase = Literal["PRESENT", "MISSING", "LATE", "CORRUPT"]


@dataclass(frozen=True, slots=True)
class Address:
    """Postal address of a dwelling, a garage or an office."""

    complement: tuple[str, ...]
    street: str
    postal_code: str
    city: str
    insee_code: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody the landlord has a file on."""

    number: str
    civility: Literal["MME", "M"]
    first_name: str
    last_name: str
    birth_date: date
    email: str | None
    phones: tuple[str, ...]
    """As the ERP's clerks typed them: national digits, dots, comments, or nothing usable."""


@dataclass(frozen=True, slots=True)
class Span:
    """Doors open, then closed, on one day."""

    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class SpecialHours:
    """Other hours, or none at all, for every day of a period."""

    first_day: date
    last_day: date
    label: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Office:
    """An office open to the public (accueil)."""

    code: str
    name: str
    address: Address
    phone: str
    weekdays: tuple[tuple[int, tuple[Span, ...]], ...]
    """(ISO weekday 1..7, spans), closed days left out."""
    special: tuple[SpecialHours, ...]
    conditions: str | None
    step_free: bool | None


@dataclass(frozen=True, slots=True)
class Advisor:
    """A housing advisor (conseiller habitat)."""

    code: str
    first_name: str
    last_name: str
    title: str
    phone: str
    office_code: str
    absent_until: date | None
    stand_in_code: str | None


@dataclass(frozen=True, slots=True)
class UsefulContact:
    """Somebody else a tenant may need to reach."""

    kind: Literal["GARDIEN", "ASTREINTE", "ENTREPRISE", "ASSOCIATION", "SOCIAL", "AUTRE"]
    name: str
    phone: str
    purpose: str | None
    availability: str | None


@dataclass(frozen=True, slots=True)
class Announcement:
    """A message to all tenants."""

    number: str
    title: str
    body: str
    severity: Literal["INFO", "ALERTE", "URGENCE"]
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Advice:
    """A piece of advice for daily life in the dwelling."""

    number: str
    title: str
    body: str
    topic: str


@dataclass(frozen=True, slots=True)
class Landlord:
    """What all households share."""

    name: str
    offices: tuple[Office, ...]
    advisors: tuple[Advisor, ...]
    announcements: tuple[Announcement, ...]
    advice: tuple[Advice, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """What is let: a dwelling, a garage, an annex."""

    number: str
    kind: UnitKind
    address: Address
    typology: str | None
    surface_dm2: int | None
    """Habitable surface in square decimetres."""
    floor: str | None
    estate: str | None


@dataclass(frozen=True, slots=True)
class Party:
    """The part a person has or had in a lease."""

    person: Person
    role: PartyRole
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Lease:
    """One lease (bail), charged to one account."""

    number: str
    """As printed, for example 000123/01; at most 12 characters."""
    account_number: str
    unit: Unit
    state_code: str
    """EC running, PR notice given, RS ended, AV upcoming; anything else is unknown to everybody."""
    starts_on: date
    ends_on: date | None
    notice_received_on: date | None
    parties: tuple[Party, ...]
    in_advance: bool
    advisor_code: str
    office_code: str
    contacts: tuple[UsefulContact, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One debit or credit of the account (écriture)."""

    number: str
    value_on: date
    posted_at: datetime
    direction: Direction
    cents: int
    code: str
    """Three letters: LOY, CHG, EFR, ECH, CHF, REG, RLS, SLS, ENQ, APL, APR, GAR, ANX, ASS, DEP, REP, FRS,
    PLA, TVA, ENC (receipt), IMP (returned unpaid), REM (refund), OD (correction)."""
    label: str
    period: str | None
    """YYYY-MM."""
    lease_number: str | None
    method: Literal["CB", "PRLV", "VIR", "TIP", "CHQ", "ESP", "TIERS"] | None
    reverses: str | None


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One line of a notice."""

    code: str
    label: str
    direction: Direction
    cents: int
    lease_number: str | None
    litres: int | None
    unit_price_cents: int | None


@dataclass(frozen=True, slots=True)
class Notice:
    """A rent notice (avis d'échéance), in force or not."""

    number: str
    period: str
    issued_on: date
    due_on: date
    state: NoticeState
    replaced_by: str | None
    brought_forward_cents: int
    lines: tuple[NoticeLine, ...]
    amount_due_cents: int
    collection_on: date | None
    pdf: PdfCase

    @property
    def period_total_cents(self) -> int:
        """Debits less credits of the lines (total du mois)."""
        return sum(line.cents if line.direction == "D" else -line.cents for line in self.lines)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a meter showed on a day."""

    on: date
    litres: int
    origin: ReadingOrigin


@dataclass(frozen=True, slots=True)
class Meter:
    """A water meter of a dwelling; a replaced one keeps its own readings."""

    serial_number: str
    lease_number: str
    kind: WaterKind
    location: str
    remotely_read: bool
    digits: int
    installed_on: date
    removed_on: date | None
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class WorksUpdate:
    """News on works: when it happened, and when a clerk recorded it."""

    at: datetime
    recorded_at: datetime
    message: str


@dataclass(frozen=True, slots=True)
class Works:
    """Works in the dwelling, the building or the estate (travaux)."""

    number: str
    lease_numbers: tuple[str, ...]
    title: str
    description: str | None
    state: WorksState
    scope: WorksScope
    impacts: tuple[str, ...]
    """EAU, ELEC, CHAUFF, ASC, BRUIT, ECHAF, PARK."""
    starts_on: date | None
    expected_end_on: date | None
    ended_on: date | None
    contractor: str | None
    contractor_phone: str | None
    access_required: bool
    updates: tuple[WorksUpdate, ...]


@dataclass(frozen=True, slots=True)
class Household:
    """One rental account with its leases, people, books, meters and works."""

    index: int
    case: str
    """What the household shows, for example `plain`, `joint-holders`, `reissued-notice`."""
    account_number: str
    holder: Person
    leases: tuple[Lease, ...]
    entries: tuple[Entry, ...]
    notices: tuple[Notice, ...]
    meters: tuple[Meter, ...]
    works: tuple[Works, ...]
    disputed_cents: int
    """Part of the debt held apart in account 416."""
    next_due_on: date | None
    stored_difference_cents: int
    """What a hidden line makes the stored balance differ from the sum of the entries; nearly always 0."""
