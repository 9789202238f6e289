"""A signed-in tenant chooses another password; also the yearly renewal."""

from dataclasses import dataclass, field
from typing import TypeAlias

import structlog

from gateway.auth.credentials import AccountReady, NewPasswords, PasswordRejected
from gateway.auth.guard import Guard, report_failure, report_success
from gateway.auth.knocking import Action as Knock
from gateway.auth.knocking import Knocking
from gateway.auth.lockout import Accepted, Failed, Permitted, RecreationOffered, Suspended
from gateway.auth.outcomes import Outcomes, ServiceBusy, WrongCredentials
from gateway.auth.passwords import HashPool, Seat
from gateway.auth.sessions import Sessions
from gateway.auth.trail import Trail
from gateway.auth.vault import Vault
from gateway.auth.visitor import Visitor, bucket_of
from gateway.auth.wrong_passwords import WrongPasswords
from gateway.domain.access import KnownDevice, OnlineAccount, Session
from gateway.domain.audit import Action
from gateway.domain.letter import Language
from gateway.domain.lockout import Bucket, LockoutRules, Subject
from gateway.ports.store import Store, Transaction

log = structlog.get_logger()

ChangeOutcome: TypeAlias = (
    AccountReady | PasswordRejected | WrongCredentials | RecreationOffered | Suspended | ServiceBusy
)


@dataclass(frozen=True, slots=True)
class Change:
    """The present and the new password, any two texts, and the words that the new one may not be built on."""

    current: str = field(repr=False)
    new: str = field(repr=False)
    personal_words: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class _Owner:
    session: Session
    account: OnlineAccount
    subject: Subject
    bucket: Bucket
    language: Language


@dataclass(frozen=True, slots=True)
class ChangePassword:
    """The use case. The present password is charged like one at sign-in: a session left open is no way around."""

    store: Store
    guard: Guard
    rules: LockoutRules
    passwords: HashPool
    new_passwords: NewPasswords
    sessions: Sessions
    vault: Vault
    trail: Trail
    knocking: Knocking
    outcomes: Outcomes = field(default_factory=Outcomes)

    async def __call__(self, change: Change, *, session: Session, visitor: Visitor) -> ChangeOutcome:
        """Ends every session of the account, this one too, when the password changes. Never raises StoreError."""
        return await self.outcomes.or_busy(self._admitted(change, session, visitor), event="password_change")

    async def _admitted(self, change: Change, session: Session, visitor: Visitor) -> ChangeOutcome:
        if wait := await self.knocking.admit(visitor.source, action=Knock.SIGN_IN):
            return ServiceBusy(wait.seconds)
        account = await self.store.account_by_id(session.account_id) if session.account_id else None
        if account is None:
            return WrongCredentials()
        bucket = bucket_of(await self._device(session, account))
        owner = _Owner(session, account, self.vault.subject(account.reference), bucket, visitor.language)
        seat = self.passwords.seat(source=visitor.neighbours)
        async with self.guard.reserved(owner.subject, bucket=bucket, admission=seat) as reservation:
            match reservation:
                case Permitted():
                    refusal = await self._check(owner, change.current, seat=seat, permitted=reservation)
                    return refusal or await self._change(owner, change, seat=seat)
                case RecreationOffered() | Suspended():
                    return reservation
                case _:
                    return ServiceBusy(1)

    async def _device(self, session: Session, account: OnlineAccount) -> KnownDevice | None:
        """The device that the session was opened on, unless it was forgotten: strangers do not lock its holder out."""
        devices = await self.store.devices_of(account.id)
        return next((device for device in devices if device.id == session.device_id), None)

    async def _check(
        self, owner: _Owner, password: str, *, seat: Seat, permitted: Permitted
    ) -> WrongCredentials | RecreationOffered | Suspended | ServiceBusy | None:
        """Why the present password does not do; None when it is right."""
        encoded = owner.account.password_hash if owner.account.disabled_at is None else None
        is_right = await seat.verify(password, against=encoded)

        async def work(tx: Transaction) -> WrongCredentials | RecreationOffered | Suspended | ServiceBusy | None:
            rule = report_success if is_right else report_failure
            report = await rule(tx, bucket=owner.bucket, permitted=permitted, rules=self.rules)
            if isinstance(report, Accepted):
                return None
            await self._note(tx, owner, type(report).__name__)
            if not is_right:
                wrong = WrongPasswords(self.vault, self.rules)
                await wrong.follow_up(tx, report, reference=owner.account.reference, account=owner.account)
            match report:
                case RecreationOffered() | Suspended():
                    return report
                case Failed():
                    return WrongCredentials()
                case _:
                    return ServiceBusy(1)

        return await self.store.transact(owner.subject, work)

    async def _change(self, owner: _Owner, change: Change, *, seat: Seat) -> ChangeOutcome:
        account = owner.account
        reasons = await self.new_passwords.reasons_against(
            change.new,
            personal=(*change.personal_words, account.reference),
            present_hash=account.password_hash,
            seat=seat,
        )
        if reasons:
            return PasswordRejected(reasons)
        password_hash = await seat.hash(change.new)

        async def work(tx: Transaction) -> ChangeOutcome:
            present = await tx.account_by_id(account.id)
            if present is None or present.credential_version != account.credential_version:
                return WrongCredentials()
            await self.new_passwords.tell_holder(tx, present, language=owner.language)
            ready = await self.new_passwords.put_into_effect(tx, present, password_hash=password_hash)
            await self._note(tx, owner, "Changed")
            return ready

        outcome = await self.store.transact(owner.subject, work)
        if isinstance(outcome, AccountReady):
            self.sessions.forget(outcome.ended)
        return outcome

    async def _note(self, tx: Transaction, owner: _Owner, outcome: str) -> None:
        await tx.append_audit(self.trail.by_session(Action.PASSWORD_CHANGED, outcome, at=tx.now, session=owner.session))
