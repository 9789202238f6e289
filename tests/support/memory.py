"""The landlord's systems in memory: a second implementation of every read port, over dictionaries of domain values.

It keeps what the ports promise (batches, ranges, missing keys) and adds what tests need: one journal of all calls,
and faults that a test orders for an operation, or for one key of it.
"""
# ruff: noqa: ARG002, D102 - memory answers before any deadline; the ports document their questions

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TypeVar

from gateway.auth.reference import normalise
from gateway.domain.directory import LeaseContacts, Office
from gateway.domain.document import Document
from gateway.domain.editorial import Editorial
from gateway.domain.identifiers import AccountId, DocumentId, LeaseId, NoticeId, PersonId, TenantId
from gateway.domain.lease import Lease, LeasePartyRole, LeaseState
from gateway.domain.ledger import LedgerEntry, LedgerExtract, StoredBalance
from gateway.domain.money import total
from gateway.domain.notice import RentNotice
from gateway.domain.period import YearMonth, paris_date
from gateway.domain.person import Tenant
from gateway.domain.source import Origin, SourceSystem, StaleReason
from gateway.domain.water import MeterReading, WaterMeter
from gateway.domain.works import WorksOperation
from gateway.ports.answers import MISSING, Answer, Batch, Failed, Seen
from gateway.ports.deadline import Deadline
from gateway.ports.documents import ByteRange, OpenedDocument, RangeNotSatisfiableError
from gateway.ports.errors import Call, UpstreamError, UpstreamGarbledError
from gateway.schema.loaders import Ports

K = TypeVar("K")
V = TypeVar("V")

SYSTEMS: Mapping[str, SourceSystem] = {
    "tenants": SourceSystem.RENT_ERP,
    "leases_of": SourceSystem.RENT_ERP,
    "holders_of": SourceSystem.RENT_ERP,
    "balances": SourceSystem.RENT_ERP,
    "entries": SourceSystem.RENT_ERP,
    "notices": SourceSystem.RENT_ERP,
    "documents": SourceSystem.DOCUMENT_STORE,
    "open": SourceSystem.DOCUMENT_STORE,
    "meters": SourceSystem.METERING,
    "works": SourceSystem.WORKS,
    "contacts": SourceSystem.DIRECTORY,
    "offices": SourceSystem.DIRECTORY,
    "editorial": SourceSystem.DIRECTORY,
}
"""Every operation of the ports and the system behind it; `documents` is the port's `of_notices`."""

_CHUNK_BYTES = 1000


@dataclass(slots=True)
class Books:
    """What the landlord's systems know. Entries, readings oldest first; leases and notices in the ports' order."""

    tenants: dict[TenantId, Tenant] = field(default_factory=dict)
    leases_of: dict[TenantId, tuple[Lease, ...]] = field(default_factory=dict)
    balances: dict[AccountId, StoredBalance] = field(default_factory=dict)
    entries: dict[AccountId, tuple[LedgerEntry, ...]] = field(default_factory=dict)
    notices: dict[AccountId, tuple[RentNotice, ...]] = field(default_factory=dict)
    documents: dict[NoticeId, Document] = field(default_factory=dict)
    files: dict[DocumentId, bytes] = field(default_factory=dict)
    meters: dict[LeaseId, tuple[WaterMeter, ...]] = field(default_factory=dict)
    works: dict[LeaseId, tuple[WorksOperation, ...]] = field(default_factory=dict)
    contacts: dict[LeaseId, LeaseContacts] = field(default_factory=dict)
    offices: tuple[Office, ...] = ()
    editorial: Editorial = field(default_factory=lambda: Editorial((), ()))


@dataclass(frozen=True, slots=True)
class Question:
    """One call of a port: its operation and the keys asked for, in order."""

    operation: str
    keys: tuple[object, ...] = ()


