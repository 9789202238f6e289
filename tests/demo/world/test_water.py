"""Meters show what flowed, to the tenant who lived there."""

from itertools import pairwise

import pytest
from hypothesis import given, settings

from gateway.demo.world.model import Household, Meter
from tests.demo.world.strategies import Place, ordinary, places

pytestmark = pytest.mark.thorough

many = settings(deadline=None, max_examples=80)


@many
@given(place=places)
def test_readings_are_in_order_and_of_the_tenants_own_time(place: Place) -> None:
    """No reading of today or later, none from before the lease or after it."""
    one = place.household()
    lease = one.leases[0]
    for meter in one.meters:
        days = [reading.on for reading in meter.readings]

        assert days == sorted(days)
        assert lease.starts_on <= days[0] <= days[-1] < place.today
        assert lease.ends_on is None or days[-1] <= lease.ends_on
        assert all(0 <= reading.litres < 1000 * 10**meter.digits for reading in meter.readings)


@many
@given(place=places)
def test_a_meter_is_read_by_radio_every_month_or_by_hand_twice_a_year(place: Place) -> None:
    """Readings by radio on the first of the month; by a person six months apart."""
    for meter in place.household().meters:
        regular = [reading.on for reading in meter.readings if reading.origin not in {"DEPOSE", "POSE"}]
        months = [day.year * 12 + day.month for day in regular]

        assert {day.day for day in regular} <= {1}
        assert {after - before for before, after in pairwise(months)} <= {1 if meter.remotely_read else 6}


def test_an_index_read_by_hand_may_come_from_the_tenant() -> None:
    """Of meters read by a person, about one in five has its last index sent in by the tenant."""
    by_hand = [meter for meter in meters() if not meter.remotely_read]
    last = [meter.readings[-1].origin for meter in by_hand]

    assert {reading.origin for meter in by_hand for reading in meter.readings} == {"MANUEL", "AUTORELEVE"}
    assert last.count("AUTORELEVE") / len(last) == pytest.approx(0.2, abs=0.12)


def test_some_replaced_meters_were_not_read_when_taken_away() -> None:
    """Without a removal index nobody can say what flowed in between."""
    old = [meter for meter in meters() if meter.removed_on is not None]
    unread = [meter for meter in old if meter.readings[-1].origin != "DEPOSE"]

    assert 1 <= len(unread) < len(old) / 2


@many
@given(place=places)
def test_metered_water_is_billed_as_read(place: Place) -> None:
    """A line with litres is the difference of two readings a month apart, at 3.09 € a cubic metre."""
    one = place.household()
    flowed = {
        after.litres - before.litres
        for meter in one.meters
        if meter.kind == "FROIDE"
        for before, after in pairwise(meter.readings)
    }
    for line in (line for notice in one.notices for line in notice.lines if line.litres is not None):
        assert line.litres in flowed
        assert line.unit_price_cents == 309
        assert line.cents == round(line.litres * 0.309)


def test_a_leak_shows_in_the_last_months() -> None:
    """A burst pipe multiplies what a dwelling used before."""
    jumps = [latest_jump(one) for one in ordinary() if has_full_series(one)]

    assert sum(jump > 2 for jump in jumps) >= 3
    assert sum(jump > 2 for jump in jumps) < len(jumps) * 0.06


def meters() -> list[Meter]:
    """The meters of two thousand ordinary households."""
    return [meter for one in ordinary() for meter in one.meters]


def has_full_series(one: Household) -> bool:
    """Whether its first meter was read every month, and never went back."""
    if not one.meters or len(one.meters[0].readings) != 26:
        return False
    litres = [reading.litres for reading in one.meters[0].readings]
    return litres == sorted(litres)


def latest_jump(one: Household) -> float:
    """The last month's volume against the median of the twelve before."""
    litres = [reading.litres for reading in one.meters[0].readings]
    volumes = [after - before for before, after in pairwise(litres)]
    return volumes[-1] / sorted(volumes[-13:-1])[6]
