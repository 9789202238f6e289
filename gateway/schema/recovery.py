"""Creating the account, finding it again, and the yearly renewal: inputs, outcomes, and how use cases are told."""

import asyncio
from datetime import date
from typing import Annotated, assert_never

import strawberry

from gateway.auth.changing import Change
from gateway.auth.choosing import LinkInvalid
from gateway.auth.credentials import AccountReady as Ready
from gateway.auth.credentials import PasswordRejected
from gateway.auth.link_answers import personal_words
from gateway.auth.link_requests import Claim, LinkRequested
from gateway.auth.lockout import Suspended
from gateway.auth.outcomes import ServiceBusy
from gateway.ports.errors import UpstreamError
from gateway.schema.context import Context
from gateway.schema.directives import CUSTOMERS, EVERYONE, IDENTITY, RENEWING_TENANTS, SECRET
from gateway.schema.holdings import own_scope
from gateway.schema.problems import (
    AccessSuspendedProblem,
    InvalidCredentialsProblem,
    LinkInvalidProblem,
    PasswordRejectedProblem,
    RecreationOfferedProblem,
    RenewalRequiredProblem,
    ServiceBusyProblem,
    SessionEndedProblem,
)
from gateway.schema.renewal import PasswordRenewal
from gateway.schema.scalars import Secret
from gateway.schema.signing_in import refusal_of, suspended

_LOOK_UP_SECONDS = 2.0


@strawberry.input(description="Who asks for a link to create the account, or to choose a new password.")
class RequestAccountLinkInput:
    """What the notice and the lease say about the principal holder."""

    account_reference: str = strawberry.field(
        description="Account reference printed on notices (intitulé de compte).", directives=[IDENTITY]
    )
    first_name: str = strawberry.field(
        description="First name of the principal holder of the lease.", directives=[IDENTITY]
    )
    last_name: str = strawberry.field(
        description="Family name of the principal holder of the lease.", directives=[IDENTITY]
    )
    birth_date: date = strawberry.field(description="Date of birth of the principal holder.", directives=[IDENTITY])


@strawberry.type(
    description="If the details match a lease, a link is on its way to the address the landlord has on file. Always "
    "the same answer."
)
class AccountLinkRequested:
    """Nothing but a sentence."""

    message: str = strawberry.field(description="Sentence for the person.", directives=[EVERYONE])


RequestAccountLinkResult = Annotated[
    AccountLinkRequested | AccessSuspendedProblem | ServiceBusyProblem,
    strawberry.union("RequestAccountLinkResult", description="Outcome of `requestAccountLink`."),
]


@strawberry.input(description="New password, chosen through a mailed link.")
class ChooseAccountPasswordInput:
    """Two secrets."""

    token: Secret = strawberry.field(description="Token of the link. By variable only.", directives=[SECRET])
    password: Secret = strawberry.field(description="New password. By variable only.", directives=[SECRET])


@strawberry.type(
    description="The account exists and has the new password; every earlier session and link is void. Sign in normally."
)
class AccountReady:
    """GraphQL face of `gateway.auth.credentials.AccountReady`."""

    renewal_due_on: date = strawberry.field(description="Next renewal.", directives=[CUSTOMERS])


ChooseAccountPasswordResult = Annotated[
    AccountReady | PasswordRejectedProblem | LinkInvalidProblem | AccessSuspendedProblem | ServiceBusyProblem,
    strawberry.union("ChooseAccountPasswordResult", description="Outcome of `chooseAccountPassword`."),
]


@strawberry.input(description="Change of password by the signed-in tenant.")
class ChangePasswordInput:
    """Two secrets."""

    current_password: Secret = strawberry.field(description="Present password. By variable only.", directives=[SECRET])
    new_password: Secret = strawberry.field(description="New password. By variable only.", directives=[SECRET])


ChangePasswordResult = Annotated[
    AccountReady
    | PasswordRejectedProblem
    | InvalidCredentialsProblem
    | RecreationOfferedProblem
    | AccessSuspendedProblem
    | ServiceBusyProblem
    | SessionEndedProblem,
    strawberry.union("ChangePasswordResult", description="Outcome of `changePassword`."),
]


