"""The adapter against IMMO-GEST itself: its hours, its sessions, its refusals, its households with a story."""

from collections.abc import AsyncIterator
from datetime import date

import pytest

from gateway.adapters.erp_soap.client import Credentials, ErpClient
from gateway.adapters.erp_soap.ledger import SoapLedger
from gateway.adapters.erp_soap.metering import SoapMetering
from gateway.adapters.erp_soap.notices import SoapNotices
from gateway.adapters.erp_soap.tenancy import SoapTenancy
from gateway.adapters.erp_soap.works import SoapWorks
from gateway.adapters.upstream import Upstream
from gateway.domain.identifiers import AccountId, LeaseId, TenantId
from gateway.domain.lease import Lease, LeasePartyRole, LeaseState, UnitKind
from gateway.domain.person import Civility
from gateway.domain.source import DataQualityCode
from gateway.domain.works import WorksState
from gateway.ports.answers import Failed, Seen
from gateway.ports.errors import UpstreamError, UpstreamGarbledError, UpstreamRefusedError, UpstreamUnavailableError
from tests.demo.control.simulator import Simulator
from tests.ports.contract import soon
from tests.ports.peers import NOW, SoapPeer, immo_gest_peer

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("immo-gest")]

PLAIN = AccountId("0012000")


@pytest.fixture
async def soap(immo_gest: Simulator) -> AsyncIterator[SoapPeer]:
    """IMMO-GEST on a Tuesday morning."""
    async with immo_gest_peer(immo_gest) as peer:
        yield peer


async def error_of_balances(soap: SoapPeer) -> UpstreamError:
    """The error that asking for a balance raises."""
    with pytest.raises(UpstreamError) as caught:
        await SoapLedger(soap.erp).balances([PLAIN], deadline=soon())
    return caught.value


async def test_in_its_nightly_batch_the_erp_is_unavailable(soap: SoapPeer) -> None:
    """Also for who has no session yet."""
    soap.simulator.post("batch", mode="on").raise_for_status()

    error = await error_of_balances(soap)

    assert type(error) is UpstreamUnavailableError
    assert str(error) == "RENT_ERP.balances: BATCH_EN_COURS"


async def test_a_session_that_grew_too_old_is_replaced_unseen(soap: SoapPeer) -> None:
    """Twenty minutes after it was opened the ERP forgets it."""
    ledger = SoapLedger(soap.erp)
    before = await ledger.balances([PLAIN], deadline=soon())

    soap.simulator.post("clock", advance_seconds=21 * 60).raise_for_status()
    after = await ledger.balances([PLAIN], deadline=soon())

    assert [line["operation"] for line in soap.simulator.journal()] == [
        "OuvrirSession",
        "LireSoldes",
        "LireSoldes",
        "OuvrirSession",
        "LireSoldes",
    ]
    assert isinstance(before[PLAIN], Seen)
    assert isinstance(after[PLAIN], Seen)


async def test_a_wrong_password_is_a_refusal(immo_gest: Simulator) -> None:
    """Neither password nor user is told."""
    upstream = Upstream(immo_gest.url)
    erp = ErpClient(upstream, credentials=Credentials("PASSERELLE", "wrong-password"), now=lambda: NOW)
    with pytest.raises(UpstreamRefusedError) as caught:
        await SoapLedger(erp).balances([PLAIN], deadline=soon())
    await upstream.aclose()

    assert str(caught.value) == "RENT_ERP.balances: refused with IDENTIFIANTS_INVALIDES"


@pytest.mark.parametrize(
    ("code", "expected", "text"),
    [
        ("PARAMETRE_INVALIDE", UpstreamRefusedError, "refused with PARAMETRE_INVALIDE"),
        ("ERREUR_INTERNE", UpstreamUnavailableError, "ERREUR_INTERNE"),
        ("VERROU_SEQUENCE", UpstreamUnavailableError, "SOAP fault"),
    ],
)
async def test_refusals_of_the_erp_are_told_by_their_code(
    soap: SoapPeer, code: str, expected: type[UpstreamError], text: str
) -> None:
    """And not by their label, which may quote what was sent."""
    soap.simulator.order("in_band", operation="LireSoldes", code=code, label="compte de Mme Klein")

    error = await error_of_balances(soap)

    assert type(error) is expected
    assert str(error) == f"RENT_ERP.balances: {text}"


@pytest.mark.parametrize(
    ("field", "value"),
    [("SOLDE_STOCKE", "1 234,56"), ("SENS_STOCKE", "X"), ("SOLDE_EXIGIBLE", ""), ("CONTENTIEUX", "-000000001")],
)
async def test_a_field_that_was_tampered_with_fails_its_account(soap: SoapPeer, field: str, value: str) -> None:
    """It never becomes another amount."""
    soap.simulator.order("corrupt_field", operation="LireSoldes", field=field, value=value)

    found = await SoapLedger(soap.erp).balances([PLAIN], deadline=soon())

    failed = found[PLAIN]
    assert isinstance(failed, Failed)
    assert isinstance(failed.error, UpstreamGarbledError)
    assert failed.error.field == field


async def test_an_answer_delivered_twice_is_one_answer(soap: SoapPeer) -> None:
    """A proxy that repeats requests does no harm to reading."""
    soap.simulator.order("duplicate_delivery")

    assert isinstance((await SoapLedger(soap.erp).balances([PLAIN], deadline=soon()))[PLAIN], Seen)


