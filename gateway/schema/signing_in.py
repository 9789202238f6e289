"""Opening, renewing and ending sessions: inputs, outcomes, and how use cases are told."""

from datetime import datetime
from typing import Annotated, assert_never

import strawberry

from gateway.auth.lockout import RecreationOffered, Suspended
from gateway.auth.outcomes import ServiceBusy, WrongCredentials
from gateway.auth.refreshing import Refreshed, SessionEnded
from gateway.auth.sessions import OpenedSession
from gateway.auth.sign_in import TENANT_CHANNELS, Credentials, SignedIn
from gateway.domain.access import Channel, SessionId
from gateway.schema.context import Context
from gateway.schema.directives import CUSTOMERS, EVERYONE, IDENTITY, RENEWING_TENANTS, SECRET, TENANTS
from gateway.schema.errors import InvalidArgumentError
from gateway.schema.problems import (
    AccessSuspendedProblem,
    InvalidCredentialsProblem,
    NotFoundProblem,
    RecreationOfferedProblem,
    ServiceBusyProblem,
    SessionEndedProblem,
    seconds_until,
)
from gateway.schema.scalars import Secret
from gateway.schema.seals import Purpose, SealBrokenError
from gateway.schema.viewer import OnlineAccount, Viewer


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
        description="How the session is carried: cookie for the web account, tokens for the application.",
    )
    device: str | None = strawberry.field(
        default=None, description="Device as the client names it, for example « Pixel 9 »."
    )
    device_token: Secret | None = strawberry.field(
        default=None,
        description="What an earlier sign-in gave as `SessionTokens.deviceToken`; for the application, since browsers "
        "have a cookie. Wrong passwords given elsewhere do not keep a known device out.",
        directives=[SECRET],
    )


@strawberry.type(description="Tokens of a mobile session.")
class SessionTokens:
    """The only copy of the tokens."""

    access_token: str = strawberry.field(description="Bearer token.", directives=[CUSTOMERS, SECRET])
    access_expires_at: datetime = strawberry.field(
        description="End of validity of the bearer token.", directives=[CUSTOMERS]
    )
    refresh_token: str = strawberry.field(
        description="Token for `refreshSession`; replaced at each use.", directives=[CUSTOMERS, SECRET]
    )
    device_token: str | None = strawberry.field(
        default=None,
        description="To keep and give at the next `signIn`; null when the device was known already.",
        directives=[CUSTOMERS, SECRET],
    )


@strawberry.type(description="A session is open.")
class SignInSuccess:
    """The new session's viewer."""

    viewer: Viewer = strawberry.field(description="The viewer.", directives=[RENEWING_TENANTS])
    tokens: SessionTokens | None = strawberry.field(
        description="Tokens, for the mobile channel only; the web session travels in a cookie.", directives=[CUSTOMERS]
    )


SignInResult = Annotated[
    SignInSuccess | InvalidCredentialsProblem | RecreationOfferedProblem | AccessSuspendedProblem | ServiceBusyProblem,
    strawberry.union(
        "SignInResult",
        description="Outcome of `signIn`. What a stranger sees depends on the history of attempts only, never on "
        "whether the account exists.",
    ),
]


@strawberry.input(description="Refresh of a mobile session.")
class RefreshSessionInput:
    """One token."""

    refresh_token: Secret = strawberry.field(description="Latest refresh token.", directives=[SECRET])


@strawberry.type(description="New tokens.")
class RefreshSessionSuccess:
    """The pair that is good from now on."""

    tokens: SessionTokens = strawberry.field(description="Tokens.", directives=[CUSTOMERS])


RefreshSessionResult = Annotated[
    RefreshSessionSuccess | SessionEndedProblem,
    strawberry.union("RefreshSessionResult", description="Outcome of `refreshSession`."),
]


@strawberry.type(description="The session is closed.")
class SignOutSuccess:
    """Also when there was none."""

    at: datetime = strawberry.field(description="When.", directives=[EVERYONE])


SignOutResult = Annotated[SignOutSuccess, strawberry.union("SignOutResult", description="Outcome of `signOut`.")]


@strawberry.input(description="Session to end.")
class RevokeSessionInput:
    """One of the viewer's sessions."""

    session_id: strawberry.ID = strawberry.field(description="Session.")


@strawberry.type(description="The session is closed.")
class RevokeSessionSuccess:
    """The account after it."""

    account: OnlineAccount = strawberry.field(description="Account with its remaining sessions.", directives=[TENANTS])