@strawberry.type(description="The invitation is put off until the next sign-in.")
class DismissPasswordRenewalSuccess:
    """The renewal after it."""

    renewal: PasswordRenewal = strawberry.field(description="The renewal.", directives=[RENEWING_TENANTS])


DismissPasswordRenewalResult = Annotated[
    DismissPasswordRenewalSuccess | RenewalRequiredProblem | SessionEndedProblem,
    strawberry.union("DismissPasswordRenewalResult", description="Outcome of `dismissPasswordRenewal`."),
]


async def request_account_link(context: Context, given: RequestAccountLinkInput) -> RequestAccountLinkResult:
    """Asks for the link; the answer comes before anything is compared."""
    claim = Claim(given.account_reference, given.first_name, given.last_name, given.birth_date)
    outcome = await context.parts.desk.request_link(claim, visitor=context.visitor)
    match outcome:
        case LinkRequested():
            return AccountLinkRequested(message=context.wording.sentence("LINK_SENT_IF_MATCH"))
        case Suspended():
            return suspended(outcome, context)
        case ServiceBusy(retry_after_seconds=seconds):
            return ServiceBusyProblem(stable_code="BUSY", retry_after_seconds=seconds)
        case _:
            assert_never(outcome)


async def choose_account_password(context: Context, given: ChooseAccountPasswordInput) -> ChooseAccountPasswordResult:
    """Creates or re-creates the account."""
    outcome = await context.parts.desk.choose_password(given.token, given.password, visitor=context.visitor)
    match outcome:
        case Ready(renewal_due_on=day):
            return AccountReady(renewal_due_on=day)
        case PasswordRejected(reasons=reasons):
            return PasswordRejectedProblem(stable_code="PASSWORD_REJECTED", reasons=list(reasons))
        case LinkInvalid():
            return LinkInvalidProblem(stable_code="LINK_INVALID")
        case Suspended():
            return suspended(outcome, context)
        case ServiceBusy(retry_after_seconds=seconds):
            return ServiceBusyProblem(stable_code="BUSY", retry_after_seconds=seconds)
        case _:
            assert_never(outcome)


async def change_password(context: Context, given: ChangePasswordInput) -> ChangePasswordResult:
    """Changes the password of the viewer and ends the session."""
    session = context.session
    if session is None or session.account_id is None:
        return SessionEndedProblem(stable_code="SESSION_ENDED")
    change = Change(given.current_password, given.new_password, await _personal_words(context))
    outcome = await context.parts.desk.change_password(change, session=session, visitor=context.visitor)
    match outcome:
        case Ready(renewal_due_on=day):
            context.reply.clears_cookie = True
            return AccountReady(renewal_due_on=day)
        case PasswordRejected(reasons=reasons):
            return PasswordRejectedProblem(stable_code="PASSWORD_REJECTED", reasons=list(reasons))
        case _:
            return refusal_of(outcome, context)


async def _personal_words(context: Context) -> tuple[str, ...]:
    """Words of the viewer's file; none when the ERP does not tell them soon: a password changes without it too."""
    scope = own_scope(context)
    try:
        async with asyncio.timeout(_LOOK_UP_SECONDS):
            seen = await context.loaders.tenants.need(scope) if scope else None
    except (TimeoutError, UpstreamError):
        return ()
    return personal_words(seen.value) if seen else ()


async def dismiss_password_renewal(context: Context) -> DismissPasswordRenewalResult:
    """Puts the yearly invitation off."""
    session = context.session
    if session is None or session.account_id is None:
        return SessionEndedProblem(stable_code="SESSION_ENDED")
    renewal = await context.parts.desk.renewals.dismiss(session)
    if renewal is None:
        return RenewalRequiredProblem(stable_code="RENEWAL_REQUIRED")
    return DismissPasswordRenewalSuccess(renewal=PasswordRenewal(renewal=renewal))
