"""What a single month brings on top of the ordinary lines: settlements, repairs, corrections, fees."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from random import Random

from gateway.demo.world.account import Account
from gateway.demo.world.model import NoticeLine
from gateway.demo.world.profile import Profile
from gateway.demo.world.tariff import credit, line

_SETTLEMENT_MONTH = 6
_SETTLEMENT_DEVIATION_CENTS = 55_00
_FEES_BACK = 1


def draw_events(rng: Random, *, account: Account) -> Mapping[int, Sequence[NoticeLine]]:
    """The extra lines by the number of months before the latest notice."""
    found: defaultdict[int, list[NoticeLine]] = defaultdict(list)
    months = account.months()
    for back, month in enumerate(reversed(months)):
        if month.month == _SETTLEMENT_MONTH:
            found[back].append(_settlement(rng, year=month.year - 1, lease=account.main_lease))
    for back, extra in _particular(rng, profile=account.profile, lease=account.main_lease):
        found[back].append(extra)
    return found


def _settlement(rng: Random, *, year: int, lease: str) -> NoticeLine:
    """The yearly settlement of charges: real costs less what was advanced."""
    cents = round(rng.gauss(0, _SETTLEMENT_DEVIATION_CENTS)) or 1
    make = credit if cents < 0 else line
    return make("REG", f"Régularisation des charges {year}", abs(cents), lease=lease)


def _particular(rng: Random, *, profile: Profile, lease: str) -> Iterator[tuple[int, NoticeLine]]:
    money = profile.money
    if money.benefit_corrected is not None:
        yield money.benefit_corrected, _benefit_correction(rng, lease=lease)
    if money.repaired is not None:
        repair = line("REP", "Main-d’œuvre : remplacement robinet", rng.randint(25_00, 180_00), lease=lease)
        yield money.repaired, repair
    if money.penalised is not None:
        yield money.penalised, line("ENQ", "Pénalité enquête ressources", 7_62, lease=lease)
    if money.legal_fees:
        yield _FEES_BACK, line("FRS", "Frais de commandement de payer", 78_14, lease=lease)
    if profile.home.unknown_codes:
        yield 0, line("ZZZ", "Écriture reprise de l’ancien logiciel", 12_00, lease=lease)


def _benefit_correction(rng: Random, *, lease: str) -> NoticeLine:
    cents = rng.randint(3, 90_00)
    if rng.random() < 0.5:
        return credit("APR", "Rappel d’APL", cents, lease=lease)
    return line("APR", "Indu d’APL repris par la CAF", cents, lease=lease)
