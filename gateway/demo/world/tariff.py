"""What a household is charged every month, before anything particular to one month.

Rents by financing (PLAI, PLUS, PLS, PLI) around 6.17 € per square metre, charges around 2 €; the housing
benefit (APL) and the solidarity reduction (RLS) are paid to the landlord and deducted.
"""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from gateway.demo.world.model import Lease, NoticeLine
from gateway.demo.world.profile import Profile

_RENT_EUROS_PER_M2 = {5.50: 0.09, 6.00: 0.80, 8.10: 0.06, 8.30: 0.05}
_RENT_DEVIATION, _RENT_FLOOR = 0.75, 3.50
_HEATING_SHARE, _COLD_WATER_SHARE, _HOT_WATER_SHARE = 0.42, 0.16, 0.12
_REDUCTION_CENTS = (46_21, 56_26, 62_29)
_REDUCTION_MORE_CENTS = 9_04
_YEARLY_RISE = 0.018
_INDEXED = frozenset({"LOY", "CHG", "CHF", "EFR", "ECH", "GAR", "ANX"})
"""What the yearly index (IRL) and the charges make dearer; aids are shown at today's amounts."""


def draw_tariff(rng: Random, *, profile: Profile, leases: tuple[Lease, ...]) -> tuple[NoticeLine, ...]:
    """The lines of an ordinary month at this year's prices, in the order they are printed."""
    surface_m2 = (leases[0].unit.surface_dm2 or 0) / 100
    rate = rng.choices(tuple(_RENT_EUROS_PER_M2), weights=tuple(_RENT_EUROS_PER_M2.values()))[0]
    rent = round(100 * surface_m2 * max(rng.gauss(rate, _RENT_DEVIATION), _RENT_FLOOR))
    charges = round(100 * surface_m2 * rng.lognormvariate(0.62, 0.30))
    number = leases[0].number
    lines = [
        line("LOY", "Loyer principal", rent, lease=number),
        *_advances(charges, profile=profile, lease=number),
    ]
    lines += _extras(rng, profile=profile, leases=leases)
    if profile.money.benefit:
        lines += _aids(rng, profile=profile, gross_cents=rent + charges, lease=number)
    return tuple(lines)


def at_prices_of(lines: tuple[NoticeLine, ...], *, years_ago: int) -> tuple[NoticeLine, ...]:
    """The same lines as they were `years_ago` calendar years before; negative looks ahead."""
    factor = (1 + _YEARLY_RISE) ** -years_ago
    return tuple(replace(each, cents=round(each.cents * factor)) if each.code in _INDEXED else each for each in lines)


def line(code: str, label: str, cents: int, *, lease: str) -> NoticeLine:
    """One line the tenant owes."""
    return NoticeLine(code, label, "D", cents, lease, litres=None, unit_price_cents=None)


def credit(code: str, label: str, cents: int, *, lease: str) -> NoticeLine:
    """One line in the tenant's favour."""
    return NoticeLine(code, label, "C", cents, lease, litres=None, unit_price_cents=None)


def _advances(charges: int, *, profile: Profile, lease: str) -> Iterator[NoticeLine]:
    """The monthly advances on charges: one general line and what is metered or heated in common."""
    water = profile.water
    heating = round(charges * _HEATING_SHARE) if profile.money.collective_heating else 0
    cold_water = round(charges * _COLD_WATER_SHARE) if water.cold and water.advanced else 0
    hot_water = round(charges * _HOT_WATER_SHARE) if water.hot and water.advanced else 0
    yield line("CHG", "Provision pour charges", charges - heating - cold_water - hot_water, lease=lease)
    if heating:
        yield line("CHF", "Provision chauffage", heating, lease=lease)
    if cold_water:
        yield line("EFR", "Provision eau froide", cold_water, lease=lease)
    if hot_water:
        yield line("ECH", "Provision eau chaude", hot_water, lease=lease)


def _extras(rng: Random, *, profile: Profile, leases: tuple[Lease, ...]) -> Iterator[NoticeLine]:
    number = leases[0].number
    if profile.home.garage:
        yield line("GAR", "Loyer garage", rng.randint(38_00, 62_00), lease=leases[1].number)
    if profile.home.cellar:
        yield line("ANX", "Cave", rng.randint(8_00, 19_00), lease=number)
    if profile.money.insured:
        yield line("ASS", "Contribution assurance habitation", rng.randint(7_50, 14_90), lease=number)
    if profile.money.supplement:
        yield line("SLS", "Supplément de loyer de solidarité", rng.randint(15_00, 140_00), lease=number)


def _aids(rng: Random, *, profile: Profile, gross_cents: int, lease: str) -> Iterator[NoticeLine]:
    yield credit("APL", "Aide personnalisée au logement", round(gross_cents * rng.uniform(0.15, 0.58)), lease=lease)
    if rng.random() < 0.6:
        dependants = max(profile.home.persons - 3, 0)
        table = _REDUCTION_CENTS[min(profile.home.persons, 3) - 1] + dependants * _REDUCTION_MORE_CENTS
        reduction = min(table, gross_cents // 5)
        yield credit("RLS", "Réduction de loyer de solidarité", reduction, lease=lease)
