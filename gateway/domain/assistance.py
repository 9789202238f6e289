"""The assistance form (formulaire d'assistance en ligne), for somebody who cannot get in any other way."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AssistanceState(StrEnum):
    """Where a request stands."""

    SUBMITTED = "SUBMITTED"
    IDENTIFIED = "IDENTIFIED"
    REJECTED = "REJECTED"
    CLOSED = "CLOSED"


@dataclass(frozen=True, slots=True)
class AssistanceRequest:
    """One form. `number` is what the person quotes.

    `sealed` is what the person wrote and how staff identified them, readable with the gateway's key only, and None
    once it is erased, at `erase_at`. `proposed_by` is the pseudonym of the member of staff who was first in favour
    of writing to a new address.
    """

    id: str
    number: str
    state: AssistanceState
    created_at: datetime
    sealed: bytes | None
    erase_at: datetime
    decided_at: datetime | None = None
    proposed_by: str | None = None
