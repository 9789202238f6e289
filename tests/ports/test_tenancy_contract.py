"""The tenancy port: who rents what, and above all who does not; whose account it is, and above all whose not."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

import pytest

from gateway.adapters.erp_soap.tenancy import SoapTenancy
from gateway.adapters.erp_tryton.tenancy import TrytonTenancy
from gateway.auth.reference import normalise
from gateway.domain.identifiers import LeaseId, PersonId, TenantId
from gateway.domain.lease import Lease, LeaseParty, LeasePartyRole, LeaseState, UnitKind
from gateway.domain.person import Civility, Person, Tenant
from gateway.domain.source import SourceSystem
from gateway.ports.answers import Seen
from gateway.ports.deadline import Deadline
from gateway.ports.errors import (
    Call,
    UpstreamError,
    UpstreamGarbledError,
    UpstreamTimeoutError,
    UpstreamUnavailableError,
)
from gateway.ports.tenancy import TenancyPort
from tests.ports.contract import FAULTS, BatchCase, BatchContract, Batched, Peer, soon
from tests.ports.peers import SOAP, TRYTON, SoapPeer, TrytonPeer
from tests.support import household
from tests.support.household import CAMILLE, NOOR
from tests.support.memory import Landlord, MemoryTenancy
from tests.support.tryton_world import BARE_COUNT, PRINCIPAL, TENANTS, bare_code, bare_lease

_HOLDERS = frozenset({"TITULAIRE", "COTITULAIRE"})


@dataclass(frozen=True, slots=True)
class TenancyCase:
    """A tenancy with what its peer's own books say.

    `held` are the leases that each party holds, none for who holds none; `holders` the principal holders of each
    account, by its canonical reference.
    """

    batch: BatchCase
    tenancy: TenancyPort
    held: Mapping[str, Set[str]]
    holders: Mapping[str, Set[str]]


def soap_tenancy(soap: SoapPeer) -> TenancyCase:
    """The tenants of IMMO-GEST, former spouses, occupants and guarantors among them."""
    held: dict[str, set[str]] = defaultdict(set)
    holders: dict[str, set[str]] = defaultdict(set)
    for row in soap.truth("contrats"):
        if row["role"] == "TITULAIRE":
            holders[str(normalise(row["compte"]))].add(row["locataire"])
        held[row["locataire"]] |= {row["numero"]} if row["role"] in _HOLDERS else set()
    batch = BatchCase(
        peer=soap.peer,
        source=SourceSystem.RENT_ERP,
        ask=_no_question,
        known=list(held),
        unknown=lambda number: f"P9{number:06d}",
        keys_per_call=200,
    )
    return TenancyCase(batch, SoapTenancy(soap.erp), held, holders)


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
    holders = {code: {code} for code in bare}
    for reference in _with_a_principal():
        codes = [
            it.code for it in TENANTS if it.role == PRINCIPAL and reference in {its.reference for its in it.leases}
        ]
        holders[codes[0]] = set(codes)
    return TenancyCase(batch, TrytonTenancy(over_tryton.client), {**told, **bare}, holders)


def _with_a_principal() -> set[str]:
    return {lease.reference for tenant in TENANTS if tenant.role == PRINCIPAL for lease in tenant.leases}


def memory_tenancy() -> TenancyCase:
    """Two households, and a third with two principal holders after one who left and one whose lease has ended."""
    landlord = household.landlord()
    books = landlord.books
    dwelling, (flat,) = books.leases_of[CAMILLE][0], books.leases_of[NOOR]
    people = [Person(PersonId(f"P-{it}"), Civility.MME, "Jo", "Weiss") for it in ("FIRST", "SECOND", "SPOUSE", "AUNT")]
    first, second, spouse, aunt = people
    for person in (*people, dwelling.parties[1].person):
        number = TenantId(person.id.replace("P-", "T-"))
        books.tenants[number] = Tenant(number, person, date(1990, 1, 1), ())
    flat = replace(flat, account_reference="L55")
    parties = (_principal(first), _principal(second), replace(_principal(spouse), until=date(2021, 1, 1)))
    books.leases_of[TenantId("T-FIRST")] = (
        replace(flat, id=LeaseId("L-NOW"), parties=parties),
        replace(flat, id=LeaseId("L-THEN"), parties=(_principal(aunt),), state=LeaseState.ENDED),
    )
    batch = BatchCase(
        peer=_in_memory(landlord),
        source=SourceSystem.RENT_ERP,
        ask=_no_question,
        known=[],
        unknown=lambda number: f"{9_000_000 + number}",
        keys_per_call=1_000,
    )
    held: dict[str, set[str]] = {"T-DOMINIQUE": {dwelling.id}, "T-SPOUSE": set()}
    holders: dict[str, set[str]] = {"12345": {CAMILLE}, "67890": {NOOR}, "0055": {"T-FIRST", "T-SECOND"}}
    return TenancyCase(batch, MemoryTenancy(landlord), held, holders)


def _principal(person: Person) -> LeaseParty:
    return LeaseParty(person, LeasePartyRole.PRINCIPAL_HOLDER, since=None, until=None)


def _in_memory(landlord: Landlord) -> Peer:
    """Memory has no wire to spoil: it is told which error to raise."""

    @contextmanager
    def spoilt(kind: str) -> Iterator[None]:
        call = Call(SourceSystem.RENT_ERP, "holders_of")
        errors: dict[type[UpstreamError], UpstreamError] = {
            UpstreamUnavailableError: UpstreamUnavailableError(call, retry_after_seconds=7),
            UpstreamGarbledError: UpstreamGarbledError(call, "result"),
            UpstreamTimeoutError: UpstreamTimeoutError(call),
        }
        ordered = next((errors[fault.expected] for fault in FAULTS if fault.kind == kind), None)
        landlord.failing = {"holders_of": ordered} if ordered else {}
        yield
        landlord.failing = {}

    return Peer(
        calls=lambda: len(landlord.calls("holders_of")),
        forget_sessions=lambda: None,
        spoilt=spoilt,
        secrets=(),
        now=household.NOW,
    )


async def _no_question(keys: Sequence[str], deadline: Deadline) -> Batched:
    raise NotImplementedError


@pytest.fixture(params=[SOAP, TRYTON])
def of_peer(request: pytest.FixtureRequest) -> TenancyCase:
    """Tenancy over each peer."""
    return _tenancy_over(request)


@pytest.fixture(params=[SOAP, TRYTON, "memory"])
def of_any(request: pytest.FixtureRequest) -> TenancyCase:
    """Tenancy over each peer, and over the landlord in memory that other tests trust."""
    return memory_tenancy() if request.param == "memory" else _tenancy_over(request)


def _tenancy_over(request: pytest.FixtureRequest) -> TenancyCase:
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


class TestHolders(BatchContract):
    """Principal holders are a batch, by the canonical reference of their account."""

    @pytest.fixture
    def case(self, of_any: TenancyCase) -> BatchCase:
        """The batch of holders: IMMO-GEST is asked for leases, then files; Tryton also for who is on the leases."""

        async def ask(keys: Sequence[str], deadline: Deadline) -> Batched:
            return await of_any.tenancy.holders_of(keys, deadline=deadline)

        calls = {SoapTenancy: 2, TrytonTenancy: 3, MemoryTenancy: 1}[type(of_any.tenancy)]
        return replace(of_any.batch, ask=ask, known=list(of_any.holders), calls_per_chunk=calls)

    async def test_an_account_has_exactly_its_principal_holders(self, of_any: TenancyCase) -> None:
        """Both when a clerk has flagged two; a co-holder, a former spouse, an occupant and a guarantor never."""
        found = await of_any.tenancy.holders_of(list(of_any.holders), deadline=soon())

        told = {key: {file.id for file in answer.value} for key, answer in found.items() if isinstance(answer, Seen)}
        assert told == of_any.holders
        principals = set[str]().union(*of_any.holders.values())
        assert any(len(holders) == 2 for holders in told.values())
        assert any(leases for party, leases in of_any.held.items() if party not in principals)
        assert any(not leases for party, leases in of_any.held.items() if party not in principals)

    async def test_the_files_of_holders_are_those_of_tenants(self, of_any: TenancyCase) -> None:
        """Names, birth date and address are what the file says, not what the lease repeats."""
        found = await of_any.tenancy.holders_of(list(of_any.holders), deadline=soon())

        files = {file.id: file for answer in found.values() if isinstance(answer, Seen) for file in answer.value}
        told = await of_any.tenancy.tenants(list(files), deadline=soon())
        assert {key: answer.value for key, answer in told.items() if isinstance(answer, Seen)} == files


async def _leases_of_all(of_peer: TenancyCase) -> dict[str, tuple[Lease, ...]]:
    found = await of_peer.tenancy.leases_of([TenantId(key) for key in of_peer.held], deadline=soon())
    return {key: answer.value if isinstance(answer, Seen) else () for key, answer in found.items()}
