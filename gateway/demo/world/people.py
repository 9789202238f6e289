"""Who signed the lease, who lives there, and how they can be reached."""

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Literal

from gateway.demo.world import names
from gateway.demo.world.model import Party, Person
from gateway.demo.world.numbers import person_number
from gateway.demo.world.profile import HomeProfile

Civility = Literal["MME", "M"]

_ADULT_DAYS, _OLDEST_DAYS = 20 * 365, 86 * 365
_UNKNOWN_BIRTH = date(1900, 1, 1)
_TWO_YEARS = timedelta(days=730)
_NO_EMAIL = (None, None, None, "", "nc@example.com")
"""Left empty, or what a clerk types when the form insists."""
_MOBILE_STYLES = ("063998{}{}", "06 39 98 {} {}", "06.39.98.{}.{}", "+33 (0)6 39 98 {} {}", "63998{}{}")


@dataclass(slots=True)
class Registry:
    """Invents the people of one household and numbers them in the order they are asked for."""

    rng: Random
    index: int
    today: date
    count: int = 0

    def person(self, *, last_name: str | None = None, civility: Civility | None = None) -> Person:
        """Someone who can be reached by e-mail and telephone."""
        self.count += 1
        civility = civility or ("MME" if self.rng.random() < 0.56 else "M")
        first_name = self.rng.choice(names.WOMEN if civility == "MME" else names.MEN)
        last_name = last_name or self._family_name()
        return Person(
            number=person_number(self.index, rank=self.count),
            civility=civility,
            first_name=first_name,
            last_name=last_name,
            birth_date=self.today - timedelta(days=self.rng.randint(_ADULT_DAYS, _OLDEST_DAYS)),
            email=f"{_mailbox(first_name)}.{_mailbox(last_name)}.{self.index}-{self.count}@example.org",
            phones=self._phones(),
        )

    def _family_name(self) -> str:
        name = self.rng.choice(names.FAMILIES)
        return f"{name}-{self.rng.choice(names.FAMILIES)}" if self.rng.random() < 0.05 else name

    def _phones(self) -> tuple[str, ...]:
        """Numbers of the ranges kept for fiction, written in one of the ways clerks write them."""
        last_four = f"{self.rng.randrange(10_000):04d}"
        mobile = self.rng.choice(_MOBILE_STYLES).format(last_four[:2], last_four[2:])
        if self.rng.random() < 0.8:
            return (mobile,)
        return (mobile, f"03 53 01 {self.rng.randint(40, 99)} {self.rng.randrange(100):02d}")


def principal_holder(registry: Registry, *, home: HomeProfile) -> Person:
    """The titulaire principal, with what is unusable in their file."""
    person = registry.person(civility="M" if home.shared_name else None)
    return replace(
        person,
        birth_date=_UNKNOWN_BIRTH if home.sentinel_dates else person.birth_date,
        email=person.email if home.has_email else registry.rng.choice(_NO_EMAIL),
        phones=home.unusable_phones or person.phones,
    )


def parties(registry: Registry, *, home: HomeProfile, holder: Person, since: date) -> tuple[Party, ...]:
    """Everybody who is or was party to the lease, the principal holder first."""
    found = [Party(person=holder, role="TITULAIRE", since=since, until=None)]
    if home.joint:
        found.append(_co_holder(registry, home=home, holder=holder, since=since))
    if home.separated:
        until = min(since + _TWO_YEARS, registry.today)
        found.append(Party(person=registry.person(), role="EX-CONJOINT", since=since, until=until))
    if home.persons > 3 and registry.rng.random() < 0.20:
        occupant = registry.person(last_name=holder.last_name)
        found.append(Party(person=occupant, role="OCCUPANT", since=since, until=None))
    if registry.rng.random() < 0.03:
        found.append(Party(person=registry.person(), role="GARANT", since=since, until=None))
    return tuple(found)


def _co_holder(registry: Registry, *, home: HomeProfile, holder: Person, since: date) -> Party:
    """The co-holder, whom some clerk may have flagged as principal a second time."""
    spouse: Civility = "MME" if holder.civility == "M" else "M"
    person = registry.person(last_name=holder.last_name, civility=spouse) if home.shared_name else registry.person()
    return Party(person=person, role="TITULAIRE" if home.two_principals else "COTITULAIRE", since=since, until=None)


def _mailbox(name: str) -> str:
    """The letters a mail address keeps of a name: `Bœuf` becomes `boeuf`, `L'Hôte` becomes `lhote`."""
    plain = unicodedata.normalize("NFKD", name.replace("œ", "oe")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z-]", "", plain.lower())
