"""Every letter that was delivered, in one file, and what can be read of it."""

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Self

_TABLES = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS letter (
    id INTEGER PRIMARY KEY, received_at TEXT NOT NULL, recipient TEXT NOT NULL, content BLOB NOT NULL
) STRICT;
"""
_LINK = re.compile(r"https?://[^\s<>\"]+")
_AFTER_A_LINK = ".,;:!?)»"


@dataclass(frozen=True, slots=True)
class Delivered:
    """A letter in somebody's mailbox. `received_at` is ISO 8601, `to` what the envelope said."""

    id: int
    received_at: str
    to: str
    message_id: str
    sender: str
    subject: str
    text: str

    @property
    def links(self) -> tuple[str, ...]:
        """Addresses of pages in the text, without the punctuation after them."""
        return tuple(found.rstrip(_AFTER_A_LINK) for found in _LINK.findall(self.text))


class Mailbox:
    """All mailboxes of the world together. One thread uses it."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The letters kept in `folder`, which is made when there is none."""
        folder.mkdir(parents=True, exist_ok=True)
        database = sqlite3.connect(folder / "mail.sqlite3", isolation_level=None)
        database.executescript(_TABLES)
        return cls(database)

    def deliver(self, content: bytes, *, to: str, at: datetime) -> None:
        """Keeps a message for one recipient."""
        self._database.execute(
            "INSERT INTO letter (received_at, recipient, content) VALUES (?, ?, ?)", (at.isoformat(), to, content)
        )

    def letters(self, to: str | None = None) -> Iterator[Delivered]:
        """Every letter, or those to one address in whatever case; oldest first."""
        rows = self._database.execute(
            "SELECT id, received_at, recipient, content FROM letter "
            "WHERE :to IS NULL OR recipient = :to COLLATE NOCASE ORDER BY id",
            {"to": to},
        )
        return (_read(*row) for row in rows)

    def letter(self, number: int) -> Delivered | None:
        """One letter; None when there is none of that number."""
        row = self._database.execute(
            "SELECT id, received_at, recipient, content FROM letter WHERE id = ?", (number,)
        ).fetchone()
        return _read(*row) if row else None

    def close(self) -> None:
        """Close the file."""
        self._database.close()


def _read(number: int, received_at: str, to: str, content: bytes) -> Delivered:
    message = message_from_bytes(content, policy=default)
    body = message.get_body(("plain",))
    text = str(body.get_content()).replace("\r\n", "\n") if body else ""
    message_id, sender, subject = (str(message.get(name, "")) for name in ("Message-ID", "From", "Subject"))
    return Delivered(number, received_at, to, message_id, sender, subject, text)
