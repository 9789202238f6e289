"""Rent notices (avis d'échéance)."""

from collections.abc import Sequence
from typing import Protocol

from gateway.domain.identifiers import AccountId
from gateway.domain.notice import RentNotice
from gateway.ports.answers import Batch
from gateway.ports.deadline import Deadline


class NoticesPort(Protocol):
    """Notices of rental accounts."""

    async def notices(
        self, accounts: Sequence[AccountId], *, latest_months: int, deadline: Deadline
    ) -> Batch[AccountId, tuple[RentNotice, ...]]:
        """The notices of each account for its `latest_months` most recent months that have any, newest first.

        All states are included, replaced and cancelled ones with their links. Within a month, the one in force first.
        """
