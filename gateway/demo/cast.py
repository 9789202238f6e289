"""Who plays in the demo: tenants with accounts, and staff. All invented, their passwords published."""

from dataclasses import dataclass
from datetime import date
from random import Random
from typing import TypedDict

from gateway.demo.world import households, landlord
from gateway.demo.world.model import Household

_ADVISORS = 2


@dataclass(frozen=True, slots=True)
class World:
    """What the simulated systems are made from, the same for all of them."""

    seed: int
    households: int
    today: date


class Seed(TypedDict):
    """One tenant as `gateway seed` takes them; `email` is None for who has none that can be used."""

    reference: str
    tenant: str
    password: str
    email: str | None


@dataclass(frozen=True, slots=True)
class Tenant:
    """The holder of one household's account."""

    household: Household
    password: str

    def as_seed(self) -> Seed:
        """What `gateway seed` takes."""
        holder = self.household.holder
        return {
            "reference": self.household.account_number,
            "tenant": holder.number,
            "password": self.password,
            "email": self.email,
        }

    @property
    def email(self) -> str | None:
        """Where letters reach the holder; None when the file has nothing, or what clerks type for that."""
        address = self.household.holder.email
        return address if address and not address.startswith("nc@") else None

    def as_account(self) -> dict[str, str]:
        """What scripts that drive the demo read."""
        holder = self.household.holder
        return {
            "accountReference": self.household.account_number,
            "password": self.password,
            "firstName": holder.first_name,
            "lastName": holder.last_name,
            "birthDate": holder.birth_date.isoformat(),
            "case": self.household.case,
        }


def tenants(world: World) -> list[Tenant]:
    """One account for each household; the password depends on seed and household alone."""
    return [
        Tenant(household, f"Mirabelle-{Random(f'{world.seed}/{household.index}/account').randrange(10**6):06d}")
        for household in households(world.seed, world.households, world.today)
    ]


def staff(world: World) -> list[dict[str, str]]:
    """Two of the landlord's advisors, an analyst and an operator, as `gateway seed` takes them."""
    advisors = landlord(world.today, dwellings=world.households).advisors[:_ADVISORS]
    return [
        *({"name": f"{one.first_name} {one.last_name}", "role": "ADVISOR"} for one in advisors),
        {"name": "Analyste de la démonstration", "role": "ANALYST"},
        {"name": "Exploitation de la démonstration", "role": "OPERATOR"},
    ]
