"""What a resolver may use: the request's own facts and loaders, and the parts shared by all requests."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

import strawberry

from gateway.auth.sessions import Sessions
from gateway.auth.visitor import Visitor
from gateway.domain.access import Session
from gateway.domain.identifiers import TenantId
from gateway.domain.period import paris_date
from gateway.ports.deadline import Deadline
from gateway.ports.store import Store
from gateway.schema.loaders import Loaders
from gateway.schema.loading import Tasks
from gateway.schema.seals import Seals
from gateway.schema.views import View, view_of
from gateway.schema.watch import SourceWatch
from gateway.schema.wording import Wording
from gateway.support.desk import AccountDesk

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class AppVersions:
    """Versions of the application on one platform, as dotted numbers, and its page in the store."""

    latest: str
    minimum: str
    store_url: str


@dataclass(frozen=True, slots=True)
class Parts:
    """Parts shared by all requests. `public_url` has no trailing slash."""

    seals: Seals
    store: Store
    sessions: Sessions
    desk: AccountDesk
    watch: SourceWatch
    android: AppVersions
    ios: AppVersions
    public_url: str


@dataclass(frozen=True, slots=True)
class Client:
    """The program that asks, as it says itself: one of few names, and a version of at most 32 characters."""

    name: str
    version: str | None


NAMELESS = Client("none", None)
"""A program that does not say which it is."""


@dataclass(slots=True)
class Reply:
    """What the door adds to the answer: tokens to put into the cookies, or whether to take the session's back."""

    session_cookie: str | None = None
    device_cookie: str | None = None
    clears_cookie: bool = False


@dataclass(slots=True)
class Context:
    """One request. `now` is taken once, so that everything in one answer is struck at the same moment.

    `clock` tells what time has passed since, for what says how long to wait.
    """

    request_id: str
    now: datetime
    clock: Clock
    deadline: Deadline
    wording: Wording
    session: Session | None
    parts: Parts
    loaders: Loaders
    tasks: Tasks
    visitor: Visitor
    reply: Reply = field(default_factory=Reply)
    must_renew: bool = False
    client: Client = NAMELESS

    @property
    def today(self) -> date:
        """Paris date of the request."""
        return paris_date(self.now)

    @property
    def tenant_id(self) -> TenantId | None:
        """Tenant file of the viewer; None for staff and strangers."""
        return self.session.tenant_id if self.session else None

    @property
    def view(self) -> View:
        """What the viewer may ask; `must_renew` tells that the landlord requires a new password of them first."""
        return view_of(self.session, must_renew=self.must_renew)


Info = strawberry.Info[Context, None]
