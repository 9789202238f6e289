"""Long lists, page by page: every entry once, in order, whatever the size of the page."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.domain.identifiers import EntryId, NoticeId
from gateway.domain.ledger import ChargeKind, Direction, LedgerEntry
from gateway.domain.money import Money
from gateway.domain.notice import NoticeState
from gateway.domain.period import YearMonth
from gateway.domain.water import MeterReading, ReadingOrigin
from gateway.schema.seals import Purpose
from tests.support.doors import Doors
from tests.support.household import ACCOUNT, DWELLING, books

PAGE = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
LEDGER = f"""query($first: Int!, $after: String, $range: DateRange) {{ viewer {{ tenant {{ rentalAccounts {{
    ledger(first: $first, after: $after, range: $range) {{
        edges {{ cursor node {{ label balanceAfter {{ amount }} }} }} {PAGE}
        openingBalance {{ amount }} closingBalance {{ amount }}
    }} }} }} }} }}"""
NOTICES = f"""query($first: Int!, $after: String, $all: Boolean!) {{ viewer {{ tenant {{ rentalAccounts {{
    notices(first: $first, after: $after, includeSuperseded: $all) {{ edges {{ cursor node {{ number }} }} {PAGE} }}
    }} }} }} }}"""
READINGS = f"""query($first: Int!, $after: String, $meter: ID!) {{ node(id: $meter) {{ ... on WaterMeter {{
    readings(first: $first, after: $after) {{ edges {{ cursor node {{ on index }} }} {PAGE} }} }} }} }}"""

TODAY = date(2026, 3, 17)
SAMPLE = books().notices[ACCOUNT][0]

# Each example sets the books anew, so the doors may stay open from one to the next.
walked = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
sizes = st.integers(1, 8)


async def page(doors: Doors, query: str, **variables: object) -> Any:
    """One page of the connection that `query` asks for."""
    meter = doors.parts.seals.seal(Purpose.NODE, "WaterMeter", DWELLING, "M-COLD")
    answer = await doors.ask(query, {**variables, "meter": meter})
    assert "errors" not in answer, answer
    if query == READINGS:
        return answer["data"]["node"]["readings"]
    [account] = answer["data"]["viewer"]["tenant"]["rentalAccounts"]
    return account["ledger" if query == LEDGER else "notices"]


async def pages(doors: Doors, query: str, size: int, **variables: object) -> AsyncIterator[Any]:
    """Every page from the first to the last; each is checked to know its place."""
    after, is_first = None, True
    while True:
        found = await page(doors, query, first=size, after=after, **variables)
        cursors = [edge["cursor"] for edge in found["edges"]]
        info = found["pageInfo"]
        assert (info["startCursor"], info["endCursor"]) == ((cursors[0], cursors[-1]) if cursors else (None, None))
        assert info["hasPreviousPage"] is not is_first
        assert len(cursors) == size or not info["hasNextPage"]
        yield found
        if not info["hasNextPage"]:
            return
        after, is_first = info["endCursor"], False


def entry(number: int, day: date, cents: int) -> LedgerEntry:
    """A debit whose label is its number."""
    return LedgerEntry(EntryId(f"E{number}"), day, None, Direction.DEBIT, ChargeKind.RENT, str(number), Money(cents))


def book(doors: Doors, days_ago: Sequence[int]) -> list[LedgerEntry]:
    """Entries of so many days ago, oldest first, in Camille's books; their labels count from zero."""
    days = sorted(TODAY - timedelta(days=ago) for ago in days_ago)
    entries = [entry(number, day, 100 + number) for number, day in enumerate(days)]
    doors.landlord.books.entries[ACCOUNT] = tuple(entries)
    return entries


@walked
@given(days_ago=st.lists(st.integers(0, 900) | st.integers(0, 5), max_size=20), size=sizes)
async def test_a_ledger_is_walked_without_gap_or_repetition(days_ago: list[int], size: int, doors: Doors) -> None:
    """Entries of three years and of one same day: each comes once, newest first, and the balances join."""
    entries = book(doors, days_ago)

    found = [one async for one in pages(doors, LEDGER, size)]

    edges = [edge for one in found for edge in one["edges"]]
    assert [edge["node"]["label"] for edge in edges] == [one.label for one in reversed(entries)]
    assert [one["openingBalance"] for one in found[:-1]] == [one["closingBalance"] for one in found[1:]]
    if edges:
        total = sum(one.amount.cents for one in entries)
        assert found[0]["closingBalance"] == edges[0]["node"]["balanceAfter"] == {"amount": Money(total).decimal}
        assert found[-1]["openingBalance"] == {"amount": "0.00"}
    else:
        assert (found[0]["openingBalance"], found[0]["closingBalance"]) == (None, None)


