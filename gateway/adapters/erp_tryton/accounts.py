"""Questions about rental accounts, which are parties: what is booked on them, and whether they exist at all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from gateway.adapters.erp_tryton.client import TrytonClient
from gateway.adapters.erp_tryton.people import PartyKey, tenants
from gateway.adapters.erp_tryton.wire import Found, Query
from gateway.ports.answers import Answer
from gateway.ports.deadline import Deadline
from gateway.ports.errors import Call

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class AccountQuestion(Generic[V]):
    """How one thing about accounts is asked.

    `read` makes answers, by code, of the records found; `idle` is the answer for an account without any.
    """

    call: Call
    read: Callable[[Found], Mapping[str, Answer[V]]]
    idle: Callable[[str], V]

    async def ask(
        self, tryton: TrytonClient, codes: Sequence[str], *, query: Query, deadline: Deadline
    ) -> Mapping[str, Answer[V]]:
        """Answers for all of `codes` that are tenants: one call, and another if it does not tell of all of them."""
        found = await tryton.ask(self.call, query, read=self.read, deadline=deadline)
        untold = [code for code in codes if code not in found]
        if not untold:
            return found
        return {**found, **await tryton.ask(self.call, tenants(untold), read=self._read_idle, deadline=deadline)}

    def _read_idle(self, found: Found) -> Mapping[str, Answer[V]]:
        return found.answers(PartyKey, keyed=PartyKey, read=lambda parties: self.idle(parties[0].code))
