"""Any value of the landlord's world; importing this teaches Hypothesis to build those with rules of their own."""

from datetime import UTC, date, datetime, time, timedelta, timezone

from hypothesis import strategies as st

from gateway.domain.access import Session
from gateway.domain.directory import OpeningHours, OpeningSpan, SpecialOpening
from gateway.domain.identifiers import AccountId
from gateway.domain.ledger import LedgerEntry, LedgerExtract
from gateway.domain.metering_point import Stretch
from gateway.domain.money import Money
from gateway.domain.period import YearMonth
from gateway.domain.water import MeterReading, ReadingOrigin, WaterKind, WaterMeter

moneys = st.builds(Money, st.integers(-10_000_000, 10_000_000))
amounts = st.builds(Money, st.integers(0, 10_000_000))
months = st.builds(YearMonth, st.integers(1, 9999), st.integers(1, 12))
months_of_a_decade = st.builds(YearMonth, st.integers(2020, 2029), st.integers(1, 12))

# Today and now are what a clock shows; every other day or instant may lie anywhere in the calendar.
clock_days = st.dates(date(1971, 1, 1), date(2199, 12, 31))
instants = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))]))
current_days = st.dates(date(2025, 1, 1), date(2026, 12, 31))
current_instants = st.datetimes(datetime(2025, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive, Hypothesis adds the zone

minutes = st.builds(time, st.integers(0, 23), st.integers(0, 59))


@st.composite
def opening_spans(draw: st.DrawFn) -> OpeningSpan:
    """A span of at least a minute."""
    opens, closes = sorted(draw(st.lists(minutes, min_size=2, max_size=2, unique=True)))
    return OpeningSpan(opens, closes)


spans = st.lists(opening_spans(), max_size=3).map(tuple)


@st.composite
def special_openings(draw: st.DrawFn) -> SpecialOpening:
    """A special period of some weeks in the years about now."""
    first_day = draw(current_days)
    last_day = first_day + timedelta(days=draw(st.integers(0, 40)))
    return SpecialOpening(first_day, last_day, label="Horaires adaptés", spans=draw(spans))


opening_hours = st.builds(
    OpeningHours,
    regular=st.lists(spans, min_size=7, max_size=7).map(tuple),
    special=st.lists(special_openings(), max_size=3).map(tuple),
    conditions=st.none(),
)


def entries(days: st.SearchStrategy[date] = current_days) -> st.SearchStrategy[LedgerEntry]:
    """Any entry with a value day out of `days`."""
    return st.builds(
        LedgerEntry,
        value_on=days,
        posted_at=st.none() | current_instants,
        label=st.just("Libellé"),
        amount=amounts,
        issues=st.just(()),
    )


extracts = st.builds(
    LedgerExtract,
    account_id=st.just(AccountId("A1")),
    since=st.none(),
    until=st.none(),
    opening=moneys,
    entries=st.lists(entries(), max_size=30).map(tuple),
)

readings = st.builds(
    MeterReading,
    on=current_days,
    index_litres=st.integers(0, 10_000_000),
    origin=st.sampled_from(ReadingOrigin),
)
meters = st.builds(
    WaterMeter,
    kind=st.sampled_from(WaterKind),
    location=st.none() | st.sampled_from(["cuisine", "cave"]),
    installed_on=st.none() | current_days,
    removed_on=st.none() | current_days,
    digits=st.none() | st.integers(3, 6),
    readings=st.lists(readings, max_size=8).map(tuple),
    issues=st.just(()),
)


@st.composite
def stretches(draw: st.DrawFn) -> Stretch:
    """A stretch of at least a day."""
    after = draw(st.integers(1, 3_000_000))
    return Stretch(after, after + draw(st.integers(1, 4_000)), draw(st.none() | st.integers(0, 10**9)))


@st.composite
def sessions(draw: st.DrawFn) -> Session:
    """A session of a tenant or of a member of staff."""
    fields = {name: draw(st.from_type(kind)) for name, kind in Session.__annotations__.items()}
    if (fields["account_id"] is None) == (fields["staff_name"] is None):
        fields |= {"account_id": None, "staff_name": "advisor"}
    return Session(**fields)


st.register_type_strategy(Money, moneys)
st.register_type_strategy(YearMonth, months)
st.register_type_strategy(datetime, instants)
st.register_type_strategy(OpeningSpan, opening_spans())
st.register_type_strategy(OpeningHours, opening_hours)
st.register_type_strategy(LedgerEntry, entries(st.dates()))
st.register_type_strategy(Stretch, stretches())
st.register_type_strategy(Session, sessions())