async def leases_of_case(soap: SoapPeer, case: str) -> dict[str, tuple[Lease, ...]]:
    """The leases of everybody who is party to a lease of the household with this story."""
    (account,) = (row["numero"] for row in soap.truth("comptes") if row["cas"] == case)
    tenants = {TenantId(row["locataire"]) for row in soap.truth("contrats") if row["compte"] == account}
    found = await SoapTenancy(soap.erp).leases_of(sorted(tenants), deadline=soon())
    return {key: answer.value for key, answer in found.items() if isinstance(answer, Seen)}


async def test_a_dwelling_and_its_garage_are_two_leases_on_one_account(soap: SoapPeer) -> None:
    """The dwelling first."""
    (leases,) = (leases for leases in (await leases_of_case(soap, "dwelling-and-garage")).values() if leases)

    assert [lease.unit.kind for lease in leases] == [UnitKind.DWELLING, UnitKind.PARKING]
    assert len({lease.account_id for lease in leases}) == 1


async def test_joint_holders_share_a_lease_that_a_former_spouse_has_left(soap: SoapPeer) -> None:
    """Three people are on its rows, two hold it."""
    found = await leases_of_case(soap, "joint-holders")

    holders = {key for key, leases in found.items() if leases}
    assert (len(found), len(holders)) == (3, 2)
    (lease,) = {lease for leases in found.values() for lease in leases}
    assert [party.role for party in lease.parties][:2] == [LeasePartyRole.PRINCIPAL_HOLDER, LeasePartyRole.CO_HOLDER]
    assert {party.person.id for party in lease.parties} >= holders


async def test_a_couple_in_one_file_has_no_first_name(soap: SoapPeer) -> None:
    """« Bonjour, M. et Mme … »."""
    (lease,) = next(leases for leases in (await leases_of_case(soap, "two-in-one-name")).values() if leases)

    person = lease.parties[0].person
    assert (person.civility, person.first_name) == (Civility.COUPLE, None)
    assert person.greeting_name == f"M. et Mme {person.last_name}"


async def test_unknown_codes_are_unknown(soap: SoapPeer) -> None:
    """The lease is still readable."""
    (lease,) = next(leases for leases in (await leases_of_case(soap, "unknown-codes")).values() if leases)

    assert lease.state is LeaseState.UNKNOWN
    assert [issue.code for issue in lease.issues] == [DataQualityCode.UNKNOWN_CODE]


async def test_sentinel_dates_are_none(soap: SoapPeer) -> None:
    """Nobody was born in 1900, no lease ends in 9999."""
    leases = await leases_of_case(soap, "sentinel-dates")
    files = await SoapTenancy(soap.erp).tenants([TenantId(key) for key in leases], deadline=soon())

    issues = {issue.code for of_tenant in leases.values() for lease in of_tenant for issue in lease.issues}
    issues |= {issue.code for file in files.values() if isinstance(file, Seen) for issue in file.value.issues}
    assert DataQualityCode.SENTINEL_DATE in issues
    assert all(lease.ends_on is None for of_tenant in leases.values() for lease in of_tenant)


async def test_an_ended_lease_is_still_its_holders(soap: SoapPeer) -> None:
    """The account stays open after the end."""
    (lease,) = next(leases for leases in (await leases_of_case(soap, "ended-lease")).values() if leases)

    assert lease.state is LeaseState.ENDED
    assert lease.ends_on
    assert lease.ends_on < date(2026, 3, 17)


async def test_a_balance_that_its_entries_do_not_explain_is_told_as_it_is(soap: SoapPeer) -> None:
    """Both figures, 3.70 € apart: saying so is not the adapter's task."""
    (row,) = (row for row in soap.truth("comptes") if row["cas"] == "unexplained-difference")
    account, ledger = AccountId(row["numero"]), SoapLedger(soap.erp)

    stored = (await ledger.balances([account], deadline=soon()))[account]
    extract = (await ledger.entries([account], since=None, until=None, deadline=soon()))[account]

    assert isinstance(stored, Seen)
    assert isinstance(extract, Seen)
    assert abs(stored.value.total.cents - sum(entry.signed.cents for entry in extract.value.entries)) == 370


async def test_a_reissued_notice_is_linked_to_the_one_it_replaces(soap: SoapPeer) -> None:
    """The month has two, one in force."""
    (account,) = (row["numero"] for row in soap.truth("comptes") if row["cas"] == "overdue-reissued-notice")
    found = await SoapNotices(soap.erp).notices([AccountId(account)], latest_months=3, deadline=soon())

    notices = found[AccountId(account)]
    assert isinstance(notices, Seen)
    (replaced,) = (notice for notice in notices.value if notice.replaced_by)
    (successor,) = (notice for notice in notices.value if notice.id == replaced.replaced_by)
    assert successor.corrects == replaced.id
    assert successor.period == replaced.period


async def test_a_replaced_meter_and_works_with_a_late_entry(soap: SoapPeer) -> None:
    """Two meters on one lease; news recorded days after they happened."""
    leases = {}
    for row in soap.truth("comptes")[:25]:
        leases[row["cas"]] = next(
            LeaseId(it["numero"]) for it in soap.truth("contrats") if it["compte"] == row["numero"]
        )
    metered, worked = leases["meter-replaced"], leases["works-late-entry"]

    meters = (await SoapMetering(soap.erp).meters([metered], since=date(2025, 3, 1), deadline=soon()))[metered]
    works = (await SoapWorks(soap.erp).works([worked], deadline=soon()))[worked]

    assert isinstance(meters, Seen)
    assert isinstance(works, Seen)
    assert len([meter for meter in meters.value if meter.removed_on]) == 1
    assert len([meter for meter in meters.value if not meter.removed_on]) >= 1
    (operation,) = works.value
    assert operation.state is not WorksState.UNKNOWN
    assert any((it.recorded_at - it.at).days >= 1 for it in operation.updates if it.recorded_at)
