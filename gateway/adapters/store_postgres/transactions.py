"""Transactions, one at a time for each subject: what everybody does who decides about access.

A subject takes one connection of this process at most, however many wait for their turn at it: they queue in front of
the pool, so that a thousand guesses at one account do not keep others from the database. Between processes a lock of
the database decides.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from typing import TypeVar

import asyncpg

from gateway.adapters.store_postgres.connections import FAILED, STALE, Connection, Connections, store_error
from gateway.adapters.store_postgres.verbs import Rows
from gateway.adapters.turns import Turns
from gateway.domain.lockout import Subject
from gateway.ports.store import StoreError

T = TypeVar("T")

_CLOCK = "SELECT clock_timestamp()"


class OneConnection:
    """Statements of one transaction, one after the other: the driver refuses the second of two at once.

    After one that failed nothing more can be done in the transaction, and it cannot be committed.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def read(self, statement: str, *arguments: object) -> Rows:
        """The rows that `statement` returns, or has changed. StoreError."""
        try:
            return await self._connection.fetch(statement, *arguments)
        except FAILED as error:
            raise store_error(error) from error

    write = read


Work = Callable[[OneConnection, datetime], Awaitable[T]]
"""What is done in a transaction: with its connection, at the instant it was alone."""


class Transactions:
    """`clock` is asked for the instant of each transaction; the database is, when there is none."""

    def __init__(self, connections: Connections, *, clock: Callable[[], datetime] | None) -> None:
        self._connections = connections
        self._clock = clock
        self._turns = Turns()

    async def run(self, subject: Subject, work: Work[T]) -> T:
        """What `work` returns, once it is committed; what it raises, once it is undone. StoreError in time.

        Whoever stops waiting undoes it too, unless it was being committed.
        """
        return await self._connections.supervise(self._in_turn(subject, work))

    async def _in_turn(self, subject: Subject, work: Work[T]) -> T:
        async with self._turns.of(subject):
            connection = await self._begun(lock_of(subject))
            try:
                one = OneConnection(connection)
                result = await work(one, await self._now(one))
                await _to_its_end(_commit(connection))
            except BaseException:
                await _roll_back(connection)
                raise
            finally:
                await self._connections.give_back(connection)
            return result

    async def _begun(self, lock: int) -> Connection:
        try:
            try:
                return await self._begin(lock)
            except STALE:  # nothing was done on it yet
                return await self._begin(lock)
        except FAILED as error:
            raise store_error(error) from error

    async def _begin(self, lock: int) -> Connection:
        connection = await self._connections.take()
        try:
            await connection.execute(f"BEGIN; SELECT pg_advisory_xact_lock({lock})")
        except BaseException:
            await _roll_back(connection)
            await self._connections.give_back(connection)
            raise
        return connection

    async def _now(self, one: OneConnection) -> datetime:
        """Read in a statement of its own: in the one that waits for the lock it would be as old as the wait."""
        if self._clock is not None:
            return self._clock()
        now: datetime = (await one.read(_CLOCK))[0][0]
        return now


def lock_of(subject: Subject) -> int:
    """The number by which the database knows the subject.

    It has 64 bits of 256. Two subjects with the same number wait for each other, and that is all: each keeps rows of
    its own. So does whoever else locks by numbers in the same database.
    """
    return int.from_bytes(subject[:8], signed=True)


async def _commit(connection: Connection) -> None:
    try:
        status = await connection.execute("COMMIT")
    except FAILED as error:
        raise store_error(error) from error
    if status != "COMMIT":
        raise StoreError("PostgreSQL has undone the transaction, in which a statement had failed")


async def _roll_back(connection: Connection) -> None:
    """Leaves no transaction behind, by ending the connection if need be."""
    try:
        await connection.execute("ROLLBACK")
    except FAILED:
        with suppress(asyncpg.InterfaceError):  # it has ended by itself
            connection.terminate()


async def _to_its_end(committing: Awaitable[None]) -> None:
    """A commit is not given up half-way: nobody could say what was done, and the connection would be in use."""
    task = asyncio.ensure_future(committing)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise
