"""Who is behind a request: online accounts, sessions, roles."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from gateway.domain.identifiers import TenantId

OnlineAccountId = NewType("OnlineAccountId", str)
SessionId = NewType("SessionId", str)
DeviceId = NewType("DeviceId", str)


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
    sessions. `consecutive_failures` counts wrong passwords since the latest right one; `disabled_at` is when there
    were too many, or the landlord decided it: from then on no password is right until a new one is chosen.
    `warned_at` is when the holder was last told of wrong passwords by mail, `reminded_at` when of the yearly
    renewal, `renewal_dismissed_at` when they put it off. Instants aware UTC.
    """

    id: OnlineAccountId
    reference: str
    tenant_id: TenantId
    password_hash: str
    created_at: datetime
    credential_set_at: datetime
    credential_version: int = 1
    email: str | None = None
    consecutive_failures: int = 0
    disabled_at: datetime | None = None
    warned_at: datetime | None = None
    reminded_at: datetime | None = None
    renewal_dismissed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """A browser or telephone on which the holder has signed in: attacks from elsewhere do not lock it out."""

    id: DeviceId
    account_id: OnlineAccountId
    label: str | None
    created_at: datetime
    last_used_at: datetime


@dataclass(frozen=True, slots=True)
class Session:
    """One open session.

    Exactly one of `account_id` (tenant) and `staff_name` (staff) is set; `staff_person` tells staff apart, whatever
    they call themselves. A mobile session has an `access_expires_at`,
    the end of its present bearer token, and a `refresh_counter` that grows with each new one, at `rotated_at`.
    Instants aware UTC.
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
    device_id: DeviceId | None = None
    access_expires_at: datetime | None = None
    refresh_counter: int = 0
    rotated_at: datetime | None = None
    staff_person: str | None = None

    def __post_init__(self) -> None:
        if (self.account_id is None) == (self.staff_name is None):
            raise ValueError("a session belongs either to an online account or to a member of staff")

    def is_open_at(self, now: datetime) -> bool:
        """Whether the session lasts at `now`; both ends are exclusive."""
        return now < self.idle_expires_at and now < self.expires_at

    def takes_token_at(self, now: datetime) -> bool:
        """Whether its present token opens anything at `now`."""
        return self.is_open_at(now) and (self.access_expires_at is None or now < self.access_expires_at)


@dataclass(frozen=True, slots=True)
class StaffGrant:
    """What the landlord's OpenID provider vouches for behind a session of staff.

    `issuer` and `subject` name the person, `provider_session` their session there (`sid`), if it has a name.
    `sealed_token` is the provider's access token, readable with the gateway's key only, to ask again who this is;
    `checked_at` is when it last said so.
    """

    session_id: SessionId
    issuer: str
    subject: str
    provider_session: str | None
    sealed_token: bytes
    checked_at: datetime


@dataclass(frozen=True, slots=True)
class Download:
    """One look at a document, for the tenant's access log. Identifiers only."""

    at: datetime
    session_id: SessionId
    document: str
