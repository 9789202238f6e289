"""Tenant files and leases, by the conventions of the landlord."""

import pytest

from gateway.domain.address import PostalAddress
from gateway.domain.identifiers import AccountId, LeaseId, PersonId, TenantId, UnitId
from gateway.domain.lease import Lease, LeaseParty, LeasePartyRole, LeaseState, RentalUnit, UnitKind
from gateway.domain.person import Civility, ContactKind, ContactPoint, Person, Tenant
from gateway.domain.source import DataQualityCode, DataQualityIssue, Origin, SourceSystem
from gateway.ports.answers import MISSING, Failed, Seen
from tests.adapters.erp_tryton.conftest import NOW, Erp, connected, soon, values
from tests.adapters.erp_tryton.scripted import SIGNED_IN, binding, result
from tests.support.chaos import chaos
from tests.support.tryton_world import bare_code, bare_lease

_UNKNOWN_BEGINNING = (
    DataQualityIssue(DataQualityCode.MISSING_VALUE, "starts_on"),
    DataQualityIssue(DataQualityCode.MISSING_VALUE, "term"),
)


def _person(code: str, name: str) -> Person:
    return Person(PersonId(code), Civility.UNSPECIFIED, first_name=None, last_name=name)


async def _leases(erp: Erp, code: str) -> tuple[Lease, ...]:
    return values(await erp.tenancy.leases_of([TenantId(code)], deadline=soon()))[TenantId(code)]


async def test_a_tenants_file_is_read_as_it_was_typed(erp: Erp) -> None:
    """Accents stay, numbers become callable, and nobody guesses which part of the name is the first one."""
    tenant = TenantId("4120001")

    answer = await erp.tenancy.tenants([tenant], deadline=soon())

    contacts = (
        ContactPoint(ContactKind.MOBILE, "+33639981122", "06 39 98 11 22"),
        ContactPoint(ContactKind.LANDLINE, "+33353012233", "03 53 01 22 33"),
        ContactPoint(ContactKind.EMAIL, "anais.kieffer@example.org", "anais.kieffer@example.org"),
    )
    expected = Tenant(tenant, _person("4120001", "Anaïs Kieffer"), None, contacts)
    assert answer == {tenant: Seen(expected, Origin(SourceSystem.RENT_ERP, as_of=None, fetched_at=NOW))}


async def test_contacts_that_reach_nobody_are_shown_and_not_used(erp: Erp) -> None:
    """« nc@nc.fr » and « SANS » are what clerks type for « none »."""
    tenant = values(await erp.tenancy.tenants([TenantId("4120004")], deadline=soon()))[TenantId("4120004")]

    assert [(it.kind, it.value, it.display) for it in tenant.contacts] == [
        (ContactKind.EMAIL, None, "nc@nc.fr"),
        (ContactKind.LANDLINE, None, "SANS"),
    ]
    assert tenant.issues == (
        DataQualityIssue(DataQualityCode.UNUSABLE_CONTACT, "contacts", "nc@nc.fr"),
        DataQualityIssue(DataQualityCode.UNUSABLE_CONTACT, "contacts", "SANS"),
    )


async def test_only_those_whom_a_lease_can_bind_are_tenants(erp: Erp) -> None:
    """The landlord is a party of Tryton's as well, and so is a guarantor: neither has a file."""
    ids = [TenantId(code) for code in ("BAILLEUR", "4120023", "4129999", "../4120001")]

    answer = await erp.tenancy.tenants(ids, deadline=soon())

    assert answer == dict.fromkeys(ids, MISSING)


