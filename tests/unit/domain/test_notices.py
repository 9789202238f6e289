"""Of several notices for a month one is in force; the others are linked to it."""

from gateway.domain.notice import NoticeState, RentNotice
from gateway.domain.notices import NoticeTitle, link, shown_by_default, title_parts
from gateway.domain.source import DataQualityCode, DataQualityIssue
from tests.unit.domain.samples import month, notice


def links(*notices: RentNotice) -> list[tuple[str, NoticeState, str | None, str | None]]:
    """What linking makes of `notices`: name, state, what replaced it, what it corrects."""
    return [(one.id, one.state, one.replaced_by, one.corrects) for one in link(notices)]


def test_the_newest_month_comes_first() -> None:
    """The notice of March stands above that of February."""
    assert [one.id for one in link([notice("feb"), notice("mar", "2026-03"), notice("jan", "2026-01")])] == [
        "mar",
        "feb",
        "jan",
    ]


def test_two_notices_issued_for_one_month_leave_the_later_in_force() -> None:
    """« Avis de février » twice, as on the old portal: the later one corrects the earlier one."""
    assert links(notice("first", issued_on="2026-02-20"), notice("second", issued_on="2026-02-27")) == [
        ("second", NoticeState.ISSUED, None, "first"),
        ("first", NoticeState.REPLACED, "second", None),
    ]


def test_a_notice_without_a_day_of_issue_gives_way() -> None:
    """What the ERP cannot date is taken for the older one."""
    assert links(notice("undated", issued_on=None), notice("dated", issued_on="2026-02-20")) == [
        ("dated", NoticeState.ISSUED, None, "undated"),
        ("undated", NoticeState.REPLACED, "dated", None),
    ]


def test_of_two_notices_of_one_day_the_first_of_the_source_stands() -> None:
    """The source puts the one in force first."""
    assert [one[:2] for one in links(notice("b"), notice("a"))] == [
        ("b", NoticeState.ISSUED),
        ("a", NoticeState.REPLACED),
    ]


def test_a_notice_that_the_source_says_is_replaced_is_linked() -> None:
    """The ERP says replaced, but not by which."""
    replaced = notice("first", state=NoticeState.REPLACED, issued_on="2026-02-20")

    assert links(notice("second"), replaced) == [
        ("second", NoticeState.ISSUED, None, "first"),
        ("first", NoticeState.REPLACED, "second", None),
    ]


def test_links_of_the_source_are_kept() -> None:
    """A chain of three: each is replaced by the next, the last corrects the second."""
    chain = (
        notice("third", issued_on="2026-02-28"),
        notice("second", issued_on="2026-02-27", state=NoticeState.REPLACED, replaced_by="third"),
        notice("first", issued_on="2026-02-20", state=NoticeState.REPLACED, replaced_by="second"),
    )

    assert links(*chain) == [
        ("third", NoticeState.ISSUED, None, "second"),
        ("second", NoticeState.REPLACED, "third", None),
        ("first", NoticeState.REPLACED, "second", None),
    ]


def test_a_notice_known_to_be_replaced_is_not_in_force() -> None:
    """The link weighs more than the day of issue."""
    stale = notice("first", issued_on="2026-02-28", replaced_by="second")

    assert links(stale, notice("second", issued_on="2026-02-20")) == [
        ("second", NoticeState.ISSUED, None, "first"),
        ("first", NoticeState.REPLACED, "second", None),
    ]


def test_what_a_notice_corrects_is_kept_as_the_source_says() -> None:
    """The ERP knows best which notice it corrected."""
    assert links(notice("second", corrects="elsewhere"), notice("first", issued_on="2026-01-20")) == [
        ("second", NoticeState.ISSUED, None, "elsewhere"),
        ("first", NoticeState.REPLACED, "second", None),
    ]


def test_a_cancelled_notice_is_not_replaced() -> None:
    """The notice issued after a cancelled one is not a correction."""
    cancelled = notice("first", state=NoticeState.CANCELLED, issued_on="2026-02-20")

    assert links(notice("second"), cancelled) == [
        ("second", NoticeState.ISSUED, None, None),
        ("first", NoticeState.CANCELLED, None, None),
    ]


def test_a_month_may_have_no_notice_in_force() -> None:
    """All of them cancelled: nothing is invented."""
    cancelled = notice("first", state=NoticeState.CANCELLED)

    assert link([cancelled]) == (cancelled,)


def test_a_record_that_comes_three_times_is_shown_once() -> None:
    """Twins of the ERP are no second notice; IT is told once."""
    (only,) = link([notice("twin"), notice("twin"), notice("twin")])

    assert only.state is NoticeState.ISSUED
    assert only.issues == (DataQualityIssue(DataQualityCode.DUPLICATE_RECORD, "id"),)


def test_only_notices_in_force_are_shown_by_default() -> None:
    """Replaced and cancelled ones are for those who ask."""
    cancelled = notice("jan", "2026-01", state=NoticeState.CANCELLED)
    linked = link([notice("b", issued_on="2026-02-27"), notice("a", issued_on="2026-02-20"), cancelled])

    assert [one.id for one in shown_by_default(linked)] == ["b"]


def test_a_corrected_notice_says_so_in_its_title() -> None:
    """« Avis de février 2026 (rectifié) »."""
    second, first = link([notice("b", issued_on="2026-02-27"), notice("a", issued_on="2026-02-20")])

    assert title_parts(second) == NoticeTitle(month("2026-02"), corrected=True)
    assert title_parts(first) == NoticeTitle(month("2026-02"), corrected=False)