RevokeSessionResult = Annotated[
    RevokeSessionSuccess | NotFoundProblem,
    strawberry.union("RevokeSessionResult", description="Outcome of `revokeSession`."),
]


async def sign_in(context: Context, given: SignInInput) -> SignInResult:
    """Opens a session; the present request goes on in it."""
    if given.channel not in TENANT_CHANNELS:
        raise InvalidArgumentError("channel", "tenants sign in on the channels WEB and MOBILE")
    credentials = Credentials(given.account_reference, given.password, given.channel, given.device)
    visitor = context.visitor.with_device(given.device_token)
    outcome = await context.parts.desk.sign_in(credentials, visitor=visitor)
    match outcome:
        case SignedIn():
            return _signed_in(context, outcome)
        case _:
            return refusal_of(outcome, context)


def refusal_of(
    outcome: WrongCredentials | RecreationOffered | Suspended | ServiceBusy, context: Context
) -> InvalidCredentialsProblem | RecreationOfferedProblem | AccessSuspendedProblem | ServiceBusyProblem:
    """How a password that was not taken is told, wherever one is asked for."""
    match outcome:
        case WrongCredentials():
            return InvalidCredentialsProblem(stable_code="DENIED")
        case RecreationOffered(until=until):
            seconds = seconds_until(until, now=context.clock())
            return RecreationOfferedProblem(stable_code="RECREATE_OFFERED", retry_after_seconds=seconds)
        case Suspended():
            return suspended(outcome, context)
        case ServiceBusy(retry_after_seconds=seconds):
            return ServiceBusyProblem(stable_code="BUSY", retry_after_seconds=seconds)
        case _:
            assert_never(outcome)


def suspended(outcome: Suspended, context: Context) -> AccessSuspendedProblem:
    """How a block is told."""
    seconds = seconds_until(outcome.until, now=context.clock())
    return AccessSuspendedProblem(stable_code="SUSPENDED", retry_after_seconds=seconds)


async def refresh_session(context: Context, given: RefreshSessionInput) -> RefreshSessionResult:
    """The next pair of tokens."""
    outcome = await context.parts.desk.refresh_session(given.refresh_token)
    match outcome:
        case Refreshed(opened=opened):
            return RefreshSessionSuccess(tokens=_tokens(opened))
        case SessionEnded():
            return SessionEndedProblem(stable_code="SESSION_ENDED")
        case _:
            assert_never(outcome)


async def sign_out(context: Context) -> SignOutResult:
    """Ends the present session, if there is one, and takes its cookie back."""
    if context.session is not None:
        await context.parts.desk.leaving.sign_out(context.session)
    context.reply.clears_cookie = True
    return SignOutSuccess(at=context.now)


async def revoke_session(context: Context, given: RevokeSessionInput) -> RevokeSessionResult:
    """Ends another session of the viewer."""
    session, revoked = context.session, _session_id(context, given.session_id)
    if session is None or session.account_id is None or revoked is None:
        return NotFoundProblem(stable_code="NOT_FOUND")
    is_revoked = await context.parts.desk.leaving.revoke(revoked, by=session)
    account = await context.parts.store.account_by_id(session.account_id) if is_revoked else None
    if account is None:
        return NotFoundProblem(stable_code="NOT_FOUND")
    return RevokeSessionSuccess(account=OnlineAccount.from_domain(account))


def _session_id(context: Context, global_id: str) -> SessionId | None:
    try:
        kind, *key = context.parts.seals.open(Purpose.NODE, global_id)
    except SealBrokenError:
        return None
    return SessionId(key[0]) if kind == "Session" else None


def _signed_in(context: Context, outcome: SignedIn) -> SignInSuccess:
    context.session = outcome.session
    context.must_renew = context.parts.desk.renewals.obliges(outcome.account, now=context.now)
    if outcome.session.channel is Channel.WEB:
        context.reply.session_cookie = outcome.token
        context.reply.device_cookie = outcome.device_token
        return SignInSuccess(viewer=Viewer(), tokens=None)
    opened = OpenedSession(outcome.session, outcome.token, outcome.refresh_token)
    return SignInSuccess(viewer=Viewer(), tokens=_tokens(opened, device_token=outcome.device_token))


def _tokens(opened: OpenedSession, *, device_token: str | None = None) -> SessionTokens:
    assert opened.session.access_expires_at and opened.refresh_token  # noqa: S101, PT018 - a session with tokens
    return SessionTokens(
        access_token=opened.token,
        access_expires_at=opened.session.access_expires_at,
        refresh_token=opened.refresh_token,
        device_token=device_token,
    )
