"""TenancyPort over IMMO-GEST: `LireLocataires` and `LireContrats`."""

from collections.abc import Mapping, Sequence

from gateway.adapters.batches import Chunks, in_chunks
from gateway.adapters.erp_soap import native
from gateway.adapters.erp_soap.client import KEYS_PER_CALL, ErpClient
from gateway.adapters.erp_soap.leases import for_display, holds, read_lease, read_tenure
from gateway.adapters.erp_soap.people import read_tenant
from gateway.adapters.erp_soap.record import Record
from gateway.adapters.erp_soap.wire import Question, Sheet, answered, grouped, sole
from gateway.adapters.holders import files_of, holders_among
from gateway.domain.identifiers import TenantId
from gateway.domain.lease import Lease
from gateway.domain.person import Tenant
from gateway.domain.source import SourceSystem
from gateway.ports.answers import Answer, Batch, Failed, Seen
from gateway.ports.deadline import Deadline
from gateway.ports.errors import Call

_TENANTS = Call(SourceSystem.RENT_ERP, "tenants")
_LEASES = Call(SourceSystem.RENT_ERP, "leases_of")
_HOLDERS = Call(SourceSystem.RENT_ERP, "holders_of")
_CHUNKS: Chunks[TenantId] = Chunks(KEYS_PER_CALL, native.read_key)
_ACCOUNTS: Chunks[str] = Chunks(KEYS_PER_CALL, native.read_account)


class SoapTenancy:
    """Tenant files and leases."""

    def __init__(self, erp: ErpClient) -> None:
        self._erp = erp

    async def tenants(self, ids: Sequence[TenantId], *, deadline: Deadline) -> Batch[TenantId, Tenant]:
        """As the port says; one call for every 200 tenants."""

        async def ask(keys: Sequence[str]) -> Mapping[str, Answer[Tenant]]:
            question = Question.about("LireLocataires", "NumLocataire", keys)
            return await self._erp.ask(_TENANTS, question, read=_read_tenants, deadline=deadline)

        return await in_chunks(ids, chunks=_CHUNKS, ask=ask)

    async def leases_of(self, tenants: Sequence[TenantId], *, deadline: Deadline) -> Batch[TenantId, tuple[Lease, ...]]:
        """As the port says; one call for every 200 tenants."""

        async def ask(keys: Sequence[str]) -> Mapping[str, Answer[tuple[Lease, ...]]]:
            question = Question.about("LireContrats", "NumLocataire", keys)
            return await self._erp.ask(_LEASES, question, read=_read_leases, deadline=deadline)

        return await in_chunks(tenants, chunks=_CHUNKS, ask=ask)

    async def holders_of(self, references: Sequence[str], *, deadline: Deadline) -> Batch[str, tuple[Tenant, ...]]:
        """As the port says; one call for every 200 accounts, then one for every 200 of their holders."""

        async def ask(keys: Sequence[str]) -> Mapping[str, Answer[tuple[TenantId, ...]]]:
            question = Question.about("LireContrats", "NumCompte", keys)
            return await self._erp.ask(_HOLDERS, question, read=_read_holders, deadline=deadline)

        holders = await in_chunks(references, chunks=_ACCOUNTS, ask=ask)
        return await files_of(holders, tenants=lambda ids: self.tenants(ids, deadline=deadline))


def _read_tenants(sheet: Sheet) -> Mapping[str, Answer[Tenant]]:
    def read(rows: list[Record]) -> Seen[Tenant]:
        return Seen(read_tenant(sole(rows, key="NUM_LOC")), sheet.origin)

    return answered(grouped(sheet.body.records("Locataire"), lambda row: row.key("NUM_LOC")), read)


def _read_leases(sheet: Sheet) -> Mapping[str, Answer[tuple[Lease, ...]]]:
    """The leases of every party that occurs; whoever is party to one that cannot be read has a failure."""
    today = sheet.today
    rows = list(sheet.body.records("Contrat"))
    leases = answered(
        grouped(rows, lambda row: row.key("NUM_CONTRAT")),
        lambda of_lease: Seen(read_lease(of_lease, today=today), sheet.origin),
    )

    def of_party(parts: list[Record]) -> Answer[tuple[Lease, ...]]:
        tenant = TenantId(parts[0].key("NUM_LOC"))
        found = []
        for number in dict.fromkeys(part.key("NUM_CONTRAT") for part in parts):
            match leases[number]:
                case Failed() as failed:
                    return failed
                case Seen(value=lease) if holds(lease, tenant, today=today):
                    found.append(lease)
        return Seen(tuple(sorted(found, key=for_display)), sheet.origin)

    parties = grouped(rows, lambda row: row.key("NUM_LOC"))
    return {tenant: of_party(parts) for tenant, parts in parties.items()}


def _read_holders(sheet: Sheet) -> Mapping[str, Answer[tuple[TenantId, ...]]]:
    """The principal holders of every account that occurs; one with a lease that cannot be read has a failure."""

    def read(of_account: list[Record]) -> Seen[tuple[TenantId, ...]]:
        leases = grouped(of_account, lambda row: row.key("NUM_CONTRAT"))
        tenures = [read_tenure(rows, today=sheet.today) for rows in leases.values()]
        return Seen(holders_among(tenures), sheet.origin)

    return answered(grouped(sheet.body.records("Contrat"), lambda row: row.account("NUM_COMPTE")), read)
