"""What a resolver may use: the request's own facts and loaders, and the parts shared by all requests."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

import strawberry

from gateway.auth.sessions import Sessions
from gateway.auth.sign_in import SignIn
from gateway.domain.access import Session
from gateway.domain.identifiers import TenantId
from gateway.domain.period import paris_date
from gateway.ports.deadline import Deadline
from gateway.ports.store import Store
from gateway.schema.loaders import Loaders
from gateway.schema.loading import Tasks
from gateway.schema.seals import Seals
from gateway.schema.watch import SourceWatch
from gateway.schema.wording import Wording


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
    sign_in: SignIn
    sessions: Sessions
    watch: SourceWatch
    android: AppVersions
    ios: AppVersions
    public_url: str


@dataclass(slots=True)
class Reply:
    """What the door adds to the answer: a token to put into, or take out of, the session cookie."""

    session_cookie: str | None = None
    clears_cookie: bool = False


@dataclass(slots=True)
class Context:
    """One request. `now` is taken once, so that everything in one answer is struck at the same moment."""

    request_id: str
    now: datetime
    deadline: Deadline
    wording: Wording
    session: Session | None
    parts: Parts
    loaders: Loaders
    tasks: Tasks
    reply: Reply = field(default_factory=Reply)

    @property
    def today(self) -> date:
        """Paris date of the request."""
        return paris_date(self.now)

    @property
    def tenant_id(self) -> TenantId | None:
        """Tenant file of the viewer; None for staff and strangers."""
        return self.session.tenant_id if self.session else None


Info = strawberry.Info[Context, None]
Clock = Callable[[], datetime]
