"""Who did what, when: the trail that answers questions afterwards. Pseudonyms only, never a name or an address."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Action(StrEnum):
    """What was done or tried."""

    SIGN_IN = "SIGN_IN"
    SIGN_OUT = "SIGN_OUT"
    REFRESH = "REFRESH"
    SESSION_REVOKED = "SESSION_REVOKED"
    LINK_REQUESTED = "LINK_REQUESTED"
    LINK_ANSWERED = "LINK_ANSWERED"
    PASSWORD_CHOSEN = "PASSWORD_CHOSEN"  # noqa: S105 - an action, not a password
    PASSWORD_CHANGED = "PASSWORD_CHANGED"  # noqa: S105 - an action, not a password
    RENEWAL_DISMISSED = "RENEWAL_DISMISSED"
    ASSISTANCE_REQUESTED = "ASSISTANCE_REQUESTED"
    ASSISTANCE_RESOLVED = "ASSISTANCE_RESOLVED"
    ACCOUNT_SHOWN = "ACCOUNT_SHOWN"
    ACCOUNT_UNLOCKED = "ACCOUNT_UNLOCKED"
    ACCOUNT_CLOSED = "ACCOUNT_CLOSED"
    STAFF_ADDED = "STAFF_ADDED"
    STAFF_SIGN_IN = "STAFF_SIGN_IN"
    STAFF_SESSION_ENDED = "STAFF_SESSION_ENDED"
    DATABASE_MIGRATED = "DATABASE_MIGRATED"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line. `actor` and `subject` are pseudonyms that only the gateway's key can make again.

    `actor` is who did it (`tenant:…`, `staff:…`, `operator`, `stranger`, `gateway`), `subject` the account it was done
    to, `outcome` a constant of ours, `reason` what an operator or advisor gave as such: a ticket, not a story.
    """

    at: datetime
    action: Action
    outcome: str
    actor: str
    subject: str | None = None
    session_id: str | None = None
    reason: str | None = None