@walked
@given(days_ago=st.lists(st.integers(0, 900), max_size=20), size=sizes, ago=st.tuples(*[st.integers(0, 900)] * 2))
async def test_a_range_of_the_ledger_is_walked_too(
    days_ago: list[int], size: int, ago: tuple[int, int], doors: Doors
) -> None:
    """Only the entries in the range, both ends included; what came before is in the opening balance."""
    entries = book(doors, days_ago)
    since, until = (TODAY - timedelta(days=days) for days in sorted(ago, reverse=True))
    range_ = {"from": since.isoformat(), "to": until.isoformat()}

    found = [one async for one in pages(doors, LEDGER, size, range=range_)]

    expected = [one for one in reversed(entries) if since <= one.value_on <= until]
    assert [edge["node"]["label"] for one in found for edge in one["edges"]] == [one.label for one in expected]
    if expected:
        before = sum(one.amount.cents for one in entries if one.value_on < since)
        assert found[-1]["openingBalance"] == {"amount": Money(before).decimal}


async def test_a_page_continues_when_its_last_entry_has_gone(doors: Doors) -> None:
    """The ERP takes an entry back between two pages: the next page goes on with the days before it."""
    entries = book(doors, [1, 2, 3, 4])
    first = await page(doors, LEDGER, first=2)
    doors.landlord.books.entries[ACCOUNT] = tuple(one for one in entries if one.label != "2")

    second = await page(doors, LEDGER, first=2, after=first["pageInfo"]["endCursor"])

    assert [edge["node"]["label"] for edge in first["edges"]] == ["3", "2"]
    assert [edge["node"]["label"] for edge in second["edges"]] == ["1", "0"]


async def test_a_new_entry_between_two_pages_shifts_nothing(doors: Doors) -> None:
    """A payment comes in while somebody reads: no entry is shown twice."""
    entries = book(doors, [1, 2, 3, 4])
    first = await page(doors, LEDGER, first=2)
    doors.landlord.books.entries[ACCOUNT] = (*entries, entry(9, TODAY, 500))

    second = await page(doors, LEDGER, first=2, after=first["pageInfo"]["endCursor"])

    assert [edge["node"]["label"] for edge in second["edges"]] == ["1", "0"]


async def test_a_first_page_reads_thirteen_months_and_no_more(doors: Doors) -> None:
    """Most readers look at the latest entries: the ERP is not asked for twenty years of them."""
    book(doors, [*range(0, 300, 10), 4000])

    recent = await page(doors, LEDGER, first=20)

    assert recent["pageInfo"]["hasNextPage"] is True
    assert len(doors.landlord.calls("entries")) == 1


async def test_an_account_the_erp_does_not_know_has_no_ledger(doors: Doors) -> None:
    """There is none, without an error; neither are there notices, nor a balance."""
    del doors.landlord.books.entries[ACCOUNT], doors.landlord.books.notices[ACCOUNT]
    query = """{ viewer { tenant { rentalAccounts {
        ledger { edges { cursor } } notices { edges { cursor } } notice(period: "2026-03") { number }
        now: balance { on } past: balance(on: "2026-01-01") { on }
    } } } }"""

    answer = await doors.ask(query)

    nothing = {"ledger": None, "notices": None, "notice": None, "now": None, "past": None}
    assert answer == {"data": {"viewer": {"tenant": {"rentalAccounts": [nothing]}}}}


def file_notices(doors: Doors, counts: Sequence[int]) -> list[str]:
    """So many notices for each month back from March 2026; the numbers of all, as they should be listed."""
    months = [YearMonth(2026, 3).plus(-back) for back in range(len(counts))]
    notices = [
        replace(SAMPLE, id=NoticeId(number), number=number, period=month, issued_on=month.first_day, state=state)
        for month, count in zip(months, counts, strict=True)
        for number, state in _versions(month, count)
    ]
    doors.landlord.books.notices[ACCOUNT] = tuple(notices)
    return [str(notice.number) for notice in notices]


def _versions(month: YearMonth, count: int) -> list[tuple[str, NoticeState]]:
    """The one in force first, then those it replaced."""
    states = [NoticeState.ISSUED, *[NoticeState.REPLACED] * count][:count]
    return [(f"{month}-{place}", state) for place, state in enumerate(states)]


@walked
@given(counts=st.lists(st.integers(0, 3), max_size=12), size=sizes, everything=st.booleans())
async def test_notices_are_walked_without_gap_or_repetition(
    counts: list[int],
    size: int,
    everything: bool,
    doors: Doors,
) -> None:
    """Newest month first, one in force for each month, the replaced ones on demand."""
    numbers = file_notices(doors, counts)

    found = [one async for one in pages(doors, NOTICES, size, all=everything)]

    expected = numbers if everything else [number for number in numbers if number.endswith("-0")]
    assert [edge["node"]["number"] for one in found for edge in one["edges"]] == expected


