"""Rent reduction for long works (code civil, art.

1724): repairs in the dwelling that last more than 21 days.
"""

from datetime import date, timedelta

from gateway.domain.works import WorksOperation, WorksScope, WorksState

_BORNE_WITHOUT_REDUCTION = timedelta(days=21)


def rent_reduction_from(works: WorksOperation, *, today: date) -> date | None:
    """The twenty-second day of `works` in the dwelling, from which they may give right to a rent reduction.

    None for works elsewhere, works that end or ended before that day, and works whose days are not known.
    Works that are announced for a shorter time but still go on after it give the right like any other.
    """
    started_on = works.starts_on
    if works.scope is not WorksScope.DWELLING or works.state is WorksState.CANCELLED or started_on is None:
        return None
    if started_on > date.max - _BORNE_WITHOUT_REDUCTION:
        return None
    day = started_on + _BORNE_WITHOUT_REDUCTION
    return day if _may_last_until(works, day, today=today) else None


def _may_last_until(works: WorksOperation, day: date, *, today: date) -> bool:
    if works.ended_on is not None:
        return works.ended_on >= day
    if works.state is WorksState.COMPLETED:
        return works.expected_end_on is not None and works.expected_end_on >= day
    return works.expected_end_on is None or max(works.expected_end_on, today) >= day
