"""How IMMO-GEST writes and reads dates, amounts, volumes and names (INTERFACE.md §2)."""

import unicodedata
from datetime import date, datetime

from gateway.demo.control import PARIS
from gateway.demo.erp.refusal import RefusalError

NO_END = 99991231
"""The day that stands for « no end », as a number."""

_MAX_CENTS = 10**10
_LIGATURES = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "’": "'"})


def day_number(day: date | None) -> int:
    """A day as the number AAAAMMJJ; 0 for none."""
    return 0 if day is None else day.year * 10_000 + day.month * 100 + day.day


def period_number(period: str | None) -> int:
    """A month given as YYYY-MM, as the number AAAAMM; 0 for none."""
    return 0 if period is None else int(period[:4]) * 100 + int(period[5:])


def stamp_number(instant: datetime) -> int:
    """An instant as the number AAAAMMJJHHMMSS in Paris local time."""
    paris = instant.astimezone(PARIS)
    return day_number(paris.date()) * 1_000_000 + paris.hour * 10_000 + paris.minute * 100 + paris.second


def minute_text(instant: datetime | None) -> str:
    """An instant as AAAA-MM-JJ HH:MM in Paris local time; the last minute of 9999 for none."""
    return "9999-12-31 23:59" if instant is None else instant.astimezone(PARIS).strftime("%Y-%m-%d %H:%M")


def side(cents: int) -> str:
    """The SENS of a signed amount; zero is a debit."""
    return "C" if cents < 0 else "D"


def volume_text(litres: int | None) -> str:
    """Litres as cubic metres: `00012,345`; empty for none."""
    return "" if litres is None else f"{litres // 1000:05d},{litres % 1000:03d}"


def capitals(name: str) -> str:
    """A name in upper-case ASCII: `Le Bœuf-Hélène` becomes `LE BOEUF-HELENE`."""
    decomposed = unicodedata.normalize("NFKD", name.translate(_LIGATURES))
    return decomposed.encode("ascii", "ignore").decode("ascii").upper()


def read_day(text: str, *, field: str) -> int:
    """The number AAAAMMJJ of a true day; refuses anything else, sentinels included."""
    try:
        return day_number(date.fromisoformat(f"{text[:4]}-{text[4:6]}-{text[6:]}"))
    except ValueError:
        raise RefusalError("PARAMETRE_INVALIDE", f"{field} : date AAAAMMJJ attendue") from None


def read_cents(text: str, *, field: str) -> int:
    """The cents of a well-formed, positive amount."""
    if not (len(text) == 10 and text.isascii() and text.isdigit()) or int(text) == 0:
        raise RefusalError("PARAMETRE_INVALIDE", f"{field} : 10 chiffres attendus, non nuls")
    return int(text)
