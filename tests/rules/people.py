"""Who is who in the landlord's files: with an account, with a lease alone, with neither."""

from dataclasses import dataclass, replace
from datetime import date

from gateway.domain.identifiers import AccountId, LeaseId, PersonId, TenantId, UnitId
from gateway.domain.lease import LeaseParty, LeasePartyRole
from gateway.domain.person import Civility, ContactKind, ContactPoint, Person, Tenant
from tests.support.household import CAMILLE as CAMILLE_ID
from tests.support.household import DWELLING
from tests.support.household.homes import dwelling
from tests.support.memory import Landlord


@dataclass(frozen=True, slots=True)
class Details:
    """What somebody types about themselves on the pages that ask who they are."""

    reference: str
    first_name: str
    last_name: str
    birth_date: date

    @property
    def claim(self) -> dict[str, str]:
        """As the input of `requestAccountLink` has it; the assistance form has the same fields and more."""
        return {
            "accountReference": self.reference,
            "firstName": self.first_name,
            "lastName": self.last_name,
            "birthDate": self.birth_date.isoformat(),
        }


CAMILLE = Details("12345", "Camille", "Roussel", date(1984, 5, 6))
"""Has an account since the night to 1 February 2024."""

DOMINIQUE = replace(CAMILLE, first_name="Dominique", birth_date=date(1982, 11, 30))
"""Holds Camille's lease too, but is not its principal holder."""

ALIX = Details("24680", "Alix", "Schneider", date(1990, 2, 3))
"""Has a lease, and never created an account."""

NOBODY = Details("97531", "Sasha", "Nobody", date(1970, 1, 1))
"""Not known to the landlord."""

CAMILLE_EMAIL, ALIX_EMAIL = "camille@example.org", "alix@example.org"


def put_on_file(landlord: Landlord) -> None:
    """Gives Camille an address that can be written to, Dominique a file, and Alix a lease."""
    write_to(landlord, CAMILLE_ID, CAMILLE_EMAIL)
    add_tenant(landlord, TenantId("T-DOMINIQUE"), DOMINIQUE, email="dominique@example.org", person="P-DOMINIQUE")
    add_tenant(landlord, TenantId("T-ALIX"), ALIX, email=ALIX_EMAIL, person="P-ALIX")
    add_lease(landlord, TenantId("T-ALIX"), ALIX)


def write_to(landlord: Landlord, tenant: TenantId, *addresses: str) -> None:
    """These are all the e-mail addresses in the tenant's file from now on."""
    contacts = tuple(ContactPoint(ContactKind.EMAIL, address, address) for address in addresses)
    landlord.books.tenants[tenant] = replace(landlord.books.tenants[tenant], contacts=contacts)


def add_tenant(landlord: Landlord, tenant: TenantId, details: Details, *, email: str, person: str) -> None:
    """A file of somebody with a birth date and an address."""
    somebody = Person(PersonId(person), Civility.UNSPECIFIED, details.first_name, details.last_name)
    landlord.books.tenants[tenant] = Tenant(tenant, somebody, details.birth_date, ())
    write_to(landlord, tenant, email)


def add_lease(landlord: Landlord, tenant: TenantId, details: Details) -> None:
    """A dwelling of which the tenant is the principal holder, on an account of its own."""
    holder = LeaseParty(landlord.books.tenants[tenant].person, LeasePartyRole.PRINCIPAL_HOLDER, None, None)
    lease = replace(
        dwelling(),
        id=LeaseId(f"{DWELLING}-{details.reference}"),
        reference=f"00{details.reference}/01",
        unit=replace(dwelling().unit, id=UnitId(f"U-{details.reference}")),
        parties=(holder,),
        account_id=AccountId(f"A-{details.reference}"),
        account_reference=f"00{details.reference}",
    )
    landlord.books.leases_of[tenant] = (*landlord.books.leases_of.get(tenant, ()), lease)
