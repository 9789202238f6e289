"""Water consumption says what the readings prove, how well, and why not when they do not."""

from collections.abc import Sequence

import pytest

from gateway.domain.metering_point import Stretch
from gateway.domain.water import WaterKind, WaterMeter
from gateway.domain.water_consumption import Consumption, ConsumptionQuality, Remark, RemarkKind, add
from gateway.domain.water_series import (
    ConsumptionPoint,
    Granularity,
    YearToDate,
    last_whole_months,
    series,
    year_to_date,
)
from tests.unit.domain.figures import ESTIMATED, INTERPOLATED, MEASURED, MISSING, TODAY, UNAVAILABLE, by_month, figure
from tests.unit.domain.samples import estimate, meter, month, on, read, removal


def test_two_real_readings_measure_a_month() -> None:
    """Index at the end of January less index at the end of December."""
    monthly = meter(read("2025-12-31", 100), read("2026-01-31", 109.5), read("2026-02-28", 117.25))

    assert by_month(monthly, last="2026-02") == [(9500, MEASURED, None), (7750, MEASURED, None)]


def test_a_step_says_its_days() -> None:
    """First and last day of February, both included."""
    (point,) = series(
        [meter(read("2026-01-31", 1), read("2026-02-28", 2))],
        kind=WaterKind.COLD,
        granularity=Granularity.MONTH,
        months=(month("2026-02"), month("2026-02")),
        today=TODAY,
    )

    assert point == ConsumptionPoint(on("2026-02-01"), on("2026-02-28"), 1000, MEASURED, None)


def test_meters_of_a_kind_count_together_and_kinds_apart() -> None:
    """Kitchen and bathroom make the dwelling's cold water; hot water is another figure."""
    kitchen = meter(read("2025-12-31", 0), read("2026-01-31", 3), name="K", location="cuisine")
    bathroom = meter(read("2025-12-31", 50), read("2026-01-31", 55), name="B", location="salle de bain")
    hot = meter(read("2025-12-31", 9), read("2026-01-31", 11), name="H", kind=WaterKind.HOT)

    assert by_month(kitchen, bathroom, hot, last="2026-01") == [(8000, MEASURED, None)]


def test_without_a_meter_of_the_kind_there_is_no_series() -> None:
    """A dwelling without hot water meter has no empty chart."""
    assert by_month(meter(kind=WaterKind.HOT)) == []


def test_one_meter_without_a_reading_makes_the_sum_unavailable() -> None:
    """Half the water is not shown as all of it."""
    kitchen = meter(read("2025-12-31", 0), read("2026-01-31", 3), name="K", location="cuisine")
    bathroom = meter(read("2025-12-31", 50), name="B", location="salle de bain")

    assert by_month(kitchen, bathroom, last="2026-01") == [(None, UNAVAILABLE, MISSING)]


def test_a_missing_reading_spreads_the_volume_over_its_days() -> None:
    """No reading at the end of January: 59 m³ over 59 days make 31 and 28."""
    gap = meter(read("2025-12-31", 100), read("2026-02-28", 159))

    assert by_month(gap, last="2026-02") == [(31000, INTERPOLATED, None), (28000, INTERPOLATED, None)]


def test_litres_that_do_not_divide_are_neither_lost_nor_made() -> None:
    """One hundred litres over 59 days: 52 and 48."""
    gap = meter(read("2025-12-31", 100), read("2026-02-28", 100.1))

    assert [litres for litres, _, _ in by_month(gap, last="2026-02")] == [52, 48]


def test_before_the_first_and_after_the_last_reading_nothing_is_known() -> None:
    """The known month lies between two unknown ones."""
    assert by_month(meter(read("2026-01-31", 1), read("2026-02-28", 2))) == [
        (None, UNAVAILABLE, MISSING),
        (1000, MEASURED, None),
        (None, UNAVAILABLE, MISSING),
    ]


def test_a_month_that_is_not_over_says_so() -> None:
    """The chart of 15 March does not blame the meter for March."""
    monthly = meter(read("2026-01-31", 1), read("2026-02-28", 2))

    assert by_month(monthly, first="2026-03", today="2026-03-15") == [
        (None, UNAVAILABLE, Remark(RemarkKind.NOT_OVER_YET))
    ]


