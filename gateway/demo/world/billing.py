"""Issues the notice of a month: once, or after one that was cancelled, or again when the first was wrong."""

from dataclasses import dataclass, field, replace
from random import Random

from gateway.demo.world.account import Account
from gateway.demo.world.charges import Lines
from gateway.demo.world.ledger import Ledger, signed_cents
from gateway.demo.world.model import Notice
from gateway.demo.world.months import BillingMonth
from gateway.demo.world.numbers import notice_number
from gateway.demo.world.tariff import credit


@dataclass(frozen=True, slots=True)
class Billing:
    """The notices of one account while they are issued, oldest first, and the ledger their lines go to."""

    rng: Random
    account: Account
    ledger: Ledger
    notices: list[Notice] = field(default_factory=list)

    def issue(self, month: BillingMonth, *, lines: Lines, back: int, collected: bool) -> None:
        """Issue the notice of `month`, `back` months before the latest one, and post its lines."""
        notice = self._draft(month, lines=lines, collected=collected)
        self.ledger.charge(lines, period=month.period, on=month.issued_on)
        profile = self.account.profile.notices
        if back in profile.cancelled:
            notice = self._after_a_cancelled_one(notice)
        if back in profile.reissued and month.reissued_on <= self.account.last_night:
            notice = self._again(notice, month=month)
        self.notices.append(replace(notice, pdf=profile.pdf[back]) if back in profile.pdf else notice)

    def _draft(self, month: BillingMonth, *, lines: Lines, collected: bool) -> Notice:
        amount_due_cents = self.ledger.balance_cents + signed_cents(lines)
        return Notice(
            number=notice_number(self.account.index, period=month.period, rank=1),
            period=month.period,
            issued_on=month.issued_on,
            due_on=month.due_on,
            state="EMIS",
            replaced_by=None,
            brought_forward_cents=self.ledger.balance_cents,
            lines=lines,
            amount_due_cents=amount_due_cents,
            collection_on=month.due_on if collected and amount_due_cents > 0 else None,
            pdf="PRESENT",
        )

    def _after_a_cancelled_one(self, notice: Notice) -> Notice:
        """A first run had left out all lines but one: its notice stays in the books, cancelled."""
        lines = notice.lines[:1]
        due = notice.brought_forward_cents + lines[0].cents
        self.notices.append(replace(notice, state="ANNULE", lines=lines, amount_due_cents=due, collection_on=None))
        return replace(notice, number=self._number_after(notice))

    def _again(self, notice: Notice, *, month: BillingMonth) -> Notice:
        """A line in the tenant's favour had been left out: the notice is replaced some days later."""
        cents = self.rng.randint(5_00, 40_00)
        left_out = credit("REG", "Correction de provision pour charges", cents, lease=self.account.main_lease)
        self.ledger.charge((left_out,), period=month.period, on=month.reissued_on)
        number = self._number_after(notice)
        self.notices.append(replace(notice, state="REMPLACE", replaced_by=number))
        amount_due_cents = notice.amount_due_cents - left_out.cents
        return replace(
            notice,
            number=number,
            issued_on=month.reissued_on,
            lines=(*notice.lines, left_out),
            amount_due_cents=amount_due_cents,
            collection_on=notice.collection_on if amount_due_cents > 0 else None,
        )

    def _number_after(self, notice: Notice) -> str:
        """The next number of the same month."""
        return notice_number(self.account.index, period=notice.period, rank=int(notice.number[-2:]) + 1)
