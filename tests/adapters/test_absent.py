"""A landlord without metering, works system or directory: every question about them says so."""

from collections.abc import Awaitable, Callable
from datetime import date

import pytest

from gateway.adapters.absent import AbsentDirectory, AbsentEditorial, AbsentMetering, AbsentWorks
from gateway.domain.identifiers import LeaseId
from gateway.domain.source import SourceSystem
from gateway.ports.deadline import Deadline
from gateway.ports.errors import UpstreamAbsentError

LEASES = [LeaseId("012000/01")]
SOON = Deadline.after(5)

QUESTIONS: dict[str, tuple[SourceSystem, Callable[[], Awaitable[object]]]] = {
    "meters": (SourceSystem.METERING, lambda: AbsentMetering().meters(LEASES, since=date(2026, 1, 1), deadline=SOON)),
    "works": (SourceSystem.WORKS, lambda: AbsentWorks().works(LEASES, deadline=SOON)),
    "contacts": (SourceSystem.DIRECTORY, lambda: AbsentDirectory().contacts(LEASES, deadline=SOON)),
    "offices": (SourceSystem.DIRECTORY, lambda: AbsentDirectory().offices(deadline=SOON)),
    "editorial": (SourceSystem.DIRECTORY, lambda: AbsentEditorial().editorial(deadline=SOON)),
}


@pytest.mark.parametrize("operation", QUESTIONS)
async def test_what_nobody_serves_is_refused_as_such(operation: str) -> None:
    """Not « none », and not worth another try."""
    system, ask = QUESTIONS[operation]

    with pytest.raises(UpstreamAbsentError) as refusal:
        await ask()

    assert (refusal.value.call.system, refusal.value.call.operation) == (system, operation)
    assert (refusal.value.code, refusal.value.retryable) == ("SOURCE_NOT_CONNECTED", False)
