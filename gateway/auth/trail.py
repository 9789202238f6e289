"""Lines for the audit trail, with pseudonyms in the place of people."""

import re
from dataclasses import dataclass
from datetime import datetime

from gateway.auth.vault import Vault
from gateway.domain.access import OnlineAccountId, Session
from gateway.domain.audit import Action, AuditEntry

STRANGER, OPERATOR, GATEWAY = "stranger", "operator", "gateway"
"""Actors without a pseudonym: somebody who has not signed in, whoever runs commands on the server, ourselves."""

_TICKET = re.compile(r"(?=.*[0-9])[A-Za-z0-9][A-Za-z0-9#./_-]{0,39}")


def ticket(text: str) -> str:
    """`text`, when it is the number of a ticket: the trail holds no stories, in which there would be names. ValueError.

    Letters, digits and #./_- without spaces, at least one digit, at most 40 characters: INC-1234, 2026/118.
    """
    if not _TICKET.fullmatch(text):
        raise ValueError("a reason is the number of a ticket, for example INC-1234: no spaces, at most 40 characters")
    return text


@dataclass(frozen=True, slots=True)
class Trail:
    """Makes the lines; the transaction that does what they tell appends them."""

    vault: Vault

    def about(self, reference: str) -> str:
        """The pseudonym of an account reference, also of one that no account has."""
        return self.vault.pseudonym("account", self.vault.subject(reference).hex())

    def actor(self, session: Session) -> str:
        """The pseudonym of whoever a session belongs to."""
        if session.account_id is not None:
            return self.tenant(session.account_id)
        return self.staff(session.staff_person or "")

    def staff(self, name: str) -> str:
        """The pseudonym of a member of staff."""
        return self.vault.pseudonym("staff", name)

    def tenant(self, account_id: OnlineAccountId) -> str:
        """The pseudonym of the holder of an account, as an actor."""
        return self.vault.pseudonym("tenant", account_id)

    def by_stranger(self, action: Action, outcome: str, *, at: datetime, reference: str) -> AuditEntry:
        """Something that somebody who has not signed in did to an account."""
        return AuditEntry(at, action, outcome, STRANGER, self.about(reference))

    def by_gateway(self, action: Action, outcome: str, *, at: datetime, reference: str) -> AuditEntry:
        """Something that was done to an account without anybody waiting for it."""
        return AuditEntry(at, action, outcome, GATEWAY, self.about(reference))

    def by_session(self, action: Action, outcome: str, *, at: datetime, session: Session) -> AuditEntry:
        """Something done in a session, to the account it belongs to if any."""
        actor = self.actor(session)
        subject = actor if session.account_id is not None else None
        return AuditEntry(at, action, outcome, actor, subject, session.id)
