"""Rows on their way into the tables."""

import sqlite3
from collections import defaultdict
from collections.abc import Sequence

Row = Sequence[str | int | bytes | None]


class Rows:
    """Rows by table. Picklable, so that another process can make them."""

    def __init__(self) -> None:
        self._tables: defaultdict[str, list[Row]] = defaultdict(list)

    def add(self, table: str, *row: str | int | bytes | None) -> None:
        """Keep one row, a value for each column of `table`."""
        self._tables[table].append(row)

    def write(self, database: sqlite3.Connection) -> None:
        """Insert every row; the caller commits."""
        for table, rows in self._tables.items():
            marks = ",".join("?" * len(rows[0]))
            database.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608 - our own names
