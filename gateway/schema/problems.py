"""Expected refusals of mutations."""

import strawberry

from gateway.schema.context import Info


@strawberry.interface(
    description="An expected refusal. The message is in the viewer's language and can be shown as it is."
)
class Problem:
    """`code` is the API; the message may be reworded."""

    stable_code: strawberry.Private[str]

    @strawberry.field(description="Sentence for the person.")
    def message(self, info: Info) -> str:
        return info.context.wording.sentence(self.stable_code)

    @strawberry.field(description="Stable code for programs and for the support line.")
    def code(self) -> str:
        return self.stable_code


@strawberry.type(description="Account reference or password wrong; which one is not told.")
class InvalidCredentialsProblem(Problem):
    """Code `DENIED`."""


@strawberry.type(description="Too many sign-ins at this moment; nothing was counted against the person.")
class ServiceBusyProblem(Problem):
    """Code `BUSY`."""

    retry_after_seconds: int = strawberry.field(description="Seconds to wait.")
