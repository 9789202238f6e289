"""The formats of the interface note, read the way a caller would."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def day(text: str) -> date | None:
    """A Date; None for the ways of writing none."""
    if text in {"00000000", "99991231", "19000101", "00010101"}:
        return None
    return datetime.strptime(text, "%Y%m%d").replace(tzinfo=PARIS).date()


def cents(amount: str, sens: str) -> int:
    """A Montant with its Sens, positive: owed by the tenant."""
    assert len(amount) == 10
    return int(amount) * {"D": 1, "C": -1}[sens]


def litres(volume: str) -> int:
    """A Volume."""
    return int(Decimal(volume.replace(",", ".")) * 1000)


def stamp(text: str) -> datetime:
    """An Horodatage as an aware instant."""
    return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=PARIS)


def minute(text: str) -> datetime:
    """A DateHeure as an aware instant."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=PARIS)