@dataclass(slots=True)
class Landlord:
    """The systems of one landlord.

    By operation: `as_of` is when its values were true, absent when the system does not say; `held` keeps its answer
    back until the event is set.
    """

    clock: Callable[[], datetime]
    books: Books = field(default_factory=Books)
    as_of: dict[str, datetime] = field(default_factory=dict)
    stale: dict[str, StaleReason] = field(default_factory=dict)
    failing: dict[str, UpstreamError] = field(default_factory=dict)
    failing_keys: dict[tuple[str, object], UpstreamError] = field(default_factory=dict)
    held: dict[str, asyncio.Event] = field(default_factory=dict)
    breaks_off_after_bytes: int | None = None
    has_etags: bool = True
    journal: list[Question] = field(default_factory=list)
    open_files: int = 0

    def calls(self, operation: str) -> list[tuple[object, ...]]:
        """The keys of each call of an operation so far."""
        return [question.keys for question in self.journal if question.operation == operation]

    def origin(self, operation: str) -> Origin:
        """The origin of what an operation answers now."""
        return Origin(SYSTEMS[operation], self.as_of.get(operation), self.clock(), self.stale.get(operation))

    async def asked(self, operation: str, keys: Sequence[object] = ()) -> None:
        """Writes the call into the journal. Raises the error ordered for the operation."""
        self.journal.append(Question(operation, tuple(keys)))
        await asyncio.sleep(0)  # a system answers in a later turn of the loop, never in the same
        if operation in self.held:
            await self.held[operation].wait()
        if operation in self.failing:
            raise self.failing[operation]

    async def answers(self, operation: str, keys: Sequence[K], known: Mapping[K, V]) -> Batch[K, V]:
        """The batch answer for `keys` among what is `known`."""
        await self.asked(operation, keys)
        return {key: self._answer(operation, key, known) for key in keys}

    def _answer(self, operation: str, key: K, known: Mapping[K, V]) -> Answer[V]:
        if error := self.failing_keys.get((operation, key)):
            return Failed(error)
        return Seen(known[key], self.origin(operation)) if key in known else MISSING

    def ports(self) -> Ports:
        """The ports over these systems."""
        return Ports(
            tenancy=MemoryTenancy(self),
            ledger=MemoryLedger(self),
            notices=MemoryNotices(self),
            documents=MemoryDocuments(self),
            metering=MemoryMetering(self),
            works=MemoryWorks(self),
            directory=MemoryDirectory(self),
            editorial=MemoryEditorial(self),
        )


@dataclass(frozen=True, slots=True)
class MemoryTenancy:
    """TenancyPort."""

    landlord: Landlord

    async def tenants(self, ids: Sequence[TenantId], *, deadline: Deadline) -> Batch[TenantId, Tenant]:
        return await self.landlord.answers("tenants", ids, self.landlord.books.tenants)

    async def leases_of(self, tenants: Sequence[TenantId], *, deadline: Deadline) -> Batch[TenantId, tuple[Lease, ...]]:
        return await self.landlord.answers("leases_of", tenants, self.landlord.books.leases_of)

    async def holders_of(self, references: Sequence[str], *, deadline: Deadline) -> Batch[str, tuple[Tenant, ...]]:
        canonical = {reference: normalise(reference) for reference in references}
        keys = tuple(dict.fromkeys(key for key in canonical.values() if key is not None))
        today = paris_date(self.landlord.clock())
        found = await self.landlord.answers("holders_of", keys, _holders(self.landlord.books, today)) if keys else {}
        return {reference: MISSING if key is None else found[key] for reference, key in canonical.items()}


def _holders(books: Books, today: date) -> dict[str, tuple[Tenant, ...]]:
    """The files of the principal holders of each account in the books, by its canonical reference."""
    accounts: dict[str | None, list[Lease]] = defaultdict(list)
    for lease in {lease.id: lease for leases in books.leases_of.values() for lease in leases}.values():
        accounts[normalise(lease.account_reference)].append(lease)
    holders = {}
    for reference, leases in accounts.items():
        running = [lease for lease in leases if lease.state is not LeaseState.ENDED]
        people = {person for lease in running or leases for person in _principals(lease, today)}
        files = tuple(file for file in books.tenants.values() if file.person.id in people)
        if reference is not None and files:
            holders[reference] = files
    return holders


def _principals(lease: Lease, today: date) -> Iterator[PersonId]:
    for party in lease.parties:
        left = party.until is not None and party.until < today and party.until < (lease.ends_on or date.max)
        if party.role is LeasePartyRole.PRINCIPAL_HOLDER and not left:
            yield party.person.id


@dataclass(frozen=True, slots=True)
class MemoryLedger:
    """LedgerPort."""

    landlord: Landlord

    async def balances(self, accounts: Sequence[AccountId], *, deadline: Deadline) -> Batch[AccountId, StoredBalance]:
        return await self.landlord.answers("balances", accounts, self.landlord.books.balances)

    async def entries(
        self, accounts: Sequence[AccountId], *, since: date | None, until: date | None, deadline: Deadline
    ) -> Batch[AccountId, LedgerExtract]:
        extracts = {
            account: _extract(account, entries, since or date.min, until or date.max)
            for account, entries in self.landlord.books.entries.items()
        }
        return await self.landlord.answers("entries", accounts, extracts)


def _extract(account: AccountId, entries: Sequence[LedgerEntry], since: date, until: date) -> LedgerExtract:
    return LedgerExtract(
        account_id=account,
        since=since,
        until=until,
        opening=total(entry.signed for entry in entries if entry.value_on < since),
        entries=tuple(entry for entry in entries if since <= entry.value_on <= until),
    )


