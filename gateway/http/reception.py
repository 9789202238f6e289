"""Who comes in, on any transport: from the head of a request to the context that operations run in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from starlette.requests import HTTPConnection

from gateway.auth.visitor import Visitor
from gateway.auth.vouching import Vouching
from gateway.domain.access import Session
from gateway.domain.letter import Language as LetterLanguage
from gateway.http.authentication import Shown, device_token_of, session_of, shown_by, vouched_for
from gateway.http.clients import Clients
from gateway.http.origins import check_origin, origin_of
from gateway.http.refusals import unavailable
from gateway.http.sources import TRUSTING_NOBODY, Sources
from gateway.ports.deadline import Deadline
from gateway.ports.store import StoreError
from gateway.schema.context import Context, Parts
from gateway.schema.limits import LIMITS, Limits
from gateway.schema.loaders import Loaders, Ports
from gateway.schema.loading import Tasks
from gateway.schema.views import View, view_of
from gateway.schema.wording import Language, Wording, wording_for

LOOK_SECONDS = 1.0
"""How long a look at a session waits for whoever vouches for it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Who somebody is, and whether the landlord requires a new password of them first. No session: a stranger."""

    session: Session | None
    must_renew: bool = False

    @property
    def view(self) -> View:
        """What they may ask."""
        return view_of(self.session, must_renew=self.must_renew)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reception:
    """Opens contexts. `limits` tell how long an operation of each view may take, everything behind it included.

    `allowed_origins` are those of our pages beside the public address itself; `vouching` is asked about staff, where
    they sign in at a provider.
    """

    ports: Ports
    parts: Parts
    clock: Callable[[], datetime]
    limits: Mapping[View, Limits] = field(default_factory=lambda: LIMITS)
    allowed_origins: frozenset[str] = frozenset()
    sources: Sources = TRUSTING_NOBODY
    clients: Clients = field(default_factory=Clients)
    vouching: Vouching | None = None

    def check_origin(self, connection: HTTPConnection) -> None:
        """Refuses what a page of another site sends. Raises RequestRefusedError (403)."""
        check_origin(connection, allowed=self.allowed_origins | {origin_of(self.parts.public_url)})

    async def receive(self, connection: HTTPConnection, *, request_id: str) -> Context:
        """The context of one operation: its deadline begins now. The caller ends the context's `tasks`.

        Raises RequestRefusedError, as `shown_by` and `recognise` do.
        """
        standing = await self.recognise(shown_by(connection))
        return self.context(connection, standing, request_id=request_id)

    async def recognise(self, shown: Shown | None) -> Standing:
        """Who shows that token; it counts as use of their session.

        Raises RequestRefusedError, as `session_of` does, and 503 while our own memory does not answer.
        """
        session = await session_of(shown, self.parts.sessions, vouching=self.vouching, deadline=self._deadline())
        try:
            return await self._standing(session)
        except StoreError:
            raise unavailable() from None

    async def look(self, shown: Shown) -> Standing | None:
        """Who stands behind that token, as our own memory tells it now; None once it opens nothing. Raises StoreError.

        It is no use of the session, which goes on expiring.
        """
        session = await self.parts.sessions.look(shown.token)
        session = await vouched_for(session, self.vouching, deadline=Deadline.after(LOOK_SECONDS))
        return None if session is None else await self._standing(session)

    def context(self, connection: HTTPConnection, standing: Standing, *, request_id: str) -> Context:
        """The context of one operation, or of one event of a subscription, of somebody who is known.

        Its deadline begins now. The caller ends the context's `tasks`.
        """
        deadline = Deadline.after(self.limits[standing.view].deadline_seconds)
        tasks, wording = Tasks(), wording_of(connection)
        return Context(
            request_id=request_id,
            now=self.clock(),
            clock=self.clock,
            deadline=deadline,
            wording=wording,
            session=standing.session,
            must_renew=standing.must_renew,
            parts=self.parts,
            loaders=Loaders(self.ports, self.parts.watch, deadline=deadline, tasks=tasks),
            tasks=tasks,
            visitor=Visitor(self.sources.of(connection), LetterLanguage(wording.language), device_token_of(connection)),
            client=self.clients.of(connection),
        )

    def _deadline(self) -> Deadline:
        return Deadline.after(self.limits[View.TENANT].deadline_seconds)

    async def _standing(self, session: Session | None) -> Standing:
        return Standing(session, await self.parts.desk.renewals.binds(session))


def wording_of(connection: HTTPConnection) -> Wording:
    """English when the client asks for it first, French otherwise."""
    preferred = connection.headers.get("accept-language", "").strip().lower()
    return wording_for(Language.ENGLISH if preferred.startswith("en") else Language.FRENCH)
