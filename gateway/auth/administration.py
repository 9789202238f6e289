"""What an operator may do to one account at three in the morning. Each act is one transaction with its own line."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from gateway.auth.lockout import settle
from gateway.auth.reference import charged_as, normalise
from gateway.auth.sessions import Sessions
from gateway.auth.trail import OPERATOR, Trail
from gateway.auth.vault import Vault
from gateway.domain.audit import Action, AuditEntry
from gateway.domain.lockout import UNKNOWN_DEVICES, LockoutRules
from gateway.ports.store import Store, Transaction

Shown: TypeAlias = Mapping[str, object]

_LINES = 20


@dataclass(frozen=True, slots=True)
class Administration:
    """The acts. `reference` is an account reference in any spelling; `reason` is a ticket. All may raise StoreError."""

    store: Store
    rules: LockoutRules
    sessions: Sessions
    vault: Vault
    trail: Trail

    async def show(self, reference: str, *, reason: str) -> Shown:
        """What is known of an account and its guard: states, counts and instants; no name, no address, no secret."""

        async def work(tx: Transaction) -> Shown:
            account = await tx.account(normalise(reference) or "")
            guard = settle(await tx.guard(UNKNOWN_DEVICES), now=tx.now, rules=self.rules)
            sessions = await tx.sessions_of(account.id, now=tx.now) if account else ()
            lines = [*await tx.audit_of(self.trail.about(reference), first=_LINES)]
            lines += await tx.audit_of(self.trail.tenant(account.id), first=_LINES) if account else ()
            lines.sort(key=lambda line: line.at, reverse=True)
            await tx.append_audit(self._line(Action.ACCOUNT_SHOWN, reference, tx=tx, reason=reason))
            return {
                "reference": charged_as(reference),
                "exists": account is not None,
                "created_at": account.created_at.isoformat() if account else None,
                "credential": None if account is None else "DISABLED" if account.disabled_at else "ACTIVE",
                "consecutive_failures": account.consecutive_failures if account else None,
                "guard": {
                    "phase": guard.phase.value,
                    "failures": guard.failures,
                    "recreations": guard.recreations,
                    "failures_today": len(guard.spent),
                    "until": guard.until.isoformat() if guard.until else None,
                },
                "held_for_assistance": await tx.is_held(),
                "sessions": [
                    {"id": one.id, "channel": one.channel.value, "last_seen_at": one.last_seen_at.isoformat()}
                    for one in sessions
                ],
                "devices": len(await tx.devices_of(account.id)) if account else 0,
                "trail": [
                    {"at": line.at.isoformat(), "action": line.action.value, "outcome": line.outcome}
                    for line in lines[:_LINES]
                ],
            }

        return await self.store.transact(self.vault.subject(reference), work)

    async def unlock(self, reference: str, *, reason: str) -> Shown:
        """Opens every bucket of the guard and takes the hold away. A disabled password stays so: it may be known."""

        async def work(tx: Transaction) -> Shown:
            was_held = await tx.is_held()
            await tx.forget_guards()
            await tx.release()
            await tx.append_audit(self._line(Action.ACCOUNT_UNLOCKED, reference, tx=tx, reason=reason))
            return {"reference": charged_as(reference), "was_held": was_held, "unlocked": True}

        return await self.store.transact(self.vault.subject(reference), work)

    async def close(self, reference: str, *, reason: str) -> Shown:
        """Removes the online account with its password, sessions, devices and links; the lease stays in the ERP."""

        async def work(tx: Transaction) -> Shown:
            account = await tx.account(normalise(reference) or "")
            if account is not None:
                self.sessions.forget(await tx.close_sessions(account.id))
                await tx.end_links()
                await tx.remove_account(account.id)
            await tx.append_audit(self._line(Action.ACCOUNT_CLOSED, reference, tx=tx, reason=reason))
            return {"reference": charged_as(reference), "closed": account is not None}

        return await self.store.transact(self.vault.subject(reference), work)

    async def revoke_sessions(self, reference: str, *, reason: str) -> Shown:
        """Ends every open session of the account; running gateways notice within two seconds."""

        async def work(tx: Transaction) -> Shown:
            account = await tx.account(normalise(reference) or "")
            ended = await tx.close_sessions(account.id) if account else ()
            self.sessions.forget(ended)
            await tx.append_audit(self._line(Action.SESSION_REVOKED, reference, tx=tx, reason=reason))
            return {"reference": charged_as(reference), "ended": len(ended)}

        return await self.store.transact(self.vault.subject(reference), work)

    def _line(self, action: Action, reference: str, *, tx: Transaction, reason: str) -> AuditEntry:
        return AuditEntry(tx.now, action, "Done", OPERATOR, self.trail.about(reference), reason=reason)
