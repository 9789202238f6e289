"""What an operator may do to one account at three in the morning. Each act is one transaction with its own line.

The acts work beside gateways that serve: these go by the store, and notice ended sessions within two seconds.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from gateway.auth.administered import (
    AccountShown,
    Closed,
    CredentialShown,
    GuardShown,
    LineShown,
    Revoked,
    SessionShown,
    StaffAdded,
    Unlocked,
)
from gateway.auth.lockout import settle
from gateway.auth.reference import charged_as, normalise
from gateway.auth.sessions import Sessions
from gateway.auth.staff import StaffMember
from gateway.auth.trail import OPERATOR, Trail, ticket
from gateway.auth.vault import Vault
from gateway.auth.visitor import bucket_of
from gateway.domain.access import KnownDevice, OnlineAccount
from gateway.domain.audit import Action, AuditEntry
from gateway.domain.lockout import LockoutRules, Phase
from gateway.ports.store import Store, Transaction

T = TypeVar("T")
Work: TypeAlias = Callable[[Transaction, OnlineAccount | None], Awaitable[T]]

DONE, NO_ACCOUNT = "Done", "NoAccount"
"""Outcomes in the trail."""

_LINES = 20


@dataclass(frozen=True, slots=True)
class Administration:
    """The acts. `reference` is an account reference in any spelling; `reason` is the number of a ticket.

    All may raise StoreError, or ValueError for a reason that is none: then nothing was done.
    """

    store: Store
    rules: LockoutRules
    sessions: Sessions
    vault: Vault
    trail: Trail

    async def show(self, reference: str, *, reason: str) -> AccountShown:
        """How the account and its guard stand, and the latest lines of its trail."""

        async def work(tx: Transaction, account: OnlineAccount | None) -> AccountShown:
            sessions = await tx.sessions_of(account.id, now=tx.now) if account else ()
            return AccountShown(
                reference=charged_as(reference),
                exists=account is not None,
                credential=_credential(account) if account else None,
                held_for_assistance=await tx.is_held(),
                guards=await self._guards(tx, account),
                sessions=tuple(SessionShown(one.id, one.channel, one.started_at, one.last_seen_at) for one in sessions),
                trail=await self._latest(tx, reference, account),
            )

        return await self._act(Action.ACCOUNT_SHOWN, reference, reason=reason, work=work)

    async def unlock(self, reference: str, *, reason: str) -> Unlocked:
        """Opens every bucket of the guard and takes the hold away. A disabled password stays so: it may be known."""

        async def work(tx: Transaction, account: OnlineAccount | None) -> Unlocked:
            guards, was_held = await self._guards(tx, account), await tx.is_held()
            await tx.forget_guards()
            await tx.release()
            was_blocked = any(guard.phase is not Phase.OPEN for guard in guards)
            return Unlocked(charged_as(reference), account is not None, was_blocked=was_blocked, was_held=was_held)

        return await self._act(Action.ACCOUNT_UNLOCKED, reference, reason=reason, work=work)

    async def close(self, reference: str, *, reason: str) -> Closed:
        """Removes the online account with its password, sessions, devices and links; the lease stays in the ERP."""

        async def work(tx: Transaction, account: OnlineAccount | None) -> Closed:
            ended = await tx.close_sessions(account.id) if account else ()
            await tx.end_links()
            if account:
                await tx.remove_account(account.id)
            return Closed(charged_as(reference), account is not None, len(ended))

        return await self._act(Action.ACCOUNT_CLOSED, reference, reason=reason, work=work)

    async def revoke_sessions(self, reference: str, *, reason: str) -> Revoked:
        """Ends every open session of the account and forgets its devices: any of them may be in other hands."""

        async def work(tx: Transaction, account: OnlineAccount | None) -> Revoked:
            ended = await tx.close_sessions(account.id) if account else ()
            if account:
                await tx.remove_devices(account.id)
            return Revoked(charged_as(reference), account is not None, len(ended))

        return await self._act(Action.SESSION_REVOKED, reference, reason=reason, work=work)

    async def add_staff(self, member: StaffMember) -> StaffAdded:
        """A session for somebody who has no provider to sign in at. Its token leaves only once its line is written."""
        opened = await self.sessions.open_for_staff(member)
        session, subject = opened.session, self.trail.actor(opened.session)
        await self.store.append_audit(
            AuditEntry(session.started_at, Action.STAFF_ADDED, member.role.value, OPERATOR, subject, session.id)
        )
        return StaffAdded(member.name, member.role, session.expires_at, opened.token)

    async def _act(self, action: Action, reference: str, *, reason: str, work: Work[T]) -> T:
        """What `work` returns, done together with its line; of an account that does not exist, there is a line too."""
        ticket(reason)

        async def with_line(tx: Transaction) -> T:
            account = await tx.account(normalise(reference) or "")
            done = await work(tx, account)
            outcome = DONE if account else NO_ACCOUNT
            subject = self.trail.about(reference)
            await tx.append_audit(AuditEntry(tx.now, action, outcome, OPERATOR, subject, reason=reason))
            return done

        return await self.store.transact(self.vault.subject(reference), with_line)

    async def _guards(self, tx: Transaction, account: OnlineAccount | None) -> tuple[GuardShown, ...]:
        devices = await tx.devices_of(account.id) if account else ()
        return tuple([await self._guard(tx, device) for device in (None, *devices)])

    async def _guard(self, tx: Transaction, device: KnownDevice | None) -> GuardShown:
        guard = settle(await tx.guard(bucket_of(device)), now=tx.now, rules=self.rules)
        return GuardShown(
            device=device.id if device else None,
            phase=guard.phase,
            failures=guard.failures,
            recreations=guard.recreations,
            failures_today=len(guard.spent),
            until=guard.until,
        )

    async def _latest(self, tx: Transaction, reference: str, account: OnlineAccount | None) -> tuple[LineShown, ...]:
        """What was done to the reference, and what its holder did in sessions: newest first."""
        lines = [*await tx.audit_of(self.trail.about(reference), first=_LINES)]
        if account:
            lines += await tx.audit_of(self.trail.tenant(account.id), first=_LINES)
        lines.sort(key=lambda line: line.at, reverse=True)
        return tuple(LineShown(line.at, line.action, line.outcome, line.actor) for line in lines[:_LINES])


def _credential(account: OnlineAccount) -> CredentialShown:
    return CredentialShown(
        created_at=account.created_at,
        set_at=account.credential_set_at,
        disabled_at=account.disabled_at,
        consecutive_failures=account.consecutive_failures,
        has_address=account.email is not None,
    )
