"""Open sessions of an online account, and the devices it knows."""

from datetime import datetime

import strawberry

from gateway.domain.access import Channel
from gateway.domain.access import KnownDevice as DomainDevice
from gateway.domain.access import Session as DomainSession
from gateway.schema.context import Info
from gateway.schema.directives import TENANTS
from gateway.schema.node import Node


@strawberry.type(description="One open session.")
class Session(Node):
    """GraphQL face of `gateway.domain.access.Session`."""

    session: strawberry.Private[DomainSession]

    @classmethod
    def from_domain(cls, session: DomainSession) -> "Session":
        return cls(key=(session.id,), session=session)

    @strawberry.field(description="Channel.", directives=[TENANTS])
    def channel(self) -> Channel:
        return self.session.channel

    @strawberry.field(
        description="Device as told by the client, for example « Chrome sur Windows »; null when it told none.",
        directives=[TENANTS],
    )
    def device(self) -> str | None:
        return self.session.device

    @strawberry.field(description="Start.", directives=[TENANTS])
    def started_at(self) -> datetime:
        return self.session.started_at

    @strawberry.field(description="Last request, to the minute.", directives=[TENANTS])
    def last_seen_at(self) -> datetime:
        return self.session.last_seen_at

    @strawberry.field(description="Whether this is the session of the present request.", directives=[TENANTS])
    def current(self, info: Info) -> bool:
        present = info.context.session
        return present is not None and present.id == self.session.id


@strawberry.type(
    description="Browser or telephone on which the holder signed in before: wrong passwords given elsewhere do not "
    "keep it out. Ending a session with `revokeSession` forgets its device."
)
class KnownDevice:
    """GraphQL face of `gateway.domain.access.KnownDevice`."""

    device: strawberry.Private[DomainDevice]

    @strawberry.field(description="Name that the client gave; null when it gave none.", directives=[TENANTS])
    def label(self) -> str | None:
        return self.device.label

    @strawberry.field(description="First sign-in.", directives=[TENANTS])
    def known_since(self) -> datetime:
        return self.device.created_at

    @strawberry.field(description="Latest sign-in.", directives=[TENANTS])
    def last_used_at(self) -> datetime:
        return self.device.last_used_at
