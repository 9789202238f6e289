"""One connection to SQLite and the one thread that uses it."""

import asyncio
import sqlite3
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Self, TypeAlias, TypeVar

from gateway.ports.store import StoreError

T = TypeVar("T")
Parameters: TypeAlias = Mapping[str, str | int | bytes | None]
Rows: TypeAlias = list[sqlite3.Row]


class Lane:
    """Statements run one after the other, in the order they were asked for.

    Somebody who stops waiting never leaves half a statement behind: one that still queues is dropped, one that runs
    already is carried to its end.
    """

    def __init__(self, name: str) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
        self._connection: sqlite3.Connection

    @classmethod
    async def open(cls, name: str, *, connect: Callable[[], sqlite3.Connection]) -> Self:
        """A lane whose thread has called `connect`. StoreError."""
        lane = cls(name)
        try:
            lane._connection = await lane._run(connect)
        except BaseException:
            lane._thread.shutdown(wait=False)
            raise
        return lane

    async def fetch(self, statement: str, parameters: Parameters | None = None) -> Rows:
        """The rows that `statement` returns; those it has changed when it ends in RETURNING. StoreError."""
        return await self._run(lambda: self._connection.execute(statement, parameters or {}).fetchall())

    def roll_back(self) -> None:
        """Undoes what is not committed, after what runs and before what is asked for from now on."""
        with suppress(StoreError):  # whoever closed the connection has undone it
            self._submit(self._roll_back)

    async def close(self) -> None:
        """Finishes what runs, then closes the connection, which undoes what is not committed."""
        await self._run(self._connection.close)
        self._thread.shutdown()

    def _roll_back(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def _submit(self, work: Callable[[], T]) -> Future[T]:
        try:
            return self._thread.submit(work)
        except RuntimeError as error:
            raise StoreError("the store is closed") from error

    async def _run(self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.wrap_future(self._submit(work))
        except sqlite3.Error as error:
            raise StoreError(f"SQLite does not answer: {name_of(error)}") from error


def name_of(error: sqlite3.Error) -> str:
    """SQLite's own name for what happened, for example SQLITE_FULL. Its sentence may repeat a value."""
    return getattr(error, "sqlite_errorname", type(error).__name__)
