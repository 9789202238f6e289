"""The lines of every month: ordinary ones at that year's prices, metered water, and what the month brings."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from gateway.demo.world.account import Account
from gateway.demo.world.events import draw_events
from gateway.demo.world.ledger import signed_cents
from gateway.demo.world.model import NoticeLine
from gateway.demo.world.tariff import at_prices_of, draw_tariff, line

WATER_CENTS_PER_M3 = 309

Lines = tuple[NoticeLine, ...]


@dataclass(frozen=True, slots=True)
class Charges:
    """What is charged to one account."""

    ordinary: Lines
    """A month at this year's prices."""
    by_month: tuple[Lines, ...]
    """As many as the account has billed months, in their order."""
    deposit_cents: int
    """One month of rent without charges, as it was at the start of the lease."""

    @property
    def monthly_cents(self) -> int:
        """What an ordinary month leaves to pay."""
        return signed_cents(self.ordinary)


def draw_charges(rng: Random, *, account: Account, billed_litres: Mapping[str, int]) -> Charges:
    """Draw the charges; `billed_litres` is the metered cold water by the month (YYYY-MM) it is billed in."""
    ordinary = draw_tariff(rng, profile=account.profile, leases=account.leases)
    months = account.months()
    by_year = {
        year: at_prices_of(ordinary, years_ago=account.today.year - year) for year in {month.year for month in months}
    }
    events = draw_events(rng, account=account)
    starts_on = account.tenure.starts_on
    deposit_cents = at_prices_of(ordinary[:1], years_ago=account.today.year - starts_on.year)[0].cents
    by_month = []
    for position, month in enumerate(months):
        lines = by_year[month.year]
        if month.period in billed_litres:
            lines = _with_metered_water(lines, litres=billed_litres[month.period])
        if (month.year, month.month) == (starts_on.year, starts_on.month):
            lines = (*lines, line("DEP", "Dépôt de garantie", deposit_cents, lease=account.main_lease))
        by_month.append((*lines, *events.get(len(months) - 1 - position, ())))
    return Charges(ordinary, tuple(by_month), deposit_cents)


def _with_metered_water(lines: Lines, *, litres: int) -> Lines:
    """The advance on cold water gives way to what the meter says."""
    return tuple(_metered(each, litres=litres) if each.code == "EFR" else each for each in lines)


def _metered(advance: NoticeLine, *, litres: int) -> NoticeLine:
    return NoticeLine(
        code="EFR",
        label="Eau froide relevée",
        direction="D",
        cents=round(litres * WATER_CENTS_PER_M3 / 1000),
        lease_number=advance.lease_number,
        litres=litres,
        unit_price_cents=WATER_CENTS_PER_M3,
    )