def test_readings_of_days_to_come_are_not_believed() -> None:
    """A clock set wrong in the meter gives no figure."""
    assert by_month(meter(read("2025-12-31", 1), read("2026-01-31", 2)), last="2026-01", today="2026-01-20") == [
        (None, UNAVAILABLE, Remark(RemarkKind.NOT_OVER_YET))
    ]


def test_an_estimate_counts_until_a_real_reading_comes() -> None:
    """Nobody has read the meter at the end of January: the figure is marked."""
    assert by_month(meter(read("2025-12-31", 100), estimate("2026-01-31", 130)), last="2026-01") == [
        (30000, ESTIMATED, None)
    ]


def test_a_real_reading_corrects_the_estimates_before_it() -> None:
    """Estimated 130, really 124 a month later: 24 m³ in 59 days, and the earlier month is corrected too."""
    corrected = meter(read("2025-12-31", 100), estimate("2026-01-31", 130), read("2026-02-28", 124))
    remark = Remark(RemarkKind.ESTIMATE_CORRECTED, on("2026-02-28"))

    assert by_month(corrected, last="2026-02") == [(12610, ESTIMATED, remark), (11390, ESTIMATED, remark)]


def test_an_estimate_within_a_measured_month_changes_nothing() -> None:
    """Real readings at both ends of the month: what was estimated in between is forgotten."""
    measured = meter(read("2025-12-31", 100), estimate("2026-01-15", 130), read("2026-01-31", 109))

    assert by_month(measured, last="2026-01") == [(9000, MEASURED, None)]


def test_an_estimate_below_the_last_real_index_proves_nothing() -> None:
    """No negative figure, and no word of a meter that ran backwards."""
    assert by_month(meter(read("2025-12-31", 100), estimate("2026-01-31", 90)), last="2026-01") == [
        (None, UNAVAILABLE, MISSING)
    ]


def test_readings_that_begin_with_an_estimate_are_marked() -> None:
    """The first known index is an estimate: so is what follows from it."""
    assert by_month(meter(estimate("2025-12-31", 100), read("2026-01-31", 109)), last="2026-01") == [
        (9000, ESTIMATED, None)
    ]


def test_estimates_alone_make_estimated_months() -> None:
    """Three estimates in a row, never a real reading."""
    estimated = meter(estimate("2025-12-31", 1), estimate("2026-01-31", 2), estimate("2026-02-28", 4))

    assert by_month(estimated, last="2026-02") == [(1000, ESTIMATED, None), (2000, ESTIMATED, None)]


def test_an_index_that_went_back_gives_no_figure() -> None:
    """812 then 799: not minus thirteen."""
    back = meter(read("2025-12-31", 812), read("2026-01-31", 799), read("2026-02-28", 805))

    assert by_month(back, last="2026-02") == [
        (None, UNAVAILABLE, Remark(RemarkKind.INDEX_WENT_BACK, on("2026-01-31"))),
        (6000, MEASURED, None),
    ]


def test_a_totaliser_that_turned_over_counts_on() -> None:
    """99,999 then 12 on five digits: 13 m³."""
    turned = meter(read("2025-12-31", 99_999), read("2026-01-31", 12), digits=5)

    assert by_month(turned, last="2026-01") == [(13000, MEASURED, Remark(RemarkKind.ROLLED_OVER, on("2026-01-31")))]


@pytest.mark.parametrize("digits", [None, 0, -1, 4, 5, 6, 10, 10**9])
def test_a_lower_index_is_no_rollover_unless_it_is_plausible(digits: int | None) -> None:
    """812 then 799 would be 9,987 m³ on four digits: the meter was misread."""
    back = meter(read("2025-12-31", 812), read("2026-01-31", 799), digits=digits)

    assert by_month(back, last="2026-01") == [(None, UNAVAILABLE, Remark(RemarkKind.INDEX_WENT_BACK, on("2026-01-31")))]


def test_an_index_beyond_what_the_totaliser_shows_is_no_rollover() -> None:
    """A five-digit meter cannot have shown 250,000 m³."""
    beyond = meter(read("2025-12-31", 250_000), read("2026-01-31", 3), digits=5)

    assert [litres for litres, _, _ in by_month(beyond, last="2026-01")] == [None]


