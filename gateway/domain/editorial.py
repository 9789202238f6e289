"""What the landlord publishes to all tenants: announcements and advice."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gateway.domain.identifiers import AdviceId, AnnouncementId


class AnnouncementSeverity(StrEnum):
    """Weight of an announcement."""

    INFO = "INFO"
    WARNING = "WARNING"
    EMERGENCY = "EMERGENCY"


@dataclass(frozen=True, slots=True)
class Announcement:
    """Message shown at the top of the home page between two instants (aware UTC)."""

    id: AnnouncementId
    title: str
    body: str
    severity: AnnouncementSeverity
    since: datetime
    until: datetime | None

    def is_shown_at(self, now: datetime) -> bool:
        """Whether it is to be shown at `now`; the end is exclusive."""
        return self.since <= now and (self.until is None or now < self.until)


@dataclass(frozen=True, slots=True)
class Advice:
    """Advice for daily life in the dwelling, plain text."""

    id: AdviceId
    title: str
    body: str
    topic: str


@dataclass(frozen=True, slots=True)
class Editorial:
    """Everything published; announcements include those not shown yet or any more."""

    announcements: tuple[Announcement, ...]
    advice: tuple[Advice, ...]
