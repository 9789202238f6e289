"""TenancyPort over Tryton: parties, and the identifiers that bind them to leases."""

from collections.abc import Mapping, Sequence

from gateway.adapters.batches import Chunks, in_chunks
from gateway.adapters.erp_tryton.client import KEYS_PER_CALL, TrytonClient
from gateway.adapters.erp_tryton.conventions import read_code, read_lease_id
from gateway.adapters.erp_tryton.leases import Binding, BindingKey, for_display, is_held_by, read_lease
from gateway.adapters.erp_tryton.people import Party, PartyKey, read_tenant, tenants
from gateway.adapters.erp_tryton.wire import Found, OfParty, Query
from gateway.domain.identifiers import LeaseId, TenantId
from gateway.domain.lease import Lease
from gateway.domain.person import Tenant
from gateway.domain.source import SourceSystem
from gateway.ports.answers import MISSING, Answer, Batch, Failed, Seen
from gateway.ports.deadline import Deadline
from gateway.ports.errors import Call

_TENANTS = Call(SourceSystem.RENT_ERP, "tenants")
_LEASES = Call(SourceSystem.RENT_ERP, "leases_of")
_CHUNKS: Chunks[TenantId] = Chunks(KEYS_PER_CALL, read_code)


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
            query = _identifiers(("party.code", "in", codes), fields=("code", "party.code"))
            references = await self._tryton.ask(_LEASES, query, read=_read_references, deadline=deadline)
            named = {number for seen in references.values() if isinstance(seen, Seen) for number in seen.value}
            leases: Mapping[str, Answer[Lease]] = {}
            if named:
                query = _identifiers(("code", "in", sorted(named)), fields=Binding.FIELDS)
                leases = await self._tryton.ask(_LEASES, query, read=_read_leases, deadline=deadline)
            return {code: _held(code, held, leases) for code, held in references.items()}

        return await in_chunks(tenants, chunks=_CHUNKS, ask=ask)


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


def _held(
    code: str, references: Answer[tuple[LeaseId, ...]], leases: Mapping[str, Answer[Lease]]
) -> Answer[tuple[Lease, ...]]:
    """The leases of one tenant; one that cannot be read fails them all, rather than be left out in silence."""
    if not isinstance(references, Seen):
        return references
    held = []
    for reference in references.value:
        match leases.get(reference, MISSING):
            case Failed() as failed:
                return failed
            case Seen(value=lease) if is_held_by(lease, code):
                held.append(lease)
    return Seen(tuple(sorted(held, key=for_display)), references.origin)
