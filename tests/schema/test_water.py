"""Water of a dwelling: meters, series, the year so far, alerts."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from gateway.domain.source import DataQualityCode, DataQualityIssue
from gateway.domain.water import MeterReading, ReadingOrigin
from tests.support.doors import Doors
from tests.support.household import DWELLING
from tests.support.legible import legible


async def water(doors: Doors, fields: str) -> Any:
    """What the water of the dwelling answers to `fields`."""
    answer = await doors.ask(f"{{ viewer {{ tenant {{ leases {{ water {{ {fields} }} }} }} }} }}")
    assert "errors" not in answer, answer
    return answer["data"]["viewer"]["tenant"]["leases"][0]["water"]


async def test_meters_show_what_is_engraved_and_last_read(doors: Doors) -> None:
    """A hot meter is read by somebody who comes, the cold one by radio."""
    found = await water(
        doors,
        """meters { serialNumber kind location remotelyRead installedOn removedOn digits
        lastReading { on index origin } provenance { source asOf } }""",
    )

    meter: dict[str, object] = {
        "location": "cuisine",
        "installedOn": "2019-06-01",
        "removedOn": None,
        "digits": 5,
        "provenance": {"source": "METERING", "asOf": "2026-03-16T04:00:00+00:00"},
    }
    assert found["meters"] == [
        meter
        | {
            "serialNumber": "26-M-COLD",
            "kind": "COLD",
            "remotelyRead": True,
            "lastReading": {"on": "2026-02-28", "index": "150.000", "origin": "REMOTE"},
        },
        meter
        | {
            "serialNumber": "26-M-HOT",
            "kind": "HOT",
            "remotelyRead": False,
            "lastReading": {"on": "2026-02-28", "index": "12.345", "origin": "MANUAL"},
        },
    ]


async def test_a_meter_without_readings_has_no_last_one(doors: Doors) -> None:
    """Nor does the context token speak of it."""
    cold, hot = doors.landlord.books.meters[DWELLING]
    issue = DataQualityIssue(DataQualityCode.INVALID_DATE, "readings", "31/02/2026")
    doors.landlord.books.meters[DWELLING] = (replace(cold, readings=(), issues=(issue,)), hot)

    found = await water(
        doors,
        """meters { lastReading { on } provenance { contextToken issues { field } } }
        provenance { contextToken issues { code field } }""",
    )

    assert found["meters"][0]["lastReading"] is None
    assert found["meters"][0]["provenance"]["issues"] == [{"field": "readings"}]
    assert found["provenance"]["issues"] == [{"code": "INVALID_DATE", "field": "readings"}]
    opened = legible(found, doors.parts.seals)
    assert opened["provenance"]["contextToken"].endswith(" | 26-M-HOT=12.345 2026-02-28")
    assert opened["meters"][0]["provenance"]["contextToken"].endswith(" | serialNumber=26-M-COLD")


async def test_a_series_of_years_and_days(doors: Doors) -> None:
    """Years are cut at the ends of the range; days between two readings share what was measured."""
    found = await water(
        doors,
        """years: series(kind: COLD, granularity: YEAR, range: {from: "2025-11", to: "2026-02"}) {
            from to volume quality remark }
        days: series(kind: COLD, granularity: DAY, range: {from: "2026-01", to: "2026-01"}) { volume quality }""",
    )

    assert found["years"] == [
        {"from": "2025-11-01", "to": "2025-12-31", "volume": "6.000", "quality": "MEASURED", "remark": None},
        {"from": "2026-01-01", "to": "2026-02-28", "volume": "17.000", "quality": "MEASURED", "remark": None},
    ]
    assert len(found["days"]) == 31
    assert {point["quality"] for point in found["days"]} == {"INTERPOLATED"}
    assert sum(round(float(point["volume"]) * 1000) for point in found["days"]) == 3000


async def test_a_step_that_cannot_be_computed_says_why(doors: Doors) -> None:
    """March is not over: null with its reason, never zero."""
    found = await water(doors, 'series(kind: COLD, range: {from: "2026-03", to: "2026-03"}) { volume quality remark }')

    assert found["series"] == [{"volume": None, "quality": "UNAVAILABLE", "remark": "Période en cours."}]


async def test_a_kind_that_is_not_metered_has_neither_series_nor_year(doors: Doors) -> None:
    """Empty and null, for there is no such meter."""
    cold, _ = doors.landlord.books.meters[DWELLING]
    doors.landlord.books.meters[DWELLING] = (cold,)

    found = await water(doors, "series(kind: HOT) { volume } yearToDate(kind: HOT) { volume }")

    assert found == {"series": [], "yearToDate": None}


async def test_the_year_so_far_is_compared_with_the_one_before(doors: Doors) -> None:
    """The same span a year earlier; the building's average is not known."""
    found = await water(
        doors,
        "cold: yearToDate(kind: COLD) { volume previousYear buildingAverage } hot: yearToDate(kind: HOT) { volume }",
    )

    assert found["cold"] == {"volume": "17.000", "previousYear": None, "buildingAverage": None}
    assert found["hot"] == {"volume": None}


async def test_an_alert_says_what_was_measured_and_what_to_do(doors: Doors) -> None:
    """Open alerts by default, resolved ones on demand."""
    cold, hot = doors.landlord.books.meters[DWELLING]
    back = MeterReading(date(2026, 3, 10), 153_000, ReadingOrigin.REMOTE)
    doors.landlord.books.meters[DWELLING] = (replace(cold, readings=(*cold.readings, back)), hot)
    fields = "{ kind since excess resolvedOn meter { serialNumber } advice evidence }"

    found = await water(doors, f"alerts {fields} all: alerts(openOnly: false) {fields}")

    assert [alert["kind"] for alert in found["alerts"]] == ["ABNORMAL_VOLUME"]
    [alert] = found["alerts"]
    assert (alert["since"], alert["excess"], alert["resolvedOn"]) == ("2026-02-01", "11.000", None)
    assert alert["meter"] == {"serialNumber": "26-M-COLD"}
    assert len(alert["advice"]) == 4
    assert found["all"] == found["alerts"]


async def test_a_resolved_alert_is_told_on_demand(doors: Doors) -> None:
    """An index that went back once, and went on since, is history."""
    cold, hot = doors.landlord.books.meters[DWELLING]
    readings = [*cold.readings[:-2], replace(cold.readings[-2], index_litres=90_000), cold.readings[-1]]
    readings[-1] = replace(readings[-1], index_litres=93_000)
    doors.landlord.books.meters[DWELLING] = (replace(cold, readings=tuple(readings)), hot)

    found = await water(doors, "alerts { kind } all: alerts(openOnly: false) { kind resolvedOn excess evidence }")

    assert found["alerts"] == []
    spaces = "\N{NO-BREAK SPACE}"
    assert found["all"] == [
        {
            "kind": "INDEX_WENT_BACK",
            "resolvedOn": "2026-02-28",
            "excess": None,
            "evidence": f"Index 133{spaces}m³ le 31 décembre 2025, puis 90{spaces}m³ le 31 janvier 2026.",
        }
    ]


@pytest.mark.parametrize("meters", [(), None])
async def test_a_dwelling_without_a_meter_has_no_water(meters: tuple[()] | None, doors: Doors) -> None:
    """An empty answer and none at all mean the same."""
    if meters is None:
        del doors.landlord.books.meters[DWELLING]
    else:
        doors.landlord.books.meters[DWELLING] = meters

    assert await water(doors, "meters { kind }") is None
