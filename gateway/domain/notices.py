"""Rules over all notices of one account: which stand, which replace which, how they are titled."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from gateway.domain.identifiers import NoticeId
from gateway.domain.notice import NoticeState, RentNotice
from gateway.domain.period import YearMonth
from gateway.domain.source import DataQualityCode, DataQualityIssue

_DUPLICATE = DataQualityIssue(DataQualityCode.DUPLICATE_RECORD, "id")


@dataclass(frozen=True, slots=True)
class NoticeTitle:
    """Parts of a title: « Avis de mars 2021 », followed by « (rectifié) » when `corrected`."""

    period: YearMonth
    corrected: bool


def title_parts(notice: RentNotice) -> NoticeTitle:
    """What the title of `notice` says."""
    return NoticeTitle(period=notice.period, corrected=notice.corrects is not None)


def shown_by_default(notices: Iterable[RentNotice]) -> tuple[RentNotice, ...]:
    """Those in force, in the given order."""
    return tuple(notice for notice in notices if notice.state is NoticeState.ISSUED)


def link(notices: Sequence[RentNotice]) -> tuple[RentNotice, ...]:
    """One account's notices, newest month first, at most one of a month in force and the others linked to it.

    The source may call several notices of a month issued: the last one stands, the others are replaced by
    it. A link that the source gives is kept. A record that comes twice is kept once, with an issue.
    """
    months: dict[YearMonth, list[RentNotice]] = {}
    for notice in _without_duplicates(notices):
        months.setdefault(notice.period, []).append(notice)
    return tuple(notice for period in sorted(months, reverse=True) for notice in _link_month(months[period]))


def _without_duplicates(notices: Iterable[RentNotice]) -> Iterable[RentNotice]:
    kept: dict[NoticeId, RentNotice] = {}
    for notice in notices:
        if notice.id not in kept:
            kept[notice.id] = notice
        elif _DUPLICATE not in kept[notice.id].issues:
            first = kept[notice.id]
            kept[notice.id] = replace(first, issues=(*first.issues, _DUPLICATE))
    return kept.values()


def _link_month(notices: Iterable[RentNotice]) -> Iterable[RentNotice]:
    """The notice in force first, then the latest issued; what has no day of issue is the oldest."""
    latest_first = sorted(notices, key=lambda notice: notice.issued_on or date.min, reverse=True)
    issued = [notice for notice in latest_first if notice.state is NoticeState.ISSUED]
    standing = max(issued, key=lambda notice: notice.replaced_by is None, default=None)
    if standing is None:
        return latest_first
    others = [_replaced(notice, by=standing.id) for notice in latest_first if notice is not standing]
    replaced = next((notice.id for notice in others if notice.replaced_by == standing.id), None)
    return [replace(standing, corrects=standing.corrects or replaced), *others]


def _replaced(notice: RentNotice, *, by: NoticeId) -> RentNotice:
    """`notice` beside the one in force; a cancelled one is not replaced by it."""
    if notice.state is NoticeState.CANCELLED:
        return notice
    return replace(notice, state=NoticeState.REPLACED, replaced_by=notice.replaced_by or by)
