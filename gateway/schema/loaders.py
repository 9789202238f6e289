"""The loaders of one request, one for each port's question.

Those of personal data are asked by scope, and only `gateway.auth.scopes` makes scopes; ports are asked by identifier.
"""

from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import TypeVar

from gateway.auth.scopes import AccountScope, LeaseScope, NoticeScope, TenantScope
from gateway.domain.directory import LeaseContacts, Office
from gateway.domain.document import Document
from gateway.domain.editorial import Editorial
from gateway.domain.identifiers import AccountId, LeaseId, NoticeId, TenantId
from gateway.domain.lease import Lease
from gateway.domain.ledger import LedgerExtract, StoredBalance
from gateway.domain.notice import RentNotice
from gateway.domain.person import Tenant
from gateway.domain.source import SourceSystem
from gateway.domain.water import WaterMeter
from gateway.domain.works import WorksOperation
from gateway.ports.answers import Batch
from gateway.ports.deadline import Deadline
from gateway.ports.directory import DirectoryPort
from gateway.ports.documents import DocumentsPort
from gateway.ports.editorial import EditorialPort
from gateway.ports.ledger import LedgerPort
from gateway.ports.metering import MeteringPort
from gateway.ports.notices import NoticesPort
from gateway.ports.tenancy import TenancyPort
from gateway.ports.works import WorksPort
from gateway.schema.errors import InvalidArgumentError
from gateway.schema.loading import Loader, Tasks
from gateway.schema.watch import SourceWatch

MAX_RANGES = 12
"""A year of month ends; more is a report, not a page."""

_TENANT: Callable[[TenantScope], TenantId] = attrgetter("tenant_id")
_LEASE: Callable[[LeaseScope], LeaseId] = attrgetter("lease_id")
_ACCOUNT: Callable[[AccountScope], AccountId] = attrgetter("account_id")
_NOTICE: Callable[[NoticeScope], NoticeId] = attrgetter("notice_id")

K = TypeVar("K", bound=Hashable)
S = TypeVar("S", bound=Hashable)
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Ports:
    """The read ports."""

    tenancy: TenancyPort
    ledger: LedgerPort
    notices: NoticesPort
    documents: DocumentsPort
    metering: MeteringPort
    works: WorksPort
    directory: DirectoryPort
    editorial: EditorialPort


