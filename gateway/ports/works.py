"""Works in progress or to come."""

from collections.abc import Sequence
from typing import Protocol

from gateway.domain.identifiers import LeaseId
from gateway.domain.works import WorksOperation
from gateway.ports.answers import Batch
from gateway.ports.deadline import Deadline


class WorksPort(Protocol):
    """Works by lease."""

    async def works(
        self, leases: Sequence[LeaseId], *, deadline: Deadline
    ) -> Batch[LeaseId, tuple[WorksOperation, ...]]:
        """The works that concern each lease's dwelling, building or estate, in every state, latest start first.

        Works that concern several leases come under each of them, with the same id.
        """
