"""Links by which a holder creates the online account, or chooses a new password for it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.domain.identifiers import TenantId
from gateway.domain.lockout import Subject

LINK_LIFETIME = timedelta(minutes=30)
"""From the moment the letter is first sent."""

LINKS_A_DAY = 3
"""Letters with a link that one account reference causes in 24 hours, at most."""


@dataclass(frozen=True, slots=True)
class AccountLink:
    """One link, known by the hash of its token; only the letter holds the token.

    `sealed_address` is where it was sent, readable with the gateway's key only: it becomes the account's address.
    `expires_at` is None until the letter is sent. `ended_at` is when it was used, or replaced by a later one.
    `assistance_id` names the assistance request that it answers.
    """

    token_sha256: bytes
    subject: Subject
    reference: str
    tenant_id: TenantId
    sealed_address: bytes
    created_at: datetime
    expires_at: datetime | None = None
    ended_at: datetime | None = None
    assistance_id: str | None = None

    def is_valid_at(self, now: datetime) -> bool:
        """Whether it may still be used."""
        return self.ended_at is None and self.expires_at is not None and now < self.expires_at
