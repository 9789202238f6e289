"""Tenant files and leases, read from awkward records."""

from dataclasses import replace
from datetime import date

import pytest

from gateway.adapters.erp_soap.tenancy import SoapTenancy
from gateway.domain.address import PostalAddress
from gateway.domain.identifiers import AccountId, LeaseId, PersonId, TenantId, UnitId
from gateway.domain.lease import Lease, LeaseParty, LeasePartyRole, LeaseState, RentalUnit, RentTerm, UnitKind
from gateway.domain.person import Civility, ContactKind, ContactPoint, Person, Tenant
from gateway.domain.source import DataQualityCode, DataQualityIssue, SourceSystem
from gateway.ports.answers import MISSING, Answer, Failed, Seen
from gateway.ports.errors import UpstreamGarbledError
from tests.adapters.erp_soap.sheets import CONTRAT, LOCATAIRE, answer, erp_saying, origin, record, sent, soon

TENANT = TenantId("P0123451")
SPOUSE = TenantId("P0123452")
ORIGIN = origin(SourceSystem.RENT_ERP)

MARIE = Tenant(
    id=TENANT,
    person=Person(PersonId("P0123451"), Civility.MME, first_name="Marie Claire", last_name="Dupont-Le Gall"),
    birth_date=date(1980, 2, 29),
    contacts=(
        ContactPoint(ContactKind.MOBILE, value="+33639981234", display="06 39 98 12 34"),
        ContactPoint(ContactKind.EMAIL, value="marie@example.org", display="marie@example.org"),
    ),
)
LEA = Person(PersonId("P0123451"), Civility.MME, first_name="Lea", last_name="Klein")
LEASE = Lease(
    id=LeaseId("012345/01"),
    reference="012345/01",
    state=LeaseState.CURRENT,
    starts_on=date(2019, 9, 1),
    ends_on=None,
    notice_received_on=None,
    parties=(LeaseParty(LEA, LeasePartyRole.PRINCIPAL_HOLDER, since=date(2019, 9, 1), until=None),),
    unit=RentalUnit(
        id=UnitId("U01234501"),
        kind=UnitKind.DWELLING,
        address=PostalAddress(("Bâtiment B",), "12 rue aux Arènes", "57000", "Metz", "57463"),
        typology="T3",
        surface_dm2=6520,
        floor="2e étage",
        estate="Résidence du Parc",
    ),
    account_id=AccountId("0012345"),
    account_reference="0012345",
    term=RentTerm.IN_ARREARS,
)


def issue(code: DataQualityCode, field: str, raw: str | None = None) -> DataQualityIssue:
    """Shorter."""
    return DataQualityIssue(code, field, raw)


async def tenant_of(*rows: str) -> Answer[Tenant]:
    """What is answered for the tenant when these rows come."""
    async with erp_saying(answer("LireLocataires", *rows)) as (erp, _):
        batch = await SoapTenancy(erp).tenants([TENANT], deadline=soon())
    return batch[TENANT]


async def seen_tenant(**changes: str) -> Tenant:
    """The tenant's file with some fields changed."""
    found = await tenant_of(record("Locataire", LOCATAIRE, **changes))
    assert isinstance(found, Seen)
    return found.value


async def test_a_file_is_read_whole() -> None:
    """Name in its usual spelling, date, telephone without its comment, e-mail; nothing to remark."""
    assert await tenant_of(record("Locataire", LOCATAIRE)) == Seen(MARIE, ORIGIN)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("19000101", DataQualityCode.SENTINEL_DATE),
        ("00010101", DataQualityCode.SENTINEL_DATE),
        ("99991231", DataQualityCode.SENTINEL_DATE),
        ("29/02/1980", DataQualityCode.INVALID_DATE),
        ("800229", DataQualityCode.INVALID_DATE),
        ("19810229", DataQualityCode.INVALID_DATE),
    ],
)
async def test_a_birth_date_that_is_none_is_none(written: str, code: DataQualityCode) -> None:
    """Nobody was born on the day that stands for « unknown »."""
    found = await seen_tenant(DAT_NAISS=written)

    assert found == replace(MARIE, birth_date=None, issues=(issue(code, "birth_date", written),))


