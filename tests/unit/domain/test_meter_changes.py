"""A meter is put in, replaced, taken away: the figures go on, or say why they do not."""

from collections.abc import Callable, Sequence

import pytest

from gateway.domain.water import WaterMeter
from gateway.domain.water_consumption import Remark, RemarkKind
from tests.unit.domain.figures import MEASURED, MISSING, UNAVAILABLE, by_month
from tests.unit.domain.samples import installation, meter, on, read, removal


def replaced_in_two_records(*, last_index: bool) -> Sequence[WaterMeter]:
    """A meter taken away on 20 January and the one put in its place, as two records."""
    last = (removal("2026-01-20", 1234),) if last_index else ()
    old = meter(read("2025-12-31", 1230), *last, name="OLD", removed_on="2026-01-20")
    new = meter(installation("2026-01-20"), read("2026-01-31", 2.5), name="NEW", installed_on="2026-01-20")
    return new, old


def replaced_in_one_record(*, last_index: bool) -> Sequence[WaterMeter]:
    """The same change within one record, the way some sources write it."""
    last = (removal("2026-01-20", 1234),) if last_index else (read("2026-01-20", 1234),)
    return (meter(read("2025-12-31", 1230), *last, installation("2026-01-20"), read("2026-01-31", 2.5)),)


@pytest.mark.parametrize("record", [replaced_in_one_record, replaced_in_two_records])
def test_both_parts_of_a_replaced_meter_are_added(record: Callable[..., Sequence[WaterMeter]]) -> None:
    """4 m³ on the old meter, 2.5 on the new one, and the day of the change."""
    assert by_month(*record(last_index=True), last="2026-01") == [
        (6500, MEASURED, Remark(RemarkKind.METER_REPLACED, on("2026-01-20")))
    ]


@pytest.mark.parametrize("record", [replaced_in_one_record, replaced_in_two_records])
def test_without_the_removal_index_the_month_is_unavailable(record: Callable[..., Sequence[WaterMeter]]) -> None:
    """What the old meter counted last is not known, and not guessed."""
    assert by_month(*record(last_index=False), last="2026-01") == [
        (None, UNAVAILABLE, Remark(RemarkKind.REMOVAL_INDEX_MISSING, on("2026-01-20")))
    ]


def test_a_change_over_night_loses_nothing() -> None:
    """Taken away one evening, put in the next day."""
    changed = meter(
        read("2025-12-31", 10), removal("2026-01-20", 14), installation("2026-01-21"), read("2026-01-31", 2)
    )

    assert by_month(changed, last="2026-01") == [(6000, MEASURED, Remark(RemarkKind.METER_REPLACED, on("2026-01-21")))]


def test_days_without_any_meter_are_not_counted_as_dry() -> None:
    """Ten days between the old meter and the new one: nobody knows what passed."""
    changed = meter(
        read("2025-12-31", 10), removal("2026-01-10", 14), installation("2026-01-20"), read("2026-01-31", 2)
    )

    assert by_month(changed, last="2026-01") == [(None, UNAVAILABLE, MISSING)]


def test_a_new_meter_without_a_first_index_is_unavailable_until_it_is_read() -> None:
    """After a removal the record goes on with an index of some other meter."""
    changed = meter(read("2025-12-31", 10), removal("2026-01-20", 14), read("2026-01-31", 2), read("2026-02-28", 5))

    assert by_month(changed, last="2026-02") == [
        (None, UNAVAILABLE, MISSING),
        (3000, MEASURED, None),
    ]


def test_a_new_meter_counts_from_its_installation() -> None:
    """The first meter of the dwelling: no older one is missed."""
    first = meter(installation("2026-01-10"), read("2026-01-31", 2), installed_on="2026-01-10")

    assert by_month(first, first="2025-12", last="2026-01") == [
        (None, UNAVAILABLE, MISSING),
        (2000, MEASURED, Remark(RemarkKind.METER_INSTALLED, on("2026-01-10"))),
    ]


