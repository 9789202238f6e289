"""What the verbs of every concept are built on, in a transaction or outside."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeAlias

from gateway.adapters.store_sqlite.lane import Parameters, Rows
from gateway.domain.lockout import Subject

Fetch: TypeAlias = Callable[[str, Parameters], Awaitable[Rows]]


class Verbs:
    """Verbs of one statement each. `read` and `write` carry statements out; in a transaction they are the same."""

    def __init__(self, *, read: Fetch, write: Fetch) -> None:
        self._read = read
        self._write = write


class TransactionVerbs(Verbs):
    """Verbs that make sense in a transaction only: on its subject, at its instant."""

    def __init__(self, fetch: Fetch, *, subject: Subject, now: datetime) -> None:
        super().__init__(read=fetch, write=fetch)
        self.now = now
        self._subject = subject