async def test_a_lease_carries_what_tryton_knows_and_says_what_it_does_not(erp: Erp) -> None:
    """Party, dwelling and account are there; when it began is not kept, and is not invented."""
    (lease,) = await _leases(erp, "4120001")

    holder = LeaseParty(_person("4120001", "Anaïs Kieffer"), LeasePartyRole.PRINCIPAL_HOLDER, since=None, until=None)
    address = PostalAddress(("Bâtiment C", "Logement 12"), "12 rue des Mirabelles", "57000", "Metz")
    assert lease == Lease(
        id=LeaseId("000101/01"),
        reference="000101/01",
        state=LeaseState.CURRENT,
        starts_on=None,
        ends_on=None,
        notice_received_on=None,
        parties=(holder,),
        unit=RentalUnit(lease.unit.id, UnitKind.DWELLING, address, None, None, None, None),
        account_id=AccountId("4120001"),
        account_reference="4120001",
        term=None,
        issues=_UNKNOWN_BEGINNING,
    )


async def test_joint_holders_see_one_lease_and_one_account(erp: Erp) -> None:
    """Whoever of the two asks: the principal holder first, the rent on the account of that holder."""
    of_principal, of_partner = await _leases(erp, "4120002"), await _leases(erp, "4120003")

    assert of_principal == of_partner
    (lease,) = of_principal
    assert [(party.person.last_name, party.role) for party in lease.parties] == [
        ("Sylvie Oberlé-Wagner", LeasePartyRole.PRINCIPAL_HOLDER),
        ("Karim Benali", LeasePartyRole.CO_HOLDER),
    ]
    assert lease.account_id == "4120002"


async def test_who_has_left_a_lease_does_not_see_it(erp: Erp) -> None:
    """The deactivated identifier of a former holder opens nothing, and nobody sees them among the parties."""
    former = TenantId("4120016")

    answer = await erp.tenancy.leases_of([former], deadline=soon())

    assert answer == {former: MISSING}
    (lease,) = await _leases(erp, "4120002")
    assert "4120016" not in {party.person.id for party in lease.parties}


async def test_a_dwelling_comes_before_its_garage(erp: Erp) -> None:
    """Two leases on one account, each with its own unit."""
    leases = await _leases(erp, "4120009")

    assert [(lease.id, lease.unit.kind, lease.account_id) for lease in leases] == [
        ("000109/01", UnitKind.DWELLING, "4120009"),
        ("000109/02", UnitKind.PARKING, "4120009"),
    ]


async def test_a_lease_whose_address_is_closed_has_ended(erp: Erp) -> None:
    """The tenant keeps seeing it."""
    (lease,) = await _leases(erp, "4120012")

    assert lease.state is LeaseState.ENDED


async def test_other_numbers_of_a_party_are_no_leases(erp: Erp) -> None:
    """Two tenants who share « N/A » do not share a lease, and do not see each other."""
    first, second = await _leases(erp, "4120013"), await _leases(erp, "4120022")

    assert [lease.id for lease in first] == ["000113/01"]
    assert [lease.id for lease in second] == ["000121/01"]


async def test_of_two_principal_holders_the_first_stays_so(erp: Erp) -> None:
    """Both may come in; the landlord is told that the record is double."""
    (lease,) = await _leases(erp, "4120022")

    assert [(party.person.id, party.person.civility, party.role) for party in lease.parties] == [
        ("4120021", Civility.M, LeasePartyRole.PRINCIPAL_HOLDER),
        ("4120022", Civility.MME, LeasePartyRole.CO_HOLDER),
    ]
    assert lease.account_id == "4120021"
    assert DataQualityIssue(DataQualityCode.DUPLICATE_RECORD, "parties") in lease.issues


async def test_a_guarantor_is_neither_shown_nor_let_in(erp: Erp) -> None:
    """A party without a role in the lease has its number, and nothing else of it."""
    guarantor = TenantId("4120023")

    answer = await erp.tenancy.leases_of([guarantor], deadline=soon())

    assert values(answer) == {guarantor: ()}


async def test_a_lease_without_a_principal_holder_cannot_be_read() -> None:
    """Nobody knows to which account its rent goes: better no answer than a wrong one, for that tenant alone."""
    numbers = [binding("1", "000124/01", role="Co-titulaire"), binding("2", "000125/01", role="Titulaire")]
    with chaos(SIGNED_IN, result(numbers)) as server:
        async with connected(server.url) as erp:
            answer = await erp.tenancy.leases_of([TenantId("1"), TenantId("2")], deadline=soon())

    failed, read = answer[TenantId("1")], values({2: answer[TenantId("2")]})
    assert isinstance(failed, Failed)
    assert str(failed.error) == "RENT_ERP.leases_of: cannot read party.categories"
    assert [lease.id for lease in read[2]] == ["000125/01"]


