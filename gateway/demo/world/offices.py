"""The offices open to the public: where they are and when their doors open."""

from collections.abc import Sequence
from datetime import date, time, timedelta

from gateway.demo.world.model import Address, Office, Span, SpecialHours
from gateway.demo.world.towns import SECTORS, Town

_SHORT = (Span(time(11), time(12)), Span(time(13, 30), time(14, 30)))
_USUAL = (Span(time(8, 30), time(12)), Span(time(13, 30), time(17)))
_LATE = (Span(time(9), time(12, 15)), Span(time(14), time(18)))
_UNTIL_FOUR = (Span(time(8, 30), time(12)), Span(time(13, 30), time(16)))
_MORNING = (Span(time(9), time(12)),)

Week = tuple[tuple[int, tuple[Span, ...]], ...]

_EVERY_DAY: Week = tuple((day, _USUAL) for day in range(1, 6))
_LATE_TUESDAY: Week = ((1, _USUAL), (2, _LATE), (3, _USUAL), (4, _USUAL), (5, _UNTIL_FOUR))
_CLOSED_WEDNESDAY: Week = ((1, _USUAL), (2, _USUAL), (4, _USUAL), (5, _UNTIL_FOUR))
_WITH_SATURDAY: Week = (*_LATE_TUESDAY, (6, _MORNING))

_DOORS: Sequence[tuple[str, Week, str | None, bool | None]] = (
    ("12 rue aux Arènes", _WITH_SATURDAY, "Sur rendez-vous l’après-midi", True),
    ("3 place du Marché", _LATE_TUESDAY, None, True),
    ("41 avenue du Général-Leclerc", _EVERY_DAY, None, False),
    ("8 rue Saint-Éloi", _CLOSED_WEDNESDAY, "Munissez-vous de votre intitulé de compte", None),
    ("27 rue de la Mine", _EVERY_DAY, None, True),
    ("5 cours du Théâtre", _CLOSED_WEDNESDAY, "Uniquement sur rendez-vous le vendredi", None),
)


def office_code(rank: int) -> str:
    """The code of the office of sector `rank`, counted from 0: `AG01`."""
    return f"AG{rank + 1:02d}"


def offices(today: date) -> tuple[Office, ...]:
    """All six, with the special periods that matter around `today`."""
    return tuple(_office(rank, today=today) for rank in range(len(SECTORS)))


def _office(rank: int, *, today: date) -> Office:
    town = SECTORS[rank][0]
    street, weekdays, conditions, step_free = _DOORS[rank]
    return Office(
        code=office_code(rank),
        name=f"Accueil de {town.name}",
        address=_address(town, street=street),
        phone=f"03 53 01 10 {rank + 1:02d}",
        weekdays=weekdays,
        special=_special(rank, today=today),
        conditions=conditions,
        step_free=step_free,
    )


def _address(town: Town, *, street: str) -> Address:
    return Address(
        complement=(),
        street=street,
        postal_code=town.postal_codes[0],
        city=town.name,
        insee_code=town.insee_code,
    )


def _special(rank: int, *, today: date) -> tuple[SpecialHours, ...]:
    """Summer and the end of the year everywhere; at Thionville, hours shortened by building works now."""
    summer = SpecialHours(date(today.year, 7, 15), date(today.year, 8, 20), "Horaires d’été", _MORNING)
    holidays = SpecialHours(date(today.year, 12, 24), date(today.year, 12, 31), "Fermeture de fin d’année", ())
    if rank != 1:
        return (summer, holidays)
    week = timedelta(days=7)
    adapted = SpecialHours(today - week, today + 2 * week, "Horaires adaptés pendant les travaux de l’accueil", _SHORT)
    return (adapted, summer, holidays)
