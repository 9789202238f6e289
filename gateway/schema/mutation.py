"""Entry points for acting. Each returns a union: one success type and the refusals to expect."""

from typing import Annotated

import strawberry

from gateway.schema import assistance, recovery, signing_in
from gateway.schema.assistance import (
    RequestAssistanceInput,
    RequestAssistanceResult,
    ResolveAssistanceInput,
    ResolveAssistanceResult,
)
from gateway.schema.context import Info
from gateway.schema.directives import ADVISORS, CUSTOMERS, EVERYONE, RENEWING_TENANTS, TENANTS
from gateway.schema.recovery import (
    ChangePasswordInput,
    ChangePasswordResult,
    ChooseAccountPasswordInput,
    ChooseAccountPasswordResult,
    DismissPasswordRenewalResult,
    RequestAccountLinkInput,
    RequestAccountLinkResult,
)
from gateway.schema.signing_in import (
    RefreshSessionInput,
    RefreshSessionResult,
    RevokeSessionInput,
    RevokeSessionResult,
    SignInInput,
    SignInResult,
    SignOutResult,
)


@strawberry.type(
    description="Entry points for acting. Each returns a union: one success type and the refusals to expect."
)
class Mutation:
    """Root fields that change something; each has exactly one use case."""

    @strawberry.mutation(
        description="Opens a session. The credential is checked at most three times in a row; see `lockoutPolicy`.",
        directives=[CUSTOMERS],
    )
    async def sign_in(
        self,
        info: Info,
        input: Annotated[SignInInput, strawberry.argument(description="Credentials.")],  # noqa: A002 - the contract's name
    ) -> SignInResult:
        return await signing_in.sign_in(info.context, input)

    @strawberry.mutation(description="New tokens for a mobile session.", directives=[CUSTOMERS])
    async def refresh_session(
        self,
        info: Info,
        input: Annotated[RefreshSessionInput, strawberry.argument(description="Refresh token.")],  # noqa: A002 - the contract's name
    ) -> RefreshSessionResult:
        return await signing_in.refresh_session(info.context, input)

    @strawberry.mutation(description="Ends the present session.", directives=[EVERYONE])
    async def sign_out(self, info: Info) -> SignOutResult:
        return await signing_in.sign_out(info.context)

    @strawberry.mutation(description="Ends another session of the viewer.", directives=[TENANTS])
    async def revoke_session(
        self,
        info: Info,
        input: Annotated[RevokeSessionInput, strawberry.argument(description="Session.")],  # noqa: A002 - the contract's name
    ) -> RevokeSessionResult:
        return await signing_in.revoke_session(info.context, input)

    @strawberry.mutation(
        description="Asks for the link that creates the account or chooses a new password (« J'ai oublié mon mot de "
        "passe »).",
        directives=[EVERYONE],
    )
    async def request_account_link(
        self,
        info: Info,
        input: Annotated[RequestAccountLinkInput, strawberry.argument(description="Who asks.")],  # noqa: A002 - the contract's name
    ) -> RequestAccountLinkResult:
        return await recovery.request_account_link(info.context, input)

    @strawberry.mutation(
        description="Creates or re-creates the account with a new password, through the mailed link.",
        directives=[CUSTOMERS],
    )
    async def choose_account_password(
        self,
        info: Info,
        input: Annotated[ChooseAccountPasswordInput, strawberry.argument(description="Link and password.")],  # noqa: A002 - the contract's name
    ) -> ChooseAccountPasswordResult:
        return await recovery.choose_account_password(info.context, input)

    @strawberry.mutation(
        description="Changes the password of the signed-in tenant; also the yearly renewal.",
        directives=[RENEWING_TENANTS],
    )
    async def change_password(
        self,
        info: Info,
        input: Annotated[ChangePasswordInput, strawberry.argument(description="Present and new password.")],  # noqa: A002 - the contract's name
    ) -> ChangePasswordResult:
        return await recovery.change_password(info.context, input)

    @strawberry.mutation(description="Puts off the yearly invitation.", directives=[RENEWING_TENANTS])
    async def dismiss_password_renewal(self, info: Info) -> DismissPasswordRenewalResult:
        return await recovery.dismiss_password_renewal(info.context)

    @strawberry.mutation(description="Assistance form for someone who cannot get in.", directives=[EVERYONE])
    async def request_assistance(
        self,
        info: Info,
        input: Annotated[RequestAssistanceInput, strawberry.argument(description="Who and how to answer.")],  # noqa: A002 - the contract's name
    ) -> RequestAssistanceResult:
        return await assistance.request_assistance(info.context, input)

    @strawberry.mutation(description="Decides on an assistance request.", directives=[ADVISORS])
    async def resolve_assistance(
        self,
        info: Info,
        input: Annotated[ResolveAssistanceInput, strawberry.argument(description="Request and decision.")],  # noqa: A002 - the contract's name
    ) -> ResolveAssistanceResult:
        return await assistance.resolve_assistance(info.context, input)
