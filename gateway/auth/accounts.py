"""Online accounts come into being."""

from dataclasses import dataclass, field
from datetime import datetime

from gateway.auth.passwords import HashPool
from gateway.auth.reference import normalise
from gateway.auth.tokens import new_id
from gateway.domain.access import OnlineAccount, OnlineAccountId
from gateway.domain.identifiers import TenantId
from gateway.ports.store import Store


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What is needed to create an account. `reference` as printed on notices, in any spelling."""

    reference: str
    tenant_id: TenantId
    password: str = field(repr=False)
    email: str | None = None


async def create_account(new: NewAccount, *, store: Store, passwords: HashPool, now: datetime) -> OnlineAccount | None:
    """The account, stored; None when its reference, in another spelling perhaps, has one already.

    ValueError for a reference that is none. HashPoolBusyError, StoreError.
    """
    reference = normalise(new.reference)
    if reference is None:
        raise ValueError("an account reference has 4 to 20 letters and digits")
    account = OnlineAccount(
        id=OnlineAccountId(new_id()),
        reference=reference,
        tenant_id=new.tenant_id,
        password_hash=await passwords.hash(new.password),
        created_at=now,
        credential_set_at=now,
        email=new.email,
    )
    return account if await store.add_account(account) else None
