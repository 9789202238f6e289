"""The way to everything that is committed: one lane, beside the one that writes."""

from gateway.adapters.store_sqlite.file import Identity
from gateway.adapters.store_sqlite.lane import Lane, Parameters, Rows
from gateway.adapters.store_sqlite.writer import patience


class Reader:
    """Single statements, on the file that everybody else would find. Nobody waits longer than `patience_seconds`."""

    def __init__(self, lane: Lane, identity: Identity, *, patience_seconds: float) -> None:
        self._lane = lane
        self._identity = identity
        self._patience_seconds = patience_seconds

    async def fetch(self, statement: str, parameters: Parameters) -> Rows:
        """The rows that `statement` returns. StoreError."""
        self._identity.require()
        async with patience(self._patience_seconds):
            return await self._lane.fetch(statement, parameters)
