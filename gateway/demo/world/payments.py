"""How a tenant pays: on time, late, too much, or with a payment that comes back."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from gateway.demo.world.account import Account
from gateway.demo.world.ledger import Ledger, Movement
from gateway.demo.world.model import Entry
from gateway.demo.world.months import BillingMonth
from gateway.demo.world.profile import Method, MoneyProfile

_LABELS: dict[Method, str] = {
    "PRLV": "Prélèvement SEPA",
    "CB": "Paiement par carte bancaire",
    "VIR": "Virement reçu",
    "TIP": "TIP SEPA",
    "CHQ": "Chèque",
    "ESP": "Espèces à La Poste",
    "TIERS": "Versement d’un tiers (FSL)",
}
_EARLY_DAYS: dict[Method, int] = {"PRLV": 0, "CB": 5, "VIR": 5, "TIP": 3, "CHQ": 4, "ESP": 5, "TIERS": 0}
_POSTING_DAYS: dict[Method, int] = {"PRLV": 0, "CB": 1, "VIR": 2, "TIP": 3, "CHQ": 4, "ESP": 4, "TIERS": 2}
_RETURN_DAYS = timedelta(days=5)
_SMALLEST_PART_CENTS = 20_00
"""Who is behind pays round sums or nothing, not the few cents a calculation leaves."""


@dataclass(frozen=True, slots=True)
class Payer:
    """Pays into one ledger by its habits, up to the night before the world is looked at."""

    rng: Random
    account: Account
    ledger: Ledger
    monthly_cents: int
    """What an ordinary month leaves to pay, to measure arrears in."""

    @property
    def _money(self) -> MoneyProfile:
        return self.account.profile.money

    def pay(self, month: BillingMonth, *, back: int, overdue_back: int) -> None:
        """Pay the notice of `month`, issued `back` months before the latest one, or part of it, or nothing.

        `overdue_back` counts from the latest notice that is past its due date; -1 when this one is not.
        """
        method = self._money.method
        value_on = month.due_on - timedelta(days=self.rng.randint(0, _EARLY_DAYS[method]))
        extra_cents = self._money.credit_cents if back == 0 else 0
        if extra_cents:
            value_on = min(value_on, self.account.last_night)
        kept_back_cents = self._kept_back_cents(overdue_back)
        cents = self.ledger.balance_cents + extra_cents - kept_back_cents
        smallest_cents = _SMALLEST_PART_CENTS if kept_back_cents else 1
        if value_on <= self.account.last_night and cents >= smallest_cents:
            receipt = self._receive(cents, value_on=value_on)
            if back == self._money.returned:
                self._return(receipt)

    def keeps_back(self, *, overdue_back: int) -> bool:
        """Whether something of the notice will be left unpaid."""
        return self._kept_back_cents(overdue_back) > 0

    def _kept_back_cents(self, overdue_back: int) -> int:
        months = self._money.arrears_months
        return round((months - overdue_back) * self.monthly_cents) if months > max(overdue_back, 0) else 0

    def _receive(self, cents: int, *, value_on: date) -> Entry:
        method = self._money.method
        posted_on = min(value_on + timedelta(days=_POSTING_DAYS[method]), self.account.last_night)
        movement = Movement(code="ENC", label=_LABELS[method], direction="C", cents=cents, method=method)
        return self.ledger.move(movement, value_on=value_on, posted_on=posted_on)

    def _return(self, receipt: Entry) -> None:
        returned_on = receipt.value_on + _RETURN_DAYS
        if returned_on > self.account.last_night:
            return
        movement = Movement(
            code="IMP",
            label="Paiement rejeté par la banque",
            direction="D",
            cents=receipt.cents,
            method=receipt.method,
            reverses=receipt.number,
        )
        self.ledger.move(movement, value_on=receipt.value_on, posted_on=returned_on)
