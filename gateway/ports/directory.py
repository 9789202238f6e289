"""Whom to turn to: advisors, offices, useful contacts."""

from collections.abc import Sequence
from typing import Protocol

from gateway.domain.directory import LeaseContacts, Office
from gateway.domain.identifiers import LeaseId
from gateway.ports.answers import Batch, Seen
from gateway.ports.deadline import Deadline


class DirectoryPort(Protocol):
    """The landlord's staff directory."""

    async def contacts(self, leases: Sequence[LeaseId], *, deadline: Deadline) -> Batch[LeaseId, LeaseContacts]:
        """Advisor in charge, office to go to and useful contacts of each lease; `Missing` for an unknown lease."""

    async def offices(self, *, deadline: Deadline) -> Seen[tuple[Office, ...]]:
        """Every office open to the public, in the directory's order."""