def test_a_meter_installed_without_a_reading_is_unavailable_from_that_day() -> None:
    """Put in on the 10th, first read on the 20th: ten days are unknown."""
    late = meter(read("2026-01-20", 3), read("2026-01-31", 5), installed_on="2026-01-10")

    assert by_month(late, last="2026-01") == [(None, UNAVAILABLE, MISSING)]


def test_a_meter_taken_away_for_good_counts_until_then() -> None:
    """Its last index ends the figure; the month after has none."""
    gone = meter(read("2025-12-31", 10), removal("2026-01-20", 14))

    assert by_month(gone, last="2026-02") == [
        (4000, MEASURED, Remark(RemarkKind.METER_REMOVED, on("2026-01-20"))),
        (None, UNAVAILABLE, MISSING),
    ]


def test_a_meter_read_on_the_day_it_left_has_its_removal_index() -> None:
    """The last remote reading serves when it is of that day."""
    gone = meter(read("2025-12-31", 10), read("2026-01-20", 14), removed_on="2026-01-20")

    assert [litres for litres, _, _ in by_month(gone, last="2026-01")] == [4000]


def test_the_other_meters_go_on_when_one_is_replaced() -> None:
    """The new kitchen meter takes the place of the old kitchen meter, not of the bathroom's."""
    bathroom = meter(read("2025-12-31", 50), removal("2026-01-05", 51), name="B", location="salle de bain")
    bathroom_new = meter(installation("2026-01-05"), read("2026-01-31", 4), name="B2", location="salle de bain")
    old = meter(read("2025-12-31", 0), removal("2026-01-20", 3), name="K", location="cuisine")
    new = meter(installation("2026-01-20"), read("2026-01-31", 1), name="K2", location="cuisine")

    assert by_month(new, bathroom_new, old, bathroom, last="2026-01") == [
        (9000, MEASURED, Remark(RemarkKind.METER_REPLACED, on("2026-01-05")))
    ]


def test_a_place_whose_name_is_not_recorded_is_taken_over_too() -> None:
    """The last place freed before the new meter came is its place."""
    early = meter(read("2025-12-31", 0), removal("2026-01-10", 1), name="A", location="cave")
    late = meter(read("2025-12-31", 0), removal("2026-01-20", 2), name="B", location="cuisine")
    new = meter(installation("2026-01-20"), read("2026-01-31", 4), name="N")

    assert by_month(early, late, new, last="2026-01") == [
        (7000, MEASURED, Remark(RemarkKind.METER_REPLACED, on("2026-01-20")))
    ]


def test_a_meter_does_not_take_over_another_place() -> None:
    """The kitchen went ten days without a meter; the bathroom's, taken away for good, does not make up for it."""
    bathroom = meter(read("2025-12-31", 5), removal("2026-01-20", 6), name="B", location="salle de bain")
    old = meter(read("2025-12-31", 0), removal("2026-01-10", 3), name="K", location="cuisine")
    new = meter(installation("2026-01-20"), read("2026-01-31", 1), name="K2", location="cuisine")

    assert by_month(bathroom, old, new, last="2026-01") == [(None, UNAVAILABLE, MISSING)]


def test_dates_that_contradict_the_readings_are_not_believed() -> None:
    """Said to be put in after it was read and gone before: the readings hold."""
    contradicted = meter(
        read("2025-12-31", 1), read("2026-01-31", 2), installed_on="2026-01-15", removed_on="2026-01-20"
    )

    assert by_month(contradicted, last="2026-01") == [(1000, MEASURED, None)]


def test_a_meter_without_readings_has_no_figure() -> None:
    """In service or gone, it proves nothing."""
    assert by_month(meter(), last="2026-01") == [(None, UNAVAILABLE, MISSING)]
    assert by_month(meter(installed_on="2026-01-10", removed_on="2026-01-20"), last="2026-01") == [
        (None, UNAVAILABLE, MISSING)
    ]
