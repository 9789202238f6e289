"""Whatever is read from meters, consumption is what passed, and never negative."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.identifiers import LeaseId, MeterId
from gateway.domain.period import YearMonth
from gateway.domain.water import MeterReading, ReadingOrigin, WaterKind, WaterMeter
from gateway.domain.water_alerts import WaterAlertKind, alerts
from gateway.domain.water_consumption import ConsumptionQuality
from gateway.domain.water_series import ConsumptionPoint, Granularity, series, year_to_date
from tests.properties import strategies

pytestmark = pytest.mark.thorough

FIRST = date(2025, 1, 31)
TODAY = date(2026, 12, 31)
MONTHS = (YearMonth(2025, 1), YearMonth(2025, 12))


def cold(*readings: MeterReading, digits: int | None = None) -> WaterMeter:
    """The dwelling's one meter."""
    return WaterMeter(
        id=MeterId("M1"),
        lease_id=LeaseId("L1"),
        serial_number="M1",
        kind=WaterKind.COLD,
        location=None,
        remotely_read=True,
        installed_on=None,
        removed_on=None,
        digits=digits,
        readings=readings,
    )


@st.composite
def real_readings(draw: st.DrawFn) -> tuple[MeterReading, ...]:
    """Real readings of a meter that only ever goes forward, some days or weeks apart."""
    gaps = draw(st.lists(st.integers(1, 70), min_size=1, max_size=8))
    volumes = [draw(st.integers(0, 10_000 * gap)) for gap in gaps]
    days = accumulate(gaps, initial=draw(st.integers(-40, 100)))
    indexes = accumulate(volumes, initial=draw(st.integers(0, 90_000_000)))
    return tuple(
        MeterReading(FIRST + timedelta(days=day), index, ReadingOrigin.REMOTE)
        for day, index in zip(days, indexes, strict=True)
    )


def points(*meters: WaterMeter, granularity: Granularity = Granularity.MONTH) -> tuple[ConsumptionPoint, ...]:
    """Cold water of 2025."""
    return series(meters, kind=WaterKind.COLD, granularity=granularity, months=MONTHS, today=TODAY)


def passed_by_day(readings: Sequence[MeterReading]) -> dict[date, Fraction]:
    """The naive model: each day between two readings has an equal part of what passed between them."""
    passed = {}
    for before, after in pairwise(readings):
        days = (after.on - before.on).days
        for count in range(1, days + 1):
            part = Fraction(after.index_litres - before.index_litres, days)
            passed[before.on + timedelta(days=count)] = part
    return passed


def is_within_a_litre(litres: int | None, parts: Sequence[Fraction]) -> bool:
    """Whether `litres` are the sum of `parts`, rounded."""
    return litres is not None and -1 < Fraction(litres) - sum(parts, Fraction()) < 1


def days_of(point: ConsumptionPoint) -> list[date]:
    """Each day of a step."""
    return [point.from_ + timedelta(days=count) for count in range((point.to - point.from_).days + 1)]


@given(st.lists(strategies.meters, max_size=3), st.sampled_from(Granularity), strategies.current_days)
def test_no_figure_is_negative_and_none_means_unavailable(
    meters: list[WaterMeter], granularity: Granularity, today: date
) -> None:
    """Whatever the source says: doubled, upside down, contradictory."""
    found = series(meters, kind=WaterKind.COLD, granularity=granularity, months=MONTHS, today=today)

    for point in found:
        assert (point.litres is None) == (point.quality is ConsumptionQuality.UNAVAILABLE)
        assert point.litres is None or point.litres >= 0
        assert point.remark is not None or point.litres is not None


@given(real_readings())
def test_a_month_is_the_sum_of_its_days(readings: tuple[MeterReading, ...]) -> None:
    """Within a litre of the exact parts, and only where every day is known."""
    passed = passed_by_day(readings)

    for point in points(cold(*readings)):
        parts = [passed.get(day) for day in days_of(point)]
        known = [part for part in parts if part is not None]
        if len(known) < len(parts):
            assert point.litres is None
        else:
            assert is_within_a_litre(point.litres, known)


@given(real_readings())
def test_days_add_up_to_what_was_measured(readings: tuple[MeterReading, ...]) -> None:
    """To the litre, between any two readings of the year."""
    litres = {point.from_: point.litres for point in points(cold(*readings), granularity=Granularity.DAY)}

    within = [reading for reading in readings if MONTHS[0].first_day <= reading.on <= MONTHS[1].last_day]
    for before, after in pairwise(within):
        days = [before.on + timedelta(days=n) for n in range(1, (after.on - before.on).days + 1)]
        assert sum(litres[day] or 0 for day in days) == after.index_litres - before.index_litres


