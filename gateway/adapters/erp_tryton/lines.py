"""Lines of moves on receivable accounts: what is owed, as the accountants posted it.

Drafts are left out by every question: Tryton's own `receivable` counts them.
"""

import msgspec

from gateway.adapters.erp_tryton.values import Amount, Day
from gateway.adapters.erp_tryton.wire import OfParty
from gateway.domain.money import Money

POSTED = (("account.type.receivable", "=", True), ("move.state", "=", "posted"))


class MoveDate(msgspec.Struct, frozen=True):
    """A move with its day of effect."""

    date: Day


class Line(OfParty, frozen=True):
    """One line; `debit` and `credit` are never both other than zero."""

    debit: Amount
    credit: Amount

    @property
    def signed(self) -> Money:
        """The amount as it moves the balance: positive is owed by the tenant."""
        return self.debit.money - self.credit.money
