"""What the verbs of the store are made on: something that carries statements out, alone or in a transaction."""

from datetime import datetime
from typing import Protocol, TypeAlias

import asyncpg

from gateway.domain.lockout import Subject

Rows: TypeAlias = list[asyncpg.Record]


class Runner(Protocol):
    """Carries statements out. StoreError when one fails, or when nobody can say whether it did."""

    async def read(self, statement: str, *arguments: object) -> Rows:
        """The rows that `statement` returns; it changes nothing, since it may be sent twice."""

    async def write(self, statement: str, *arguments: object) -> Rows:
        """The rows that `statement` has changed, when it ends in RETURNING. Sent once."""


class Verbs:
    """Verbs of one statement each, the same in a transaction and outside."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner


class TransactionVerbs(Verbs):
    """Verbs for whoever is alone on `subject`, since a moment before `now`."""

    def __init__(self, runner: Runner, *, subject: Subject, now: datetime) -> None:
        super().__init__(runner)
        self._subject = subject
        self.now = now