def test_readings_of_the_first_of_the_month_measure_months() -> None:
    """Remote meters are read at night on the first: that is the month's figure, not a guess."""
    firsts = meter(read("2026-01-01", 0), read("2026-02-01", 31), read("2026-03-01", 59), read("2026-04-01", 90))

    assert by_month(firsts, last="2026-03")[-2:] == [(28000, MEASURED, None), (31000, MEASURED, None)]


def test_a_totaliser_without_digits_cannot_turn_over() -> None:
    """A source that says « 0 digits » says nothing."""
    back = meter(read("2025-12-31", 0.99), read("2026-01-31", 0.04), digits=0)

    assert [litres for litres, _, _ in by_month(back, last="2026-01")] == [None]


def test_a_rollover_over_a_long_gap_must_stay_below_a_tenth_of_the_totaliser() -> None:
    """In three years ten m³ a day would make any index plausible on four digits."""
    plausible = meter(read("2023-12-31", 9_500), read("2026-01-31", 500), digits=4)
    misread = meter(read("2023-12-31", 9_500), read("2026-01-31", 501), digits=4)

    assert by_month(plausible, last="2026-01")[0][1] is INTERPOLATED
    assert by_month(misread, last="2026-01")[0][1] is UNAVAILABLE


def test_of_several_readings_of_a_day_the_last_real_one_counts() -> None:
    """The technician's reading in the evening holds, not the estimate of the night."""
    twice = meter(
        read("2025-12-31", 100),
        read("2026-01-31", 108),
        read("2026-01-31", 109),
        estimate("2026-01-31", 140),
        estimate("2026-02-28", 115),
        estimate("2026-02-28", 116),
    )

    assert by_month(twice, last="2026-02") == [(9000, MEASURED, None), (7000, ESTIMATED, None)]


def test_readings_need_not_come_in_order() -> None:
    """A source that lists the newest first gives the same figures."""
    assert by_month(meter(read("2026-01-31", 9), read("2025-12-31", 1)), last="2026-01") == [(8000, MEASURED, None)]


def test_the_last_thirteen_whole_months_are_shown_by_default() -> None:
    """On 15 June: May, and the twelve months before it."""
    points = series([meter()], kind=WaterKind.COLD, granularity=Granularity.MONTH, today=TODAY)

    assert (len(points), points[0].from_, points[-1].to) == (13, on("2025-05-01"), on("2026-05-31"))


def test_whole_months_are_over() -> None:
    """On the last day of June, June is not over."""
    assert last_whole_months(2, on("2026-06-30")) == (month("2026-04"), month("2026-05"))


def test_days_are_steps_too() -> None:
    """A daily meter shows each day of February."""
    daily = meter(read("2026-01-31", 1), read("2026-02-01", 1.2), read("2026-02-02", 1.5))

    points = series(
        [daily],
        kind=WaterKind.COLD,
        granularity=Granularity.DAY,
        months=(month("2026-02"), month("2026-02")),
        today=TODAY,
    )

    assert len(points) == 28
    assert [figure(point) for point in points[:3]] == [
        (200, MEASURED, None),
        (300, MEASURED, None),
        (None, UNAVAILABLE, MISSING),
    ]
    assert (points[1].from_, points[1].to) == (on("2026-02-02"), on("2026-02-02"))


def test_years_are_cut_at_the_ends_of_the_range() -> None:
    """From November to February: two months of one year, two of the next."""
    points = series(
        [meter(read("2025-10-31", 0), read("2025-12-31", 10), read("2026-02-28", 15))],
        kind=WaterKind.COLD,
        granularity=Granularity.YEAR,
        months=(month("2025-11"), month("2026-02")),
        today=TODAY,
    )

    assert [(point.from_, point.to, point.litres) for point in points] == [
        (on("2025-11-01"), on("2025-12-31"), 10000),
        (on("2026-01-01"), on("2026-02-28"), 5000),
    ]


@pytest.mark.parametrize("granularity", list(Granularity))
def test_a_range_upside_down_has_no_steps(granularity: Granularity) -> None:
    """From March to February there is nothing."""
    assert (
        series(
            [meter()],
            kind=WaterKind.COLD,
            granularity=granularity,
            months=(month("2026-03"), month("2026-02")),
            today=TODAY,
        )
        == ()
    )


