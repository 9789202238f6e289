"""The twenty-second day, counted on the fingers."""

from datetime import date, timedelta
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.identifiers import WorksId
from gateway.domain.rent_reduction import rent_reduction_from
from gateway.domain.works import WorksOperation, WorksScope, WorksState
from tests.properties import strategies

pytestmark = pytest.mark.thorough

works = st.builds(
    WorksOperation,
    id=st.just(WorksId("W1")),
    scope=st.just(WorksScope.DWELLING),
    starts_on=strategies.current_days,
    expected_end_on=st.none() | strategies.current_days,
    ended_on=st.none() | strategies.current_days,
    updates=st.just(()),
    issues=st.just(()),
)


def days_from(first: date, last: date) -> list[date]:
    """Each day of the works, the first and the last included."""
    return [first + timedelta(days=count) for count in range((last - first).days + 1)]


@given(works, strategies.current_days)
def test_the_right_begins_with_the_day_after_twenty_one(operation: WorksOperation, today: date) -> None:
    """Count the days of the works; the one after the twenty-first is the answer, if there is one."""
    assert operation.starts_on is not None
    last = operation.ended_on or operation.expected_end_on
    if operation.ended_on is None and operation.state is not WorksState.COMPLETED:
        last = max(last, today) if last else date.max
    if last is None or operation.state is WorksState.CANCELLED:
        last = operation.starts_on

    days = days_from(operation.starts_on, min(last, operation.starts_on + timedelta(days=60)))

    assert rent_reduction_from(operation, today=today) == next(islice(days, 21, None), None)
