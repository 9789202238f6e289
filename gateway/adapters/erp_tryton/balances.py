"""Balances in Tryton: struck from the lines that are still open, since those matched come to zero."""

from collections.abc import Sequence
from datetime import date

import msgspec

from gateway.adapters.erp_tryton.conventions import DISPUTED
from gateway.adapters.erp_tryton.lines import POSTED, Line, MoveDate
from gateway.adapters.erp_tryton.values import Day
from gateway.adapters.erp_tryton.wire import Coded, Query
from gateway.domain.identifiers import AccountId
from gateway.domain.ledger import StoredBalance
from gateway.domain.money import ZERO, total


class OpenLine(Line, frozen=True):
    """A line that is matched with nothing yet (not lettered)."""

    maturity_date: Day | None
    account: Coded = msgspec.field(name="account.")
    move: MoveDate = msgspec.field(name="move.")

    @property
    def due_on(self) -> date:
        """The due date; without one, as for money received, the day of effect."""
        return (self.maturity_date or self.move.date).value


def open_lines(codes: Sequence[str]) -> Query:
    """All open lines of the parties with these codes."""
    where = (("party.code", "in", codes), *POSTED, ("reconciliation", "=", None))
    fields = ("debit", "credit", "maturity_date", "account.code", "party.code", "move.date")
    return Query("account.move.line", where, fields)


def read_balance(code: str, lines: Sequence[OpenLine], *, today: date) -> StoredBalance:
    """The balance that `lines`, all open ones of an account, make on `today`.

    A debt is overdue from the day after its due date; money counts from the day it came in.
    """
    owed = total(line.signed for line in lines)
    late = total(line.signed for line in lines if _counts(line, today))
    to_come = (line.due_on for line in lines if line.signed > ZERO and line.due_on >= today)
    return StoredBalance(
        account_id=AccountId(code),
        total=owed,
        overdue=max(late, ZERO),
        next_due_on=min(to_come, default=None) if owed > ZERO else None,
        disputed=total(line.signed for line in lines if line.account.code.startswith(DISPUTED)),
    )


def _counts(line: OpenLine, today: date) -> bool:
    return line.due_on < today if line.signed > ZERO else line.due_on <= today
