"""Rental accounts: the running account between tenant and landlord, over one or several leases."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

import strawberry

from gateway.auth.scopes import AccountScope
from gateway.domain.period import YearMonth
from gateway.domain.source import Origin, SourceSystem
from gateway.schema.balance import AccountBalance, balance_of
from gateway.schema.context import Info
from gateway.schema.directives import IDENTITY, PAGED, TENANTS, Cost, Source, sized
from gateway.schema.holdings import Held
from gateway.schema.inputs import DateRange
from gateway.schema.lease import Lease
from gateway.schema.ledger import LedgerConnection, ledger_page
from gateway.schema.node import Node, Sourced
from gateway.schema.notice import RentNotice, RentNoticeConnection, notice_for, notice_page

RENT_ERP = Source(system=SourceSystem.RENT_ERP)


@strawberry.type(
    description="Rental account: the running account between tenant and landlord, over one or several leases."
)
class RentalAccount(Node, Sourced):
    """An account the viewer's leases are charged to."""

    scope: strawberry.Private[AccountScope]
    charged: strawberry.Private[tuple[Held, ...]]

    @classmethod
    def of(cls, leases: tuple[Held, ...], origin: Origin) -> "RentalAccount":
        """The account that all of `leases`, at least one, are charged to."""
        scope = leases[0].account
        return cls(key=(scope.account_id,), origin=origin, scope=scope, charged=leases)

    @strawberry.field(
        description="Account reference printed on notices (intitulé de compte).", directives=[TENANTS, IDENTITY]
    )
    def reference(self) -> str:
        return self.charged[0].lease.account_reference

    @strawberry.field(description="Leases charged to the account.", directives=[TENANTS, RENT_ERP, sized(3)])
    def leases(self) -> list[Lease] | None:
        return [Lease.from_domain(held, self.origin) for held in self.charged]

    @strawberry.field(
        description="Balance now, or at the end of a given day; null for a day before the account had any entry.",
        directives=[TENANTS, RENT_ERP, Cost(weight="2")],
    )
    async def balance(
        self,
        info: Info,
        on: Annotated[date | None, strawberry.argument(description="Day; today when absent.")] = None,
    ) -> AccountBalance | None:
        return await balance_of(info, self.scope, on, opened_on=self._opened_on())

    @strawberry.field(description="Debits and credits, most recent first.", directives=[TENANTS, RENT_ERP, PAGED])
    async def ledger(
        self,
        info: Info,
        first: Annotated[int, strawberry.argument(description="How many entries.")] = 20,
        after: Annotated[str | None, strawberry.argument(description="Continue after this cursor.")] = None,
        range: Annotated[  # noqa: A002 - the contract's name
            DateRange | None, strawberry.argument(description="Only entries in this range of dates.")
        ] = None,
    ) -> LedgerConnection | None:
        return await ledger_page(info, self.scope, first=first, after=after, within=range)

    @strawberry.field(
        description="Rent notices (avis d'échéance), most recent first.", directives=[TENANTS, RENT_ERP, PAGED]
    )
    async def notices(
        self,
        info: Info,
        first: Annotated[int, strawberry.argument(description="How many.")] = 3,
        after: Annotated[str | None, strawberry.argument(description="Continue after this cursor.")] = None,
        include_superseded: Annotated[
            bool, strawberry.argument(description="Also cancelled and replaced ones.")
        ] = False,
    ) -> RentNoticeConnection | None:
        return await notice_page(info, self.scope, first=first, after=after, superseded=include_superseded)

    @strawberry.field(description="Notice for one month; null when there is none.", directives=[TENANTS, RENT_ERP])
    async def notice(
        self, info: Info, period: Annotated[YearMonth, strawberry.argument(description="Month.")]
    ) -> RentNotice | None:
        return await notice_for(info, self.scope, period)

    def _opened_on(self) -> date | None:
        """Day the first lease began; None when that of one lease cannot be read."""
        starts = [held.lease.starts_on for held in self.charged]
        known = [start for start in starts if start is not None]
        return min(known) if len(known) == len(starts) else None

    def exhibit(self) -> Mapping[str, str]:
        return {"reference": self.charged[0].lease.account_reference}
