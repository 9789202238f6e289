"""What is known of a provider for an hour: where it does what, and with which keys it signs."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from joserfc.jwk import Key

from gateway.adapters.openid import jwts, wire
from gateway.adapters.upstream import Request, Upstream, within
from gateway.domain.source import SourceSystem
from gateway.ports.deadline import Deadline
from gateway.ports.errors import Call, UpstreamError
from gateway.ports.openid import ProviderUnavailableError, TokenRejectedError

_KNOWN_FOR = timedelta(hours=1)
_ASKED_AGAIN_AFTER = timedelta(minutes=1)
_WELL_KNOWN = "/.well-known/openid-configuration"


@dataclass(frozen=True, slots=True)
class _Page:
    """Metadata and keys as the provider told them at `read_at`."""

    metadata: wire.Metadata
    keys: tuple[Key, ...]
    read_at: datetime

    def key(self, name: str | None) -> Key | None:
        """The key of that name; without a name, the only one there is."""
        fitting = [key for key in self.keys if name is None or key.kid == name]
        return fitting[0] if len(fitting) == 1 else None


class Book:
    """The page of one issuer, read when it is needed; whoever comes first reads it for all."""

    def __init__(self, upstream: Upstream, *, issuer: str, now: Callable[[], datetime]) -> None:
        self._upstream = upstream
        self._issuer = issuer
        self._now = now
        self._page: _Page | None = None
        self._reading = asyncio.Lock()

    async def metadata(self, *, deadline: Deadline) -> wire.Metadata:
        """Where the provider does what. Raises ProviderUnavailableError."""
        return (await self._current(_KNOWN_FOR, deadline)).metadata

    async def key(self, name: str | None, *, deadline: Deadline) -> Key:
        """The provider's key of that name.

        An unknown name may be that of a new key, so the page is read again, but at most once a minute: anybody can
        make up names. Raises TokenRejectedError when there is none, ProviderUnavailableError.
        """
        for age in (_KNOWN_FOR, _ASKED_AGAIN_AFTER):
            page = await self._current(age, deadline)
            if key := page.key(name):
                return key
        raise TokenRejectedError("kid")

    async def _current(self, age: timedelta, deadline: Deadline) -> _Page:
        call = Call(SourceSystem.GATEWAY, "openid_metadata")
        try:
            async with within(call, deadline), self._reading:
                if self._page is None or self._now() - self._page.read_at >= age:
                    self._page = await self._read(call, deadline)
                return self._page
        except UpstreamError as error:
            raise ProviderUnavailableError("no metadata") from error

    async def _read(self, call: Call, deadline: Deadline) -> _Page:
        read_at = self._now()
        reply = await self._upstream.request(call, _get(self._issuer.rstrip("/") + _WELL_KNOWN), deadline=deadline)
        metadata = wire.read_metadata(reply.body, issuer=self._issuer)
        reply = await self._upstream.request(call, _get(metadata.jwks_uri), deadline=deadline)
        told = wire.decoded(reply.body, wire.KeySet).keys
        return _Page(metadata, tuple(filter(None, map(jwts.read_key, told))), read_at)


def _get(address: str) -> Request:
    return Request("GET", address, {"Accept": "application/json"})
