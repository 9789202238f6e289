"""Linking notices leaves each month clear and each record once."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.identifiers import AccountId, NoticeId
from gateway.domain.notice import NoticeState, RentNotice
from gateway.domain.notices import link, shown_by_default
from gateway.domain.period import YearMonth
from tests.properties import strategies

pytestmark = pytest.mark.thorough

names = st.sampled_from([NoticeId(name) for name in "ABCDEF"])
notices = st.lists(
    st.builds(
        RentNotice,
        id=names,
        account_id=st.just(AccountId("A1")),
        number=st.none(),
        period=st.builds(YearMonth, st.just(2026), st.integers(1, 3)),
        state=st.sampled_from(NoticeState),
        issued_on=st.none() | strategies.current_days,
        due_on=st.none(),
        brought_forward=st.none(),
        lines=st.just(()),
        period_total=st.none(),
        amount_due=st.none(),
        replaced_by=st.none() | names,
        corrects=st.none() | names,
        issues=st.just(()),
    ),
    max_size=8,
)


@given(notices)
def test_each_month_has_at_most_one_notice_in_force(found: list[RentNotice]) -> None:
    """And has one whenever the source said that one was issued."""
    linked = link(found)

    in_force = Counter(notice.period for notice in shown_by_default(linked))
    first_seen = {notice.id: notice for notice in reversed(found)}
    issued = {notice.period for notice in first_seen.values() if notice.state is NoticeState.ISSUED}
    assert set(in_force) == issued
    assert set(in_force.values()) <= {1}


@given(notices)
def test_no_record_is_lost_or_shown_twice(found: list[RentNotice]) -> None:
    """The newest month first, the one in force first within it."""
    linked = link(found)

    assert Counter(notice.id for notice in linked) == Counter({notice.id for notice in found})
    keys = [(notice.period, notice.state is NoticeState.ISSUED) for notice in linked]
    assert keys == sorted(keys, reverse=True)


@given(notices)
def test_linking_twice_changes_nothing(found: list[RentNotice]) -> None:
    """What is linked stays linked."""
    linked = link(found)

    assert link(linked) == linked
