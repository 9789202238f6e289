"""Expected refusals of mutations."""

import math
from datetime import datetime

import strawberry

from gateway.domain.password import PasswordRefusal
from gateway.schema.account_enums import UnlockRoute
from gateway.schema.context import Info
from gateway.schema.directives import CUSTOMERS, EVERYONE, sized


@strawberry.interface(
    description="An expected refusal. The message is in the viewer's language and can be shown as it is."
)
class Problem:
    """`code` is the API; the message may be reworded."""

    stable_code: strawberry.Private[str]

    @strawberry.field(description="Sentence for the person.", directives=[EVERYONE])
    def message(self, info: Info) -> str:
        return info.context.wording.sentence(self.stable_code)

    @strawberry.field(description="Stable code for programs and for the support line.", directives=[EVERYONE])
    def code(self) -> str:
        return self.stable_code


def seconds_until(moment: datetime, *, now: datetime) -> int:
    """Whole seconds to wait, at least one: whoever comes back after them is not too early."""
    return max(1, math.ceil((moment - now).total_seconds()))


@strawberry.type(description="Account reference or password wrong; which one is not told.")
class InvalidCredentialsProblem(Problem):
    """Code `DENIED`."""


@strawberry.type(
    description="Three wrong passwords: no password is checked any more; a new one can be chosen, or wait."
)
class RecreationOfferedProblem(Problem):
    """Code `RECREATE_OFFERED`."""

    retry_after_seconds: int = strawberry.field(
        description="Seconds until sign-in opens again by itself.", directives=[CUSTOMERS]
    )

    @strawberry.field(description="Sentence for the person.", directives=[CUSTOMERS])
    def message(self, info: Info) -> str:
        return info.context.wording.waiting(self.stable_code, seconds=self.retry_after_seconds)


@strawberry.type(
    description="Blocked: three wrong passwords, then three failed re-creations. The same answer whether or not an "
    "account exists."
)
class AccessSuspendedProblem(Problem):
    """Code `SUSPENDED`."""

    retry_after_seconds: int = strawberry.field(description="Seconds until it opens by itself.", directives=[EVERYONE])

    @strawberry.field(description="Sentence for the person.", directives=[EVERYONE])
    def message(self, info: Info) -> str:
        return info.context.wording.waiting(self.stable_code, seconds=self.retry_after_seconds)

    @strawberry.field(description="Ways out, best first; always all of them.", directives=[EVERYONE, sized(4)])
    def routes(self) -> list[UnlockRoute]:
        return list(UnlockRoute)

    @strawberry.field(description="The landlord's telephone, as shown, for the last of them.", directives=[EVERYONE])
    def phone_display(self, info: Info) -> str:
        return info.context.parts.desk.rules.landlord_phone


@strawberry.type(description="Too many requests at this moment; nothing was counted against the person.")
class ServiceBusyProblem(Problem):
    """Code `BUSY`."""

    retry_after_seconds: int = strawberry.field(description="Seconds to wait.", directives=[EVERYONE])


@strawberry.type(description="The session has ended; sign in again.")
class SessionEndedProblem(Problem):
    """Code `SESSION_ENDED`."""


@strawberry.type(description="The object does not exist or is not the viewer's; the two are not told apart.")
class NotFoundProblem(Problem):
    """Code `NOT_FOUND`."""


@strawberry.type(description="The password does not meet the rules.")
class PasswordRejectedProblem(Problem):
    """Code `PASSWORD_REJECTED`."""

    reasons: list[PasswordRefusal] = strawberry.field(
        description="Every rule not met.", directives=[CUSTOMERS, sized(20)]
    )


@strawberry.type(description="The link is unknown, used, replaced or too old; which is not told.")
class LinkInvalidProblem(Problem):
    """Code `LINK_INVALID`."""


@strawberry.type(description="The landlord requires the renewal; it cannot be put off.")
class RenewalRequiredProblem(Problem):
    """Code `RENEWAL_REQUIRED`."""


@strawberry.type(description="A new e-mail address needs a second member of staff.")
class SecondPersonRequiredProblem(Problem):
    """Code `SECOND_PERSON_REQUIRED`."""


@strawberry.type(description="What is wrong with one input field.")
class InvalidField:
    """One field of an input; its value is not repeated."""

    stable_code: strawberry.Private[str]
    path: list[str] = strawberry.field(
        description='Path in the input, for example `["input", "email"]`.', directives=[EVERYONE, sized(10)]
    )

    @strawberry.field(description="Stable code, for example `TOO_LONG`.", directives=[EVERYONE])
    def code(self) -> str:
        return self.stable_code

    @strawberry.field(description="Sentence for the person.", directives=[EVERYONE])
    def message(self, info: Info) -> str:
        return info.context.wording.sentence(self.stable_code)


@strawberry.type(description="Something given by the client is not acceptable.")
class ValidationProblem(Problem):
    """Code `INVALID`."""

    fields: list[InvalidField] = strawberry.field(
        description="One entry for each input field at fault.", directives=[EVERYONE, sized(20)]
    )
