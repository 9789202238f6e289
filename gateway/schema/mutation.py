"""Entry points for acting. Each returns a union: one success type and the refusals to expect."""

from datetime import datetime
from typing import Annotated, assert_never

import strawberry

from gateway.auth.sign_in import TENANT_CHANNELS, Credentials, ServiceBusy, SignedIn, WrongCredentials
from gateway.domain.access import Channel
from gateway.schema.context import Context, Info
from gateway.schema.directives import IDENTITY, SECRET
from gateway.schema.errors import InvalidArgumentError
from gateway.schema.problems import InvalidCredentialsProblem, ServiceBusyProblem
from gateway.schema.scalars import Secret
from gateway.schema.viewer import Viewer


@strawberry.input(description="Credentials.")
class SignInInput:
    """What the tenant types, and where."""

    account_reference: str = strawberry.field(
        description="Account reference printed on notices (intitulé de compte); spaces, hyphens, case and leading "
        "zeros do not matter.",
        directives=[IDENTITY],
    )
    password: Secret = strawberry.field(description="Password. By variable only.", directives=[SECRET])
    channel: Channel = strawberry.field(
        default=Channel.WEB,
        description="How the session is carried: cookie for the web account, token for the application.",
    )
    device: str | None = strawberry.field(
        default=None, description="Device as the client names it, for example « Pixel 9 »."
    )


@strawberry.type(description="Token of a mobile session.")
class SessionTokens:
    """The only copy of the token."""

    access_token: str = strawberry.field(description="Bearer token.", directives=[SECRET])
    access_expires_at: datetime = strawberry.field(description="End of validity of the bearer token.")


@strawberry.type(description="A session is open.")
class SignInSuccess:
    """The new session's viewer."""

    viewer: Viewer = strawberry.field(description="The viewer.")
    tokens: SessionTokens | None = strawberry.field(
        description="Tokens, for the mobile channel only; the web session travels in a cookie."
    )


SignInResult = Annotated[
    SignInSuccess | InvalidCredentialsProblem | ServiceBusyProblem,
    strawberry.union(
        "SignInResult",
        description="Outcome of `signIn`. What a stranger sees never depends on whether the account exists.",
    ),
]


@strawberry.type(description="The session is closed.")
class SignOutSuccess:
    """Also when there was none."""

    at: datetime = strawberry.field(description="When.")


SignOutResult = Annotated[SignOutSuccess, strawberry.union("SignOutResult", description="Outcome of `signOut`.")]


@strawberry.type(
    description="Entry points for acting. Each returns a union: one success type and the refusals to expect."
)
class Mutation:
    """Root fields that change something; each has exactly one use case."""

    @strawberry.mutation(description="Opens a session.")
    async def sign_in(
        self,
        info: Info,
        input: Annotated[SignInInput, strawberry.argument(description="Credentials.")],  # noqa: A002 - the contract's name
    ) -> SignInResult:
        context = info.context
        if input.channel not in TENANT_CHANNELS:
            raise InvalidArgumentError("channel", "tenants sign in on the channels WEB and MOBILE")
        outcome = await context.parts.sign_in(
            Credentials(input.account_reference, input.password), channel=input.channel, device=input.device
        )
        match outcome:
            case SignedIn():
                return _signed_in(context, outcome)
            case WrongCredentials():
                return InvalidCredentialsProblem(stable_code="DENIED")
            case ServiceBusy():
                return ServiceBusyProblem(stable_code="BUSY", retry_after_seconds=outcome.retry_after_seconds)
            case _:
                assert_never(outcome)

    @strawberry.mutation(description="Ends the present session.")
    async def sign_out(self, info: Info) -> SignOutResult:
        context = info.context
        if context.session is not None:
            await context.parts.sessions.close(context.session.id)
        context.reply.clears_cookie = True
        return SignOutSuccess(at=context.now)


def _signed_in(context: Context, outcome: SignedIn) -> SignInSuccess:
    context.session = outcome.session
    if outcome.session.channel is Channel.WEB:
        context.reply.session_cookie = outcome.token
        return SignInSuccess(viewer=Viewer(), tokens=None)
    tokens = SessionTokens(access_token=outcome.token, access_expires_at=outcome.session.expires_at)
    return SignInSuccess(viewer=Viewer(), tokens=tokens)
