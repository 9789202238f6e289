"""Water from real meters: replaced, rolled over, read backwards, estimated."""

from calendar import monthrange
from datetime import date
from typing import Any

import pytest

from gateway.demo.world.model import Meter
from tests.journeys.books import MONTHS, flowed, litres
from tests.support.gateway import RunningGateway, household_of

pytestmark = pytest.mark.servers

WATER = """
query Water {
  viewer { tenant { leases { water {
    meters { serialNumber kind removedOn digits }
    cold: series(kind: COLD) { from to volume quality remark }
    hot: series(kind: HOT) { from to volume quality remark }
    alerts(openOnly: false) { kind since resolvedOn }
  } } } }
}
"""


def water_of(gateway: RunningGateway, case: str) -> dict[str, Any]:
    """The water of that tenant's dwelling."""
    lease, *_ = gateway.tenant(case).ask(WATER).whole()["viewer"]["tenant"]["leases"]
    assert isinstance(lease["water"], dict)
    return lease["water"]


def in_words(day: date) -> str:
    """A day as French writes it."""
    return f"{'1er' if day.day == 1 else day.day} {MONTHS[day.month - 1]} {day.year}"


def assert_series_is_what_flowed(series: list[dict[str, Any]], meters: list[Meter]) -> None:
    """Thirteen whole months, each what the readings say; a litre may fall to the month before or after."""
    assert len(series) == 13
    for month in series:
        first, last = date.fromisoformat(month["from"]), date.fromisoformat(month["to"])
        assert (first.day, last.day) == (1, monthrange(last.year, last.month)[1])
        assert litres(month["volume"]) == pytest.approx(flowed(meters, from_=first, to=last), abs=1)


def test_plain_consumption_is_what_the_readings_say(gateway: RunningGateway) -> None:
    """Month by month, without a remark and without an alert."""
    (meter,) = household_of("plain").meters

    water = water_of(gateway, "plain")

    assert_series_is_what_flowed(water["cold"], [meter])
    assert (water["hot"], water["alerts"]) == ([], [])
    assert {month["remark"] for month in water["cold"]} == {None}


def test_hot_and_cold_water_have_a_series_each(gateway: RunningGateway) -> None:
    """Two meters, two series."""
    cold, hot = household_of("hot-water").meters

    water = water_of(gateway, "hot-water")

    assert [meter["kind"] for meter in water["meters"]] == ["COLD", "HOT"]
    assert_series_is_what_flowed(water["cold"], [cold])
    assert_series_is_what_flowed(water["hot"], [hot])


def test_a_replaced_meter_is_one_consumption_with_a_remark(gateway: RunningGateway) -> None:
    """Both meters count in the month of the change, and the tenant reads on which day it was."""
    old, new = household_of("meter-replaced").meters
    assert old.removed_on is not None

    water = water_of(gateway, "meter-replaced")

    assert [(meter["serialNumber"], meter["removedOn"]) for meter in water["meters"]] == [
        (old.serial_number, old.removed_on.isoformat()),
        (new.serial_number, None),
    ]
    assert_series_is_what_flowed(water["cold"], [old, new])
    told = {month["from"][:7]: month["remark"] for month in water["cold"] if month["remark"]}
    assert told == {f"{old.removed_on:%Y-%m}": f"Compteur remplacé le {in_words(old.removed_on)}."}


def test_an_index_that_went_back_gives_no_figure_and_no_negative_one(gateway: RunningGateway) -> None:
    """The months that touch the fall have no volume, and say why; all others have theirs."""
    (meter,) = household_of("index-back").meters
    (fell_on,) = [
        after.on
        for before, after in zip(meter.readings, meter.readings[1:], strict=False)
        if after.litres < before.litres
    ]

    water = water_of(gateway, "index-back")

    without = [month for month in water["cold"] if month["volume"] is None]
    assert 1 <= len(without) <= 2
    remark = f"L'index du compteur a reculé le {in_words(fell_on)} : consommation non calculée."
    assert {(month["quality"], month["remark"]) for month in without} == {("UNAVAILABLE", remark)}
    assert all(litres(month["volume"]) >= 0 for month in water["cold"] if month not in without)
    assert [(alert["kind"], alert["since"]) for alert in water["alerts"]] == [("INDEX_WENT_BACK", fell_on.isoformat())]


def test_estimates_are_marked_and_corrected(gateway: RunningGateway) -> None:
    """Months that rest on an estimate say so, and on which day a real reading corrected it."""
    (meter,) = household_of("estimated-readings").meters
    last_estimate = max(place for place, reading in enumerate(meter.readings) if reading.origin == "ESTIME")
    corrected_on = meter.readings[last_estimate + 1].on

    water = water_of(gateway, "estimated-readings")

    estimated = [month for month in water["cold"] if month["quality"] == "ESTIMATED"]
    assert estimated
    remark = f"Estimation corrigée par le relevé le {in_words(corrected_on)}."
    assert {month["remark"] for month in estimated} == {remark}
    assert all(litres(month["volume"]) >= 0 for month in water["cold"])


def test_a_totaliser_that_came_round_is_no_fall(gateway: RunningGateway) -> None:
    """99,999 is followed by 0: the volume goes on, with a remark."""
    (meter,) = household_of("meter-rollover").meters

    water = water_of(gateway, "meter-rollover")

    assert [meter["digits"] for meter in water["meters"]] == [5]
    assert water["alerts"] == []
    measured = sum(litres(month["volume"]) for month in water["cold"])
    span = [date.fromisoformat(water["cold"][0]["from"]), date.fromisoformat(water["cold"][-1]["to"])]
    around = flowed([meter], from_=span[0], to=span[1])
    assert measured == pytest.approx(around + 100_000_000 * (around < 0), abs=13)
    remarks = {month["remark"] for month in water["cold"]} - {None}
    assert all(remark.startswith("Le compteur est revenu à zéro le ") for remark in remarks)
    assert remarks