@pytest.mark.parametrize("written", ["00000000", "        "])
async def test_a_birth_date_that_was_never_given_is_no_oddity(written: str) -> None:
    """The note's own way to write none."""
    assert await seen_tenant(DAT_NAISS=written) == replace(MARIE, birth_date=None)


async def test_several_numbers_in_one_field_are_several_contacts() -> None:
    """Each with its kind."""
    found = await seen_tenant(TEL_1="03 53 01 42 17 / 639981234", MEL="")

    assert found.contacts == (
        ContactPoint(ContactKind.LANDLINE, value="+33353014217", display="03 53 01 42 17"),
        ContactPoint(ContactKind.MOBILE, value="+33639981234", display="06 39 98 12 34"),
    )
    assert found.issues == ()


@pytest.mark.parametrize("typed", ["SANS", "0000000000", "voir gardien"])
async def test_a_number_that_is_none_is_shown_and_not_used(typed: str) -> None:
    """What the clerk typed can be shown, nobody is called on it."""
    found = await seen_tenant(TEL_1="", TEL_3=typed, MEL="")

    assert found.contacts == (ContactPoint(ContactKind.LANDLINE, value=None, display=typed),)
    assert found.issues == (issue(DataQualityCode.UNUSABLE_CONTACT, "contacts", typed),)


@pytest.mark.parametrize("typed", ["nc@nc.fr", "NC@example.com", "pas de mail", "a@b", "a b@example.org"])
async def test_an_address_that_is_none_is_not_used(typed: str) -> None:
    """« Non communiqué » is nobody's mailbox."""
    found = await seen_tenant(TEL_1="", MEL=typed)

    assert found.contacts == (ContactPoint(ContactKind.EMAIL, value=None, display=typed),)
    assert found.issues == (issue(DataQualityCode.UNUSABLE_CONTACT, "contacts", typed),)


async def test_a_couple_in_one_file_is_greeted_as_a_couple() -> None:
    """Two people, one name, no first name."""
    found = await seen_tenant(LIB_NOM="MR ET MME BECKER", LIB_PRENOM="   ")

    assert found.person.greeting_name == "M. et Mme Becker"
    assert found.issues == ()


async def test_names_that_cannot_be_told_apart_are_not() -> None:
    """« Bonjour, Mme Klein Lea. » rather than a wrong first name, and IT is told."""
    found = await seen_tenant(LIB_NOM="MME KLEIN LEA", LIB_PRENOM="")

    assert (found.person.first_name, found.person.last_name) == (None, "Klein Lea")
    assert found.issues == (issue(DataQualityCode.MISSING_VALUE, "first_name", "MME KLEIN LEA"),)


async def test_a_file_without_a_name_is_still_a_file() -> None:
    """Nobody is greeted by an invented name."""
    found = await seen_tenant(LIB_NOM="    ", LIB_PRENOM="")

    assert (found.person.greeting_name, found.person.last_name) == ("", "")
    assert [it.field for it in found.issues] == ["last_name", "first_name"]


async def test_a_name_stored_in_the_wrong_charset_is_repaired() -> None:
    """And the repair is told."""
    found = await seen_tenant(LIB_NOM="MME BÃ©CKER ZoÃ©", LIB_PRENOM="ZoÃ©")

    assert (found.person.first_name, found.person.last_name) == ("Zoé", "BéCKER")
    assert [it.code for it in found.issues] == [DataQualityCode.ENCODING_REPAIRED] * 2


async def test_a_file_that_comes_twice_is_one_with_an_issue() -> None:
    """Padding in front makes no second person."""
    row, padded = record("Locataire", LOCATAIRE), record("Locataire", LOCATAIRE, NUM_LOC=" P0123451")

    found = await tenant_of(row, padded)

    assert isinstance(found, Seen)
    assert found.value.issues == (issue(DataQualityCode.DUPLICATE_RECORD, "id"),)


