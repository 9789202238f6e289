"""Rent notices (avis d'échéance)."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Annotated

import strawberry

from gateway.auth.scopes import AccountScope
from gateway.domain import notice as domain
from gateway.domain.identifiers import NoticeId
from gateway.domain.ledger import ChargeKind, Direction
from gateway.domain.notice import NoticeState
from gateway.domain.notices import link, shown_by_default, title_parts
from gateway.domain.period import YearMonth
from gateway.domain.source import DataQualityIssue, Origin, SourceSystem
from gateway.schema.context import Info
from gateway.schema.directives import FINANCIAL, TENANTS, Source, sized
from gateway.schema.document import Document, document_of
from gateway.schema.holdings import holdings
from gateway.schema.money import Money, shown, shown_or_none
from gateway.schema.node import Node, Sourced
from gateway.schema.paging import PageInfo, cursor, opened_cursor, page_info, page_size
from gateway.schema.scalars import CubicMetres, cubic_metres

if TYPE_CHECKING:
    from gateway.schema.lease import Lease

RECENT_MONTHS = 6
"""Months of notices read for a short first page; anything longer reads them all."""

ALL_MONTHS = 600
"""Fifty years: more than any account has."""


@strawberry.type(description="One line of a notice.")
class NoticeLine:
    """GraphQL face of `gateway.domain.notice.NoticeLine`."""

    line: strawberry.Private[domain.NoticeLine]

    @strawberry.field(description="What it is for.", directives=[TENANTS])
    def kind(self) -> ChargeKind:
        return self.line.kind

    @strawberry.field(description="Label.", directives=[TENANTS])
    def label(self) -> str:
        return self.line.label

    @strawberry.field(
        description="Plain-language help on this kind of line; null when the label says it all.", directives=[TENANTS]
    )
    def help(self, info: Info) -> str | None:
        return info.context.wording.charge_help(self.line.kind)

    @strawberry.field(description="Direction.", directives=[TENANTS])
    def direction(self) -> Direction:
        return self.line.direction

    @strawberry.field(description="Amount, never negative.", directives=[TENANTS, FINANCIAL])
    def amount(self) -> Money:
        return shown(self.line.amount)

    @strawberry.field(description="Lease it belongs to, when the account covers several.", directives=[TENANTS])
    async def lease(self, info: Info) -> Annotated["Lease", strawberry.lazy("gateway.schema.lease")] | None:
        from gateway.schema.lease import Lease  # noqa: PLC0415 - leases lead to notices too

        if self.line.lease_id is None:
            return None
        held = await holdings(info)
        lease = held.lease(self.line.lease_id)
        return Lease.from_domain(lease, held.origin) if lease else None

    @strawberry.field(description="Quantity, for water billed on consumption.", directives=[TENANTS])
    def quantity(self) -> CubicMetres | None:
        litres = self.line.quantity_litres
        return None if litres is None else cubic_metres(litres)

    @strawberry.field(description="Price of one unit; null when nothing is counted.", directives=[TENANTS])
    def unit_price(self) -> Money | None:
        return shown_or_none(self.line.unit_price)


@strawberry.type(
    description="Rent notice (avis d'échéance): reminds the tenant what falls due for a month.\n"
    "It is not a receipt: it does not prove payment (Cass. 3e civ., 24 March 2004)."
)
class RentNotice(Node, Sourced):
    """GraphQL face of `gateway.domain.notice.RentNotice`, of an account the viewer holds."""

    notice: strawberry.Private[domain.RentNotice]
    scope: strawberry.Private[AccountScope]

    @classmethod
    def from_domain(cls, notice: domain.RentNotice, scope: AccountScope, origin: Origin) -> "RentNotice":
        return cls(key=(scope.account_id, notice.id), origin=origin, notice=notice, scope=scope)

    @strawberry.field(description="Number printed on the notice; null when it has none.", directives=[TENANTS])
    def number(self) -> str | None:
        return self.notice.number

    @strawberry.field(description="Month.", directives=[TENANTS])
    def period(self) -> YearMonth:
        return self.notice.period

    @strawberry.field(description="Title as shown, for example « Avis de mars 2021 ».", directives=[TENANTS])
    def title(self, info: Info) -> str:
        return info.context.wording.notice_title(title_parts(self.notice))

    @strawberry.field(description="State.", directives=[TENANTS])
    def state(self) -> NoticeState:
        return self.notice.state

    @strawberry.field(description="Day of issue.", directives=[TENANTS])
    def issued_on(self) -> date:
        return self.required(self.notice.issued_on, "issuedOn")

    @strawberry.field(description="Due date, always the source's.", directives=[TENANTS])
    def due_on(self) -> date:
        return self.required(self.notice.due_on, "dueOn")

    @strawberry.field(description="Balance before this notice (solde antérieur).", directives=[TENANTS, FINANCIAL])
    def brought_forward(self) -> Money:
        return shown(self.required_amount(self.notice.brought_forward, "broughtForward"))

    @strawberry.field(description="Lines.", directives=[TENANTS, sized(20)])
    def lines(self) -> list[NoticeLine]:
        return [NoticeLine(line=line) for line in self.notice.lines]

    @strawberry.field(description="Total of the month (total du mois).", directives=[TENANTS, FINANCIAL])
    def period_total(self) -> Money:
        return shown(self.required_amount(self.notice.period_total, "periodTotal"))

    @strawberry.field(description="Net amount to pay (net à payer).", directives=[TENANTS, FINANCIAL])
    def amount_due(self) -> Money:
        return shown(self.required_amount(self.notice.amount_due, "amountDue"))

    @strawberry.field(
        description="Day it will be collected when a mandate is in force; null when none is.", directives=[TENANTS]
    )
    def collection_on(self) -> date | None:
        return self.notice.collection_on

    @strawberry.field(description="Notice that replaced it; null while it stands.", directives=[TENANTS])
    async def replaced_by(self, info: Info) -> Annotated["RentNotice", strawberry.lazy("gateway.schema.notice")] | None:
        if self.notice.replaced_by is None:
            return None
        return await notice_by_id(info, self.scope, self.notice.replaced_by)

    @strawberry.field(
        description="The PDF; null when the store has none.",
        directives=[TENANTS, Source(system=SourceSystem.DOCUMENT_STORE)],
    )
    async def document(self, info: Info) -> Document | None:
        return await document_of(info, self.notice, self.scope)

    def shown_issues(self) -> tuple[DataQualityIssue, ...]:
        return self.notice.issues

    def exhibit(self) -> Mapping[str, str]:
        due = self.notice.amount_due
        return {"period": str(self.notice.period), "amountDue": due.decimal if due else ""}


@strawberry.type(description="Edge of a page of notices.")
class RentNoticeEdge:
    """One notice with its place."""

    cursor: str = strawberry.field(description="Cursor.", directives=[TENANTS])
    node: RentNotice = strawberry.field(description="Notice.", directives=[TENANTS])


@strawberry.type(description="Page of notices.")
class RentNoticeConnection:
    """Most recent month first."""

    edges: list[RentNoticeEdge] = strawberry.field(description="Edges.", directives=[TENANTS])
    page_info: PageInfo = strawberry.field(description="Position.", directives=[TENANTS])


async def notice_page(
    info: Info, scope: AccountScope, *, first: int, after: str | None, superseded: bool
) -> RentNoticeConnection | None:
    """The `first` notices after a cursor, newest first; None when the ERP knows no such account."""
    size = page_size(first)
    place = opened_cursor(info, f"notices/{scope.account_id}", after)[0] if after is not None else None
    months = RECENT_MONTHS if place is None and size < RECENT_MONTHS else ALL_MONTHS
    found = await _notices(info, scope, months)
    if found is not None and _may_lack_some(found[0], months, _kept(found[0], superseded=superseded)[size:]):
        found = await _notices(info, scope, ALL_MONTHS)
    if found is None:
        return None
    kept = _kept(found[0], superseded=superseded)
    rest = _following(kept, place)
    edges = [
        RentNoticeEdge(
            cursor=cursor(info, f"notices/{scope.account_id}", _place(notice)),
            node=RentNotice.from_domain(notice, scope, found[1]),
        )
        for notice in rest[:size]
    ]
    return RentNoticeConnection(
        edges=edges,
        page_info=page_info(
            [edge.cursor for edge in edges], has_next=len(rest) > size, has_previous=len(rest) < len(kept)
        ),
    )


async def notice_for(info: Info, scope: AccountScope, period: YearMonth) -> RentNotice | None:
    """The notice in force for one month; None when there is none."""
    found = await _notices(info, scope, ALL_MONTHS)
    if found is None:
        return None
    in_force = [notice for notice in shown_by_default(found[0]) if notice.period == period]
    return RentNotice.from_domain(in_force[0], scope, found[1]) if in_force else None


async def notice_by_id(info: Info, scope: AccountScope, notice_id: NoticeId) -> RentNotice | None:
    """One notice of an account, whatever its state; None when the account has no such notice."""
    found = await _notices(info, scope, ALL_MONTHS)
    notices, origin = found or ((), None)
    for notice in notices:
        if notice.id == notice_id and origin:
            return RentNotice.from_domain(notice, scope, origin)
    return None


async def _notices(info: Info, scope: AccountScope, months: int) -> tuple[tuple[domain.RentNotice, ...], Origin] | None:
    seen = await info.context.loaders.notices(months).need(scope)
    return None if seen is None else (link(seen.value), seen.origin)


def _may_lack_some(
    found: tuple[domain.RentNotice, ...], months: int, beyond_page: tuple[domain.RentNotice, ...]
) -> bool:
    """Whether older notices may follow a page that is shown as the last; fewer months than asked for are all."""
    return months < ALL_MONTHS and not beyond_page and len({notice.period for notice in found}) == months


def _kept(notices: tuple[domain.RentNotice, ...], *, superseded: bool) -> tuple[domain.RentNotice, ...]:
    return notices if superseded else shown_by_default(notices)


def _place(notice: domain.RentNotice) -> str:
    return f"{notice.period} {notice.id}"


def _following(notices: tuple[domain.RentNotice, ...], place: str | None) -> tuple[domain.RentNotice, ...]:
    """What follows `place`; when that very notice is gone, what is of an earlier month."""
    if place is None:
        return notices
    places = [_place(notice) for notice in notices]
    if place in places:
        return notices[places.index(place) + 1 :]
    return tuple(notice for notice in notices if str(notice.period) < place.split()[0])