@dataclass(frozen=True, slots=True)
class MemoryNotices:
    """NoticesPort."""

    landlord: Landlord

    async def notices(
        self, accounts: Sequence[AccountId], *, latest_months: int, deadline: Deadline
    ) -> Batch[AccountId, tuple[RentNotice, ...]]:
        latest = {
            account: tuple(notice for notice in notices if notice.period in _latest_months(notices, latest_months))
            for account, notices in self.landlord.books.notices.items()
        }
        return await self.landlord.answers("notices", accounts, latest)


def _latest_months(notices: Sequence[RentNotice], count: int) -> set[YearMonth]:
    return set(sorted({notice.period for notice in notices}, reverse=True)[:count])


@dataclass(frozen=True, slots=True)
class MemoryDocuments:
    """DocumentsPort."""

    landlord: Landlord

    async def of_notices(self, notices: Sequence[NoticeId], *, deadline: Deadline) -> Batch[NoticeId, Document]:
        return await self.landlord.answers("documents", notices, self.landlord.books.documents)

    @asynccontextmanager
    async def open(
        self, document: DocumentId, *, part: ByteRange | None, deadline: Deadline
    ) -> AsyncIterator[OpenedDocument]:
        await self.landlord.asked("open", [document])
        file = self.landlord.books.files[document]
        if not file.startswith(b"%PDF-"):
            raise UpstreamGarbledError(Call(SourceSystem.DOCUMENT_STORE, "open"), "the first bytes")
        bounds = _bounds(len(file), part)
        self.landlord.open_files += 1
        try:
            chunks = self._chunks(file[bounds.start : bounds.stop])
            etag = f'"{document}"' if self.landlord.has_etags else None
            yield OpenedDocument(len(file), bounds.start, len(bounds), etag, chunks)
        finally:
            self.landlord.open_files -= 1

    async def _chunks(self, part: bytes) -> AsyncIterator[bytes]:
        whole = self.landlord.breaks_off_after_bytes is None
        for chunk in _pieces(part[: self.landlord.breaks_off_after_bytes]):
            await asyncio.sleep(0)
            yield chunk
        if not whole:
            raise UpstreamGarbledError(Call(SourceSystem.DOCUMENT_STORE, "open"), "the length")


def _bounds(size: int, part: ByteRange | None) -> range:
    """Places of the bytes asked for. Raises RangeNotSatisfiableError when there are none."""
    if part is None:
        return range(size)
    if part.first is None:
        return range(max(0, size - (part.last or 0)), size)
    if part.first >= size:
        raise RangeNotSatisfiableError(size)
    return range(part.first, size if part.last is None else min(part.last + 1, size))


def _pieces(data: bytes) -> Iterator[bytes]:
    for start in range(0, len(data), _CHUNK_BYTES):
        yield data[start : start + _CHUNK_BYTES]


@dataclass(frozen=True, slots=True)
class MemoryMetering:
    """MeteringPort."""

    landlord: Landlord

    async def meters(
        self, leases: Sequence[LeaseId], *, since: date, deadline: Deadline
    ) -> Batch[LeaseId, tuple[WaterMeter, ...]]:
        read = {
            lease: tuple(replace(meter, readings=_read_since(meter.readings, since)) for meter in meters)
            for lease, meters in self.landlord.books.meters.items()
        }
        return await self.landlord.answers("meters", leases, read)


def _read_since(readings: Sequence[MeterReading], since: date) -> tuple[MeterReading, ...]:
    """The readings from the last one before `since` on."""
    earlier = [reading for reading in readings if reading.on < since]
    return (*earlier[-1:], *(reading for reading in readings if reading.on >= since))


@dataclass(frozen=True, slots=True)
class MemoryWorks:
    """WorksPort."""

    landlord: Landlord

    async def works(
        self, leases: Sequence[LeaseId], *, deadline: Deadline
    ) -> Batch[LeaseId, tuple[WorksOperation, ...]]:
        return await self.landlord.answers("works", leases, self.landlord.books.works)


@dataclass(frozen=True, slots=True)
class MemoryDirectory:
    """DirectoryPort."""

    landlord: Landlord

    async def contacts(self, leases: Sequence[LeaseId], *, deadline: Deadline) -> Batch[LeaseId, LeaseContacts]:
        return await self.landlord.answers("contacts", leases, self.landlord.books.contacts)

    async def offices(self, *, deadline: Deadline) -> Seen[tuple[Office, ...]]:
        await self.landlord.asked("offices")
        return Seen(self.landlord.books.offices, self.landlord.origin("offices"))


@dataclass(frozen=True, slots=True)
class MemoryEditorial:
    """EditorialPort."""

    landlord: Landlord

    async def editorial(self, *, deadline: Deadline) -> Seen[Editorial]:
        await self.landlord.asked("editorial")
        return Seen(self.landlord.books.editorial, self.landlord.origin("editorial"))
