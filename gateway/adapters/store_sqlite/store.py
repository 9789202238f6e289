"""The store on one file of SQLite: its verbs are those of `gateway.ports.store`, each written in its own module."""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Self, TypeVar

from gateway.adapters.store_sqlite import file
from gateway.adapters.store_sqlite.accounts import AccountStoreVerbs, AccountTransactionVerbs, AccountVerbs
from gateway.adapters.store_sqlite.assistance import AssistanceTransactionVerbs, AssistanceVerbs
from gateway.adapters.store_sqlite.audit import AuditVerbs
from gateway.adapters.store_sqlite.devices import DeviceTransactionVerbs, DeviceVerbs
from gateway.adapters.store_sqlite.guard import GuardVerbs
from gateway.adapters.store_sqlite.lane import Lane
from gateway.adapters.store_sqlite.links import LinkTransactionVerbs, LinkVerbs
from gateway.adapters.store_sqlite.outbox import OutboxStoreVerbs, OutboxTransactionVerbs
from gateway.adapters.store_sqlite.purge import PurgeVerbs
from gateway.adapters.store_sqlite.reader import Reader
from gateway.adapters.store_sqlite.sessions import SessionTransactionVerbs, SessionVerbs
from gateway.adapters.store_sqlite.staff import StaffVerbs
from gateway.adapters.store_sqlite.writer import Writer
from gateway.domain.lockout import Subject
from gateway.ports.store import Transaction

T = TypeVar("T")
Clock = Callable[[], datetime]

_PATIENCE_SECONDS = 5.0


def _system_clock() -> datetime:
    return datetime.now(UTC)


class _Records(AccountVerbs, AssistanceVerbs, AuditVerbs, DeviceVerbs, LinkVerbs, SessionVerbs, StaffVerbs):
    """The verbs of `gateway.ports.store.Records`."""


class SqliteTransaction(
    AccountTransactionVerbs,
    AssistanceTransactionVerbs,
    DeviceTransactionVerbs,
    GuardVerbs,
    LinkTransactionVerbs,
    OutboxTransactionVerbs,
    SessionTransactionVerbs,
    _Records,
):
    """The verbs of `gateway.ports.store.Transaction`."""


class SqliteStore(_Records, AccountStoreVerbs, OutboxStoreVerbs, PurgeVerbs):
    """One lane writes, another reads beside it what is committed."""

    def __init__(self, opened: AsyncExitStack, *, reader: Reader, writer: Writer, clock: Clock) -> None:
        super().__init__(read=reader.fetch, write=writer.fetch)
        self._opened = opened
        self._writer = writer
        self._clock = clock

    @classmethod
    async def open(cls, path: Path, *, busy_timeout_seconds: float = 5.0, clock: Clock = _system_clock) -> Self:
        """The store in the migrated file at `path`, for one gateway; transactions take `now` from `clock`.

        StoreError, with its remedy, if the file cannot be used.
        """
        async with AsyncExitStack() as opened:
            file.require_file(path)
            opened.callback(file.ProcessLock.acquire(path).release)
            return await cls._connected(opened, path=path, patience_seconds=busy_timeout_seconds, clock=clock)

    @classmethod
    async def visit(cls, path: Path) -> Self:
        """The store beside a gateway that may be serving from it: for a command that changes little and goes.

        StoreError, with its remedy, if the file cannot be used.
        """
        async with AsyncExitStack() as opened:
            file.require_file(path)
            return await cls._connected(opened, path=path, patience_seconds=_PATIENCE_SECONDS, clock=_system_clock)

    @classmethod
    async def _connected(cls, opened: AsyncExitStack, *, path: Path, patience_seconds: float, clock: Clock) -> Self:
        file.check_library()
        identity = file.Identity(path)
        connect = partial(file.connect, path, busy_timeout_seconds=patience_seconds)
        connect_to_read = partial(file.connect_to_read, path, busy_timeout_seconds=patience_seconds)
        writer = Writer(await Lane.open("store-writer", connect=connect), patience_seconds=_PATIENCE_SECONDS)
        opened.push_async_callback(writer.close)
        lane = await Lane.open("store-reader", connect=connect_to_read)
        opened.push_async_callback(lane.close)
        reader = Reader(lane, identity, patience_seconds=_PATIENCE_SECONDS)
        return cls(opened.pop_all(), reader=reader, writer=writer, clock=clock)

    async def close(self) -> None:
        """Finishes what runs and lets another process take over."""
        await self._opened.aclose()

    async def transact(self, subject: Subject, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """As `gateway.ports.store.Store` says."""
        async with self._writer.transaction(subject) as opened:
            return await work(SqliteTransaction(opened.fetch, subject=subject, now=self._clock()))
