"""Water meters and readings."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from gateway.domain.identifiers import LeaseId
from gateway.domain.water import WaterMeter
from gateway.ports.answers import Batch
from gateway.ports.deadline import Deadline


class MeteringPort(Protocol):
    """Individual meters of dwellings."""

    async def meters(
        self, leases: Sequence[LeaseId], *, since: date, deadline: Deadline
    ) -> Batch[LeaseId, tuple[WaterMeter, ...]]:
        """The meters of each lease's dwelling with their readings from the last one before `since` on, oldest first.

        Meters taken away less than two years ago are included. `Missing` where there is no individual meter.
        """