async def test_two_files_that_contradict_each_other_fail() -> None:
    """Nobody can tell which birth date is right."""
    found = await tenant_of(record("Locataire", LOCATAIRE), record("Locataire", LOCATAIRE, DAT_NAISS="19800301"))

    assert isinstance(found, Failed)
    assert str(found.error) == "RENT_ERP.tenants: cannot read NUM_LOC"


async def test_a_field_that_is_not_there_fails_its_file_alone() -> None:
    """The other tenant of the batch is answered."""
    rows = (record("Locataire", LOCATAIRE), record("Locataire", LOCATAIRE, NUM_LOC="P2", LIB_NOM="-"))
    other = TenantId("P2")
    async with erp_saying(answer("LireLocataires", *rows)) as (erp, _):
        batch = await SoapTenancy(erp).tenants([TENANT, other], deadline=soon())

    assert batch[TENANT] == Seen(MARIE, ORIGIN)
    failed = batch[other]
    assert isinstance(failed, Failed)
    assert str(failed.error) == "RENT_ERP.tenants: cannot read LIB_NOM"


async def test_a_file_without_a_number_fails_the_call() -> None:
    """Nobody knows whose it is."""
    with pytest.raises(UpstreamGarbledError) as caught:
        await tenant_of(record("Locataire", LOCATAIRE, NUM_LOC="???"))

    assert caught.value.field == "NUM_LOC"


async def test_keys_are_sent_canonical_once_and_only_if_they_can_be_keys() -> None:
    """Each spelling is answered under the spelling that was asked."""
    padded, twice, impossible = TenantId(" p0123451  "), TENANT, TenantId("../P0123451")
    async with erp_saying(answer("LireLocataires", record("Locataire", LOCATAIRE))) as (erp, server):
        batch = await SoapTenancy(erp).tenants([padded, twice, impossible, twice], deadline=soon())

    assert batch == {padded: Seen(MARIE, ORIGIN), twice: Seen(MARIE, ORIGIN), impossible: MISSING}
    (body,) = sent(server)
    assert body.count("<NumLocataire>") == 1
    assert "<NumLocataire>P0123451</NumLocataire>" in body


async def test_no_keys_ask_nothing() -> None:
    """Not even a session is opened."""
    async with erp_saying(answer("LireLocataires")) as (erp, server):
        assert await SoapTenancy(erp).tenants([], deadline=soon()) == {}

    assert server.requests == []


async def leases_of(tenant: TenantId, *rows: str) -> Answer[tuple[Lease, ...]]:
    """The leases of `tenant` when these rows come."""
    async with erp_saying(answer("LireContrats", *rows)) as (erp, _):
        batch = await SoapTenancy(erp).leases_of([tenant], deadline=soon())
    return batch[tenant]


async def one_lease(*rows: str, tenant: TenantId = TENANT) -> Lease:
    """The only lease of `tenant` when these rows come."""
    found = await leases_of(tenant, *rows)
    assert isinstance(found, Seen)
    (lease,) = found.value
    return lease


def contrat(**changes: str) -> str:
    """A row of a lease."""
    return record("Contrat", CONTRAT, **changes)


def spouse(**changes: str) -> str:
    """A second row of the lease, for another person."""
    return contrat(**{"NUM_LOC": "P0123452", "LIB_NOM": "MR KLEIN HUGO", "LIB_PRENOM": "HUGO", **changes})


async def test_a_lease_is_read_whole() -> None:
    """One row, one party, nothing to remark."""
    assert await leases_of(TENANT, contrat()) == Seen((LEASE,), ORIGIN)


async def test_joint_holders_are_parties_of_one_lease() -> None:
    """Two rows make no two leases, and both holders have it, whatever the order of rows."""
    rows = (spouse(ROLE="COTITULAIRE"), contrat())

    lease = await one_lease(*rows)

    assert [(party.person.first_name, party.role) for party in lease.parties] == [
        ("Lea", LeasePartyRole.PRINCIPAL_HOLDER),
        ("Hugo", LeasePartyRole.CO_HOLDER),
    ]
    assert await one_lease(*rows, tenant=SPOUSE) == lease


