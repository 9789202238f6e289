"""What the viewer holds, as the rental ERP says at this moment. Every look at an account or a lease starts here."""

from dataclasses import dataclass

from gateway.domain.identifiers import AccountId, LeaseId
from gateway.domain.lease import Lease
from gateway.domain.source import Origin, SourceSystem
from gateway.schema.context import Info


@dataclass(frozen=True, slots=True)
class Holdings:
    """The viewer's leases in the port's order, and the answer's origin."""

    leases: tuple[Lease, ...]
    origin: Origin

    @property
    def by_account(self) -> dict[AccountId, tuple[Lease, ...]]:
        """The leases charged to each account, the account of the first lease first."""
        accounts: dict[AccountId, tuple[Lease, ...]] = {}
        for lease in self.leases:
            accounts[lease.account_id] = (*accounts.get(lease.account_id, ()), lease)
        return accounts

    def lease(self, lease_id: LeaseId) -> Lease | None:
        """The viewer's lease with that id."""
        return next((lease for lease in self.leases if lease.id == lease_id), None)


async def holdings(info: Info) -> Holdings:
    """The viewer's holdings; none for staff and strangers. Raises UpstreamError when the ERP does not tell."""
    context = info.context
    seen = await context.loaders.leases_of.need(context.tenant_id) if context.tenant_id else None
    if seen is None:
        return Holdings((), Origin(SourceSystem.GATEWAY, None, context.now))
    return Holdings(seen.value, seen.origin)
