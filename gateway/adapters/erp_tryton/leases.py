"""Leases in Tryton: one identifier for each party bound by the lease (see `conventions`)."""

from collections.abc import Iterator, Sequence

import msgspec

from gateway.adapters.erp_tryton.conventions import ROLES, UNITS
from gateway.adapters.erp_tryton.people import read_person
from gateway.adapters.holders import Tenure
from gateway.domain.address import PostalAddress
from gateway.domain.identifiers import AccountId, LeaseId, TenantId, UnitId
from gateway.domain.lease import Lease, LeaseParty, LeasePartyRole, LeaseState, RentalUnit, UnitKind
from gateway.domain.source import DataQualityCode, DataQualityIssue
from gateway.ports.errors import Call, UpstreamGarbledError

_KINDS = tuple(UnitKind)
_MISSING = DataQualityCode.MISSING_VALUE


class Named(msgspec.Struct, frozen=True):
    """A related record of which only the name is wanted."""

    name: str


class Address(msgspec.Struct, frozen=True):
    """An address: either taken apart, or as one text of several lines in `street_unstructured`."""

    id: int
    active: bool
    building_name: str | None
    unit_number: str | None
    building_number: str | None
    street_name: str | None
    street_unstructured: str | None
    postal_code: str | None
    city: str | None

    @property
    def postal(self) -> PostalAddress:
        """The address as on an envelope; the last line of a text is the street."""
        *above, street = (self.street_unstructured or "").splitlines() or [""]
        if self.street_name:
            street = f"{self.building_number or ''} {self.street_name}".strip()
        return PostalAddress(
            complement=tuple(line for line in (*above, self.building_name, self.unit_number) if line),
            street=street or None,
            postal_code=self.postal_code or "",
            city=self.city or "",
        )


class Holder(msgspec.Struct, frozen=True):
    """A party that a lease binds."""

    code: str
    name: str | None
    categories: tuple[Named, ...] = msgspec.field(name="categories.")

    @property
    def role(self) -> LeasePartyRole | None:
        """Its part in its leases, None when no category says one."""
        roles = {ROLES[category.name] for category in self.categories if category.name in ROLES}
        return min(roles, key=tuple(LeasePartyRole).index, default=None)


class BindingKey(msgspec.Struct, frozen=True):
    """The part of an identifier that tells the lease."""

    code: str

    @property
    def key(self) -> str:
        """The lease."""
        return self.code


class Binding(BindingKey, frozen=True):
    """An identifier of a party that is the reference of a lease."""

    FIELDS = (
        "code",
        *("party.code", "party.name", "party.categories.name"),
        *(f"address.{name}" for name in Address.__struct_fields__),
    )

    id: int
    party: Holder = msgspec.field(name="party.")
    address: Address | None = msgspec.field(name="address.")


def read_lease(bindings: Sequence[Binding], *, call: Call) -> Lease:
    """The lease that all of `bindings` are about, the principal holder first.

    Tryton does not say when it began nor when rent falls due. Of two principal holders the one whom Tryton knew
    first stays so. Without any, nobody knows to which account the rent is charged: UpstreamGarbledError.
    """
    parties = [(binding, role) for binding in bindings if (role := binding.party.role) is not None]
    parties.sort(key=lambda it: (tuple(LeasePartyRole).index(it[1]), it[0].id))
    principals = _principals(bindings)
    if not principals:
        raise UpstreamGarbledError(call, "party.categories")
    first, reference = principals[0], principals[0].code
    return Lease(
        id=LeaseId(reference),
        reference=reference,
        state=_state(first.address),
        starts_on=None,
        ends_on=None,
        notice_received_on=None,
        parties=tuple(_party(binding, role, first=first) for binding, role in parties),
        unit=_unit(first),
        account_id=AccountId(first.party.code),
        account_reference=first.party.code,
        term=None,
        issues=tuple(_issues(principals)),
    )


def read_tenure(bindings: Sequence[Binding]) -> Tenure:
    """The principal holders of the lease that all of `bindings` are about, on the account of the first."""
    principals = _principals(bindings)
    has_ended = bool(principals) and _state(principals[0].address) is LeaseState.ENDED
    return Tenure(has_ended, tuple(TenantId(binding.party.code) for binding in principals))


def is_held_by(lease: Lease, code: str) -> bool:
    """Whether the party with this code is among those whom the lease binds."""
    return any(party.person.id == code for party in lease.parties)


def for_display(lease: Lease) -> tuple[bool, int, str]:
    """Sorts leases: those still running first, dwellings before garages."""
    return (lease.state is LeaseState.ENDED, _KINDS.index(lease.unit.kind), lease.id)


def _principals(bindings: Sequence[Binding]) -> list[Binding]:
    principals = (it for it in bindings if it.party.role is LeasePartyRole.PRINCIPAL_HOLDER)
    return sorted(principals, key=lambda it: it.id)


def _party(binding: Binding, role: LeasePartyRole, *, first: Binding) -> LeaseParty:
    if role is LeasePartyRole.PRINCIPAL_HOLDER and binding is not first:
        role = LeasePartyRole.CO_HOLDER
    person = read_person(binding.party.code, binding.party.name)
    return LeaseParty(person, role, since=None, until=None)


def _issues(principals: Sequence[Binding]) -> Iterator[DataQualityIssue]:
    yield DataQualityIssue(_MISSING, "starts_on")
    yield DataQualityIssue(_MISSING, "term")
    if len(principals) > 1:
        yield DataQualityIssue(DataQualityCode.DUPLICATE_RECORD, "parties")


def _state(address: Address | None) -> LeaseState:
    if address is None:
        return LeaseState.UNKNOWN
    return LeaseState.CURRENT if address.active else LeaseState.ENDED


def _unit(binding: Binding) -> RentalUnit:
    address, missing = binding.address, DataQualityIssue(_MISSING, "address")
    if address is None:
        return _let(binding.code, UnitKind.OTHER, PostalAddress((), None, "", ""), issue=missing)
    word = (address.unit_number or "").upper().partition(" ")[0]
    unknown = DataQualityIssue(DataQualityCode.UNKNOWN_CODE, "kind", word or None)
    kind = UNITS.get(word)
    return _let(str(address.id), kind or UnitKind.OTHER, address.postal, issue=None if kind else unknown)


def _let(number: str, kind: UnitKind, address: PostalAddress, *, issue: DataQualityIssue | None) -> RentalUnit:
    return RentalUnit(
        id=UnitId(number),
        kind=kind,
        address=address,
        typology=None,
        surface_dm2=None,
        floor=None,
        estate=None,
        issues=(issue,) if issue else (),
    )
