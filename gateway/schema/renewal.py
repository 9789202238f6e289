"""The yearly renewal of the password."""

from datetime import date

import strawberry

from gateway.auth.renewals import Renewal
from gateway.domain.renewal import RenewalMode
from gateway.schema.directives import RENEWING_TENANTS


@strawberry.type(
    description="Yearly renewal of the password, on the anniversary of the creation of the account (Europe/Paris)."
)
class PasswordRenewal:
    """GraphQL face of `gateway.auth.renewals.Renewal`."""

    renewal: strawberry.Private[Renewal]

    @strawberry.field(
        description="Next or current anniversary; 28 February in common years for an account created on 29 February.",
        directives=[RENEWING_TENANTS],
    )
    def due_on(self) -> date:
        return self.renewal.due_on

    @strawberry.field(
        description="Whether the anniversary has come and the password is older than it.",
        directives=[RENEWING_TENANTS],
    )
    def due(self) -> bool:
        return self.renewal.due

    @strawberry.field(description="Invitation or obligation.", directives=[RENEWING_TENANTS])
    def mode(self) -> RenewalMode:
        return self.renewal.mode

    @strawberry.field(
        description="Day on which the invitation was put off; null when it was not.", directives=[RENEWING_TENANTS]
    )
    def dismissed_on(self) -> date | None:
        return self.renewal.dismissed_on
