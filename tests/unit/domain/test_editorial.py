"""Announcements are shown between two moments."""

import pytest

from gateway.domain.editorial import Announcement, AnnouncementSeverity
from gateway.domain.identifiers import AnnouncementId
from tests.unit.domain.samples import at


def announcement(*, until: str | None) -> Announcement:
    """An announcement shown since 2 March, nine o'clock."""
    return Announcement(
        id=AnnouncementId("N1"),
        title="Horaires adaptés",
        body="Nos accueils ouvrent sur rendez-vous.",
        severity=AnnouncementSeverity.INFO,
        since=at("2026-03-02T09:00"),
        until=at(until) if until else None,
    )


@pytest.mark.parametrize(
    ("now", "until", "shown"),
    [
        ("2026-03-02T08:59", None, False),
        ("2026-03-02T09:00", None, True),
        ("2026-03-02T09:59", "2026-03-02T10:00", True),
        ("2026-03-02T10:00", "2026-03-02T10:00", False),
    ],
)
def test_an_announcement_is_shown_until_its_end(now: str, until: str | None, *, shown: bool) -> None:
    """From its first moment, to the last before its end; for good without an end."""
    assert announcement(until=until).is_shown_at(at(now)) is shown
