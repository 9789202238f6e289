"""What a session may look at, as values that only this room can make.

The loaders of personal data take a scope where they would take an identifier. So an identifier that somebody sends
opens nothing: the way to a lease goes from the session to its tenant, to the leases that the rental ERP names for that
tenant, and from there to their accounts and notices. Unknown and foreign are one: there is no scope for either.
"""

from dataclasses import InitVar, dataclass

from gateway.domain.access import Session
from gateway.domain.identifiers import AccountId, LeaseId, NoticeId, TenantId
from gateway.domain.lease import Lease
from gateway.domain.notice import RentNotice

_PROOF = object()


class _Scope:
    """Cannot be made without the proof, which does not leave this module."""

    __slots__ = ()

    def __post_init__(self, proof: object) -> None:
        if proof is not _PROOF:
            raise TypeError("a scope is made by the functions of gateway.auth.scopes")


@dataclass(frozen=True, slots=True)
class TenantScope(_Scope):
    """One tenant's file and the list of their leases."""

    tenant_id: TenantId
    proof: InitVar[object]


@dataclass(frozen=True, slots=True)
class LeaseScope(_Scope):
    """One lease of that tenant: its water, its works, its contacts."""

    tenant: TenantScope
    lease_id: LeaseId
    proof: InitVar[object]


@dataclass(frozen=True, slots=True)
class AccountScope(_Scope):
    """One account that leases of that tenant are charged to: its balance, its books, its notices."""

    tenant: TenantScope
    account_id: AccountId
    proof: InitVar[object]


@dataclass(frozen=True, slots=True)
class NoticeScope(_Scope):
    """One notice of that account: its document."""

    account: AccountScope
    notice_id: NoticeId
    proof: InitVar[object]


def tenant_scope(session: Session | None) -> TenantScope | None:
    """The file of the tenant whose session it is; None for strangers and staff."""
    if session is None or session.tenant_id is None:
        return None
    return TenantScope(session.tenant_id, _PROOF)


def lease_scope(scope: TenantScope, lease: Lease) -> LeaseScope:
    """`lease`, one of those that the rental ERP gave for that scope."""
    return LeaseScope(scope, lease.id, _PROOF)


def account_scope(scope: TenantScope, lease: Lease) -> AccountScope:
    """The account that `lease`, one of those that the rental ERP gave for that scope, is charged to."""
    return AccountScope(scope, lease.account_id, _PROOF)


def notice_scope(scope: AccountScope, notice: RentNotice) -> NoticeScope:
    """One notice of that account. ValueError for a notice of another one."""
    if notice.account_id != scope.account_id:
        raise ValueError("the notice belongs to another account")
    return NoticeScope(scope, notice.id, _PROOF)
