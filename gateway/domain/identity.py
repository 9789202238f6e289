"""Whether somebody is the person a tenant's file is about, and where that person is written to.

Names and a birth date are known to many: a match lets a letter go to the address on file, and proves no more.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date

from gateway.domain.email import read_email
from gateway.domain.letter import EmailAddress
from gateway.domain.person import ContactKind, Person, Tenant

_MAX_NAME = 200
# What Unicode does not take apart: ligatures, letters with a stroke; and apostrophes that it counts as letters.
_LETTERS = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ʼ": "'", "ʻ": "'"}
)
_WORD = re.compile(r"[^\W_]+")
# Written before the name, behind it or not at all: de Musset, Musset (de), Musset. Articles are part of the name.
_PARTICLES = frozenset({"de", "d", "von", "der", "den"})


@dataclass(frozen=True, slots=True)
class IdentityClaim:
    """Who somebody says they are, as typed. Its representation tells nothing: it ends up in logs one day."""

    first_name: str = field(repr=False)
    last_name: str = field(repr=False)
    birth_date: date = field(repr=False)


def matches(claim: IdentityClaim, tenant: Tenant) -> bool:
    """Whether `claim` names the person of the file, born on the day of the file.

    Capitals, accents, ligatures, spaces, hyphens, apostrophes and other signs do not matter, nor does which of the
    names is called the first one. Of several first names the leading ones are enough: `Marie` for `MARIE CLAIRE`.
    A last name is compared whole, only a particle may be left out: neither half of `DUPONT-MARTIN` is that name.
    A file without a first name, of a couple for example, needs the last name alone, or all the names it holds in one.
    A file without a birth date, and names without a letter or of more than 200 characters, match nobody.
    """
    if tenant.birth_date is None or tenant.birth_date != claim.birth_date:
        return False
    first, last = _words(claim.first_name), _words(claim.last_name)
    if not (first and last):
        return False
    return _names(tenant.person, first=first, last=last) or _names(tenant.person, first=last, last=first)


def address_on_file(tenant: Tenant) -> EmailAddress | None:
    """The first e-mail address of the file that can be written to; None when there is none."""
    typed = (contact.value for contact in tenant.contacts if contact.kind is ContactKind.EMAIL)
    return next(filter(None, (read_email(value) for value in typed if value)), None)


def _names(person: Person, *, first: list[str], last: list[str]) -> bool:
    """Whether these words are the person's names, in this order."""
    filed = _words(person.last_name)
    if person.first_name is None:
        return _are_one_name(last, filed) or "".join((*last, *first)) == "".join(filed)
    return _are_one_name(last, filed) and _begins("".join(first), _words(person.first_name))


def _are_one_name(typed: list[str], filed: list[str]) -> bool:
    """Run together, because neither spaces nor hyphens inside names are reliable; a particle may stand elsewhere."""
    if "".join(typed) == "".join(filed):
        return bool(filed)
    (name, particles), (same, others) = _apart(typed), _apart(filed)
    return name == same != "" and (particles == others or not (particles and others))


def _apart(words: list[str]) -> tuple[str, list[str]]:
    """A name run together without its particles, and these."""
    name = "".join(word for word in words if word not in _PARTICLES)
    return name, [word for word in words if word in _PARTICLES]


def _begins(typed: str, filed: list[str]) -> bool:
    """Whether `typed` is the first one of the `filed` words, or the first few, run together."""
    return any(typed == "".join(filed[:count]) for count in range(1, len(filed) + 1))


def _words(name: str) -> list[str]:
    """The words of a name in small letters without marks; none when it has no letter or is too long to be a name."""
    if len(name) > _MAX_NAME:
        return []
    bare = "".join(filter(_is_no_mark, unicodedata.normalize("NFKD", name)))
    words = _WORD.findall(bare.casefold().translate(_LETTERS))
    return words if any(map(str.isalpha, "".join(words))) else []


def _is_no_mark(character: str) -> bool:
    return not unicodedata.category(character).startswith("M")
