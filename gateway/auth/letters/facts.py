"""What a letter may say beside its fixed text, and how each language says it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from gateway.domain.letter import Language

# fmt: off
_MONTHS: Mapping[Language, tuple[str, ...]] = {
    Language.FRENCH: (
        "janvier", "février", "mars", "avril", "mai", "juin",
        "juillet", "août", "septembre", "octobre", "novembre", "décembre",
    ),
    Language.ENGLISH: (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}
# fmt: on
_UNITS = {Language.FRENCH: ("minute", "heure"), Language.ENGLISH: ("minute", "hour")}
_LONGEST_IN_MINUTES = 90


@dataclass(frozen=True, slots=True)
class Facts:
    """What is particular to one letter. `compose` says which kind needs which.

    `landlord` is the landlord's name as tenants know it, `phone` a number that any of them may call. `link` is a
    whole address, see `link_url`. `minutes` is how long the link is good, or how long the door stays shut. `day` is
    a day in Paris.
    """

    landlord: str
    phone: str
    link: str | None = None
    minutes: int | None = None
    day: date | None = None

    def words(self, language: Language) -> Mapping[str, str]:
        """The facts that are known, in words, by the name that texts call them."""
        known = {
            "landlord": self.landlord,
            "phone": self.phone,
            "link": self.link,
            "duration": None if self.minutes is None else _duration(self.minutes, language),
            "day": None if self.day is None else _day(self.day, language),
        }
        return {name: words for name, words in known.items() if words is not None}


def _duration(minutes: int, language: Language) -> str:
    """`1 minute`, `30 minutes`, `24 heures`: whole hours are said as hours when minutes would be many."""
    minute, hour = _UNITS[language]
    in_hours = minutes > _LONGEST_IN_MINUTES and minutes % 60 == 0
    count, unit = (minutes // 60, hour) if in_hours else (minutes, minute)
    return f"{count} {unit}{'s' if count > 1 else ''}"


def _day(day: date, language: Language) -> str:
    """`1er mars 2027`, `1 March 2027`."""
    ordinal = "er" if day.day == 1 and language is Language.FRENCH else ""
    return f"{day.day}{ordinal} {_MONTHS[language][day.month - 1]} {day.year}"
