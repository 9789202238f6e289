"""OpenIdPort over HTTP, for any provider that has OpenID Connect Discovery and userinfo."""

from collections.abc import Callable
from datetime import datetime

from joserfc.jwt import Token

from gateway.adapters.openid import jwts, questions, wire
from gateway.adapters.openid.book import Book
from gateway.adapters.openid.questions import Registration
from gateway.adapters.upstream import Reply, Request, Upstream
from gateway.domain.source import SourceSystem
from gateway.ports.deadline import Deadline
from gateway.ports.errors import Call, UpstreamError
from gateway.ports.openid import (
    Handshake,
    LogoutNotice,
    Profile,
    ProviderRefusedError,
    ProviderUnavailableError,
    Redeemed,
    TokenRejectedError,
    Tokens,
)


class OpenIdClient:
    """The provider of `registration`. `upstream` has no base address: the provider names its own, whole.

    `now` is the clock that tokens are judged by, aware UTC.
    """

    def __init__(self, upstream: Upstream, *, registration: Registration, now: Callable[[], datetime]) -> None:
        self.issuer = registration.issuer
        self._upstream = upstream
        self._registration = registration
        self._now = now
        self._book = Book(upstream, issuer=registration.issuer, now=now)

    async def address(self, handshake: Handshake, *, deadline: Deadline) -> str:
        """As the port says."""
        return questions.address(await self._book.metadata(deadline=deadline), self._registration, handshake)

    async def redeem(self, code: str, *, handshake: Handshake, deadline: Deadline) -> Redeemed:
        """As the port says."""
        metadata = await self._book.metadata(deadline=deadline)
        request = questions.redemption(metadata, self._registration, code=code, verifier=handshake.verifier)
        answer = wire.read_tokens(await self._ask("openid_redeem", request, deadline))
        if answer.id_token is None:
            raise TokenRejectedError("missing")
        token = await self._verified(answer.id_token, deadline)
        expected = {**self._ours(metadata), "nonce": handshake.nonce, "access_token": answer.access_token}
        claims = jwts.check_identity(token, expected=expected, now=self._now())
        session = claims.get("sid")
        given = Tokens(answer.access_token, answer.refresh_token)
        return Redeemed(claims["sub"], session if isinstance(session, str) else None, given)

    async def profile(self, tokens: Tokens, *, subject: str, deadline: Deadline) -> Profile:
        """As the port says; an access token that has expired is renewed, if the provider gave the means."""
        try:
            return await self._userinfo(tokens, subject, deadline)
        except ProviderRefusedError:
            if tokens.refresh is None:
                raise
        return await self._userinfo(await self._renewed(tokens.refresh, deadline), subject, deadline)

    async def logout_notice(self, token: str, *, deadline: Deadline) -> LogoutNotice:
        """As the port says."""
        checked = await self._verified(token, deadline)
        expected = self._ours(await self._book.metadata(deadline=deadline))
        return jwts.check_logout(checked, expected=expected, now=self._now())

    async def _userinfo(self, given: Tokens, subject: str, deadline: Deadline) -> Profile:
        metadata = await self._book.metadata(deadline=deadline)
        reply = await self._ask("openid_userinfo", questions.userinfo(metadata, given.access), deadline)
        return wire.read_profile(reply, given, subject=subject, groups_claim=self._registration.groups_claim)

    async def _renewed(self, refresh_token: str, deadline: Deadline) -> Tokens:
        metadata = await self._book.metadata(deadline=deadline)
        request = questions.renewal(metadata, self._registration, refresh_token=refresh_token)
        answer = wire.read_tokens(await self._ask("openid_renew", request, deadline))
        return Tokens(answer.access_token, answer.refresh_token or refresh_token)

    async def _verified(self, token: str, deadline: Deadline) -> Token:
        return jwts.verified(token, await self._book.key(jwts.key_id(token), deadline=deadline))

    async def _ask(self, operation: str, request: Request, deadline: Deadline) -> Reply:
        try:
            return await self._upstream.request(Call(SourceSystem.GATEWAY, operation), request, deadline=deadline)
        except UpstreamError as error:
            raise ProviderUnavailableError(operation) from error

    def _ours(self, metadata: wire.Metadata) -> dict[str, str]:
        return {"issuer": metadata.issuer, "client_id": self._registration.client_id}