@pytest.mark.parametrize(
    ("months", "size", "calls"),
    [(2, 3, 1), (3, 3, 1), (5, 3, 1), (6, 3, 1), (7, 3, 1), (7, 5, 1), (7, 6, 1), (7, 20, 1)],
)
async def test_a_page_of_notices_costs_one_call(months: int, size: int, calls: int, doors: Doors) -> None:
    """A new tenant with two notices, and an old one with hundreds: the ERP is asked once."""
    file_notices(doors, [1] * months)

    found = await page(doors, NOTICES, first=size, all=False)

    assert len(found["edges"]) == min(months, size)
    assert found["pageInfo"]["hasNextPage"] is (months > size)
    assert len(doors.landlord.calls("notices")) == calls


async def test_months_full_of_replaced_notices_cost_a_second_call(doors: Doors) -> None:
    """Six months without a notice in force tell nothing of the seventh, so the rest is read."""
    cancelled = [
        replace(SAMPLE, id=NoticeId(str(back)), period=YearMonth(2026, 3).plus(-back), state=NoticeState.CANCELLED)
        for back in range(6)
    ]
    old = replace(SAMPLE, id=NoticeId("old"), number="old", period=YearMonth(2025, 1))
    doors.landlord.books.notices[ACCOUNT] = (*cancelled, old)

    found = await page(doors, NOTICES, first=3, all=False)

    assert [edge["node"]["number"] for edge in found["edges"]] == ["old"]
    assert len(doors.landlord.calls("notices")) == 2


async def test_a_page_of_notices_continues_when_its_last_one_has_gone(doors: Doors) -> None:
    """The next page goes on with the months before it."""
    file_notices(doors, [1] * 4)
    first = await page(doors, NOTICES, first=2, all=False)
    doors.landlord.books.notices[ACCOUNT] = tuple(
        notice for notice in doors.landlord.books.notices[ACCOUNT] if notice.number != "2026-02-0"
    )

    second = await page(doors, NOTICES, first=2, after=first["pageInfo"]["endCursor"], all=False)

    assert [edge["node"]["number"] for edge in second["edges"]] == ["2026-01-0", "2025-12-0"]


def record(doors: Doors, days_ago: Sequence[int], origins: Sequence[ReadingOrigin]) -> list[MeterReading]:
    """Readings of so many days ago on the cold meter, oldest first; several a day, as some sources give them."""
    readings = [
        MeterReading(TODAY - timedelta(days=ago), 1000 * number, origin)
        for number, (ago, origin) in enumerate(zip(sorted(days_ago, reverse=True), origins, strict=False))
    ]
    cold, *others = doors.landlord.books.meters[DWELLING]
    doors.landlord.books.meters[DWELLING] = (replace(cold, readings=tuple(readings)), *others)
    return readings


@walked
@given(
    days_ago=st.lists(st.integers(0, 600) | st.integers(0, 2), max_size=15),
    origins=st.lists(st.sampled_from(ReadingOrigin), min_size=15, max_size=15),
    size=sizes,
)
async def test_readings_are_walked_without_gap_or_repetition(
    days_ago: list[int], origins: list[ReadingOrigin], size: int, doors: Doors
) -> None:
    """Also several readings of one day and one kind, which telephones of meters do send twice."""
    readings = record(doors, days_ago, origins)

    found = [one async for one in pages(doors, READINGS, size)]

    shown = [(edge["node"]["on"], edge["node"]["index"]) for one in found for edge in one["edges"]]
    assert shown == [(one.on.isoformat(), f"{one.index_litres // 1000}.000") for one in reversed(readings)]


async def test_readings_continue_when_the_last_one_has_gone(doors: Doors) -> None:
    """The next page goes on with the days before it; when there are none it is empty."""
    remote = [ReadingOrigin.REMOTE] * 4
    readings = record(doors, [4, 3, 2, 1], remote)
    first = await page(doors, READINGS, first=2)
    record(doors, [4, 3, 1], remote)

    second = await page(doors, READINGS, first=2, after=first["pageInfo"]["endCursor"])
    record(doors, [1], remote)
    third = await page(doors, READINGS, first=2, after=first["pageInfo"]["endCursor"])

    days = [one.on.isoformat() for one in reversed(readings)]
    assert [edge["node"]["on"] for edge in second["edges"]] == days[2:]
    assert (third["edges"], third["pageInfo"]["hasNextPage"]) == ([], False)
