"""Announcements and advice."""

from datetime import datetime

import strawberry

from gateway.domain import editorial as domain
from gateway.domain.editorial import AnnouncementSeverity
from gateway.schema.directives import ADMITTED, EVERYONE
from gateway.schema.node import Node


@strawberry.type(description="Message to tenants.")
class Announcement(Node):
    """GraphQL face of `gateway.domain.editorial.Announcement`."""

    title: str = strawberry.field(description="Title.", directives=[ADMITTED])
    body: str = strawberry.field(description="Text.", directives=[ADMITTED])
    severity: AnnouncementSeverity = strawberry.field(description="Weight.", directives=[ADMITTED])
    from_: datetime = strawberry.field(name="from", description="Shown from.", directives=[ADMITTED])
    until: datetime | None = strawberry.field(
        description="Shown until; null when no end is set.", directives=[ADMITTED]
    )

    @classmethod
    def from_domain(cls, announcement: domain.Announcement) -> "Announcement":
        return cls(
            key=(announcement.id,),
            title=announcement.title,
            body=announcement.body,
            severity=announcement.severity,
            from_=announcement.since,
            until=announcement.until,
        )


@strawberry.type(description="Advice for daily life in the dwelling (conseils pour mieux vivre dans votre logement).")
class Advice(Node):
    """GraphQL face of `gateway.domain.editorial.Advice`."""

    title: str = strawberry.field(description="Title.", directives=[EVERYONE])
    body: str = strawberry.field(description="Text, plain.", directives=[EVERYONE])
    topic: str = strawberry.field(description="Subject, for example « Eau ».", directives=[EVERYONE])

    @classmethod
    def from_domain(cls, advice: domain.Advice) -> "Advice":
        return cls(key=(advice.id,), title=advice.title, body=advice.body, topic=advice.topic)
