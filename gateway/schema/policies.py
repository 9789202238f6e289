"""The landlord's rules for passwords and blocking, public so that help pages never disagree with the server."""

import strawberry

from gateway.domain.lockout import LockoutRules
from gateway.domain.password import PasswordRules
from gateway.schema.context import Info
from gateway.schema.directives import EVERYONE


@strawberry.type(description="Rules a new password must meet; the server applies the same rules.")
class PasswordPolicy:
    """GraphQL face of `gateway.domain.password.PasswordRules`."""

    rules: strawberry.Private[PasswordRules]

    @strawberry.field(description="Minimum number of characters.", directives=[EVERYONE])
    def min_length(self) -> int:
        return self.rules.min_length

    @strawberry.field(description="Maximum number of characters.", directives=[EVERYONE])
    def max_length(self) -> int:
        return self.rules.max_length

    @strawberry.field(description="Digits required.", directives=[EVERYONE])
    def min_digits(self) -> int:
        return self.rules.min_digits

    @strawberry.field(description="Upper-case letters required.", directives=[EVERYONE])
    def min_uppercase(self) -> int:
        return self.rules.min_uppercase

    @strawberry.field(description="Special characters required.", directives=[EVERYONE])
    def min_special(self) -> int:
        return self.rules.min_special

    @strawberry.field(
        description="Whether passwords that many people use are refused, also under ornaments.", directives=[EVERYONE]
    )
    def refuses_breached_passwords(self) -> bool:
        return True

    @strawberry.field(description="Rules as one sentence in the viewer's language.", directives=[EVERYONE])
    def statement(self, info: Info) -> str:
        return info.context.wording.password_rules(self.rules)


@strawberry.type(
    description="How sign-in and account creation are protected; public so that help pages never disagree with the "
    "server."
)
class LockoutPolicy:
    """GraphQL face of `gateway.domain.lockout.LockoutRules`."""

    rules: strawberry.Private[LockoutRules]

    @strawberry.field(
        description="Wrong passwords after which sign-in is suspended and re-creation is proposed.",
        directives=[EVERYONE],
    )
    def max_sign_in_failures(self) -> int:
        return self.rules.sign_in_failures

    @strawberry.field(description="Failed re-creations after which the account is blocked.", directives=[EVERYONE])
    def max_recreation_failures(self) -> int:
        return self.rules.recreation_failures

    @strawberry.field(
        description="Wrong passwords a day that are checked for one account from unknown devices; then it opens again "
        "when the first of them is a day old.",
        directives=[EVERYONE],
    )
    def max_daily_failures(self) -> int:
        return self.rules.daily_failures

    @strawberry.field(description="Minutes after which a blocked account opens by itself.", directives=[EVERYONE])
    def auto_unlock_minutes(self) -> int:
        return int(self.rules.block.total_seconds() // 60)
