"""The way in for every change: one lane, for one transaction at a time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from gateway.adapters.store_sqlite.lane import Lane, Parameters, Rows
from gateway.adapters.turns import Turns
from gateway.domain.lockout import Subject
from gateway.ports.store import StoreError


class Writer:
    """Single statements, and transactions that nothing gets in between.

    Nobody waits longer than `patience_seconds` for an answer, and nobody who stops waiting leaves the lane in a
    transaction. Each subject queues for itself first, so that a thousand guesses at one account are one in the queue
    that everybody stands in.
    """

    def __init__(self, lane: Lane, *, patience_seconds: float) -> None:
        self._lane = lane
        self._patience_seconds = patience_seconds
        self._lane_is_free = asyncio.Lock()
        self._turns = Turns()

    async def fetch(self, statement: str, parameters: Parameters) -> Rows:
        """The rows that `statement` has changed, when it ends in RETURNING; committed. StoreError."""
        async with patience(self._patience_seconds), self._lane_is_free:
            return await self._lane.fetch(statement, parameters)

    @asynccontextmanager
    async def transaction(self, subject: Subject) -> AsyncIterator["OpenTransaction"]:
        """A transaction that is committed after the block, or undone by whatever ends the block early. StoreError."""
        async with patience(self._patience_seconds), self._turns.of(subject), self._lane_is_free:
            opened = OpenTransaction(self._lane)
            try:
                await self._lane.fetch("BEGIN IMMEDIATE")
                yield opened
                await opened.commit()
            except BaseException:
                self._lane.roll_back()
                raise
            finally:
                opened.is_over = True

    async def close(self) -> None:
        """Finishes the transaction that runs, then closes the lane."""
        async with self._lane_is_free:
            await self._lane.close()


class OpenTransaction:
    """The statements of one transaction. The first that fails undoes all of it, even if the error is caught."""

    def __init__(self, lane: Lane) -> None:
        self.is_over = False
        self._lane = lane
        self._failure: StoreError | None = None

    async def fetch(self, statement: str, parameters: Parameters) -> Rows:
        """The rows that `statement` returns; it sees what was changed before it. StoreError."""
        if self.is_over:
            raise StoreError("the transaction is over")
        try:
            return await self._lane.fetch(statement, parameters)
        except StoreError as error:
            self._failure = error
            raise

    async def commit(self) -> None:
        """Keeps what was changed. StoreError, also when it cannot be said whether it was kept."""
        if self._failure:
            raise self._failure
        await self._lane.fetch("COMMIT")


@asynccontextmanager
async def patience(seconds: float) -> AsyncIterator[None]:
    """StoreError when the block takes longer."""
    limit = asyncio.timeout(seconds)
    try:
        async with limit:
            yield
    except TimeoutError as error:
        if not limit.expired():
            raise
        raise StoreError(f"SQLite does not answer within {seconds} s") from error
