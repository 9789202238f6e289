"""Three years of one account: the notices, the entries they make, and the money that came in.

Two things always hold. The entries of a month add up to the total of the notice in force for it.
What a notice brings forward is the balance of the entries of other months posted before it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from gateway.demo.world.account import Account
from gateway.demo.world.billing import Billing
from gateway.demo.world.charges import draw_charges
from gateway.demo.world.departure import settle_departure
from gateway.demo.world.ledger import Ledger
from gateway.demo.world.model import Entry, Notice
from gateway.demo.world.payments import Payer


@dataclass(frozen=True, slots=True)
class Books:
    """The finished books. `balance_cents` is the sum of the entries; positive is owed by the tenant."""

    entries: tuple[Entry, ...]
    notices: tuple[Notice, ...]
    balance_cents: int


def keep_books(rng: Random, *, account: Account, billed_litres: Mapping[str, int]) -> Books:
    """Write the books; `billed_litres` is the metered cold water by the month (YYYY-MM) it is billed in."""
    charges = draw_charges(rng, account=account, billed_litres=billed_litres)
    ledger = Ledger(account.index)
    billing = Billing(rng, account, ledger)
    payer = Payer(rng, account, ledger, charges.monthly_cents)
    months = account.months()
    overdue = sum(month.due_on < account.today for month in months)
    for position, (month, lines) in enumerate(zip(months, charges.by_month, strict=True)):
        back, overdue_back = len(months) - 1 - position, overdue - 1 - position
        collected = account.profile.money.method == "PRLV" and not payer.keeps_back(overdue_back=overdue_back)
        billing.issue(month, lines=lines, back=back, collected=collected)
        payer.pay(month, back=back, overdue_back=overdue_back)
    settle_departure(rng, account=account, ledger=ledger, deposit_cents=charges.deposit_cents)
    return Books(tuple(ledger.entries), tuple(billing.notices), ledger.balance_cents)
