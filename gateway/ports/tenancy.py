"""Who rents what: tenant files and leases."""

from collections.abc import Sequence
from typing import Protocol

from gateway.domain.identifiers import TenantId
from gateway.domain.lease import Lease
from gateway.domain.person import Tenant
from gateway.ports.answers import Batch
from gateway.ports.deadline import Deadline


class TenancyPort(Protocol):
    """Tenant files and leases, in batches of any size; an implementation chunks them as its system requires."""

    async def tenants(self, ids: Sequence[TenantId], *, deadline: Deadline) -> Batch[TenantId, Tenant]:
        """The file of each tenant; `Missing` for an id the system does not know.

        Fails key by key when one record cannot be read. Raises UpstreamError when the whole call fails.
        """

    async def leases_of(self, tenants: Sequence[TenantId], *, deadline: Deadline) -> Batch[TenantId, tuple[Lease, ...]]:
        """The leases each tenant holds or co-holds, ended ones included, dwelling before garage, current first.

        A lease that the tenant has left (a former spouse) is not among them: this answer decides who sees what.
        An empty tuple and `Missing` both mean none. Raises UpstreamError when the whole call fails.
        """
