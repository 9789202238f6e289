"""What the commands do beside serving: the same parts over the gateway's own database, for as long as one act takes."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from gateway.access import account_rules, foundation, system_clock
from gateway.adapters import stores
from gateway.adapters.migrations import REVISION
from gateway.auth.administered import StaffAdded
from gateway.auth.administration import Administration
from gateway.auth.seeding import Seeding, read_seed
from gateway.auth.staff import StaffMember
from gateway.auth.trail import OPERATOR
from gateway.domain.access import Role
from gateway.domain.audit import Action, AuditEntry
from gateway.ports.store import Store
from gateway.registry import listed_in
from gateway.schema.build import build_schema
from gateway.schema.manifests import Listed, ManifestError
from gateway.schema.operations import Operations
from gateway.schema.registered import read_registered
from gateway.settings import Mode, Settings, SettingsError
from gateway.support.desk import AccountDesk
from gateway.systems import connect

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Migrated:
    """The database is of revision `now`; `found` is what it was before, None for an empty one."""

    found: str | None
    now: str


@dataclass(frozen=True, slots=True)
class Seeded:
    """The sessions that were opened for the staff of a demo."""

    staff: list[StaffAdded]


@dataclass(frozen=True, slots=True)
class DocumentsChecked:
    """What manifests hold: how many documents a gateway would register, and why it would refuse them, if it would."""

    documents: int
    faults: list[str]


def check_documents(files: Sequence[Path]) -> DocumentsChecked:
    """Whether a gateway with the usual limits would take these manifests, with everything at fault in all of them."""
    documents = Operations(build_schema()).documents
    listed, faults = list[Listed](), list[str]()
    for file in files:
        try:
            listed += listed_in(file)
        except ManifestError as error:
            faults.append(str(error))
    registered = read_registered(listed, documents.reader)
    return DocumentsChecked(registered.count, [*faults, *map(str, registered.unfit)])


def migrate(settings: Settings) -> Migrated:
    """Brings the gateway's own database to the newest revision. Not inside a loop. Raises StoreError."""
    found = stores.migrate(settings.database_url.reveal())
    migrated = Migrated(found, max(found or REVISION, REVISION))
    asyncio.run(_record(settings, migrated))
    return migrated


async def seed(settings: Settings, text: bytes) -> Seeded:
    """Creates the accounts of a demo. Raises SettingsError outside of one, ValueError, StoreError."""
    if settings.mode is not Mode.DEMO:
        raise SettingsError(f"GATEWAY_MODE={settings.mode} takes no seeded accounts; GATEWAY_MODE=demo does")
    wanted = read_seed(text)
    members = [StaffMember(one.name, one.role) for one in wanted.staff]
    async with AsyncExitStack() as owned:
        desk = await _desk(settings, owned)
        await Seeding(desk.foundation.store, desk.foundation.passwords, system_clock)(wanted.tenants)
        return Seeded([await desk.administration.add_staff(member) for member in members])


async def administer(settings: Settings, act: Callable[[Administration], Awaitable[T]]) -> T:
    """What one of the operator's acts tells. Gateways may be serving meanwhile. Raises StoreError, ValueError."""
    async with AsyncExitStack() as owned:
        return await act((await _desk(settings, owned)).administration)


async def add_staff(settings: Settings, name: str, *, role: Role) -> StaffAdded:
    """A session for a member of staff of a demo. Raises SettingsError elsewhere, ValueError, StoreError."""
    if settings.mode is not Mode.DEMO:
        raise SettingsError(
            f"GATEWAY_MODE={settings.mode} has no staff of its own: they sign in at GATEWAY_OIDC_ISSUER; "
            "GATEWAY_MODE=demo has"
        )
    return await administer(settings, lambda acts: acts.add_staff(StaffMember(name, role)))


async def _desk(settings: Settings, owned: AsyncExitStack) -> AccountDesk:
    base = foundation(settings, await _visited(settings, owned), owned)
    return AccountDesk(base, account_rules(settings), connect(settings, owned).tenancy)


async def _record(settings: Settings, migrated: Migrated) -> None:
    async with AsyncExitStack() as owned:
        store = await _visited(settings, owned)
        await store.append_audit(AuditEntry(system_clock(), Action.DATABASE_MIGRATED, migrated.now, OPERATOR))


async def _visited(settings: Settings, owned: AsyncExitStack) -> Store:
    store = await stores.visit_store(settings.database_url.reveal())
    owned.push_async_callback(store.close)
    return store
