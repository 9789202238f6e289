"""What the operator's acts tell: states, counts and instants; no name, no address, no secret but a new bearer."""

from dataclasses import dataclass, field
from datetime import datetime

from gateway.domain.access import Channel, Role, SessionId
from gateway.domain.audit import Action
from gateway.domain.lockout import Phase


@dataclass(frozen=True, slots=True)
class GuardShown:
    """The guesses from one known device, or with None from all others. `failures_today` are those of 24 hours."""

    device: str | None
    phase: Phase
    failures: int
    recreations: int
    failures_today: int
    until: datetime | None


@dataclass(frozen=True, slots=True)
class SessionShown:
    """One open session."""

    id: SessionId
    channel: Channel
    started_at: datetime
    last_seen_at: datetime


@dataclass(frozen=True, slots=True)
class LineShown:
    """One line of the trail about the account."""

    at: datetime
    action: Action
    outcome: str
    by: str


@dataclass(frozen=True, slots=True)
class CredentialShown:
    """The account's password and address, without either."""

    created_at: datetime
    set_at: datetime
    disabled_at: datetime | None
    consecutive_failures: int
    has_address: bool


@dataclass(frozen=True, slots=True)
class AccountShown:
    """What is known of a reference; guesses are counted also where there is no account. `trail`: the latest lines."""

    reference: str
    exists: bool
    credential: CredentialShown | None
    held_for_assistance: bool
    guards: tuple[GuardShown, ...]
    sessions: tuple[SessionShown, ...]
    trail: tuple[LineShown, ...]


@dataclass(frozen=True, slots=True)
class Unlocked:
    """The guard of a reference is open. `was_blocked` on any device, `was_held` until assistance.

    A reference without an account can be blocked too: whoever creates it may have guessed first.
    """

    reference: str
    exists: bool
    was_blocked: bool
    was_held: bool


@dataclass(frozen=True, slots=True)
class Closed:
    """There is no account any more under the reference; `exists` tells whether there was one."""

    reference: str
    exists: bool
    sessions_ended: int


@dataclass(frozen=True, slots=True)
class Revoked:
    """Nobody is signed in to the account."""

    reference: str
    exists: bool
    sessions_ended: int


@dataclass(frozen=True, slots=True)
class StaffAdded:
    """A session for a member of staff; `bearer` is the only copy of its token."""

    name: str
    role: Role
    expires_at: datetime
    bearer: str = field(repr=False)