@pytest.mark.parametrize(
    "changes",
    [
        {"ROLE": "EX-CONJOINT", "DAT_FIN": "20210901"},
        {"ROLE": "EX-CONJOINT"},
        {"ROLE": "OCCUPANT"},
        {"ROLE": "GARANT"},
        {"ROLE": "COTITULAIRE", "DAT_FIN": "20210901"},
        {"ROLE": "COTITULAIRE", "DAT_FIN": "20260313"},
        {"ROLE": "COTITULAIRE", "DAT_FIN": "20210901", "DAT_RESIL": "20211231", "ETAT": "RS"},
        {"ROLE": "COTITULAIRE", "DAT_FIN": "2021XX01"},
        {"ROLE": "GERANT"},
    ],
)
async def test_who_does_not_hold_the_lease_does_not_see_it(changes: dict[str, str]) -> None:
    """A former spouse, an occupant, a guarantor, a holder who left, a party we do not understand: none."""
    shared = {name: changes[name] for name in ("DAT_RESIL", "ETAT") if name in changes}

    assert await leases_of(SPOUSE, contrat(**shared), spouse(**changes)) == Seen((), ORIGIN)


@pytest.mark.parametrize(
    "changes",
    [
        {"DAT_FIN": "99991231"},
        {"DAT_FIN": "20260314"},
        {"DAT_FIN": "20260401"},
        {"DAT_FIN": "20211231", "DAT_RESIL": "20211231", "ETAT": "RS"},
    ],
)
async def test_who_held_the_lease_to_its_end_still_sees_it(changes: dict[str, str]) -> None:
    """Accounts stay open after the end: deposit, settlements."""
    shared = {name: changes[name] for name in ("DAT_RESIL", "ETAT") if name in changes}

    lease = await one_lease(contrat(**shared), spouse(ROLE="COTITULAIRE", **changes), tenant=SPOUSE)

    assert lease.id == LeaseId("012345/01")


async def test_a_former_spouse_is_no_party() -> None:
    """What they were before is not told, and who stayed need not see their name."""
    lease = await one_lease(contrat(), spouse(ROLE="EX-CONJOINT", DAT_FIN="20210901"))

    assert lease == LEASE


async def test_a_party_with_an_unknown_role_is_left_out_and_told() -> None:
    """Only understood roles give rights."""
    lease = await one_lease(contrat(), spouse(ROLE="GERANT"))

    assert lease == replace(LEASE, issues=(issue(DataQualityCode.UNKNOWN_CODE, "parties", "GERANT"),))


async def test_a_party_whose_end_cannot_be_read_is_left_out_and_told() -> None:
    """It may have ended."""
    lease = await one_lease(contrat(), spouse(ROLE="COTITULAIRE", DAT_FIN="2021XX01"))

    assert lease == replace(LEASE, issues=(issue(DataQualityCode.INVALID_DATE, "parties", "2021XX01"),))


async def test_of_two_principal_holders_the_earliest_is_it() -> None:
    """Both stay holders, and IT is told."""
    lease = await one_lease(contrat(), spouse(DAT_DEB="20180101"))

    assert [(party.person.first_name, party.role) for party in lease.parties] == [
        ("Hugo", LeasePartyRole.PRINCIPAL_HOLDER),
        ("Lea", LeasePartyRole.CO_HOLDER),
    ]
    assert lease.issues == (issue(DataQualityCode.DUPLICATE_RECORD, "parties"),)


async def test_of_two_principal_holders_one_who_left_is_not_it() -> None:
    """The earliest valid one counts."""
    rows = (contrat(), spouse(DAT_DEB="20180101", DAT_FIN="20200101"), occupant())

    lease = await one_lease(*rows)

    assert [(party.person.first_name, party.role) for party in lease.parties] == [
        ("Lea", LeasePartyRole.PRINCIPAL_HOLDER),
        ("Hugo", LeasePartyRole.CO_HOLDER),
        ("Noel", LeasePartyRole.OCCUPANT),
    ]


