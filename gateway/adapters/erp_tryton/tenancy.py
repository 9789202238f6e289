"""TenancyPort over Tryton: parties, and the identifiers that bind them to leases."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from gateway.adapters.batches import Chunks, in_chunks
from gateway.adapters.erp_tryton.client import KEYS_PER_CALL, TrytonClient
from gateway.adapters.erp_tryton.conventions import read_account, read_code, read_lease_id
from gateway.adapters.erp_tryton.leases import (
    Binding,
    BindingKey,
    for_display,
    is_held_by,
    read_lease,
    read_tenure,
)
from gateway.adapters.erp_tryton.people import Party, PartyKey, read_tenant, tenants
from gateway.adapters.erp_tryton.wire import Found, OfParty, Query
from gateway.adapters.holders import Tenure, files_of, holders_among
from gateway.domain.identifiers import LeaseId, TenantId
from gateway.domain.lease import Lease
from gateway.domain.person import Tenant
from gateway.domain.source import SourceSystem
from gateway.ports.answers import MISSING, Answer, Batch, Failed, Seen
from gateway.ports.deadline import Deadline
from gateway.ports.errors import Call

_TENANTS = Call(SourceSystem.RENT_ERP, "tenants")
_LEASES = Call(SourceSystem.RENT_ERP, "leases_of")
_HOLDERS = Call(SourceSystem.RENT_ERP, "holders_of")
_CHUNKS: Chunks[TenantId] = Chunks(KEYS_PER_CALL, read_code)
_ACCOUNTS: Chunks[str] = Chunks(KEYS_PER_CALL, read_account)

V = TypeVar("V")


class Reference(OfParty, frozen=True):
    """An identifier, to know which leases a party has."""

    code: str


class TrytonTenancy:
    """Tenant files and leases."""

    def __init__(self, tryton: TrytonClient) -> None:
        self._tryton = tryton

    async def tenants(self, ids: Sequence[TenantId], *, deadline: Deadline) -> Batch[TenantId, Tenant]:
        """As the port says; one call for every 500 tenants."""

        async def ask(codes: Sequence[str]) -> Mapping[str, Answer[Tenant]]:
            query = tenants(codes, "name", "contact_mechanisms.type", "contact_mechanisms.value")
            return await self._tryton.ask(_TENANTS, query, read=_read_tenants, deadline=deadline)

        return await in_chunks(ids, chunks=_CHUNKS, ask=ask)

    async def leases_of(self, tenants: Sequence[TenantId], *, deadline: Deadline) -> Batch[TenantId, tuple[Lease, ...]]:
        """As the port says; two calls for every 500 tenants: their leases, then everybody bound by those."""

        async def ask(codes: Sequence[str]) -> Mapping[str, Answer[tuple[Lease, ...]]]:
            found = await self._bound(_LEASES, codes, read=_read_leases, deadline=deadline)
            return {code: _held(code, leases) for code, leases in found.items()}

        return await in_chunks(tenants, chunks=_CHUNKS, ask=ask)

    async def holders_of(self, references: Sequence[str], *, deadline: Deadline) -> Batch[str, tuple[Tenant, ...]]:
        """As the port says; two calls for every 500 accounts, then one for every 500 of their holders."""

        async def ask(codes: Sequence[str]) -> Mapping[str, Answer[tuple[TenantId, ...]]]:
            found = await self._bound(_HOLDERS, codes, read=_read_tenures, deadline=deadline)
            return {code: _holders(code, tenures) for code, tenures in found.items()}

        holders = await in_chunks(references, chunks=_ACCOUNTS, ask=ask)
        return await files_of(holders, tenants=lambda ids: self.tenants(ids, deadline=deadline))

    async def _bound(
        self, call: Call, codes: Sequence[str], *, read: Callable[[Found], Mapping[str, Answer[V]]], deadline: Deadline
    ) -> Mapping[str, Answer[tuple[V, ...]]]:
        """What `read` makes of all leases that bind each party: two calls, for their numbers and for all on them."""
        query = _identifiers(("party.code", "in", codes), fields=("code", "party.code"))
        references = await self._tryton.ask(call, query, read=_read_references, deadline=deadline)
        named = {number for seen in references.values() if isinstance(seen, Seen) for number in seen.value}
        leases: Mapping[str, Answer[V]] = {}
        if named:
            query = _identifiers(("code", "in", sorted(named)), fields=Binding.FIELDS)
            leases = await self._tryton.ask(call, query, read=read, deadline=deadline)
        return {code: _all_of(numbers, leases) for code, numbers in references.items()}


def _identifiers(clause: tuple[str, str, object], *, fields: tuple[str, ...]) -> Query:
    return Query("party.identifier", (clause, ("type", "=", None)), fields)


def _read_tenants(found: Found) -> Mapping[str, Answer[Tenant]]:
    return found.answers(Party, keyed=PartyKey, read=lambda parties: read_tenant(parties[0]))


def _read_references(found: Found) -> Mapping[str, Answer[tuple[LeaseId, ...]]]:
    def read(rows: list[Reference]) -> tuple[LeaseId, ...]:
        return tuple(lease for row in rows if (lease := read_lease_id(row.code)) is not None)

    return found.answers(Reference, keyed=OfParty, read=read)


def _read_leases(found: Found) -> Mapping[str, Answer[Lease]]:
    return found.answers(Binding, keyed=BindingKey, read=lambda bindings: read_lease(bindings, call=found.call))


def _read_tenures(found: Found) -> Mapping[str, Answer[Tenure]]:
    return found.answers(Binding, keyed=BindingKey, read=read_tenure)


def _all_of(references: Answer[tuple[LeaseId, ...]], leases: Mapping[str, Answer[V]]) -> Answer[tuple[V, ...]]:
    """The leases of one party; one that cannot be read fails them all, rather than be left out in silence."""
    if not isinstance(references, Seen):
        return references
    bound = []
    for reference in references.value:
        match leases.get(reference, MISSING):
            case Failed() as failed:
                return failed
            case Seen(value=lease):
                bound.append(lease)
    return Seen(tuple(bound), references.origin)


def _held(code: str, leases: Answer[tuple[Lease, ...]]) -> Answer[tuple[Lease, ...]]:
    if not isinstance(leases, Seen):
        return leases
    held = (lease for lease in leases.value if is_held_by(lease, code))
    return Seen(tuple(sorted(held, key=for_display)), leases.origin)


def _holders(code: str, tenures: Answer[tuple[Tenure, ...]]) -> Answer[tuple[TenantId, ...]]:
    """The principal holders of the leases charged to one account; those of somebody else's account are left aside."""
    if not isinstance(tenures, Seen):
        return tenures
    charged = [tenure for tenure in tenures.value if tenure.principals[:1] == (code,)]
    return Seen(holders_among(charged), tenures.origin)
