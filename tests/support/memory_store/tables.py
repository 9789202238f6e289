"""Tables in memory. A layer over them keeps its changes to itself until they are committed."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from itertools import count
from typing import Any, Generic, NoReturn, TypeVar

from gateway.domain.access import Download, KnownDevice, OnlineAccount, Session, StaffGrant
from gateway.domain.account_link import AccountLink
from gateway.domain.assistance import AssistanceRequest
from gateway.domain.audit import AuditEntry
from gateway.domain.lockout import Bucket, GuardRecord, Subject
from gateway.domain.outbox import OutboxItem
from gateway.ports.store import StoreError

K = TypeVar("K")
V = TypeVar("V")


class Table(Generic[K, V]):
    """Rows by key, in the order they were added."""

    def __init__(self, below: "Table[K, V] | None" = None) -> None:
        self._below = below
        self._rows: dict[K, V | None] = {}

    def get(self, key: K) -> V | None:
        """The row, if it is there."""
        if key in self._rows or self._below is None:
            return self._rows.get(key)
        return self._below.get(key)

    def put(self, key: K, row: V) -> None:
        """Adds or replaces a row."""
        self._rows[key] = row

    def remove(self, keys: Collection[K]) -> int:
        """Removes rows; how many."""
        self.take(dict.fromkeys(keys))
        return len(keys)

    def rows(self) -> dict[K, V]:
        """All of them."""
        below = self._below.rows() if self._below else {}
        return {key: row for key, row in (below | self._rows).items() if row is not None}

    def keys(self, condition: Callable[[V], bool]) -> list[K]:
        """The keys of the rows that meet it."""
        return [key for key, row in self.rows().items() if condition(row)]

    @property
    def changes(self) -> Mapping[K, V | None]:
        """What differs from the table below; None stands for a row that was removed."""
        return self._rows

    def take(self, changes: Mapping[K, V | None]) -> None:
        """Adds, replaces and, for None, removes rows."""
        for key, row in changes.items():
            if row is None and self._below is None:
                self._rows.pop(key, None)
            else:
                self._rows[key] = row


@dataclass(frozen=True, slots=True)
class KeptSession:
    """A session, with what the port does not show."""

    session: Session
    token_sha256: bytes
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KeptDevice:
    """A device and its token."""

    device: KnownDevice
    token_sha256: bytes


@dataclass(frozen=True, slots=True)
class KeptGuard:
    """A guard and when it was touched."""

    record: GuardRecord
    touched_at: datetime


@dataclass(slots=True)
class Tables:
    """Every table, under the name it has in the databases."""

    online_account: Table[str, OnlineAccount] = field(default_factory=Table)
    session: Table[str, KeptSession] = field(default_factory=Table)
    download: Table[int, Download] = field(default_factory=Table)
    known_device: Table[str, KeptDevice] = field(default_factory=Table)
    account_link: Table[bytes, AccountLink] = field(default_factory=Table)
    assistance: Table[str, AssistanceRequest] = field(default_factory=Table)
    staff_grant: Table[str, StaffGrant] = field(default_factory=Table)
    audit: Table[int, AuditEntry] = field(default_factory=Table)
    guard: Table[tuple[Subject, Bucket], KeptGuard] = field(default_factory=Table)
    hold: Table[Subject, datetime] = field(default_factory=Table)
    outbox: Table[str, OutboxItem] = field(default_factory=Table)


class Room:
    """Tables that can be used until they are closed. A layer over another room is committed as a whole or not at all.

    `numbers` are those of the lines that are only ever added.
    """

    def __init__(self, below: "Room | None" = None) -> None:
        self._below = below
        self._tables = _layer(below.tables) if below else Tables()
        self._closed: str | None = None
        self._failure: StoreError | None = None
        self.numbers: count[int] = below.numbers if below else count(1)

    @property
    def tables(self) -> Tables:
        """The tables. StoreError once the room is closed."""
        if self._closed:
            self.refuse(self._closed)
        return self._tables

    def refuse(self, reason: str) -> NoReturn:
        """What a statement that fails does; nothing of this room can be committed any more. StoreError, always."""
        self._failure = StoreError(reason)
        raise self._failure

    def close(self, reason: str) -> None:
        """From now on everything fails, for this reason."""
        self._closed = reason

    def commit(self) -> None:
        """Gives all changes to the room below. StoreError, and nothing is given, after any failure."""
        if self._failure:
            raise self._failure
        if self._below:
            for table, below in zip(_each(self._tables), _each(self._below.tables), strict=True):
                below.take(table.changes)


def _each(tables: Tables) -> list[Table[Any, Any]]:
    return [getattr(tables, one.name) for one in fields(tables)]


def _layer(tables: Tables) -> Tables:
    return Tables(*map(Table, _each(tables)))
