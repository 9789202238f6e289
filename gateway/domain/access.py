"""Who is behind a request: online accounts, sessions, roles."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from gateway.domain.identifiers import TenantId

OnlineAccountId = NewType("OnlineAccountId", str)
SessionId = NewType("SessionId", str)


class Role(StrEnum):
    """Roles of a signed-in person."""

    TENANT = "TENANT"
    ADVISOR = "ADVISOR"
    ANALYST = "ANALYST"
    OPERATOR = "OPERATOR"


class Channel(StrEnum):
    """Channel a request comes from."""

    WEB = "WEB"
    MOBILE = "MOBILE"
    DESK = "DESK"
    ANALYST_TOOL = "ANALYST_TOOL"


@dataclass(frozen=True, slots=True)
class OnlineAccount:
    """Credentials of one lease holder (compte client).

    `reference` is the normalised account reference (intitulé de compte) used to sign in; `password_hash` is
    an encoded Argon2id hash. `credential_version` grows at each change of password and ends earlier
    sessions.
    """

    id: OnlineAccountId
    reference: str
    tenant_id: TenantId
    password_hash: str
    created_at: datetime
    credential_version: int = 1
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """One open session.

    Exactly one of `account_id` (tenant) and `staff_name` (staff) is set. Instants aware UTC.
    """

    id: SessionId
    role: Role
    channel: Channel
    account_id: OnlineAccountId | None
    tenant_id: TenantId | None
    staff_name: str | None
    device: str | None
    started_at: datetime
    last_seen_at: datetime
    idle_expires_at: datetime
    expires_at: datetime
    credential_version: int = 1

    def __post_init__(self) -> None:
        if (self.account_id is None) == (self.staff_name is None):
            raise ValueError("a session belongs either to an online account or to a member of staff")

    def is_open_at(self, now: datetime) -> bool:
        """Whether the session may be used at `now`; both ends are exclusive."""
        return now < self.idle_expires_at and now < self.expires_at


@dataclass(frozen=True, slots=True)
class Download:
    """One look at a document, for the tenant's access log. Identifiers only."""

    at: datetime
    session_id: SessionId
    document: str
