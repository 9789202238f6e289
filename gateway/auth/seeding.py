"""Accounts and staff of the demo, from a file. The passwords are published with it, so no other mode takes any."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import msgspec

from gateway.auth.accounts import NewAccount, create_account
from gateway.auth.passwords import HashPool
from gateway.auth.reference import normalise
from gateway.domain.access import Role
from gateway.domain.identifiers import TenantId
from gateway.ports.store import Store


class SeededTenant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One account to create: its reference as printed, the tenant's number in the ERP, the password.

    `created_at` is now unless it is given: the yearly renewal falls on its anniversary.
    """

    reference: str
    tenant: str
    password: str
    email: str | None = None
    created_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class SeededMember(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One member of staff to open a session for."""

    name: str
    role: Role


class Seed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Contents of the file."""

    tenants: list[SeededTenant]
    staff: list[SeededMember]


def read_seed(text: bytes) -> Seed:
    """The seed in a JSON text. ValueError naming the field at fault."""
    return msgspec.json.decode(text, type=Seed)


@dataclass(frozen=True, slots=True)
class Seeding:
    """Puts the tenants of a seed into the store. Accounts that exist already stay as they are."""

    store: Store
    passwords: HashPool
    clock: Callable[[], datetime]

    async def __call__(self, tenants: Sequence[SeededTenant]) -> None:
        """Creates their accounts. StoreError, ValueError for a reference that is none."""
        for tenant in tenants:
            if await self._has_account(tenant.reference):
                continue  # hashing the password again would be most of the time a second start takes
            new = NewAccount(tenant.reference, TenantId(tenant.tenant), tenant.password, tenant.email)
            now = tenant.created_at or self.clock()
            await create_account(new, store=self.store, passwords=self.passwords, now=now)

    async def _has_account(self, reference: str) -> bool:
        canonical = normalise(reference)
        return canonical is not None and await self.store.account(canonical) is not None
