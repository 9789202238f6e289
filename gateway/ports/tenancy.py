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

    async def holders_of(self, references: Sequence[str], *, deadline: Deadline) -> Batch[str, tuple[Tenant, ...]]:
        """The files of the principal holders of the leases charged to each account, never an empty tuple.

        An account is asked for by its canonical reference (`gateway.auth.reference.normalise`): `12001` for the
        printed `0012001`. Normally it has one holder; a clerk may have flagged two. The holders are those of its
        leases that have not ended: current, given notice, upcoming, or in a state we do not know, for a clerk's new
        code must not shut anybody out. Once all of them have ended, the holders at the end of any: they may owe
        money still, or be owed a deposit. Who left a lease before its end is no holder, nor is, while the account
        has a running lease of somebody else, who held an ended one.

        `Missing` for a reference that the system does not know or cannot have, which is not sent, and for an account
        without a principal holder or whose holders have no file. Fails key by key when one of its leases or files
        cannot be read: nobody knows whom it may be. Raises UpstreamError when the whole call fails.
        """
