"""Readings that somebody should look at, with the evidence, and nothing else."""

from collections.abc import Sequence

import pytest

from gateway.domain.period import YearMonth
from gateway.domain.water import ReadingOrigin, WaterKind, WaterMeter
from gateway.domain.water_alerts import (
    AbnormalVolume,
    IndexWentBack,
    ReadingOverdue,
    WaterAlert,
    WaterAlertKind,
    alerts,
)
from tests.unit.domain.samples import estimate, installation, meter, month, on, read, removal

TODAY = on("2026-06-15")
LAST_OF_MONTHS = ["2025-12-31", "2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]


def monthly(*volumes: float, origin: ReadingOrigin = ReadingOrigin.REMOTE) -> WaterMeter:
    """A meter that measured `volumes` in m³ in the months up to May 2026, the latest last."""
    first = YearMonth(2026, 5).plus(-len(volumes))
    days = [first.plus(count).last_day for count in range(len(volumes) + 1)]
    indexes = [sum(volumes[:count]) for count in range(len(volumes) + 1)]
    return meter(*(read(str(day), index, origin) for day, index in zip(days, indexes, strict=True)))


def test_a_month_above_twice_the_usual_is_abnormal() -> None:
    """8, 9, 10 m³ and then 25: 16 above the usual."""
    leaking = monthly(8, 9, 10, 25)

    assert alerts([leaking], today=TODAY) == (
        WaterAlert(
            kind=WaterAlertKind.ABNORMAL_VOLUME,
            meter=leaking,
            since=on("2026-05-01"),
            evidence=AbnormalVolume(month("2026-05"), litres=25000, usual_litres=9000, compared_months=3),
            excess_litres=16000,
            resolved_on=None,
        ),
    )


@pytest.mark.parametrize(
    "volumes",
    [
        (8, 9, 10, 18),
        (1, 1, 1, 3.999),
        (9, 9, 60),
        (9, 9, 9, 9),
        (25, 9, 9, 9),
    ],
)
def test_what_is_not_clearly_abnormal_raises_no_alert(volumes: Sequence[float]) -> None:
    """Exactly twice, less than 3 m³ more, fewer than three months to compare with, usual, high at first."""
    assert alerts([monthly(*volumes)], today=TODAY) == ()


def test_three_more_cubic_metres_are_enough() -> None:
    """For those who use little, 1 m³ a month and then 4."""
    (alert,) = alerts([monthly(1, 1, 1, 4)], today=TODAY)

    assert alert.excess_litres == 3000


def test_a_leak_lasts_and_never_becomes_the_usual() -> None:
    """Three months at 30 m³ after five at 9: since the first of them, 63 m³ above the usual."""
    (alert,) = alerts([monthly(9, 9, 9, 9, 9, 30, 30, 30)], today=TODAY)

    assert (alert.since, alert.excess_litres, alert.resolved_on) == (on("2026-03-01"), 63000, None)
    assert alert.evidence == AbnormalVolume(month("2026-05"), 30000, usual_litres=9000, compared_months=5)


def test_a_usual_month_resolves_the_alert() -> None:
    """The leak was repaired in April: resolved at the end of the first usual month."""
    (alert,) = alerts([monthly(9, 9, 9, 30, 9)], today=TODAY)

    assert (alert.since, alert.resolved_on) == (on("2026-04-01"), on("2026-05-31"))


def test_two_leaks_are_two_alerts_the_latest_first() -> None:
    """Resolved, then open again."""
    found = alerts([monthly(9, 9, 9, 30, 9, 40)], today=TODAY)

    assert [(alert.since, alert.resolved_on) for alert in found] == [
        (on("2026-05-01"), None),
        (on("2026-03-01"), on("2026-04-30")),
    ]


def test_alerts_resolved_more_than_thirteen_months_ago_are_forgotten() -> None:
    """The leak of March 2025 is over; that of May 2025, thirteen months back, is still told."""
    long_ago = monthly(9, 9, 9, 30, *[9] * 14)
    recent = monthly(9, 9, 9, 30, *[9] * 12)

    assert alerts([long_ago], today=TODAY) == ()
    assert [alert.since for alert in alerts([recent], today=TODAY)] == [on("2025-05-01")]


def test_only_the_twelve_months_before_are_compared() -> None:
    """What was used two years ago does not say what is usual now."""
    (alert,) = alerts([monthly(*[90] * 6, *[9] * 12, 30)], today=TODAY)

    assert alert.evidence == AbnormalVolume(month("2026-05"), 30000, usual_litres=9000, compared_months=12)


def test_estimates_neither_raise_an_alert_nor_hide_one() -> None:
    """An estimated month is no evidence, and no yardstick."""
    high = meter(*(read(day, 9 * count) for count, day in enumerate(LAST_OF_MONTHS[:5])), estimate("2026-05-31", 90))

    assert alerts([high], today=on("2026-06-01")) == ()
    assert alerts([monthly(9, 9, 9, 30, origin=ReadingOrigin.ESTIMATED)], today=on("2026-06-01")) == ()


def test_both_kinds_of_water_are_watched() -> None:
    """Hot water leaks too."""
    hot = meter(*(read(day, 30 * (day == "2026-05-31")) for day in LAST_OF_MONTHS), kind=WaterKind.HOT)

    assert [alert.meter.kind for alert in alerts([hot], today=TODAY)] == [WaterKind.HOT]


def test_a_new_meter_is_compared_with_the_months_of_the_old_one() -> None:
    """The dwelling's habits do not change with its meter; the alert names the present one."""
    old = meter(
        *(read(day, 9 * count) for count, day in enumerate(LAST_OF_MONTHS[:5])),
        removal("2026-04-30", 36),
        name="OLD",
        removed_on="2026-04-30",
    )
    new = meter(installation("2026-04-30"), read("2026-05-31", 30), name="NEW", installed_on="2026-04-30")

    (alert,) = alerts([old, new], today=TODAY)

    assert (alert.kind, alert.meter, alert.since) == (
        WaterAlertKind.ABNORMAL_VOLUME,
        new,
        on("2026-05-01"),
    )


@pytest.mark.parametrize(("today", "days"), [("2026-07-15", None), ("2026-07-16", 46)])
def test_a_remote_meter_silent_for_more_than_45_days_is_told(today: str, days: int | None) -> None:
    """Last read on 31 May: forty-five days are bearable, forty-six are not."""
    silent = monthly(9)

    assert alerts([silent], today=on(today)) == (
        ()
        if days is None
        else (
            WaterAlert(
                kind=WaterAlertKind.NO_READING,
                meter=silent,
                since=on("2026-05-31"),
                evidence=ReadingOverdue(last_on=on("2026-05-31"), days=days),
            ),
        )
    )


def test_an_estimate_does_not_break_the_silence() -> None:
    """An index that nobody read is no reading."""
    (alert,) = alerts([meter(read("2026-04-01", 1), estimate("2026-05-31", 9))], today=TODAY)

    assert alert.evidence == ReadingOverdue(last_on=on("2026-04-01"), days=75)


def test_a_meter_never_read_is_silent_since_it_was_put_in() -> None:
    """Installed in January, not heard of since."""
    (alert,) = alerts([meter(installed_on="2026-01-10")], today=TODAY)

    assert (alert.since, alert.evidence) == (on("2026-01-10"), ReadingOverdue(last_on=None, days=156))


@pytest.mark.parametrize(
    "quiet",
    [
        meter(),
        meter(read("2025-12-31", 1), remotely_read=False),
        meter(read("2025-12-31", 1), removal("2026-01-31", 2)),
        meter(read("2025-12-31", 1), removed_on="2026-06-15"),
        meter(installed_on="2026-07-01"),
    ],
)
def test_meters_that_promise_no_reading_are_not_called_silent(quiet: WaterMeter) -> None:
    """Nothing known of it, read by people, taken away, or still to come."""
    assert alerts([quiet], today=TODAY) == ()


def test_an_index_that_went_back_is_told_with_both_readings() -> None:
    """812 then 799, and nothing since."""
    before, after = read("2026-04-30", 812), read("2026-05-31", 799)
    back = meter(before, after)

    assert alerts([back], today=TODAY) == (
        WaterAlert(
            kind=WaterAlertKind.INDEX_WENT_BACK,
            meter=back,
            since=on("2026-05-31"),
            evidence=IndexWentBack(before, after),
        ),
    )


def test_the_next_higher_index_resolves_it() -> None:
    """799 then 805: the meter counts again."""
    (alert,) = alerts([meter(read("2026-03-31", 812), read("2026-04-30", 799), read("2026-05-31", 805))], today=TODAY)

    assert (alert.since, alert.resolved_on) == (on("2026-04-30"), on("2026-05-31"))


def test_an_index_that_goes_back_again_resolves_nothing() -> None:
    """812, 799, 790: two alerts, both open."""
    found = alerts([meter(read("2026-03-31", 812), read("2026-04-30", 799), read("2026-05-31", 790))], today=TODAY)

    assert [(alert.since, alert.resolved_on) for alert in found] == [
        (on("2026-05-31"), None),
        (on("2026-04-30"), None),
    ]


def test_an_old_index_that_went_back_is_told_only_while_it_is_open() -> None:
    """Thirteen months later it is history, unless no reading came since."""
    old = (read("2025-03-31", 812), read("2025-04-30", 799))

    resolved = alerts([meter(*old, read("2026-05-31", 805))], today=TODAY)
    still_open = alerts([meter(*old, remotely_read=False)], today=TODAY)

    assert resolved == ()
    assert [alert.since for alert in still_open] == [on("2025-04-30")]


def test_an_estimate_below_the_last_index_raises_no_alert() -> None:
    """It proves nothing about the meter."""
    assert alerts([meter(read("2026-05-15", 812), estimate("2026-05-31", 799))], today=TODAY) == ()
