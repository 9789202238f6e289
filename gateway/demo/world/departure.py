"""The account after the tenant has left: the deposit goes back, less what the inventory found."""

from datetime import timedelta
from random import Random

from gateway.demo.world.account import Account
from gateway.demo.world.ledger import Ledger, Movement

_SETTLED_AFTER = timedelta(days=60)
"""The deposit is due back within two months of the keys."""
_REFUNDED_AFTER = timedelta(days=68)


def settle_departure(rng: Random, *, account: Account, ledger: Ledger, deposit_cents: int) -> None:
    """Post the exit account, and the refund of what is then in the tenant's favour."""
    vacated_on = account.tenure.ends_on
    if account.profile.home.stage != "ENDED" or vacated_on is None:
        return
    settled_on, refunded_on = vacated_on + _SETTLED_AFTER, vacated_on + _REFUNDED_AFTER
    if settled_on <= account.last_night:
        repairs_cents = round(deposit_cents * rng.uniform(0.05, 0.60))
        repairs = Movement("OD", "Décompte de sortie : réparations locatives", "D", repairs_cents)
        ledger.move(repairs, value_on=vacated_on, posted_on=settled_on)
        deposit = Movement("DEP", "Restitution du dépôt de garantie", "C", deposit_cents)
        ledger.move(deposit, value_on=vacated_on, posted_on=settled_on)
    if refunded_on <= account.last_night and ledger.balance_cents < 0:
        refund = Movement("REM", "Remboursement au locataire", "D", -ledger.balance_cents, method="VIR")
        ledger.move(refund, value_on=refunded_on, posted_on=refunded_on)
