"""The tenancy port: who rents what, and above all who does not."""

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace

import pytest

from gateway.adapters.erp_soap.tenancy import SoapTenancy
from gateway.adapters.erp_tryton.tenancy import TrytonTenancy
from gateway.domain.identifiers import TenantId
from gateway.domain.lease import Lease, LeasePartyRole, LeaseState, UnitKind
from gateway.domain.source import SourceSystem
from gateway.ports.answers import Seen
from gateway.ports.deadline import Deadline
from gateway.ports.tenancy import TenancyPort
from tests.ports.contract import BatchCase, BatchContract, Batched, soon
from tests.ports.peers import SOAP, TRYTON, SoapPeer, TrytonPeer
from tests.support.tryton_world import BARE_COUNT, PRINCIPAL, TENANTS, bare_code, bare_lease

_HOLDERS = frozenset({"TITULAIRE", "COTITULAIRE"})


@dataclass(frozen=True, slots=True)
class TenancyCase:
    """A tenancy with what its peer's own books say: the leases that each party holds, none for who holds none."""

    batch: BatchCase
    tenancy: TenancyPort
    held: Mapping[str, Set[str]]


def soap_tenancy(soap: SoapPeer) -> TenancyCase:
    """The tenants of IMMO-GEST, former spouses, occupants and guarantors among them."""
    held: dict[str, set[str]] = defaultdict(set)
    for row in soap.truth("contrats"):
        held[row["locataire"]] |= {row["numero"]} if row["role"] in _HOLDERS else set()
    batch = BatchCase(
        peer=soap.peer,
        source=SourceSystem.RENT_ERP,
        ask=_no_question,
        known=list(held),
        unknown=lambda number: f"P9{number:06d}",
        keys_per_call=200,
    )
    return TenancyCase(batch, SoapTenancy(soap.erp), held)


def tryton_tenancy(over_tryton: TrytonPeer) -> TenancyCase:
    """The tenants of Tryton; a lease that nobody holds as principal is not told of."""
    told = {
        tenant.code: {lease.reference for lease in tenant.leases} & _with_a_principal()
        for tenant in TENANTS
        if tenant.role
    }
    bare = {bare_code(number): {bare_lease(number)} for number in range(1, BARE_COUNT + 1)}
    batch = BatchCase(
        peer=over_tryton.peer,
        source=SourceSystem.RENT_ERP,
        ask=_no_question,
        known=[*told, *bare],
        unknown=lambda number: f"{9_000_000 + number}",
        keys_per_call=500,
    )
    return TenancyCase(batch, TrytonTenancy(over_tryton.client), {**told, **bare})


def _with_a_principal() -> set[str]:
    return {lease.reference for tenant in TENANTS if tenant.role == PRINCIPAL for lease in tenant.leases}


async def _no_question(keys: Sequence[str], deadline: Deadline) -> Batched:
    raise NotImplementedError


@pytest.fixture(params=[SOAP, TRYTON])
def of_peer(request: pytest.FixtureRequest) -> TenancyCase:
    """Tenancy over each peer."""
    peer = request.getfixturevalue(request.param)
    return soap_tenancy(peer) if isinstance(peer, SoapPeer) else tryton_tenancy(peer)


class TestTenants(BatchContract):
    """Tenant files are a batch like any other."""

    @pytest.fixture
    def case(self, of_peer: TenancyCase) -> BatchCase:
        """The batch of files."""

        async def ask(keys: Sequence[str], deadline: Deadline) -> Batched:
            return await of_peer.tenancy.tenants([TenantId(key) for key in keys], deadline=deadline)

        return replace(of_peer.batch, ask=ask)

    async def test_everybody_can_be_greeted(self, of_peer: TenancyCase) -> None:
        """By a name in its usual spelling."""
        found = await of_peer.tenancy.tenants([TenantId(key) for key in of_peer.held], deadline=soon())

        people = [answer.value.person for answer in found.values() if isinstance(answer, Seen)]
        assert len(people) == len(of_peer.held)
        assert all(person.last_name and not person.last_name.isupper() for person in people)
        assert all(person.greeting_name or person.first_name is None for person in people)

    async def test_contacts_are_usable_or_say_that_they_are_not(self, of_peer: TenancyCase) -> None:
        """A number is international or none; what was typed can always be shown."""
        found = await of_peer.tenancy.tenants([TenantId(key) for key in of_peer.held], deadline=soon())

        files = [answer.value for answer in found.values() if isinstance(answer, Seen)]
        contacts = [contact for file in files for contact in file.contacts]
        assert all(contact.display for contact in contacts)
        assert {contact.value[0] for contact in contacts if contact.value and "@" not in contact.value} == {"+"}
        for file in files:
            unusable = any(contact.value is None for contact in file.contacts)
            assert unusable == ("UNUSABLE_CONTACT" in {issue.code for issue in file.issues})


class TestLeases(BatchContract):
    """Leases are a batch too; who holds none has none."""

    @pytest.fixture
    def case(self, of_peer: TenancyCase) -> BatchCase:
        """The batch of leases, of tenants who have some."""

        async def ask(keys: Sequence[str], deadline: Deadline) -> Batched:
            return await of_peer.tenancy.leases_of([TenantId(key) for key in keys], deadline=deadline)

        chunks = 1 if isinstance(of_peer.tenancy, SoapTenancy) else 2  # Tryton: their leases, then who is on them
        known = [key for key, leases in of_peer.held.items() if leases]
        return replace(of_peer.batch, ask=ask, known=known, calls_per_chunk=chunks)

    async def test_everybody_sees_exactly_the_leases_they_hold(self, of_peer: TenancyCase) -> None:
        """Both joint holders the same lease; a former spouse, an occupant and a guarantor none."""
        found = await _leases_of_all(of_peer)

        assert {key: {lease.id for lease in leases} for key, leases in found.items()} == of_peer.held
        holders = [key for key, leases in of_peer.held.items() for _ in leases]
        assert len(holders) > len({lease for leases in of_peer.held.values() for lease in leases})
        assert any(not leases for leases in of_peer.held.values())

    async def test_joint_holders_see_each_other_on_one_lease(self, of_peer: TenancyCase) -> None:
        """The same lease, one principal holder."""
        found = await _leases_of_all(of_peer)

        holders = defaultdict(set)
        for key, leases in found.items():
            for lease in leases:
                holders[lease].add(key)
        joint = {lease: keys for lease, keys in holders.items() if len(keys) > 1}
        assert joint
        for lease, keys in joint.items():
            roles = {party.person.id: party.role for party in lease.parties}
            assert keys <= set(roles)
            assert sum(role is LeasePartyRole.PRINCIPAL_HOLDER for role in roles.values()) <= 1

    async def test_running_leases_come_first_and_dwellings_before_garages(self, of_peer: TenancyCase) -> None:
        """The first lease is the one to show."""
        for leases in (await _leases_of_all(of_peer)).values():
            order = [(lease.state is LeaseState.ENDED, lease.unit.kind is not UnitKind.DWELLING) for lease in leases]
            assert order == sorted(order)


async def _leases_of_all(of_peer: TenancyCase) -> dict[str, tuple[Lease, ...]]:
    found = await of_peer.tenancy.leases_of([TenantId(key) for key in of_peer.held], deadline=soon())
    return {key: answer.value if isinstance(answer, Seen) else () for key, answer in found.items()}
