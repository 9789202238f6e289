"""How often each thing occurs among ordinary households.

Anchors: type mix, household sizes, moves and arrears of French social housing (USH, INSEE, DREAL Grand Est)
and fault rates as met in rental ERPs. What has no published figure is an assumption of ours.
"""

from collections.abc import Mapping
from random import Random
from typing import TypeVar

from gateway.demo.world.model import PdfCase
from gateway.demo.world.months import MONTHS_KEPT
from gateway.demo.world.profile import (
    HomeProfile,
    LeaseStage,
    MeterStory,
    Method,
    MoneyProfile,
    NoticeProfile,
    Profile,
    Typology,
    WaterProfile,
    WorksStory,
)

Choice = TypeVar("Choice")

_TYPOLOGIES: Mapping[Typology, float] = {"T1": 0.06, "T2": 0.19, "T3": 0.37, "T4": 0.29, "T5": 0.09}
_OTHER_PERSONS: Mapping[Typology, Mapping[int, float]] = {
    "T1": {0: 0.90, 1: 0.09, 2: 0.01},
    "T2": {0: 0.63, 1: 0.26, 2: 0.09, 3: 0.02},
    "T3": {0: 0.34, 1: 0.30, 2: 0.20, 3: 0.11, 4: 0.04, 5: 0.01},
    "T4": {0: 0.16, 1: 0.24, 2: 0.24, 3: 0.22, 4: 0.10, 5: 0.04},
    "T5": {0: 0.08, 1: 0.14, 2: 0.20, 3: 0.26, 4: 0.19, 5: 0.13},
}
_STAGES: Mapping[LeaseStage, float] = {
    "RUNNING": 0.791,
    "NOTICE_GIVEN": 0.011,
    "UPCOMING": 0.004,
    "ENDED": 0.194,
}
_METHODS: Mapping[Method, float] = {
    "PRLV": 0.60,
    "CB": 0.12,
    "CHQ": 0.09,
    "VIR": 0.08,
    "TIP": 0.06,
    "ESP": 0.03,
    "TIERS": 0.02,
}
_STORIES: Mapping[MeterStory, float] = {
    "STEADY": 0.8948,
    "ESTIMATED": 0.08,
    "REPLACED": 0.018,
    "REPLACED_UNREAD": 0.004,
    "WENT_BACK": 0.003,
    "ROLLED_OVER": 0.0002,
}
_WORKS: Mapping[WorksStory, float] = {
    "NONE": 0.85,
    "OPEN": 0.063,
    "LATE_ENTRY": 0.027,
    "FINISHED": 0.06,
}
UNUSABLE_PHONES = (
    ("06.39.98.12.34 (fils)", "SANS"),
    ("0000000000",),
    ("SANS",),
    ("06 39 98 45 17 / 03 53 01 44 10", ""),
    ("voir gardien",),
)
_MONTHS_HERE_MEAN = 150
"""Eight households in a hundred move every year."""
_NOTICE_REISSUED, _NOTICE_CANCELLED = 0.012, 0.004
_PDF_MISSING, _PDF_CORRUPT, _PDF_LATE = 0.008, 0.0005, 0.01


def draw_profile(rng: Random) -> Profile:
    """One ordinary household."""
    return Profile(home=_home(rng), money=_money(rng), notices=_notices(rng), water=_water(rng))


def _home(rng: Random) -> HomeProfile:
    typology = _chosen(rng, _TYPOLOGIES)
    persons = 1 + _chosen(rng, _OTHER_PERSONS[typology])
    joint = persons > 1 and rng.random() < 0.61
    return HomeProfile(
        typology=typology,
        persons=persons,
        stage=_chosen(rng, _STAGES),
        months_here=int(rng.expovariate(1 / _MONTHS_HERE_MEAN)),
        ended_months_ago=rng.randint(1, MONTHS_KEPT),
        in_advance=rng.random() < 0.10,
        garage=rng.random() < 0.25,
        cellar=rng.random() < 0.05,
        joint=joint,
        separated=rng.random() < 0.02,
        shared_name=rng.random() < 0.60,
        two_principals=joint and rng.random() < 0.005,
        has_email=rng.random() < 0.65,
        unusable_phones=rng.choice(UNUSABLE_PHONES) if rng.random() < 0.06 else (),
        sentinel_dates=rng.random() < 0.01,
        unknown_codes=rng.random() < 0.002,
        works=_chosen(rng, _WORKS),
    )


