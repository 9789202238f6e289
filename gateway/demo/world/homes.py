"""The dwelling, what is let with it, and for how long."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import assert_never

from gateway.demo.world import names
from gateway.demo.world.contacts import contacts
from gateway.demo.world.landlord import advisor_code, advisor_rank, sector_rank
from gateway.demo.world.model import Address, Lease, Party, Unit
from gateway.demo.world.months import month_start
from gateway.demo.world.numbers import account_number, lease_number, unit_number
from gateway.demo.world.offices import office_code
from gateway.demo.world.profile import HomeProfile, LeaseStage, Typology
from gateway.demo.world.towns import SECTORS

_SURFACE_M2: dict[Typology, tuple[float, float]] = {
    "T1": (31, 5),
    "T2": (48, 6),
    "T3": (65, 7),
    "T4": (80, 8),
    "T5": (97, 10),
}
_STATE_CODES: dict[LeaseStage, str] = {"UPCOMING": "AV", "RUNNING": "EC", "NOTICE_GIVEN": "PR", "ENDED": "RS"}
_NO_END, _NO_DATE = date(9999, 12, 31), date(1, 1, 1)


@dataclass(frozen=True, slots=True)
class Tenure:
    """How long the lease runs. The days are true, whatever a clerk typed in the lease."""

    starts_on: date
    ends_on: date | None
    notice_received_on: date | None


@dataclass(frozen=True, slots=True)
class Signed:
    """What a lease says beside the unit: who and for how long."""

    parties: tuple[Party, ...]
    tenure: Tenure


def tenure(home: HomeProfile, *, today: date) -> Tenure:
    """From the first day of a month; a lease that ended did so on the last day of one."""
    match home.stage:
        case "UPCOMING":
            return Tenure(month_start(today, back=-2), None, None)
        case "NOTICE_GIVEN":
            received_on = today - timedelta(days=20)
            starts_on = min(month_start(today, back=home.months_here), month_start(received_on, back=3))
            return Tenure(starts_on, received_on + timedelta(days=61), received_on)
        case "ENDED":
            vacated_on = month_start(today, back=home.ended_months_ago - 1) - timedelta(days=1)
            starts_on = month_start(vacated_on, back=home.months_here)
            return Tenure(starts_on, vacated_on, max(starts_on, vacated_on - timedelta(days=65)))
        case "RUNNING":
            return Tenure(month_start(today, back=home.months_here), None, None)
        case _:
            assert_never(home.stage)


def draw_unit(rng: Random, *, index: int, home: HomeProfile) -> Unit:
    """The dwelling, in one of the towns of the household's sector."""
    mean, deviation = _SURFACE_M2[home.typology]
    door = rng.randint(1, 48)
    sector = SECTORS[sector_rank(advisor_rank(index))]
    town = rng.choices(sector, weights=[town.weight for town in sector])[0]
    return Unit(
        number=unit_number(index, rank=1),
        kind="LOGEMENT",
        address=Address(
            complement=(f"Bâtiment {rng.choice('ABCDEF')}", f"Appartement {door}"),
            street=f"{rng.randint(1, 90)} {rng.choice(names.STREETS)}",
            postal_code=rng.choice(town.postal_codes),
            city=town.name,
            insee_code=town.insee_code,
        ),
        typology=home.typology,
        surface_dm2=round(100 * max(rng.gauss(mean, deviation), 18)),
        floor="RDC" if door < 5 else str(door // 5),
        estate=rng.choice(names.ESTATES),
    )


def leases(*, index: int, home: HomeProfile, unit: Unit, signed: Signed) -> tuple[Lease, ...]:
    """The dwelling's lease, then the garage's: both on one account, with the same people."""
    dwelling = _lease(index, home=home, unit=unit, signed=signed)
    if not home.garage:
        return (dwelling,)
    return (
        dwelling,
        replace(dwelling, number=lease_number(index, rank=2), unit=_garage(unit, index=index), contacts=()),
    )


def _lease(index: int, *, home: HomeProfile, unit: Unit, signed: Signed) -> Lease:
    advisor, term = advisor_rank(index), signed.tenure
    endless = home.sentinel_dates and term.ends_on is None
    return Lease(
        number=lease_number(index, rank=1),
        account_number=account_number(index),
        unit=unit,
        state_code="X9" if home.unknown_codes else _STATE_CODES[home.stage],
        starts_on=term.starts_on,
        ends_on=_NO_END if endless else term.ends_on,
        notice_received_on=_NO_DATE if endless else term.notice_received_on,
        parties=signed.parties,
        in_advance=home.in_advance,
        advisor_code=advisor_code(advisor),
        office_code=office_code(sector_rank(advisor)),
        contacts=contacts(unit, sector=sector_rank(advisor)),
    )


def _garage(dwelling: Unit, *, index: int) -> Unit:
    box = 1 + index % 40
    return replace(
        dwelling,
        number=unit_number(index, rank=2),
        kind="STATIONNEMENT",
        address=replace(dwelling.address, complement=(f"Garage {box}",)),
        typology=None,
        surface_dm2=None,
        floor=None,
    )