def test_the_year_to_date_is_compared_with_the_same_span_of_the_year_before() -> None:
    """Since 1 January up to the last reading, and up to the same day a year ago."""
    two_years = meter(read("2024-12-31", 0), read("2025-05-31", 40), read("2025-12-31", 100), read("2026-05-31", 150))

    assert year_to_date([two_years], kind=WaterKind.COLD, today=TODAY) == YearToDate(
        until=on("2026-05-31"), litres=50000, previous_year_litres=40000, building_average_litres=None
    )


def test_the_year_to_date_goes_as_far_as_all_meters_are_read() -> None:
    """The bathroom is read until April: so is the dwelling."""
    kitchen = meter(read("2025-12-31", 0), read("2026-04-30", 10), read("2026-05-31", 12), location="a")
    bathroom = meter(read("2025-12-31", 0), read("2026-04-30", 20), location="b")
    gone = meter(read("2025-12-31", 0), removal("2026-02-28", 1), location="c")

    found = year_to_date([kitchen, bathroom, gone], kind=WaterKind.COLD, today=TODAY)

    assert (found.until, found.litres) == (on("2026-04-30"), 31000)


def test_a_leap_day_is_compared_with_the_end_of_february() -> None:
    """29 February 2024 against 28 February 2023."""
    leap = meter(read("2022-12-31", 0), read("2023-02-28", 5), read("2023-12-31", 50), read("2024-02-29", 57))

    assert year_to_date([leap], kind=WaterKind.COLD, today=on("2024-03-05")) == YearToDate(
        until=on("2024-02-29"), litres=7000, previous_year_litres=5000
    )


@pytest.mark.parametrize(
    "meters",
    [
        [],
        [meter()],
        [meter(read("2025-12-31", 1))],
        [meter(removal("2026-02-28", 1))],
        [meter(read("2026-05-31", 1), location="a"), meter(location="b")],
    ],
)
def test_there_is_no_year_to_date_without_readings_of_this_year(meters: Sequence[WaterMeter]) -> None:
    """No meter, no reading, none this year, none in service, or one of two unread."""
    assert year_to_date(meters, kind=WaterKind.COLD, today=TODAY) == YearToDate(None, None, None)


def test_a_meter_to_be_installed_does_not_hold_up_the_year() -> None:
    """The new meter comes in July; until then the old one counts."""
    old = meter(read("2025-12-31", 0), read("2026-05-31", 12), location="a")
    to_come = meter(location="b", installed_on="2026-07-01")

    assert year_to_date([old, to_come], kind=WaterKind.COLD, today=TODAY).litres == 12000


def test_of_several_remarks_the_weightiest_is_told() -> None:
    """An index that went back weighs more than the change of meter in the same month."""
    replaced = Consumption(1, MEASURED, (Remark(RemarkKind.METER_REPLACED, on("2026-01-05")),))
    back = Consumption(None, UNAVAILABLE, (Remark(RemarkKind.INDEX_WENT_BACK, on("2026-01-09")),))

    assert add([replaced, back]).remark == Remark(RemarkKind.INDEX_WENT_BACK, on("2026-01-09"))


@pytest.mark.parametrize(
    ("qualities", "worst"),
    [
        ((MEASURED, MEASURED), MEASURED),
        ((MEASURED, INTERPOLATED), INTERPOLATED),
        ((ESTIMATED, INTERPOLATED), ESTIMATED),
    ],
)
def test_a_sum_is_no_better_than_its_worst_part(
    qualities: Sequence[ConsumptionQuality], worst: ConsumptionQuality
) -> None:
    """One estimated meter makes the dwelling's figure an estimate."""
    assert add(Consumption(2, quality) for quality in qualities) == Consumption(4, worst)


def test_the_sum_of_nothing_is_not_zero() -> None:
    """No part, no figure."""
    assert add([]) == Consumption(None, UNAVAILABLE)


def test_a_stretch_lasts_at_least_a_day() -> None:
    """Nothing can be shared out over no time."""
    with pytest.raises(ValueError, match="ends on a later day"):
        Stretch(after=10, until=10, litres=5)
