"""How much may be open at the same time, for one user and from one address.

Each process counts for itself: what is bounded is what one of them has to hold.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from gateway.domain.access import Session
from gateway.http.refusals import RequestRefusedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How many sockets may be open, of a user and from an address, and how many operations may run on each.

    Streams are bounded by the product, whatever connections they come on.
    """

    sockets: int = 2_000
    sockets_per_user: int = 5
    sockets_per_address: int = 20
    operations_per_socket: int = 10


class Allowance:
    """How many are open, by who has them: at most `most` each."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._open: Counter[str] = Counter()

    def __len__(self) -> int:
        return self._open.total()

    @contextmanager
    def one(self, who: str | None) -> Iterator[None]:
        """Room for one more; always for None, who cannot be told apart. Raises RequestRefusedError (429)."""
        if who is None:
            yield
            return
        if self._open[who] >= self._most:
            message = f"at most {self._most} may be open at the same time"
            raise RequestRefusedError(429, "TOO_MANY_STREAMS", message, headers={"Retry-After": "5"})
        self._open[who] += 1
        try:
            yield
        finally:
            self._open[who] -= 1
            if not self._open[who]:
                del self._open[who]


class Allowances:
    """What is open of sockets and streams, by user and by address."""

    def __init__(self, bounds: Bounds) -> None:
        self.operations_per_socket = bounds.operations_per_socket
        self.sockets = Allowance(bounds.sockets)
        self.sockets_of_user = Allowance(bounds.sockets_per_user)
        self.sockets_of_address = Allowance(bounds.sockets_per_address)
        self.streams_of_user = Allowance(bounds.sockets_per_user * bounds.operations_per_socket)
        self.streams_of_address = Allowance(bounds.sockets_per_address * bounds.operations_per_socket)


def user_of(session: Session | None) -> str | None:
    """Whose sessions count together; None for a stranger."""
    if session is None:
        return None
    return session.account_id or session.staff_person or session.staff_name
