"""Who plays in the demo: tenants with accounts, and staff. All invented, their passwords published."""

from calendar import isleap
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import TypedDict

from gateway.demo.world import households, landlord
from gateway.demo.world.model import Household
from gateway.demo.world.showcase import SHOWCASE

NO_ACCOUNT = "no-account"
ON_29_FEBRUARY, RENEWAL_DUE, RENEWAL_SOON = "account-of-29-february", "renewal-due", "renewal-soon"

_PARTS = (NO_ACCOUNT, ON_29_FEBRUARY, RENEWAL_DUE, RENEWAL_SOON)
"""Cases of accounts rather than of the landlord's books: the first after the showcase whose holders read mail."""

_ADVISORS = 2


@dataclass(frozen=True, slots=True)
class World:
    """What the simulated systems are made from, the same for all of them."""

    seed: int
    households: int
    today: date


class Seed(TypedDict):
    """One tenant as `gateway seed` takes them; `email` is None for who has none that can be used.

    `created_at` is None for an account that is created when the demo first starts.
    """

    reference: str
    tenant: str
    password: str
    email: str | None
    created_at: str | None


@dataclass(frozen=True, slots=True)
class Holder:
    """The holder of one household's lease, with or without an online account."""

    household: Household
    case: str

    @property
    def email(self) -> str | None:
        """Where letters reach the holder; None when the file has nothing, or what clerks type for that."""
        return _address(self.household)

    def as_person(self) -> dict[str, str]:
        """What scripts that drive the demo read: all that creating an account asks for."""
        holder = self.household.holder
        return {
            "accountReference": self.household.account_number,
            "firstName": holder.first_name,
            "lastName": holder.last_name,
            "birthDate": holder.birth_date.isoformat(),
            "case": self.case,
        }


@dataclass(frozen=True, slots=True)
class Tenant(Holder):
    """The holder of one household's account, created on the first start of the demo or on `created_on`."""

    password: str
    created_on: date | None

    def as_seed(self) -> Seed:
        """What `gateway seed` takes."""
        return {
            "reference": self.household.account_number,
            "tenant": self.household.holder.number,
            "password": self.password,
            "email": self.email,
            "created_at": f"{self.created_on.isoformat()}T12:00:00Z" if self.created_on else None,
        }

    def as_account(self) -> dict[str, str]:
        """What scripts that drive the demo read."""
        person = self.as_person()
        return {"accountReference": person.pop("accountReference"), "password": self.password, **person}


def tenants(world: World) -> list[Tenant]:
    """One account for each household but that of `without_account`; the password depends on seed and household."""
    created = {part: _created_on(part, today=world.today) for part in _PARTS}
    return [
        Tenant(holder.household, holder.case, _password(world, holder.household), created.get(holder.case))
        for holder in _holders(world)
        if holder.case != NO_ACCOUNT
    ]


def without_account(world: World) -> list[Holder]:
    """Whose account is still to be created, by hand; nobody in a world that is little more than the showcase."""
    return [holder for holder in _holders(world) if holder.case == NO_ACCOUNT]


def _holders(world: World) -> list[Holder]:
    everybody = list(households(world.seed, world.households, world.today))
    parts = _parts(everybody)
    return [Holder(household, parts.get(household.index, household.case)) for household in everybody]


def _parts(everybody: list[Household]) -> Mapping[int, str]:
    readers = (household.index for household in everybody[len(SHOWCASE) :] if _address(household))
    return dict(zip(readers, _PARTS, strict=False))


def _address(household: Household) -> str | None:
    address = household.holder.email
    return address if address and not address.startswith("nc@") else None


def _password(world: World, household: Household) -> str:
    return f"Mirabelle-{Random(f'{world.seed}/{household.index}/account').randrange(10**6):06d}"


def _created_on(part: str, *, today: date) -> date | None:
    """When an account of that case was created; None for the first start of the demo."""
    days = {
        RENEWAL_DUE: _a_year_before(today),
        RENEWAL_SOON: _a_year_before(today + timedelta(days=10)),
        ON_29_FEBRUARY: _leap_day_until(_a_year_before(today)),
    }
    return days.get(part)


def _leap_day_until(day: date) -> date:
    """The latest 29 February that is not after `day`; between two there are up to eight years."""
    leap_days = (date(year, 2, 29) for year in range(day.year, day.year - 9, -1) if isleap(year))
    return next(leap_day for leap_day in leap_days if leap_day <= day)


def _a_year_before(day: date) -> date:
    is_29_february = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if is_29_february else day.day)


def staff(world: World) -> list[dict[str, str]]:
    """Two of the landlord's advisors, an analyst and an operator, as `gateway seed` takes them."""
    advisors = landlord(world.today, dwellings=world.households).advisors[:_ADVISORS]
    return [
        *({"name": f"{one.first_name} {one.last_name}", "role": "ADVISOR"} for one in advisors),
        {"name": "Analyste de la démonstration", "role": "ANALYST"},
        {"name": "Exploitation de la démonstration", "role": "OPERATOR"},
    ]