def _money(rng: Random) -> MoneyProfile:
    benefit = rng.random() < 0.48
    arrears_months = _arrears_months(rng)
    credit_cents = rng.randint(5_00, 120_00) if arrears_months == 0 and rng.random() < 0.037 else 0
    return MoneyProfile(
        method="VIR" if credit_cents else _chosen(rng, _METHODS),  # nobody collects more than is due
        benefit=benefit,
        supplement=not benefit and rng.random() < 0.08,
        insured=rng.random() < 0.15,
        collective_heating=rng.random() < 0.30,
        arrears_months=arrears_months,
        credit_cents=credit_cents,
        disputed=arrears_months >= 3 and rng.random() < 0.15,
        legal_fees=arrears_months >= 3 and rng.random() < 0.50,
        returned=_some_month(rng, chance=0.08),
        benefit_corrected=_some_month(rng, chance=0.25) if benefit else None,
        repaired=_some_month(rng, chance=0.10),
        penalised=_some_month(rng, chance=0.02),
        stored_difference_cents=rng.choice((-1, 1, 4_20, -12_50)) if rng.random() < 0.003 else 0,
    )


def _arrears_months(rng: Random) -> float:
    """One tenant in five is late, one in fifteen by three months or more (USH, end of 2022)."""
    drawn = rng.random()
    if drawn < 0.018:
        return rng.uniform(12, 30)
    if drawn < 0.066:
        return rng.uniform(3, 12)
    if drawn < 0.196:
        return min(0.05 + rng.expovariate(1), 2.95)
    return 0.0


def _notices(rng: Random) -> NoticeProfile:
    pdf: dict[int, PdfCase] = {
        back: "MISSING" if rng.random() > _PDF_CORRUPT / _PDF_MISSING else "CORRUPT"
        for back in _hit_months(rng, rate=_PDF_MISSING + _PDF_CORRUPT)
    }
    if rng.random() < _PDF_LATE:
        pdf[0] = "LATE"
    return NoticeProfile(
        reissued=frozenset(_hit_months(rng, rate=_NOTICE_REISSUED)),
        cancelled=frozenset(_hit_months(rng, rate=_NOTICE_CANCELLED)),
        pdf=pdf,
    )


def _water(rng: Random) -> WaterProfile:
    cold = rng.random() < 0.62
    remote = rng.random() < 0.70
    story = _chosen(rng, _STORIES) if remote else "STEADY"
    advanced = rng.random() < 0.45
    leak_litres_a_day = _leak_litres_a_day(rng)
    return WaterProfile(
        cold=cold,
        hot=cold and rng.random() < 0.58,
        remote=remote,
        advanced=advanced,
        billed=advanced and remote and story == "STEADY" and rng.random() < 0.30,
        story=story,
        story_months_ago=rng.randint(1, 22),
        leak_litres_a_day=leak_litres_a_day,
        leak_days=rng.randint(5, 60) if leak_litres_a_day else 0,
    )


def _leak_litres_a_day(rng: Random) -> int:
    """A running toilet in 3.8 % of dwellings, a burst pipe in 0.2 %."""
    drawn = rng.random()
    if drawn < 0.002:
        return rng.randint(1_000, 6_000)
    return rng.randint(100, 600) if drawn < 0.04 else 0


def _some_month(rng: Random, *, chance: float) -> int | None:
    return rng.randrange(MONTHS_KEPT) if rng.random() < chance else None


def _hit_months(rng: Random, *, rate: float) -> list[int]:
    return [back for back in range(MONTHS_KEPT) if rng.random() < rate]


def _chosen(rng: Random, shares: Mapping[Choice, float]) -> Choice:
    return rng.choices(tuple(shares), weights=tuple(shares.values()))[0]
