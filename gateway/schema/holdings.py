"""What the viewer holds, as the rental ERP says at this moment. Every look at an account or a lease starts here."""

from dataclasses import dataclass

from gateway.auth.scopes import AccountScope, LeaseScope, TenantScope, account_scope, lease_scope, tenant_scope
from gateway.domain.identifiers import AccountId, LeaseId
from gateway.domain.lease import Lease
from gateway.domain.source import Origin, SourceSystem
from gateway.schema.context import Context, Info
from gateway.schema.views import View


@dataclass(frozen=True, slots=True)
class Held:
    """A lease that the viewer holds, with the scopes it opens: its own, and that of the account it is charged to."""

    lease: Lease
    scope: LeaseScope
    account: AccountScope


@dataclass(frozen=True, slots=True)
class Holdings:
    """The viewer's leases in the port's order, and the answer's origin."""

    leases: tuple[Held, ...]
    origin: Origin

    @property
    def by_account(self) -> dict[AccountId, tuple[Held, ...]]:
        """The leases charged to each account, the account of the first lease first."""
        accounts: dict[AccountId, tuple[Held, ...]] = {}
        for held in self.leases:
            accounts[held.account.account_id] = (*accounts.get(held.account.account_id, ()), held)
        return accounts

    def lease(self, lease_id: LeaseId) -> Held | None:
        """The viewer's lease with that id."""
        return next((held for held in self.leases if held.lease.id == lease_id), None)


def own_scope(context: Context) -> TenantScope | None:
    """The viewer's own file; None for staff and strangers, and as long as a tenant has to renew the password first."""
    return tenant_scope(context.session) if context.view is View.TENANT else None


async def holdings(info: Info) -> Holdings:
    """The viewer's holdings; none without a file. Raises UpstreamError when the ERP does not tell."""
    context = info.context
    scope = own_scope(context)
    seen = await context.loaders.leases_of.need(scope) if scope else None
    if scope is None or seen is None:
        return Holdings((), Origin(SourceSystem.GATEWAY, None, context.now))
    held = (Held(lease, lease_scope(scope, lease), account_scope(scope, lease)) for lease in seen.value)
    return Holdings(tuple(held), seen.origin)
