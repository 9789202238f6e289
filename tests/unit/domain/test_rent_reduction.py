"""Works in the dwelling may give right to a rent reduction from their twenty-second day."""

from datetime import date

import pytest

from gateway.domain.rent_reduction import rent_reduction_from
from gateway.domain.works import WorksOperation, WorksScope, WorksState
from tests.unit.domain.samples import on, works

TODAY = on("2026-03-10")
DAY_22 = on("2026-03-23")


def test_the_right_may_begin_on_the_twenty_second_day() -> None:
    """Works since 2 March: twenty-one days end on the 22nd."""
    assert rent_reduction_from(works(), today=TODAY) == DAY_22


@pytest.mark.parametrize(
    "operation",
    [
        works(scope=WorksScope.COMMON_PARTS),
        works(scope=WorksScope.ESTATE),
        works(scope=WorksScope.UNKNOWN),
        works(state=WorksState.CANCELLED),
        works(starts_on=None),
    ],
)
def test_works_elsewhere_cancelled_or_without_a_start_give_none(operation: WorksOperation) -> None:
    """The law speaks of repairs in the dwelling."""
    assert rent_reduction_from(operation, today=TODAY) is None


@pytest.mark.parametrize(("ended_on", "day"), [("2026-03-22", None), ("2026-03-23", DAY_22), ("2026-04-30", DAY_22)])
def test_works_that_have_ended_must_have_reached_that_day(ended_on: str, day: date | None) -> None:
    """Exactly twenty-one days give no right, twenty-two do."""
    ended = works(state=WorksState.COMPLETED, ended_on=ended_on)

    assert rent_reduction_from(ended, today=on("2026-05-01")) == day


@pytest.mark.parametrize(("expected_end_on", "day"), [("2026-03-22", None), ("2026-03-23", DAY_22)])
def test_works_expected_to_end_earlier_give_none(expected_end_on: str, day: date | None) -> None:
    """Nobody is promised a reduction for works that are announced shorter."""
    assert rent_reduction_from(works(expected_end_on=expected_end_on), today=TODAY) == day


def test_works_that_overrun_give_the_right() -> None:
    """Announced for two weeks, still going on in the fourth."""
    late = works(expected_end_on="2026-03-16")

    assert rent_reduction_from(late, today=on("2026-03-23")) == DAY_22


@pytest.mark.parametrize(("expected_end_on", "day"), [(None, None), ("2026-03-22", None), ("2026-03-31", DAY_22)])
def test_completed_works_without_a_real_end_are_judged_by_the_expected_one(
    expected_end_on: str | None, day: date | None
) -> None:
    """What nobody recorded is not guessed."""
    completed = works(state=WorksState.COMPLETED, expected_end_on=expected_end_on)

    assert rent_reduction_from(completed, today=on("2026-05-01")) == day


def test_works_at_the_end_of_the_calendar_give_none() -> None:
    """A date that stands for « never » has no day after it."""
    assert rent_reduction_from(works(starts_on="9999-12-31"), today=TODAY) is None
