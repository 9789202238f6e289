"""One call of one operation: what the code of an operation is given."""

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from gateway.demo.control import PARIS
from gateway.demo.erp.formats import day_number, stamp_number
from gateway.demo.erp.sessions import Sessions
from gateway.demo.erp.soap import Request


@dataclass(frozen=True, slots=True)
class Call:
    """The request, the books it is answered from, and the moment."""

    request: Request
    database: sqlite3.Connection
    sessions: Sessions
    now: datetime
    """Aware, UTC."""

    @property
    def today(self) -> int:
        """The Paris day, AAAAMMJJ."""
        return day_number(self.now.astimezone(PARIS).date())

    @property
    def stamp(self) -> int:
        """The moment, AAAAMMJJHHMMSS in Paris."""
        return stamp_number(self.now)

    def rows(self, query: str, keys: Iterable[str | int]) -> sqlite3.Cursor:
        """The rows of a query for a list of keys, which it reads by `IN (SELECT value FROM json_each(?))`."""
        return self.database.execute(query, (msgspec.json.encode(list(keys)),))

    def named_row(self, query: str, key: str | int) -> dict[str, Any]:
        """The only row of a query for one key, by column; empty when there is none."""
        cursor = self.database.execute(query, (key,))
        names = [column[0] for column in cursor.description]
        return dict(zip(names, next(cursor, ()), strict=False))


Operation = Callable[[Call], str]
"""Answers what follows Horodatage; raises RefusalError or FaultError."""