class Loaders:
    """Loaders over `ports`, all under the request's `deadline`."""

    def __init__(self, ports: Ports, watch: SourceWatch, *, deadline: Deadline, tasks: Tasks) -> None:
        self._ports = ports
        self._watch = watch.watch
        self._deadline = deadline
        self._tasks = tasks
        self.tenants: Loader[TenantScope, Tenant] = Loader(_by_scope(self._tenants, _TENANT), tasks)
        self.leases_of: Loader[TenantScope, tuple[Lease, ...]] = Loader(_by_scope(self._leases_of, _TENANT), tasks)
        self.balances: Loader[AccountScope, StoredBalance] = Loader(_by_scope(self._balances, _ACCOUNT), tasks)
        self.documents: Loader[NoticeScope, Document] = Loader(_by_scope(self._documents, _NOTICE), tasks)
        self.works: Loader[LeaseScope, tuple[WorksOperation, ...]] = Loader(_by_scope(self._works, _LEASE), tasks)
        self.contacts: Loader[LeaseScope, LeaseContacts] = Loader(_by_scope(self._contacts, _LEASE), tasks)
        self.offices: Loader[None, tuple[Office, ...]] = Loader(self._offices, tasks)
        self.editorial: Loader[None, Editorial] = Loader(self._editorial, tasks)
        self._entries: dict[tuple[date | None, date | None], Loader[AccountScope, LedgerExtract]] = {}
        self._notices: dict[int, Loader[AccountScope, tuple[RentNotice, ...]]] = {}
        self._meters: dict[date, Loader[LeaseScope, tuple[WaterMeter, ...]]] = {}

    def entries(self, since: date | None, until: date | None = None) -> Loader[AccountScope, LedgerExtract]:
        """Entries with a value date in the range, both ends inclusive.

        Raises InvalidArgumentError beyond MAX_RANGES different ranges: each costs the ERP a call.
        """
        if (since, until) not in self._entries and len(self._entries) == MAX_RANGES:
            raise InvalidArgumentError(
                "range", f"one request asks for at most {MAX_RANGES} different ranges of entries"
            )

        async def fetch(keys: Sequence[AccountId]) -> Batch[AccountId, LedgerExtract]:
            return await self._watch(
                SourceSystem.RENT_ERP,
                self._ports.ledger.entries(keys, since=since, until=until, deadline=self._deadline),
            )

        return self._entries.setdefault((since, until), Loader(_by_scope(fetch, _ACCOUNT), self._tasks))

    def notices(self, latest_months: int) -> Loader[AccountScope, tuple[RentNotice, ...]]:
        """Notices of the latest months that have any."""

        async def fetch(keys: Sequence[AccountId]) -> Batch[AccountId, tuple[RentNotice, ...]]:
            return await self._watch(
                SourceSystem.RENT_ERP,
                self._ports.notices.notices(keys, latest_months=latest_months, deadline=self._deadline),
            )

        return self._notices.setdefault(latest_months, Loader(_by_scope(fetch, _ACCOUNT), self._tasks))

    def meters(self, since: date) -> Loader[LeaseScope, tuple[WaterMeter, ...]]:
        """Meters with their readings from `since` on."""

        async def fetch(keys: Sequence[LeaseId]) -> Batch[LeaseId, tuple[WaterMeter, ...]]:
            return await self._watch(
                SourceSystem.METERING, self._ports.metering.meters(keys, since=since, deadline=self._deadline)
            )

        return self._meters.setdefault(since, Loader(_by_scope(fetch, _LEASE), self._tasks))

    async def _tenants(self, keys: Sequence[TenantId]) -> Batch[TenantId, Tenant]:
        return await self._watch(SourceSystem.RENT_ERP, self._ports.tenancy.tenants(keys, deadline=self._deadline))

    async def _leases_of(self, keys: Sequence[TenantId]) -> Batch[TenantId, tuple[Lease, ...]]:
        return await self._watch(SourceSystem.RENT_ERP, self._ports.tenancy.leases_of(keys, deadline=self._deadline))

    async def _balances(self, keys: Sequence[AccountId]) -> Batch[AccountId, StoredBalance]:
        return await self._watch(SourceSystem.RENT_ERP, self._ports.ledger.balances(keys, deadline=self._deadline))

    async def _documents(self, keys: Sequence[NoticeId]) -> Batch[NoticeId, Document]:
        return await self._watch(
            SourceSystem.DOCUMENT_STORE, self._ports.documents.of_notices(keys, deadline=self._deadline)
        )

    async def _works(self, keys: Sequence[LeaseId]) -> Batch[LeaseId, tuple[WorksOperation, ...]]:
        return await self._watch(SourceSystem.WORKS, self._ports.works.works(keys, deadline=self._deadline))

    async def _contacts(self, keys: Sequence[LeaseId]) -> Batch[LeaseId, LeaseContacts]:
        return await self._watch(SourceSystem.DIRECTORY, self._ports.directory.contacts(keys, deadline=self._deadline))

    async def _offices(self, _: Sequence[None]) -> Batch[None, tuple[Office, ...]]:
        offices = self._ports.directory.offices(deadline=self._deadline)
        return {None: await self._watch(SourceSystem.DIRECTORY, offices)}

    async def _editorial(self, _: Sequence[None]) -> Batch[None, Editorial]:
        editorial = self._ports.editorial.editorial(deadline=self._deadline)
        return {None: await self._watch(SourceSystem.DIRECTORY, editorial)}


def _by_scope(
    fetch: Callable[[Sequence[K]], Awaitable[Batch[K, V]]], identifier: Callable[[S], K]
) -> Callable[[Sequence[S]], Awaitable[Batch[S, V]]]:
    """`fetch` for who asks with scopes: each is answered what its identifier is."""

    async def fetch_scopes(scopes: Sequence[S]) -> Batch[S, V]:
        found = await fetch([identifier(scope) for scope in scopes])
        return {scope: found[identifier(scope)] for scope in scopes}

    return fetch_scopes
