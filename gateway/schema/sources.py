"""State of the legacy systems."""

from datetime import datetime

import strawberry

from gateway.domain.source import SourceSystem
from gateway.schema.context import Info
from gateway.schema.directives import EVERYONE, OPERATORS
from gateway.schema.enums import described
from gateway.schema.watch import Health, SourceHealth

described(
    SourceHealth,
    "SourceHealth",
    "Health of a source as tenants and operators may know it.",
    {
        "UP": "Answers as agreed.",
        "DEGRADED": "Slow or partly failing.",
        "DOWN": "Does not answer.",
    },
)


@strawberry.type(description="State of one legacy system.")
class SourceStatus:
    """GraphQL face of `gateway.schema.watch.Health`."""

    judged: strawberry.Private[Health]

    @strawberry.field(description="System.", directives=[EVERYONE])
    def system(self) -> SourceSystem:
        return self.judged.system

    @strawberry.field(description="Human name.", directives=[EVERYONE])
    def label(self, info: Info) -> str:
        return info.context.wording.source_label(self.judged.system)

    @strawberry.field(
        description="Health, from the calls of all replicas of the gateway in the last five minutes.",
        directives=[EVERYONE],
    )
    def health(self) -> SourceHealth:
        return self.judged.health

    @strawberry.field(description="Since.", directives=[EVERYONE])
    def since(self) -> datetime:
        return self.judged.since

    @strawberry.field(description="Sentence for tenants.", directives=[EVERYONE])
    def statement(self, info: Info) -> str:
        return info.context.wording.source_health(self.judged.health)

    @strawberry.field(
        description="Share of calls of the answering replica that failed over five minutes; null without calls.",
        directives=[OPERATORS],
    )
    def error_rate(self) -> float | None:
        return self.judged.error_rate

    @strawberry.field(
        description="95th percentile of the response time over five minutes, in milliseconds, from the calls of the "
        "answering replica; null without calls.",
        directives=[OPERATORS],
    )
    def p95_milliseconds(self) -> int | None:
        return self.judged.p95_milliseconds
