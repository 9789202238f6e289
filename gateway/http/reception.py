"""Who comes in, on any transport: from the head of a request to the context that operations run in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from starlette.requests import HTTPConnection

from gateway.auth.visitor import Visitor
from gateway.auth.vouching import Vouching
from gateway.domain.access import Session
from gateway.domain.letter import Language as LetterLanguage
from gateway.http.authentication import Shown, device_token_of, session_of, shown_by
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
    vouching: Vouching | None = None

    def check_origin(self, connection: HTTPConnection) -> None:
        """Refuses what a page of another site sends. Raises RequestRefusedError (403)."""
        check_origin(connection, allowed=self.allowed_origins | {origin_of(self.parts.public_url)})

    async def receive(self, connection: HTTPConnection, *, request_id: str, bearer: str | None = None) -> Context:
        """The context of one operation, or of one event of a subscription: its deadline begins now.

        `bearer` is a token that came otherwise than in the head. The caller ends the context's `tasks`.

        Raises RequestRefusedError, as `shown_by` and `session_of` do, and 503 while our own memory does not answer.
        """
        shown = Shown(bearer, is_bearer=True) if bearer else shown_by(connection)
        deadline = Deadline.after(self.limits[View.TENANT].deadline_seconds)
        session = await session_of(shown, self.parts.sessions, vouching=self.vouching, deadline=deadline)
        must_renew = await self._must_renew(session)
        limits = self.limits[view_of(session, must_renew=must_renew)]
        deadline = Deadline.after(limits.deadline_seconds)
        tasks, wording = Tasks(), wording_of(connection)
        return Context(
            request_id=request_id,
            now=self.clock(),
            clock=self.clock,
            deadline=deadline,
            wording=wording,
            session=session,
            must_renew=must_renew,
            parts=self.parts,
            loaders=Loaders(self.ports, self.parts.watch, deadline=deadline, tasks=tasks),
            tasks=tasks,
            visitor=Visitor(self.sources.of(connection), LetterLanguage(wording.language), device_token_of(connection)),
        )

    async def _must_renew(self, session: Session | None) -> bool:
        try:
            return await self.parts.desk.renewals.binds(session)
        except StoreError:
            raise unavailable() from None


def wording_of(connection: HTTPConnection) -> Wording:
    """English when the client asks for it first, French otherwise."""
    preferred = connection.headers.get("accept-language", "").strip().lower()
    return wording_for(Language.ENGLISH if preferred.startswith("en") else Language.FRENCH)
