"""People and what they rent."""

from datetime import date

from gateway.domain.address import PostalAddress
from gateway.domain.identifiers import (
    AccountId,
    LeaseId,
    PersonId,
    UnitId,
)
from gateway.domain.lease import (
    Lease,
    LeaseParty,
    LeasePartyRole,
    LeaseState,
    RentalUnit,
    RentTerm,
    UnitKind,
)
from gateway.domain.person import Civility, ContactKind, ContactPoint, Person, Tenant
from gateway.domain.source import DataQualityCode, DataQualityIssue
from tests.support.household.names import (
    ACCOUNT,
    CAMILLE,
    DWELLING,
    FOREIGN_ACCOUNT,
    FOREIGN_LEASE,
    GARAGE,
    NOOR,
)

_CAMILLE = Person(PersonId("P-CAMILLE"), Civility.MME, "Camille", "Roussel")
_DOMINIQUE = Person(PersonId("P-DOMINIQUE"), Civility.M, "Dominique", "Roussel")
_NOOR = Person(PersonId("P-NOOR"), Civility.UNSPECIFIED, "Noor", "Haddad")


def camille() -> Tenant:
    """Camille's file; one of her addresses cannot be used."""
    contacts = (
        ContactPoint(ContactKind.MOBILE, "+33639980012", "06 39 98 00 12", verified_on=date(2025, 9, 2)),
        ContactPoint(ContactKind.EMAIL, None, "camille.roussel(a)example.org"),
    )
    issue = DataQualityIssue(DataQualityCode.UNUSABLE_CONTACT, "contacts", "camille.roussel(a)example.org")
    return Tenant(CAMILLE, _CAMILLE, date(1984, 5, 6), contacts, (issue,))


def noor() -> Tenant:
    """Noor's file, with nothing but the name."""
    return Tenant(NOOR, _NOOR, None, ())


def _address(*complement: str) -> PostalAddress:
    return PostalAddress(complement, "4 rue des Tanneurs", "57000", "Metz", insee_code="57463")


def dwelling() -> Lease:
    """Three rooms on the third floor, held by Camille and Dominique."""
    unit = RentalUnit(
        id=UnitId("U-DWELLING"),
        kind=UnitKind.DWELLING,
        address=_address("Bâtiment B", "3e étage"),
        typology="T3",
        surface_dm2=6450,
        floor="3",
        estate="Les Tanneurs",
    )
    parties = (
        LeaseParty(_CAMILLE, LeasePartyRole.PRINCIPAL_HOLDER, date(2019, 6, 1), None),
        LeaseParty(_DOMINIQUE, LeasePartyRole.CO_HOLDER, date(2019, 6, 1), None),
    )
    return _lease(DWELLING, "0012345/01", unit, parties)


def garage() -> Lease:
    """A garage on the same account."""
    unit = RentalUnit(UnitId("U-GARAGE"), UnitKind.PARKING, _address("Garage 12"), None, None, None, "Les Tanneurs")
    return _lease(GARAGE, "0012345/02", unit, ())


def foreign_lease() -> Lease:
    """Noor's dwelling, next door."""
    unit = RentalUnit(UnitId("U-HADDAD"), UnitKind.DWELLING, _address("Bâtiment A"), "T2", None, None, None)
    parties = (LeaseParty(_NOOR, LeasePartyRole.PRINCIPAL_HOLDER, None, None),)
    return _lease(FOREIGN_LEASE, "0067890/01", unit, parties, account=FOREIGN_ACCOUNT)


def _lease(
    lease: LeaseId,
    reference: str,
    unit: RentalUnit,
    parties: tuple[LeaseParty, ...],
    *,
    account: AccountId = ACCOUNT,
) -> Lease:
    return Lease(
        id=lease,
        reference=reference,
        state=LeaseState.CURRENT,
        starts_on=date(2019, 6, 1),
        ends_on=None,
        notice_received_on=None,
        parties=parties,
        unit=unit,
        account_id=account,
        account_reference=reference.partition("/")[0],
        term=RentTerm.IN_ARREARS,
    )