@pytest.mark.parametrize(
    ("code", "kind", "address", "issue"),
    [
        ("4120017", UnitKind.ANNEX, PostalAddress(("Cave 3",), "13 rue Mozart", "57000", "Metz"), None),
        ("4120018", UnitKind.OTHER, PostalAddress(("Local 2",), "15 rue Mozart", "57000", "Metz"), "LOCAL"),
        (
            "4120019",
            UnitKind.OTHER,
            PostalAddress(("Résidence du Parc",), "19 rue de l'Abbé-Risse", "57000", "Metz"),
            "",
        ),
    ],
)
async def test_what_is_let_is_told_by_the_address(
    erp: Erp, code: str, kind: UnitKind, address: PostalAddress, issue: str | None
) -> None:
    """Taken apart or as one text; what the landlord's words do not tell is « other », and said."""
    (lease,) = await _leases(erp, code)

    expected = () if issue is None else (DataQualityIssue(DataQualityCode.UNKNOWN_CODE, "kind", issue or None),)
    assert (lease.unit.kind, lease.unit.address, lease.unit.issues) == (kind, address, expected)


async def test_a_lease_without_an_address_is_told_apart_from_an_ended_one(erp: Erp) -> None:
    """Its state is unknown, and its unit is named after the lease."""
    (lease,) = await _leases(erp, bare_code(7))

    missing = DataQualityIssue(DataQualityCode.MISSING_VALUE, "address")
    nowhere = PostalAddress((), None, "", "")
    unit = RentalUnit(UnitId(bare_lease(7)), UnitKind.OTHER, nowhere, None, None, None, None, issues=(missing,))
    assert (lease.state, lease.unit) == (LeaseState.UNKNOWN, unit)


async def test_a_file_without_a_name_is_still_a_file() -> None:
    """Other ways to reach a party than by telephone or e-mail are left aside."""
    party = {"id": 1, "code": "4120001", "name": None, "contact_mechanisms.": [{"type": "website", "value": "www"}]}
    with chaos(SIGNED_IN, result([party])) as server:
        async with connected(server.url) as erp:
            tenants = values(await erp.tenancy.tenants([TenantId("4120001")], deadline=soon()))

    missing = DataQualityIssue(DataQualityCode.MISSING_VALUE, "last_name")
    person = Person(PersonId("4120001"), Civility.UNSPECIFIED, None, "", issues=(missing,))
    assert tenants == {TenantId("4120001"): Tenant(TenantId("4120001"), person, None, ())}


async def test_a_number_that_cannot_be_read_fails_its_tenant_alone() -> None:
    """Which leases they have is unknown, so none is shown; the neighbour has theirs."""
    numbers = [{"code": 5, "party.": {"code": "1"}}, {"code": "N/A", "party.": {"code": "2"}}]
    with chaos(SIGNED_IN, result(numbers)) as server:
        async with connected(server.url) as erp:
            answer = await erp.tenancy.leases_of([TenantId("1"), TenantId("2")], deadline=soon())

    failed = answer[TenantId("1")]
    assert isinstance(failed, Failed)
    assert str(failed.error) == "RENT_ERP.leases_of: cannot read code"
    assert answer[TenantId("2")] == Seen((), Origin(SourceSystem.RENT_ERP, as_of=None, fetched_at=NOW))


async def test_a_lease_that_vanishes_between_two_questions_is_left_out() -> None:
    """Tryton is asked twice; meanwhile a clerk may have corrected a number."""
    with chaos(SIGNED_IN, result([{"code": "000101/01", "party.": {"code": "1"}}]), result([])) as server:
        async with connected(server.url) as erp:
            answer = await erp.tenancy.leases_of([TenantId("1")], deadline=soon())

    assert values(answer) == {TenantId("1"): ()}
