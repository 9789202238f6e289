"""Ledger entries, page by page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

import strawberry

from gateway.auth.scopes import AccountScope
from gateway.domain import ledger as domain
from gateway.domain.balance import running_balances
from gateway.domain.identifiers import EntryId
from gateway.domain.ledger import ChargeKind, Direction, PaymentMethod
from gateway.domain.money import Money as Amount
from gateway.domain.period import YearMonth, paris_date
from gateway.domain.source import DataQualityIssue, Origin
from gateway.schema.context import Info
from gateway.schema.directives import FINANCIAL, TENANTS
from gateway.schema.inputs import DateRange
from gateway.schema.money import Money, shown, shown_or_none
from gateway.schema.node import Node, Sourced
from gateway.schema.paging import PageInfo, cursor, opened_cursor, page_info, page_size

USUAL_MONTHS = 13
"""Months of entries read first; an older page reads everything."""


@dataclass(frozen=True, slots=True)
class Booked:
    """An entry in its place in the books."""

    entry: domain.LedgerEntry
    before: Amount
    after: Amount


@strawberry.type(description="One debit or credit.")
class LedgerEntry(Node, Sourced):
    """GraphQL face of `gateway.domain.ledger.LedgerEntry`."""

    entry: strawberry.Private[domain.LedgerEntry]
    scope: strawberry.Private[AccountScope]
    after: strawberry.Private[Amount | None] = None

    @classmethod
    def from_domain(
        cls, entry: domain.LedgerEntry, scope: AccountScope, origin: Origin, *, after: Amount | None = None
    ) -> "LedgerEntry":
        return cls(key=(scope.account_id, entry.id), origin=origin, entry=entry, scope=scope, after=after)

    @strawberry.field(description="Day of effect.", directives=[TENANTS])
    def value_on(self) -> date:
        return self.entry.value_on

    @strawberry.field(
        description="Day it was entered in the source; null when the source does not say.", directives=[TENANTS]
    )
    def posted_on(self) -> date | None:
        return paris_date(self.entry.posted_at) if self.entry.posted_at else None

    @strawberry.field(description="Direction.", directives=[TENANTS])
    def direction(self) -> Direction:
        return self.entry.direction

    @strawberry.field(description="What it is for.", directives=[TENANTS])
    def kind(self) -> ChargeKind:
        return self.entry.kind

    @strawberry.field(description="Label of the source, put in readable form.", directives=[TENANTS])
    def label(self) -> str:
        return self.entry.label

    @strawberry.field(description="Amount, never negative.", directives=[TENANTS, FINANCIAL])
    def amount(self) -> Money:
        return shown(self.entry.amount)

    @strawberry.field(
        description="Balance after the entry; null outside a ledger or a composition.", directives=[TENANTS, FINANCIAL]
    )
    def balance_after(self) -> Money | None:
        return shown_or_none(self.after)

    @strawberry.field(description="Month it pays for; null when it pays for none in particular.", directives=[TENANTS])
    def period(self) -> YearMonth | None:
        return self.entry.period

    @strawberry.field(description="How it was paid; null unless it is a payment.", directives=[TENANTS])
    def method(self) -> PaymentMethod | None:
        return self.entry.method

    @strawberry.field(description="Entry it cancels; null when it cancels none.", directives=[TENANTS])
    async def reverses(self, info: Info) -> Annotated["LedgerEntry", strawberry.lazy("gateway.schema.ledger")] | None:
        return await entry_of(info, self.scope, self.entry.reverses) if self.entry.reverses else None

    def shown_issues(self) -> tuple[DataQualityIssue, ...]:
        return self.entry.issues

    def exhibit(self) -> Mapping[str, str]:
        return {
            "valueOn": self.entry.value_on.isoformat(),
            "label": self.entry.label,
            "direction": self.entry.direction.value,
            "amount": self.entry.amount.decimal,
        }


@strawberry.type(description="Edge of a ledger page.")
class LedgerEdge:
    """One entry with its place."""

    cursor: str = strawberry.field(description="Cursor.", directives=[TENANTS])
    node: LedgerEntry = strawberry.field(description="Entry.", directives=[TENANTS])


@strawberry.type(description="Page of ledger entries.")
class LedgerConnection:
    """Most recent entry first."""

    edges: list[LedgerEdge] = strawberry.field(description="Edges.", directives=[TENANTS])
    page_info: PageInfo = strawberry.field(description="Position.", directives=[TENANTS])
    opening_balance: Money | None = strawberry.field(
        description="Balance before the oldest entry of the page; null on an empty page.",
        directives=[TENANTS, FINANCIAL],
    )
    closing_balance: Money | None = strawberry.field(
        description="Balance after the newest entry of the page; null on an empty page.",
        directives=[TENANTS, FINANCIAL],
    )


async def ledger_page(
    info: Info, scope: AccountScope, *, first: int, after: str | None, within: DateRange | None
) -> LedgerConnection | None:
    """The `first` entries after a cursor, newest first; None when the ERP knows no such account.

    Raises InvalidArgumentError, InvalidCursorError or UpstreamError.
    """
    size = page_size(first)
    since, until = within.checked() if within else (None, None)
    place = _place(info, scope, after)
    usual = since or YearMonth.of(info.context.today).plus(1 - USUAL_MONTHS).first_day
    books = await _books(info, scope, usual, until)
    if books is not None and since is None and len(_following(books[0], place)) <= size:
        books = await _books(info, scope, None, until)
    if books is None:
        return None
    booked, origin = books
    rest = _following(booked, place)
    return _connection(info, scope, rest, origin, size=size, has_previous=len(rest) < len(booked))


async def entry_of(info: Info, scope: AccountScope, entry_id: str) -> LedgerEntry | None:
    """One entry of an account; None when the account has no such entry."""
    books = await _books(info, scope, None, None)
    if books is None:
        return None
    booked, origin = books
    found = next((book for book in booked if book.entry.id == entry_id), None)
    return LedgerEntry.from_domain(found.entry, scope, origin, after=found.after) if found else None


def _place(info: Info, scope: AccountScope, after: str | None) -> tuple[str, str] | None:
    """Value date and id of the entry a cursor points at."""
    if after is None:
        return None
    value_on, entry_id = opened_cursor(info, f"ledger/{scope.account_id}", after)
    return value_on, entry_id


async def _books(
    info: Info, scope: AccountScope, since: date | None, until: date | None
) -> tuple[list[Booked], Origin] | None:
    """The entries of the range, newest first, each with the balance around it."""
    seen = await info.context.loaders.entries(since, until).need(scope)
    if seen is None:
        return None
    before = seen.value.opening
    booked: list[Booked] = []
    for entry, after in zip(seen.value.entries, running_balances(seen.value), strict=True):
        booked.append(Booked(entry, before, after))
        before = after
    return booked[::-1], seen.origin


def _following(booked: list[Booked], place: tuple[str, str] | None) -> list[Booked]:
    """What follows `place`; when that very entry is gone from the books, what has an earlier value date."""
    if place is None:
        return booked
    value_on, entry_id = place
    ids = [book.entry.id for book in booked]
    if entry_id in ids:
        return booked[ids.index(EntryId(entry_id)) + 1 :]
    return [book for book in booked if book.entry.value_on.isoformat() < value_on]


def _connection(
    info: Info, scope: AccountScope, rest: list[Booked], origin: Origin, *, size: int, has_previous: bool
) -> LedgerConnection:
    page = rest[:size]
    edges = [
        LedgerEdge(
            cursor=cursor(info, f"ledger/{scope.account_id}", book.entry.value_on.isoformat(), book.entry.id),
            node=LedgerEntry.from_domain(book.entry, scope, origin, after=book.after),
        )
        for book in page
    ]
    return LedgerConnection(
        edges=edges,
        page_info=page_info([edge.cursor for edge in edges], has_next=len(rest) > size, has_previous=has_previous),
        opening_balance=shown(page[-1].before) if page else None,
        closing_balance=shown(page[0].after) if page else None,
    )
