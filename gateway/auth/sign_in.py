"""Signing in with an account reference and a password.

Admission to the pool of hashes comes before the reservation, so that a full queue costs nobody an attempt; the
reservation comes before the check, so that no guess is free; the report, the session and the line of the trail are one
transaction. An unknown reference takes the same way, with a hash that nothing matches.
"""

from dataclasses import dataclass, field, replace
from typing import TypeAlias

import structlog

from gateway.auth.guard import Guard, report_failure, report_success
from gateway.auth.knocking import Action as Knock
from gateway.auth.knocking import Knocking
from gateway.auth.lockout import Accepted, Failed, Permitted, RecreationOffered, Suspended
from gateway.auth.outcomes import Outcomes, ServiceBusy, WrongCredentials
from gateway.auth.passwords import HashPool, Seat
from gateway.auth.reference import normalise
from gateway.auth.sessions import Sessions, device_name
from gateway.auth.tokens import new_id, new_token, token_sha256
from gateway.auth.trail import Trail
from gateway.auth.vault import Vault
from gateway.auth.visitor import Visitor, bucket_of
from gateway.auth.wrong_passwords import WrongPasswords
from gateway.domain.access import Channel, DeviceId, KnownDevice, OnlineAccount, Session
from gateway.domain.audit import Action
from gateway.domain.lockout import Bucket, LockoutRules, Subject
from gateway.ports.store import Store, Transaction

TENANT_CHANNELS = frozenset({Channel.WEB, Channel.MOBILE})

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Credentials:
    """What somebody typed, any text, on which channel; `device` is what the client calls itself, any text too."""

    reference: str
    password: str = field(repr=False)
    channel: Channel = Channel.WEB
    device: str | None = None

    def __post_init__(self) -> None:
        if self.channel not in TENANT_CHANNELS:
            raise ValueError(f"tenants do not sign in on the channel {self.channel}")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session is open. Its tokens leave the gateway in the answer to this request, and never again.

    `device_token` is set when the device was not known: it is known from now on.
    """

    account: OnlineAccount = field(repr=False)
    session: Session
    token: str = field(repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    device_token: str | None = field(default=None, repr=False)


SignInOutcome: TypeAlias = SignedIn | WrongCredentials | RecreationOffered | Suspended | ServiceBusy


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One guess: at what, from where, and the account as it was when the guess was permitted."""

    credentials: Credentials
    subject: Subject
    bucket: Bucket
    device: KnownDevice | None
    account: OnlineAccount | None


@dataclass(frozen=True, slots=True)
class SignIn:
    """The use case."""

    store: Store
    guard: Guard
    rules: LockoutRules
    passwords: HashPool
    sessions: Sessions
    vault: Vault
    trail: Trail
    knocking: Knocking
    outcomes: Outcomes = field(default_factory=Outcomes)

    async def __call__(self, credentials: Credentials, *, visitor: Visitor) -> SignInOutcome:
        """Checks the password, against a dummy if need be, then opens a session. Never raises StoreError."""
        return await self.outcomes.or_busy(self._admitted(credentials, visitor), event="sign_in")

    async def _admitted(self, credentials: Credentials, visitor: Visitor) -> SignInOutcome:
        if wait := await self.knocking.admit(visitor.source, action=Knock.SIGN_IN):
            return ServiceBusy(wait.seconds)
        subject = self.vault.subject(credentials.reference)
        reference = normalise(credentials.reference)
        account = await self.store.account(reference) if reference else None
        device = await visitor.device_for(account, self.store)
        seat = self.passwords.seat(source=visitor.neighbours)
        async with self.guard.reserved(subject, bucket=bucket_of(device), admission=seat) as reservation:
            match reservation:
                case Permitted():
                    attempt = _Attempt(credentials, subject, bucket_of(device), device, account)
                    return await self._check(attempt, seat=seat, permitted=reservation)
                case RecreationOffered() | Suspended():
                    return reservation
                case _:
                    return ServiceBusy(1)

    async def _check(self, attempt: _Attempt, *, seat: Seat, permitted: Permitted) -> SignInOutcome:
        account, password = attempt.account, attempt.credentials.password
        encoded = account.password_hash if account and account.disabled_at is None else None
        if not await seat.verify(password, against=encoded):
            return await self.store.transact(attempt.subject, lambda tx: self._refuse(tx, attempt, permitted))
        assert account is not None  # noqa: S101 - nothing matches without a hash
        if self.passwords.needs_rehash(account.password_hash):
            account = replace(account, password_hash=await seat.hash(password))
        return await self.store.transact(attempt.subject, lambda tx: self._open(tx, attempt, account, permitted))

    async def _refuse(self, tx: Transaction, attempt: _Attempt, permitted: Permitted) -> SignInOutcome:
        report = await report_failure(tx, bucket=attempt.bucket, permitted=permitted, rules=self.rules)
        reference = attempt.credentials.reference
        await tx.append_audit(
            self.trail.by_stranger(Action.SIGN_IN, type(report).__name__, at=tx.now, reference=reference)
        )
        wrong = WrongPasswords(self.vault, self.rules)
        await wrong.follow_up(tx, report, reference=reference, account=attempt.account)
        match report:
            case RecreationOffered() | Suspended():
                return report
            case Failed():
                return WrongCredentials()
            case _:
                return ServiceBusy(1)

    async def _open(
        self, tx: Transaction, attempt: _Attempt, verified: OnlineAccount, permitted: Permitted
    ) -> SignInOutcome:
        report = await report_success(tx, bucket=attempt.bucket, permitted=permitted, rules=self.rules)
        account = await tx.account_by_id(verified.id)
        is_unchanged = account is not None and account.credential_version == verified.credential_version
        if not isinstance(report, Accepted) or account is None or not is_unchanged or account.disabled_at is not None:
            await tx.append_audit(
                self.trail.by_stranger(Action.SIGN_IN, "Late", at=tx.now, reference=attempt.credentials.reference)
            )
            return ServiceBusy(1)
        account = replace(account, consecutive_failures=0, password_hash=verified.password_hash)
        await tx.save_account(account)
        device, device_token = await self._device(tx, attempt, account)
        opened = await self.sessions.open(account, channel=attempt.credentials.channel, tx=tx, device=device)
        assert opened is not None  # noqa: S101 - the account was read in this transaction
        await tx.append_audit(self.trail.by_session(Action.SIGN_IN, "SignedIn", at=tx.now, session=opened.session))
        return SignedIn(account, opened.session, opened.token, opened.refresh_token, device_token)

    async def _device(
        self, tx: Transaction, attempt: _Attempt, account: OnlineAccount
    ) -> tuple[KnownDevice, str | None]:
        if attempt.device is not None:
            await tx.use_device(attempt.device.id)
            return attempt.device, None
        token, label = new_token(), device_name(attempt.credentials.device)
        device = KnownDevice(DeviceId(new_id()), account.id, label, created_at=tx.now, last_used_at=tx.now)
        await tx.add_device(device, token_sha256=token_sha256(token))
        return device, token