def occupant() -> str:
    """A third row of the lease."""
    return contrat(NUM_LOC="P0123453", LIB_NOM="MR KLEIN NOEL", LIB_PRENOM="NOEL", ROLE="OCCUPANT")


async def test_unknown_codes_are_unknown_and_the_lease_readable() -> None:
    """A code we do not know costs its own field only."""
    lease = await one_lease(contrat(ETAT="X9", TERME="Z", NATURE="ZZZ"))

    assert (lease.state, lease.term, lease.unit.kind) == (LeaseState.UNKNOWN, None, UnitKind.OTHER)
    assert lease.issues == (
        issue(DataQualityCode.UNKNOWN_CODE, "state", "X9"),
        issue(DataQualityCode.UNKNOWN_CODE, "term", "Z"),
    )
    assert lease.unit.issues == (issue(DataQualityCode.UNKNOWN_CODE, "kind", "ZZZ"),)


async def test_an_end_in_the_year_9999_is_none() -> None:
    """A lease without end has no end date."""
    lease = await one_lease(contrat(DAT_RESIL="99991231"))

    assert lease == replace(LEASE, issues=(issue(DataQualityCode.SENTINEL_DATE, "ends_on", "99991231"),))


async def test_what_a_garage_has_not_is_none() -> None:
    """No surface, no typology, no floor; an odd surface is none with its issue."""
    bare = {"NATURE": "GAR", "TYPOLOGIE": "  ", "SURFACE": "      ", "ETAGE": "", "RESIDENCE": "", "INSEE": ""}
    lease = await one_lease(contrat(**bare))
    odd = await one_lease(contrat(**{**bare, "SURFACE": "65,20"}))

    assert (lease.unit.typology, lease.unit.surface_dm2, lease.unit.floor, lease.unit.estate) == (None,) * 4
    assert lease.unit.issues == ()
    assert odd.unit.issues == (issue(DataQualityCode.UNREADABLE_AMOUNT, "surface_dm2", "65,20"),)


async def test_leases_come_running_ones_first_and_dwellings_before_garages() -> None:
    """An old dwelling comes after the garage of today."""
    rows = [
        contrat(NUM_CONTRAT="1/1", ETAT="RS", DAT_RESIL="20190831"),
        contrat(NUM_CONTRAT="2/1", NATURE="ANX"),
        contrat(NUM_CONTRAT="3/1", NATURE="GAR"),
        contrat(NUM_CONTRAT="4/1", ETAT="PR"),
        contrat(NUM_CONTRAT="5/1"),
        contrat(NUM_CONTRAT="6/1", DAT_EFFET="20200101"),
        contrat(NUM_CONTRAT="7/1", ETAT="X9", DAT_EFFET="00000000"),
        contrat(NUM_CONTRAT="8/1", ETAT="AV"),
    ]

    found = await leases_of(TENANT, *rows)

    assert isinstance(found, Seen)
    assert [lease.id[0] for lease in found.value] == ["6", "5", "4", "8", "7", "3", "2", "1"]


async def test_a_lease_that_cannot_be_read_fails_its_parties_alone() -> None:
    """Somebody else's leases are answered."""
    rows = (contrat(NUM_COMPTE="???"), spouse(ROLE="COTITULAIRE"), contrat(NUM_CONTRAT="2/1", NUM_LOC="P9"))
    other = TenantId("P9")
    async with erp_saying(answer("LireContrats", *rows)) as (erp, _):
        batch = await SoapTenancy(erp).leases_of([TENANT, SPOUSE, other], deadline=soon())

    for tenant in (TENANT, SPOUSE):
        failed = batch[tenant]
        assert isinstance(failed, Failed)
        assert str(failed.error) == "RENT_ERP.leases_of: cannot read NUM_COMPTE"
    assert isinstance(batch[other], Seen)


async def test_a_tenant_without_rows_is_missing() -> None:
    """Unknown, or party to nothing."""
    assert await leases_of(SPOUSE, contrat()) == MISSING
