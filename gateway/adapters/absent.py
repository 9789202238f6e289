"""Ports that no system of the landlord serves: every question fails as such, nothing is invented."""

from collections.abc import Sequence
from datetime import date
from typing import NoReturn

from gateway.domain.identifiers import LeaseId
from gateway.domain.source import SourceSystem
from gateway.ports.deadline import Deadline
from gateway.ports.errors import Call, UpstreamAbsentError


class AbsentMetering:
    """MeteringPort without a metering operator."""

    async def meters(self, leases: Sequence[LeaseId], *, since: date, deadline: Deadline) -> NoReturn:
        """Raises UpstreamAbsentError."""
        raise UpstreamAbsentError(Call(SourceSystem.METERING, "meters"))


class AbsentWorks:
    """WorksPort without a works system."""

    async def works(self, leases: Sequence[LeaseId], *, deadline: Deadline) -> NoReturn:
        """Raises UpstreamAbsentError."""
        raise UpstreamAbsentError(Call(SourceSystem.WORKS, "works"))


class AbsentDirectory:
    """DirectoryPort without a staff directory."""

    async def contacts(self, leases: Sequence[LeaseId], *, deadline: Deadline) -> NoReturn:
        """Raises UpstreamAbsentError."""
        raise UpstreamAbsentError(Call(SourceSystem.DIRECTORY, "contacts"))

    async def offices(self, *, deadline: Deadline) -> NoReturn:
        """Raises UpstreamAbsentError."""
        raise UpstreamAbsentError(Call(SourceSystem.DIRECTORY, "offices"))


class AbsentEditorial:
    """EditorialPort without anything published."""

    async def editorial(self, *, deadline: Deadline) -> NoReturn:
        """Raises UpstreamAbsentError."""
        raise UpstreamAbsentError(Call(SourceSystem.DIRECTORY, "editorial"))