@given(real_readings())
def test_a_figure_is_interpolated_exactly_when_a_much_longer_interval_is_cut_for_it(
    readings: tuple[MeterReading, ...],
) -> None:
    """An interval between two readings that reaches out of the step and is over half as long again."""
    for point in points(cold(*readings)):
        if point.litres is None:
            continue
        after, until = point.from_ - timedelta(days=1), point.to
        touched = [(a.on, b.on) for a, b in pairwise(readings) if a.on < until and after < b.on]
        spread = [
            (first, last)
            for first, last in touched
            if (first < after or until < last) and (last - first).days > 1.5 * (until - after).days
        ]
        assert (point.quality is ConsumptionQuality.INTERPOLATED) == bool(spread)


@given(real_readings(), st.data())
def test_the_order_of_readings_and_meters_does_not_matter(
    readings: tuple[MeterReading, ...], data: st.DataObject
) -> None:
    """Newest first or oldest first, bathroom or kitchen first."""
    kitchen, bathroom = cold(*readings), replace(cold(*readings[1:]), location="salle de bain")
    shuffled = replace(kitchen, readings=tuple(data.draw(st.permutations(readings))))

    assert points(kitchen, bathroom) == points(bathroom, shuffled)


@given(real_readings(), st.data())
def test_a_change_of_meter_changes_no_figure(readings: tuple[MeterReading, ...], data: st.DataObject) -> None:
    """Two meters one after the other count as much as one, whatever the new one starts at."""
    place = data.draw(st.integers(0, len(readings) - 1))
    start = data.draw(st.integers(0, 1_000))
    change = readings[place]
    old = cold(*readings[:place], replace(change, origin=ReadingOrigin.REMOVAL))
    new = cold(
        MeterReading(change.on, start, ReadingOrigin.INSTALLATION),
        *(
            replace(reading, index_litres=reading.index_litres - change.index_litres + start)
            for reading in readings[place + 1 :]
        ),
    )

    changed = points(old, replace(new, installed_on=change.on))

    figures = [(point.litres, point.quality) for point in changed]
    assert figures == [(point.litres, point.quality) for point in points(cold(*readings))]


@given(real_readings(), st.data())
def test_a_totaliser_that_turns_over_changes_no_figure(readings: tuple[MeterReading, ...], data: st.DataObject) -> None:
    """Five digits begin again after 99,999 m³, wherever in the year that happens."""
    turns_at = data.draw(st.integers(readings[0].index_litres + 1, readings[-1].index_litres + 1))
    turning = [replace(reading, index_litres=(reading.index_litres - turns_at) % 100_000_000) for reading in readings]

    figures = [point.litres for point in points(cold(*turning, digits=5))]

    assert figures == [point.litres for point in points(cold(*readings))]


@given(real_readings(), st.integers(0, 90_000_000))
def test_an_estimate_between_real_readings_changes_no_volume(readings: tuple[MeterReading, ...], index: int) -> None:
    """What was really read decides; the figure only says that it was corrected."""
    day = readings[0].on + timedelta(days=1)
    guess = MeterReading(day, index, ReadingOrigin.ESTIMATED)

    with_guess = points(cold(readings[0], guess, *readings[1:]))

    assert [point.litres for point in with_guess] == [point.litres for point in points(cold(*readings))]


@given(real_readings(), strategies.current_days)
def test_the_year_to_date_is_the_sum_of_its_days(readings: tuple[MeterReading, ...], today: date) -> None:
    """Since 1 January, up to the last reading."""
    known = [reading for reading in readings if reading.on <= today]
    passed = passed_by_day(known)

    found = year_to_date([cold(*readings)], kind=WaterKind.COLD, today=today)

    if not known or known[-1].on.year < today.year:
        assert (found.until, found.litres) == (None, None)
        return
    assert found.until == known[-1].on
    days = [date(today.year, 1, 1) + timedelta(days=n) for n in range(found.until.timetuple().tm_yday)]
    parts = [passed[day] for day in days if day in passed]
    assert found.litres is None if len(parts) < len(days) else is_within_a_litre(found.litres, parts)


@given(st.lists(strategies.meters, max_size=3), strategies.current_days)
def test_alerts_are_told_the_latest_first_and_each_once(meters: list[WaterMeter], today: date) -> None:
    """Each with a day that is not in the future, and only volumes have an excess."""
    found = alerts(meters, today=today)

    days = [alert.since for alert in found]
    assert days == sorted(days, reverse=True)
    assert all(day <= today for day in days)
    for alert in found:
        is_volume = alert.kind is WaterAlertKind.ABNORMAL_VOLUME
        assert (alert.excess_litres is not None) == is_volume
        assert alert.excess_litres is None or alert.excess_litres >= 3_000
        assert alert.resolved_on is None or alert.since < alert.resolved_on <= today
