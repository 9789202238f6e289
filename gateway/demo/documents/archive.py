"""The store's own disk: the drawn files, what is known of each, and who was given which part of them.

A row is written after its file is in place, so that what the index knows is there. One thread at a time may call.
"""

import sqlite3
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Self

from gateway.demo.documents.catalogue import Filed, Origin
from gateway.demo.documents.rendering import render

_DATABASE = "ged.sqlite3"
_TABLES = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS origin (
    only INTEGER PRIMARY KEY CHECK (only = 1), seed INTEGER NOT NULL, households INTEGER NOT NULL, today TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS document (
    identifier TEXT PRIMARY KEY, reference TEXT NOT NULL, size INTEGER NOT NULL, sha256 TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS download (
    n INTEGER PRIMARY KEY, at TEXT NOT NULL, identifier TEXT NOT NULL, status INTEGER NOT NULL,
    first_byte INTEGER NOT NULL, last_byte INTEGER NOT NULL
) STRICT;
"""


class OtherArchiveError(Exception):
    """The folder holds the documents of another world."""


@dataclass(frozen=True, slots=True)
class File:
    """What is known of an archived file."""

    identifier: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Download:
    """A file, or bytes `first_byte` to `last_byte` of it, given away at an instant (ISO 8601)."""

    at: str
    identifier: str
    status: int
    first_byte: int
    last_byte: int


class Archive:
    """Files and records in one folder. `origin` is the world they were drawn from."""

    def __init__(self, folder: Path, *, database: sqlite3.Connection, origin: Origin) -> None:
        self._folder = folder
        self._database = database
        self.origin = origin

    @classmethod
    def open(cls, folder: Path, origin: Origin) -> Self:
        """The archive in `folder`, made for `origin` when there is none.

        One made on another day keeps its day, since its documents do; OtherArchiveError if it is of another seed
        or number of households.
        """
        folder.mkdir(parents=True, exist_ok=True)
        database = sqlite3.connect(folder / _DATABASE, isolation_level=None, check_same_thread=False)
        database.executescript(_TABLES)
        values = (origin.seed, origin.households, origin.today.isoformat())
        database.execute("INSERT OR IGNORE INTO origin VALUES (1, ?, ?, ?)", values)
        seed, households, today = database.execute("SELECT seed, households, today FROM origin").fetchone()
        if (seed, households) != (origin.seed, origin.households):
            database.close()
            raise OtherArchiveError(
                f"{folder} holds documents of {households} households of seed {seed}, not {origin.households} of "
                f"seed {origin.seed}: give another --data or remove it"
            )
        return cls(folder, database=database, origin=Origin(seed, households, date.fromisoformat(today)))

    def file(self, filed: Filed) -> File:
        """What is known of the file of a notice; it is drawn when nobody has asked before."""
        row = self._database.execute(
            "SELECT identifier, size, sha256 FROM document WHERE identifier = ?", (filed.identifier,)
        ).fetchone()
        return File(*row) if row else self._draw(filed)

    def content(self, filed: Filed) -> bytes:
        """The whole file of a notice, at most some kilobytes."""
        self.file(filed)
        return self._path(filed.identifier).read_bytes()

    def record(self, download: Download) -> None:
        """Write down what was given away."""
        values = (download.at, download.identifier, download.status, download.first_byte, download.last_byte)
        self._database.execute(
            "INSERT INTO download (at, identifier, status, first_byte, last_byte) VALUES (?, ?, ?, ?, ?)", values
        )

    def downloads(self) -> list[Download]:
        """Everything given away since the archive was made, oldest first."""
        rows = self._database.execute("SELECT at, identifier, status, first_byte, last_byte FROM download ORDER BY n")
        return [Download(*row) for row in rows]

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def _draw(self, filed: Filed) -> File:
        content = render(filed.notice, household=filed.household)
        path = self._path(filed.identifier)
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(".part")
        beside.write_bytes(content)
        beside.replace(path)
        file = File(filed.identifier, len(content), sha256(content).hexdigest())
        self._database.execute(
            "INSERT INTO document VALUES (?, ?, ?, ?)",
            (file.identifier, filed.notice.number, file.size, file.sha256),
        )
        return file

    def _path(self, identifier: str) -> Path:
        return self._folder / "files" / identifier[:2] / f"{identifier}.pdf"
