"""What the landlord publishes."""

from typing import Protocol

from gateway.domain.editorial import Editorial
from gateway.ports.answers import Seen
from gateway.ports.deadline import Deadline


class EditorialPort(Protocol):
    """Announcements and advice, the same for everybody."""

    async def editorial(self, *, deadline: Deadline) -> Seen[Editorial]:
        """Everything published. Raises UpstreamError when it cannot be had."""
