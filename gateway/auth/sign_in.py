"""Signing in with an account reference and a password."""

from dataclasses import dataclass, field
from typing import TypeAlias

import structlog

from gateway.auth.passwords import HashPool, HashPoolBusyError
from gateway.auth.reference import normalise
from gateway.auth.sessions import Sessions
from gateway.domain.access import Channel, OnlineAccount, Session
from gateway.ports.store import Store, StoreError

TENANT_CHANNELS = frozenset({Channel.WEB, Channel.MOBILE})
_STORE_RETRY_SECONDS = 5

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Credentials:
    """What somebody typed: any text, of any length."""

    reference: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session is open. Its token leaves the gateway in the answer to this request, and never again."""

    account: OnlineAccount = field(repr=False)
    session: Session
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class WrongCredentials:
    """No such account, or another password: the same answer, after the same work."""


@dataclass(frozen=True, slots=True)
class ServiceBusy:
    """No answer about the credentials: too many sign-ins at this moment, or the store does not answer."""

    retry_after_seconds: int


SignInOutcome: TypeAlias = SignedIn | WrongCredentials | ServiceBusy


class SignIn:
    """The use case, without the lockout: that comes with the rules of recovery, and before production."""

    def __init__(self, store: Store, *, passwords: HashPool, sessions: Sessions) -> None:
        self._store = store
        self._passwords = passwords
        self._sessions = sessions

    async def __call__(self, credentials: Credentials, *, channel: Channel, device: str | None = None) -> SignInOutcome:
        """Checks the password, against a dummy if need be, then opens a session. Never raises StoreError.

        `device` is what the client calls itself, any text. ValueError for a channel that is none of tenants.
        """
        if channel not in TENANT_CHANNELS:
            raise ValueError(f"tenants do not sign in on the channel {channel}")
        try:
            outcome = await self._check(credentials, channel=channel, device=device)
        except HashPoolBusyError as busy:
            outcome = ServiceBusy(busy.retry_after_seconds)
        except StoreError:
            log.exception("sign_in.store_failed")
            outcome = ServiceBusy(_STORE_RETRY_SECONDS)
        log.info("sign_in.finished", outcome=type(outcome).__name__, channel=channel.value)
        return outcome

    async def _check(self, credentials: Credentials, *, channel: Channel, device: str | None) -> SignInOutcome:
        reference = normalise(credentials.reference)
        account = await self._store.account(reference) if reference else None
        encoded = account.password_hash if account else None
        is_right = await self._passwords.verify(credentials.password, against=encoded)
        if account is None or not is_right:
            return WrongCredentials()
        opened = await self._sessions.open(account, channel=channel, device=device)
        return SignedIn(account, opened.session, opened.token) if opened else WrongCredentials()
