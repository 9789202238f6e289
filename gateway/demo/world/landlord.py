"""The landlord as a whole, and which advisor looks after which household."""

from datetime import date, timedelta
from random import Random

from gateway.demo.world import names
from gateway.demo.world.board import ADVICE, announcements
from gateway.demo.world.model import Advisor, Landlord
from gateway.demo.world.offices import office_code, offices
from gateway.demo.world.towns import SECTORS

DWELLINGS_PER_ADVISOR = 350
_FEWEST_ADVISORS = len(SECTORS)
_ABSENT = 1
"""The advisor who is away for some days; the first one stands in."""


def landlord(today: date, *, dwellings: int = 50) -> Landlord:
    """The landlord with the advisors that `dwellings` need: one for 350, and one for each office at least."""
    advisors = max(_FEWEST_ADVISORS, -(-dwellings // DWELLINGS_PER_ADVISOR))
    return Landlord(
        name="Habitat Mosellan",
        offices=offices(today),
        advisors=tuple(_advisor(rank, today=today) for rank in range(advisors)),
        announcements=announcements(today),
        advice=ADVICE,
    )


def advisor_rank(index: int) -> int:
    """The advisor of household `index`, whatever the number of households.

    The first households are dealt out one by one, so that a small demo shows every office.
    """
    if index < _FEWEST_ADVISORS * DWELLINGS_PER_ADVISOR:
        return index % _FEWEST_ADVISORS
    return index // DWELLINGS_PER_ADVISOR


def sector_rank(advisor: int) -> int:
    """The sector, and so the office, an advisor works in."""
    return advisor % len(SECTORS)


def advisor_code(rank: int) -> str:
    """The advisor's code, 5 characters: `CH001`."""
    return f"CH{rank + 1:03d}"


def _advisor(rank: int, *, today: date) -> Advisor:
    rng = Random(f"advisor/{rank}")
    woman = rng.random() < 0.6
    absent = rank == _ABSENT
    return Advisor(
        code=advisor_code(rank),
        first_name=rng.choice(names.WOMEN if woman else names.MEN),
        last_name=rng.choice(names.FAMILIES),
        title="Conseillère habitat" if woman else "Conseiller habitat",
        phone=_phone(rank),
        office_code=office_code(sector_rank(rank)),
        absent_until=today + timedelta(days=12) if absent else None,
        stand_in_code=advisor_code(0) if absent else None,
    )


def _phone(rank: int) -> str:
    """A direct line; every fourth is spaced the way someone once typed it in a hurry."""
    line = f"{2000 + rank:04d}"
    return f"03 53 01{line}" if rank % 4 == 3 else f"03 53 01 {line[:2]} {line[2:]}"
