"""Two thousand ordinary households look like French social housing: published figures and fault rates, in bounds.

The bounds are three standard deviations or more around the figure, for this number of households.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from statistics import fmean

import pytest

from gateway.demo.world.model import Household, Meter, WorksUpdate
from tests.demo.world.strategies import TODAY, balance, ordinary

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def everybody() -> tuple[Household, ...]:
    """The first two thousand households after the showcase."""
    return ordinary()


@pytest.fixture(scope="module")
def current() -> list[Household]:
    """Those whose lease runs and who have had a notice."""
    return [one for one in ordinary() if one.leases[0].state_code in {"EC", "PR", "X9"} and one.notices]


def test_dwellings_have_the_usual_types_and_surfaces(everybody: tuple[Household, ...]) -> None:
    """Six T1 in a hundred, 37 T3; 67 square metres on average."""
    types = Counter(one.leases[0].unit.typology for one in everybody)

    shares = {typology: types[typology] / len(everybody) for typology in ("T1", "T2", "T3", "T4", "T5")}
    assert shares == pytest.approx({"T1": 0.06, "T2": 0.19, "T3": 0.37, "T4": 0.29, "T5": 0.09}, abs=0.035)
    assert fmean(one.leases[0].unit.surface_dm2 or 0 for one in everybody) == pytest.approx(6700, abs=150)


def test_rents_are_about_six_euros_a_square_metre(current: list[Household]) -> None:
    """6.17 € a square metre, 415 € a month, 130 € of charges, 440 € left to pay after the benefit."""
    rents = [_last_month(one, {"LOY"}) for one in current]
    charges = [_last_month(one, {"CHG", "CHF", "EFR", "ECH"}) for one in current]
    aids = [_last_month(one, {"APL", "RLS"}) for one in current]
    surfaces = [(one.leases[0].unit.surface_dm2 or 0) / 100 for one in current]

    assert sum(rents) / sum(surfaces) / 100 == pytest.approx(6.17, abs=0.1)
    assert fmean(rents) / 100 == pytest.approx(415, abs=12)
    assert fmean(charges) / 100 == pytest.approx(130, abs=6)
    assert (fmean(rents) + fmean(charges) - fmean(aids)) / 100 == pytest.approx(440, abs=20)


def test_nearly_half_receive_the_housing_benefit(current: list[Household]) -> None:
    """APL for 48 %."""
    assert _share(current, [_last_month(one, {"APL"}) > 0 for one in current]) == pytest.approx(0.48, abs=0.035)


def test_one_in_five_is_late_and_few_are_far_behind(current: list[Household]) -> None:
    """19.6 % late, 6.6 % by three months, 1.5 % by a year; 3 % in credit (USH, end of 2022)."""
    late = [_overdue_months(one) for one in current]

    assert _share(current, [months > 0 for months in late]) == pytest.approx(0.196, abs=0.03)
    assert _share(current, [months >= 3 for months in late]) == pytest.approx(0.066, abs=0.02)
    assert _share(current, [months >= 12 for months in late]) == pytest.approx(0.015, abs=0.009)
    assert _share(current, [balance(one) < 0 for one in current]) == pytest.approx(0.03, abs=0.015)


def test_most_pay_by_direct_debit(current: list[Household]) -> None:
    """60 % of accounts by direct debit, 12 % by card, the rest by other means."""
    methods = Counter(next((entry.method for entry in one.entries if entry.code == "ENC"), None) for one in current)
    paying = methods.total() - methods[None]

    assert methods["PRLV"] / paying == pytest.approx(0.60, abs=0.035)
    assert methods["CB"] / paying == pytest.approx(0.12, abs=0.025)
    assert set(methods) - {None} == {"PRLV", "CB", "VIR", "TIP", "CHQ", "ESP", "TIERS"}


def test_leases_are_running_ended_or_to_come(everybody: tuple[Household, ...]) -> None:
    """One lease in five ended in the last three years; a garage comes with one in four."""
    states = Counter(one.leases[0].state_code for one in everybody)

    assert states["RS"] / len(everybody) == pytest.approx(0.194, abs=0.03)
    assert states["PR"] / len(everybody) == pytest.approx(0.011, abs=0.008)
    assert 0 < states["AV"] < 30
    assert 0 < states["X9"] < 15
    assert _share(everybody, [len(one.leases) == 2 for one in everybody]) == pytest.approx(0.25, abs=0.03)


def test_people_can_mostly_be_reached(everybody: tuple[Household, ...]) -> None:
    """Co-holders in 38 % of leases; 35 % of holders without a usable e-mail."""
    roles = [{party.role for party in one.leases[0].parties} for one in everybody]
    no_email = [one.holder.email in {None, "", "nc@example.com"} for one in everybody]

    assert _share(everybody, ["COTITULAIRE" in found for found in roles]) == pytest.approx(0.38, abs=0.035)
    assert _share(everybody, no_email) == pytest.approx(0.35, abs=0.035)


def test_notices_go_wrong_at_the_known_rates(everybody: tuple[Household, ...]) -> None:
    """1.2 % reissued, 0.4 % cancelled, 0.8 % without their PDF; three years of them."""
    notices = [notice for one in everybody for notice in one.notices]
    states = Counter(notice.state for notice in notices)
    pdf = Counter(notice.pdf for notice in notices)

    assert states["REMPLACE"] / states["EMIS"] == pytest.approx(0.012, abs=0.002)
    assert states["ANNULE"] / states["EMIS"] == pytest.approx(0.004, abs=0.0015)
    assert pdf["MISSING"] / states["EMIS"] == pytest.approx(0.008, abs=0.002)
    assert 0 < pdf["CORRUPT"] < 80
    assert 5 <= pdf["LATE"] <= 40


def test_three_years_of_notices_are_kept(current: list[Household]) -> None:
    """Who has been a tenant for three years has 36 months of notices, and nobody has more."""
    months = [len({notice.period for notice in one.notices}) for one in current]

    assert max(months) == 36
    assert months.count(36) > len(current) / 2


def test_a_few_balances_do_not_agree_with_their_entries(everybody: tuple[Household, ...]) -> None:
    """0.3 % of stored balances hide a line or a rounding."""
    assert 1 <= sum(one.stored_difference_cents != 0 for one in everybody) <= 15


def test_water_is_used_as_at_metz(current: list[Household]) -> None:
    """About 110 cubic metres a year in a dwelling with its own meter."""
    yearly = [litres for one in current if (litres := _litres_in_a_year(one)) is not None]

    assert fmean(yearly) / 1000 == pytest.approx(110, abs=12)


def test_meters_are_as_common_and_as_awkward_as_they_are(current: list[Household]) -> None:
    """Cold meters in 62 % of dwellings, hot in 36 %, 70 % read by radio; every story is told."""
    kinds = [{meter.kind for meter in one.meters} for one in current]
    metered = [one for one in current if one.meters]
    replaced = [one for one in metered if any(meter.removed_on for meter in one.meters)]
    estimated = [one for one in metered if "ESTIME" in _origins(one)]

    assert _share(current, ["FROIDE" in found for found in kinds]) == pytest.approx(0.62, abs=0.04)
    assert _share(current, ["CHAUDE" in found for found in kinds]) == pytest.approx(0.36, abs=0.04)
    assert _share(metered, [one.meters[0].remotely_read for one in metered]) == pytest.approx(0.70, abs=0.05)
    assert 5 <= len(replaced) <= 40
    assert _share(metered, [one in estimated for one in metered]) == pytest.approx(0.056, abs=0.025)


def test_works_touch_one_dwelling_in_ten(current: list[Household]) -> None:
    """Nine dwellings in a hundred have works open, three of ten of them with an entry made late."""
    open_works = [works for one in current for works in one.works if works.state in {"ANNONCE", "EN_COURS", "SUSPENDU"}]
    late = [works for works in open_works if any(_recorded_late(works.updates))]

    assert len(open_works) / len(current) == pytest.approx(0.09, abs=0.025)
    assert len(late) / len(open_works) == pytest.approx(0.30, abs=0.13)


def _share(all_of: Sequence[Household], hits: list[bool]) -> float:
    return sum(hits) / len(all_of)


def _last_month(one: Household, codes: set[str]) -> int:
    return sum(line.cents for line in one.notices[-1].lines if line.code in codes)


def _overdue_months(one: Household) -> float:
    """What is past its due date, in months of the latest notice's rent, charges and aids."""
    coming = one.notices[-1].period_total_cents if one.notices[-1].due_on >= TODAY else 0
    ordinary = sum(
        line.cents if line.direction == "D" else -line.cents
        for line in one.notices[-1].lines
        if line.code not in {"REG", "APR", "REP", "ENQ", "FRS", "DEP", "ZZZ"}
    )
    return max(balance(one) - coming, 0) / ordinary


def _litres_in_a_year(one: Household) -> int | None:
    """The last thirteen readings of the only meters of a dwelling read by radio without a story."""
    if not one.meters or any(not _is_plain(meter) for meter in one.meters):
        return None
    return sum(meter.readings[-1].litres - meter.readings[-13].litres for meter in one.meters)


def _is_plain(meter: Meter) -> bool:
    readings = [reading.litres for reading in meter.readings]
    return meter.remotely_read and len(readings) == 26 and readings == sorted(readings)


def _origins(one: Household) -> set[str]:
    return {reading.origin for meter in one.meters for reading in meter.readings}


def _recorded_late(updates: tuple[WorksUpdate, ...]) -> list[bool]:
    return [update.recorded_at - update.at > timedelta(days=1) for update in updates]
