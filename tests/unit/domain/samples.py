"""Invented values of the landlord's world with good defaults; a test names only what matters to it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from gateway.domain.directory import OpeningHours, OpeningSpan, SpecialOpening
from gateway.domain.identifiers import AccountId, EntryId, LeaseId, MeterId, NoticeId, WorksId
from gateway.domain.ledger import ChargeKind, Direction, LedgerEntry, LedgerExtract, StoredBalance
from gateway.domain.money import Money
from gateway.domain.notice import NoticeState, RentNotice
from gateway.domain.period import YearMonth
from gateway.domain.water import MeterReading, ReadingOrigin, WaterKind, WaterMeter
from gateway.domain.works import WorksOperation, WorksScope, WorksState

ACCOUNT = AccountId("A1")
LEASE = LeaseId("L1")


def at(text: str) -> datetime:
    """An instant written in UTC, `2026-03-01T09:30`."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def on(text: str) -> date:
    """A day written `2026-03-01`."""
    return date.fromisoformat(text)


def month(text: str) -> YearMonth:
    """A month written `2026-03`."""
    return YearMonth.parse(text)


def debit(
    day: str,
    cents: int,
    kind: ChargeKind = ChargeKind.RENT,
    *,
    period: str | None = None,
    posted_at: datetime | None = None,
) -> LedgerEntry:
    """A debit of `cents` whose value day is `day`."""
    return LedgerEntry(
        id=EntryId(f"{day} {kind} {cents}"),
        value_on=on(day),
        posted_at=posted_at,
        direction=Direction.DEBIT,
        kind=kind,
        label=kind.value,
        amount=Money(cents),
        period=month(period) if period else None,
    )


def credit(
    day: str,
    cents: int,
    kind: ChargeKind = ChargeKind.PAYMENT,
    *,
    period: str | None = None,
    posted_at: datetime | None = None,
) -> LedgerEntry:
    """A credit of `cents` whose value day is `day`."""
    return LedgerEntry(
        id=EntryId(f"{day} {kind} -{cents}"),
        value_on=on(day),
        posted_at=posted_at,
        direction=Direction.CREDIT,
        kind=kind,
        label=kind.value,
        amount=Money(cents),
        period=month(period) if period else None,
    )


def extract(*entries: LedgerEntry, opening: int = 0) -> LedgerExtract:
    """The given entries after an opening balance of `opening` cents."""
    return LedgerExtract(ACCOUNT, since=on("2026-01-01"), until=None, opening=Money(opening), entries=entries)


def stored(total: int, *, overdue: int = 0) -> StoredBalance:
    """A balance of `total` cents as the ERP closed it; the next notice falls due on 10 April 2026."""
    return StoredBalance(ACCOUNT, Money(total), overdue=Money(overdue), next_due_on=on("2026-04-10"))


def notice(
    name: str,
    period: str = "2026-02",
    *,
    issued_on: str | None = "2026-02-25",
    state: NoticeState = NoticeState.ISSUED,
    corrects: str | None = None,
    replaced_by: str | None = None,
) -> RentNotice:
    """A notice of one month, in force unless said otherwise."""
    return RentNotice(
        id=NoticeId(name),
        account_id=ACCOUNT,
        number=name,
        period=month(period),
        state=state,
        issued_on=on(issued_on) if issued_on else None,
        due_on=on("2026-03-10"),
        brought_forward=Money(0),
        lines=(),
        period_total=Money(41237),
        amount_due=Money(41237),
        corrects=NoticeId(corrects) if corrects else None,
        replaced_by=NoticeId(replaced_by) if replaced_by else None,
    )


def read(day: str, m3: float, origin: ReadingOrigin = ReadingOrigin.REMOTE) -> MeterReading:
    """A reading of `m3` at the end of `day`."""
    return MeterReading(on=on(day), index_litres=round(m3 * 1000), origin=origin)


def estimate(day: str, m3: float) -> MeterReading:
    """An index that nobody has read."""
    return read(day, m3, ReadingOrigin.ESTIMATED)


def removal(day: str, m3: float) -> MeterReading:
    """The last index of a meter that is taken away."""
    return read(day, m3, ReadingOrigin.REMOVAL)


def installation(day: str, m3: float = 0) -> MeterReading:
    """The first index of a new meter."""
    return read(day, m3, ReadingOrigin.INSTALLATION)


def meter(
    *readings: MeterReading,
    name: str = "M1",
    kind: WaterKind = WaterKind.COLD,
    location: str | None = None,
    remotely_read: bool = True,
    installed_on: str | None = None,
    removed_on: str | None = None,
    digits: int | None = None,
) -> WaterMeter:
    """A meter with its readings: cold water, read remotely."""
    return WaterMeter(
        id=MeterId(name),
        lease_id=LEASE,
        serial_number=name,
        kind=kind,
        location=location,
        remotely_read=remotely_read,
        installed_on=on(installed_on) if installed_on else None,
        removed_on=on(removed_on) if removed_on else None,
        digits=digits,
        readings=readings,
    )


def span(opens: str, closes: str) -> OpeningSpan:
    """A span of opening, both ends written `08:30`."""
    return OpeningSpan(time.fromisoformat(opens), time.fromisoformat(closes))


MORNING, AFTERNOON = span("08:30", "12:00"), span("13:30", "17:00")


def hours(
    week: Sequence[tuple[OpeningSpan, ...]] | None = None, *, special: tuple[SpecialOpening, ...] = ()
) -> OpeningHours:
    """Hours of an office: Monday to Friday, morning and afternoon, unless said otherwise."""
    usual = [(MORNING, AFTERNOON)] * 5 + [()] * 2 if week is None else week
    return OpeningHours(regular=tuple(usual), special=special, conditions=None)


def special(first: str, last: str, *spans: OpeningSpan, label: str = "Horaires adaptés") -> SpecialOpening:
    """Other hours from the first day to the last; closed without a span."""
    return SpecialOpening(on(first), on(last), label, spans)


def works(
    *,
    scope: WorksScope = WorksScope.DWELLING,
    state: WorksState = WorksState.IN_PROGRESS,
    starts_on: str | None = "2026-03-02",
    expected_end_on: str | None = None,
    ended_on: str | None = None,
) -> WorksOperation:
    """Works under way in a dwelling since Monday 2 March 2026."""
    return WorksOperation(
        id=WorksId("W1"),
        lease_ids=(LEASE,),
        title="Remplacement des menuiseries",
        description=None,
        state=state,
        scope=scope,
        impacts=(),
        starts_on=on(starts_on) if starts_on else None,
        expected_end_on=on(expected_end_on) if expected_end_on else None,
        ended_on=on(ended_on) if ended_on else None,
        contractor=None,
        access_required=True,
        updates=(),
    )
