"""What is owed: stored balances and the entries behind them."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from gateway.domain.identifiers import AccountId
from gateway.domain.ledger import LedgerExtract, StoredBalance
from gateway.ports.answers import Batch
from gateway.ports.deadline import Deadline


class LedgerPort(Protocol):
    """Balances and entries of rental accounts, amounts in exact cents, positive owed by the tenant."""

    async def balances(self, accounts: Sequence[AccountId], *, deadline: Deadline) -> Batch[AccountId, StoredBalance]:
        """The balance of each account as the system itself closed it; the origin's `as_of` is that closing.

        An amount that cannot be read exactly fails that account with UpstreamGarbledError, never becomes zero.
        """

    async def entries(
        self, accounts: Sequence[AccountId], *, since: date | None, until: date | None, deadline: Deadline
    ) -> Batch[AccountId, LedgerExtract]:
        """The entries of each account whose value date lies in the range, both ends inclusive, none left out.

        Posted entries only: drafts have no effect. `Missing` for an account the system does not know.
        """
