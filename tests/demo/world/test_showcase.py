"""Each showcase household shows its case, whatever the seed and the day."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings

from gateway.demo.world import household
from gateway.demo.world.model import Household, Meter
from tests.demo.world.strategies import balance, days, seeds

pytestmark = pytest.mark.thorough

CASES = [
    "plain",
    "dwelling-and-garage",
    "joint-holders",
    "in-credit",
    "overdue-reissued-notice",
    "meter-replaced",
    "works-late-entry",
    "missing-pdf",
    "ended-lease",
    "unexplained-difference",
    "corrupt-pdf",
    "unusable-phone",
    "index-back",
    "estimated-readings",
    "two-in-one-name",
    "unreadable-amount",
    "unknown-codes",
    "sentinel-dates",
    "disputed",
    "housing-benefit-correction",
    "hot-water",
    "meter-rollover",
    "returned-payment",
    "late-pdf",
    "notice-given",
]

any_world = settings(deadline=None, max_examples=12)


def shown(case: str, *, seed: int, today: date) -> Household:
    """The household that shows `case`."""
    return household(seed, CASES.index(case), today)


def indexes_of(meter: Meter) -> list[int]:
    """What the meter showed, oldest first, in litres."""
    return [reading.litres for reading in meter.readings]


@any_world
@given(seed=seeds, today=days)
def test_the_cases_stand_in_their_order_before_the_ordinary_households(seed: int, today: date) -> None:
    """The first 25 households are the showcase; the next is like any other."""
    assert [household(seed, index, today).case for index in range(26)] == [*CASES, "ordinary"]


@any_world
@given(seed=seeds, today=days)
def test_plain_owes_nothing_overdue_and_has_a_year_of_readings(seed: int, today: date) -> None:
    """One lease, one holder, thirteen readings or more, notices in force with their PDF."""
    one = shown("plain", seed=seed, today=today)

    assert [lease.state_code for lease in one.leases] == ["EC"]
    assert one.leases[0].parties[0].person == one.holder
    assert {(notice.state, notice.pdf) for notice in one.notices} == {("EMIS", "PRESENT")}
    assert balance(one) == (one.notices[-1].amount_due_cents if one.notices[-1].due_on >= today else 0)
    assert [len(meter.readings) for meter in one.meters] == [26]


@any_world
@given(seed=seeds, today=days)
def test_dwelling_and_garage_share_one_account(seed: int, today: date) -> None:
    """Two leases, one account, and a notice with lines of both."""
    one = shown("dwelling-and-garage", seed=seed, today=today)

    assert [lease.unit.kind for lease in one.leases] == ["LOGEMENT", "STATIONNEMENT"]
    assert {lease.account_number for lease in one.leases} == {one.account_number}
    assert {line.lease_number for line in one.notices[-1].lines} == {lease.number for lease in one.leases}


@any_world
@given(seed=seeds, today=days)
def test_joint_holders_live_with_the_file_of_a_former_partner(seed: int, today: date) -> None:
    """A principal holder, a co-holder, and somebody who has left."""
    one = shown("joint-holders", seed=seed, today=today)
    parties = one.leases[0].parties

    assert [party.role for party in parties[:3]] == ["TITULAIRE", "COTITULAIRE", "EX-CONJOINT"]
    assert parties[0].person == one.holder
    assert [party.until is None for party in parties[:2]] == [True, True]
    assert parties[2].until is not None
    assert parties[2].until <= today


@any_world
@given(seed=seeds, today=days)
def test_in_credit_is_owed_money_on_any_day(seed: int, today: date) -> None:
    """The landlord owes 35.20 €, in the days between a notice and its due date too."""
    assert balance(shown("in-credit", seed=seed, today=today)) == -35_20


@any_world
@given(seed=seeds, today=days)
def test_overdue_has_a_debt_and_a_notice_sent_twice(seed: int, today: date) -> None:
    """More than a month behind; the month before the latest has a replaced and a corrected notice."""
    one = shown("overdue-reissued-notice", seed=seed, today=today)

    assert [notice.state for notice in one.notices[-3:]] == ["REMPLACE", "EMIS", "EMIS"]
    assert one.notices[-3].period == one.notices[-2].period
    assert balance(one) > one.notices[-1].period_total_cents


@any_world
@given(seed=seeds, today=days)
def test_meter_replaced_has_both_meters_with_their_last_and_first_index(seed: int, today: date) -> None:
    """The old meter ends with a removal index, the new one begins at zero on the same day."""
    old, new = shown("meter-replaced", seed=seed, today=today).meters

    assert (old.readings[-1].origin, new.readings[0].origin) == ("DEPOSE", "POSE")
    assert old.readings[-1].on == new.readings[0].on == old.removed_on == new.installed_on
    assert new.readings[0].litres == 0
    assert 0 < new.readings[1].litres < 100_000 < old.readings[-1].litres
    assert old.serial_number != new.serial_number
    assert indexes_of(old) == sorted(indexes_of(old))
    assert indexes_of(new) == sorted(indexes_of(new))


@any_world
@given(seed=seeds, today=days)
def test_works_late_entry_was_recorded_eight_days_after(seed: int, today: date) -> None:
    """The last news on the works was typed in more than a week late."""
    (works,) = shown("works-late-entry", seed=seed, today=today).works
    late = [update for update in works.updates if update.recorded_at - update.at > timedelta(days=1)]

    assert works.state == "EN_COURS"
    assert [(update.recorded_at.date() - update.at.date()).days for update in late] == [8]
    assert all(update.recorded_at.date() < today for update in works.updates)


@any_world
@given(seed=seeds, today=days)
def test_the_latest_notice_lacks_its_pdf_in_three_ways(seed: int, today: date) -> None:
    """Missing, corrupt and late documents each have a household, at the latest notice only."""
    for case, pdf in {"missing-pdf": "MISSING", "corrupt-pdf": "CORRUPT", "late-pdf": "LATE"}.items():
        notices = shown(case, seed=seed, today=today).notices

        assert notices[-1].pdf == pdf
        assert {notice.pdf for notice in notices[:-1]} == {"PRESENT"}


@any_world
@given(seed=seeds, today=days)
def test_ended_lease_is_settled_and_still_readable(seed: int, today: date) -> None:
    """The lease ended months ago, the deposit went back, nothing is owed, the notices remain."""
    one = shown("ended-lease", seed=seed, today=today)

    assert one.leases[0].state_code == "RS"
    assert one.leases[0].ends_on is not None
    assert one.leases[0].ends_on < today
    assert [entry.code for entry in one.entries[-3:]] == ["OD", "DEP", "REM"]
    assert balance(one) == 0
    assert len(one.notices) >= 24


@any_world
@given(seed=seeds, today=days)
def test_the_stored_balance_of_one_household_cannot_be_explained(seed: int, today: date) -> None:
    """3.70 € are in the stored balance and in no entry."""
    assert shown("unexplained-difference", seed=seed, today=today).stored_difference_cents == 3_70


@any_world
@given(seed=seeds, today=days)
def test_unusable_phone_holds_what_a_clerk_typed(seed: int, today: date) -> None:
    """A number with a comment, and the word for none."""
    phones = shown("unusable-phone", seed=seed, today=today).holder.phones

    assert phones == ("06.39.98.12.34 (fils)", "SANS")


@any_world
@given(seed=seeds, today=days)
def test_index_back_falls_once(seed: int, today: date) -> None:
    """One reading is below the one before."""
    (meter,) = shown("index-back", seed=seed, today=today).meters

    assert falls(meter) == [13_000]


@any_world
@given(seed=seeds, today=days)
def test_estimated_readings_are_put_right_by_the_next_real_one(seed: int, today: date) -> None:
    """Two estimates in a row; the real index that follows is below the second."""
    (meter,) = shown("estimated-readings", seed=seed, today=today).meters
    origins = [reading.origin for reading in meter.readings]
    place = origins.index("ESTIME")

    assert origins[place : place + 3] == ["ESTIME", "ESTIME", "TELERELEVE"]
    assert indexes_of(meter)[place + 2] < indexes_of(meter)[place + 1]
    assert len(falls(meter)) == 1


@any_world
@given(seed=seeds, today=days)
def test_rollover_starts_again_after_the_last_figure(seed: int, today: date) -> None:
    """A totaliser of five digits passes 99,999 cubic metres."""
    (meter,) = shown("meter-rollover", seed=seed, today=today).meters
    (fall,) = falls(meter)

    assert meter.digits == 5
    assert 99_900_000 < fall < 100_000_000
    assert max(indexes_of(meter)) < 100_000_000


@any_world
@given(seed=seeds, today=days)
def test_two_in_one_name_is_a_couple_with_one_name(seed: int, today: date) -> None:
    """Mr and Mrs share a family name, which the ERP will write as one."""
    holder, spouse = (party.person for party in shown("two-in-one-name", seed=seed, today=today).leases[0].parties[:2])

    assert (holder.civility, spouse.civility) == ("M", "MME")
    assert holder.last_name == spouse.last_name


@any_world
@given(seed=seeds, today=days)
def test_unknown_codes_and_sentinel_dates_are_in_the_data(seed: int, today: date) -> None:
    """A lease state and an entry nobody knows; an end in the year 9999, a notice in the year 1, a birth in 1900."""
    unknown = shown("unknown-codes", seed=seed, today=today)
    sentinel = shown("sentinel-dates", seed=seed, today=today)

    assert unknown.leases[0].state_code == "X9"
    assert "ZZZ" in {entry.code for entry in unknown.entries}
    assert (sentinel.leases[0].ends_on, sentinel.leases[0].notice_received_on) == (date.max, date.min)
    assert sentinel.holder.birth_date == date(1900, 1, 1)


@any_world
@given(seed=seeds, today=days)
def test_disputed_holds_half_of_the_debt_apart(seed: int, today: date) -> None:
    """More than five months behind, half of it disputed in whole euros."""
    one = shown("disputed", seed=seed, today=today)

    assert one.disputed_cents == balance(one) // 200 * 100
    assert one.disputed_cents > 2 * one.notices[-1].period_total_cents


@any_world
@given(seed=seeds, today=days)
def test_benefit_correction_and_returned_payment_are_in_the_books(seed: int, today: date) -> None:
    """The latest notice corrects the benefit of earlier months; one payment came back in the last two months."""
    corrected = shown("housing-benefit-correction", seed=seed, today=today)
    returned = shown("returned-payment", seed=seed, today=today)

    assert [line.code for line in corrected.notices[-1].lines].count("APR") == 1
    assert [entry.code for entry in returned.entries].count("IMP") == 1
    assert next(entry.value_on for entry in returned.entries if entry.code == "IMP") > today - timedelta(days=75)


@any_world
@given(seed=seeds, today=days)
def test_hot_water_has_two_meters_and_bills_what_they_show(seed: int, today: date) -> None:
    """The cold water of the latest notice is what flowed in a month, at the price of a cubic metre."""
    one = shown("hot-water", seed=seed, today=today)
    (line,) = [line for line in one.notices[-1].lines if line.code == "EFR"]
    cold, hot = one.meters
    monthly = [after - before for before, after in pairwise(indexes_of(cold))]

    assert (cold.kind, hot.kind) == ("FROIDE", "CHAUDE")
    assert line.litres in monthly[-2:]
    assert line.unit_price_cents == 309
    assert line.cents == round((line.litres or 0) * 309 / 1000)


@any_world
@given(seed=seeds, today=days)
def test_notice_given_is_still_running(seed: int, today: date) -> None:
    """Notice was received twenty days ago; the lease ends in six weeks."""
    (lease,) = shown("notice-given", seed=seed, today=today).leases

    assert lease.state_code == "PR"
    assert lease.notice_received_on == today - timedelta(days=20)
    assert lease.ends_on == today + timedelta(days=41)


def falls(meter: Meter) -> list[int]:
    """By how many litres each reading that is below the one before is below it."""
    indexes = indexes_of(meter)
    return [before - after for before, after in pairwise(indexes) if after < before]
