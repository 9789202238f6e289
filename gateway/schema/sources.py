"""State of the legacy systems."""

from datetime import datetime

import strawberry

from gateway.domain.access import Role
from gateway.domain.source import SourceSystem
from gateway.schema.context import Info
from gateway.schema.directives import Access
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

_OPERATOR = Access(roles=[Role.OPERATOR])


@strawberry.type(description="State of one legacy system.")
class SourceStatus:
    """GraphQL face of `gateway.schema.watch.Health`."""

    judged: strawberry.Private[Health]

    @strawberry.field(description="System.")
    def system(self) -> SourceSystem:
        return self.judged.system

    @strawberry.field(description="Human name.")
    def label(self, info: Info) -> str:
        return info.context.wording.source_label(self.judged.system)

    @strawberry.field(description="Health, from the calls of the last five minutes.")
    def health(self) -> SourceHealth:
        return self.judged.health

    @strawberry.field(description="Since.")
    def since(self) -> datetime:
        return self.judged.since

    @strawberry.field(description="Sentence for tenants.")
    def statement(self, info: Info) -> str:
        return info.context.wording.source_health(self.judged.health)

    @strawberry.field(
        description="Share of calls that failed over five minutes; for IT only, null for everybody else and without "
        "calls.",
        directives=[_OPERATOR],
    )
    def error_rate(self, info: Info) -> float | None:
        return self.judged.error_rate if _is_operator(info) else None

    @strawberry.field(
        description="95th percentile of the response time over five minutes, in milliseconds; for IT only, null for "
        "everybody else and without calls.",
        directives=[_OPERATOR],
    )
    def p95_milliseconds(self, info: Info) -> int | None:
        return self.judged.p95_milliseconds if _is_operator(info) else None


def _is_operator(info: Info) -> bool:
    session = info.context.session
    return session is not None and session.role is Role.OPERATOR
