"""The store: every verb of its port, in a transaction and outside."""
# ruff: noqa: D102 - the port documents the verbs

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Self, TypeVar

from gateway.adapters.store_postgres.accounts import AccountStoreVerbs, AccountTransactionVerbs
from gateway.adapters.store_postgres.assistance import AssistanceTransactionVerbs, AssistanceVerbs
from gateway.adapters.store_postgres.audit import AuditVerbs
from gateway.adapters.store_postgres.connections import Connections, Limits
from gateway.adapters.store_postgres.devices import DeviceTransactionVerbs, DeviceVerbs
from gateway.adapters.store_postgres.guard import GuardVerbs
from gateway.adapters.store_postgres.links import LinkTransactionVerbs, LinkVerbs
from gateway.adapters.store_postgres.outbox import OutboxStoreVerbs, OutboxTransactionVerbs
from gateway.adapters.store_postgres.purge import PurgeVerbs
from gateway.adapters.store_postgres.sessions import SessionTransactionVerbs, SessionVerbs
from gateway.adapters.store_postgres.staff import StaffVerbs
from gateway.adapters.store_postgres.transactions import OneConnection, Transactions
from gateway.domain.lockout import Subject
from gateway.ports.store import Transaction

T = TypeVar("T")


class PostgresTransaction(
    AccountTransactionVerbs,
    SessionTransactionVerbs,
    DeviceTransactionVerbs,
    GuardVerbs,
    LinkTransactionVerbs,
    OutboxTransactionVerbs,
    AssistanceTransactionVerbs,
    StaffVerbs,
    AuditVerbs,
):
    """The verbs are those of `gateway.ports.store.Transaction`, one after the other: never two at once."""


class PostgresStore(
    AccountStoreVerbs,
    SessionVerbs,
    DeviceVerbs,
    LinkVerbs,
    OutboxStoreVerbs,
    AssistanceVerbs,
    StaffVerbs,
    AuditVerbs,
    PurgeVerbs,
):
    """The verbs are those of `gateway.ports.store.Store`."""

    def __init__(self, connections: Connections, *, clock: Callable[[], datetime] | None = None) -> None:
        super().__init__(connections)
        self._connections = connections
        self._transactions = Transactions(connections, clock=clock)

    @classmethod
    async def open(
        cls,
        url: str,
        *,
        max_connections: int,
        limits: Limits | None = None,
        clock: Callable[[], datetime] | None = None,
    ) -> Self:
        """The store in the migrated database at `url`, whose clock counts unless there is another.

        StoreError, with its remedy, if it cannot be used.
        """
        connections = await Connections.open(url, max_connections=max_connections, limits=limits or Limits())
        return cls(connections, clock=clock)

    async def close(self) -> None:
        """Finishes what runs, then disconnects."""
        await self._connections.close()

    async def transact(self, subject: Subject, work: Callable[[Transaction], Awaitable[T]]) -> T:
        def through(one: OneConnection, now: datetime) -> Awaitable[T]:
            return work(PostgresTransaction(one, subject=subject, now=now))

        return await self._transactions.run(subject, through)
