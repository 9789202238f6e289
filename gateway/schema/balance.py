"""The balance (solde à régler) and what it is made of."""

from collections.abc import Mapping
from datetime import date

import strawberry

from gateway.auth.scopes import AccountScope
from gateway.domain import balance as domain
from gateway.domain.balance import (
    BalanceLineKind,
    BalanceState,
    composition_since,
    running_balances,
    strike,
    strike_at,
)
from gateway.domain.ledger import LedgerExtract
from gateway.domain.money import ZERO
from gateway.domain.period import YearMonth
from gateway.domain.source import DataQualityIssue
from gateway.ports.answers import Seen
from gateway.schema.context import Info
from gateway.schema.directives import FINANCIAL, TENANTS, sized
from gateway.schema.errors import InvalidArgumentError
from gateway.schema.ledger import LedgerEntry
from gateway.schema.money import Money, shown, shown_or_none
from gateway.schema.node import Sourced


@strawberry.type(description="One line in the composition of a balance.")
class BalanceLine:
    """GraphQL face of `gateway.domain.balance.BalanceLine`."""

    line: strawberry.Private[domain.BalanceLine]
    scope: strawberry.Private[AccountScope]
    books: strawberry.Private[Seen[LedgerExtract]]

    @strawberry.field(description="Group.", directives=[TENANTS])
    def kind(self) -> BalanceLineKind:
        return self.line.kind

    @strawberry.field(description="Label for the tenant.", directives=[TENANTS])
    def label(self, info: Info) -> str:
        return info.context.wording.balance_line(self.line)

    @strawberry.field(description="Signed amount; positive increases what is owed.", directives=[TENANTS, FINANCIAL])
    def amount(self) -> Money:
        return shown(self.line.amount)

    @strawberry.field(description="Month concerned; null for the balance brought forward.", directives=[TENANTS])
    def period(self) -> YearMonth | None:
        return self.line.period

    @strawberry.field(
        description="Entries behind the line; none for the balance brought forward.", directives=[TENANTS, sized(8)]
    )
    def entries(self) -> list[LedgerEntry]:
        extract, origin = self.books.value, self.books.origin
        afters = {entry.id: after for entry, after in zip(extract.entries, running_balances(extract), strict=True)}
        return [
            LedgerEntry.from_domain(entry, self.scope, origin, after=afters[entry.id]) for entry in self.line.entries
        ]


@strawberry.type(description="Balance with its explanation.")
class AccountBalance(Sourced):
    """GraphQL face of `gateway.domain.balance.Balance`."""

    balance: strawberry.Private[domain.Balance]
    scope: strawberry.Private[AccountScope]
    books: strawberry.Private[Seen[LedgerExtract]]

    @strawberry.field(
        description="Amount due. Positive: owed by the tenant. Negative: owed to the tenant.",
        directives=[TENANTS, FINANCIAL],
    )
    def due(self) -> Money:
        return shown(self.balance.due)

    @strawberry.field(description="Situation.", directives=[TENANTS])
    def state(self) -> BalanceState:
        return self.balance.state

    @strawberry.field(
        description="Day the balance is struck, as in « Solde à régler au 14 avril 2021 ».", directives=[TENANTS]
    )
    def on(self) -> date:
        return self.balance.on

    @strawberry.field(
        description="Part of `due` whose due date has passed; null for a past day, of which the books do not tell it.",
        directives=[TENANTS, FINANCIAL],
    )
    def overdue(self) -> Money | None:
        return shown_or_none(self.balance.overdue)

    @strawberry.field(description="Next due date with an amount; null when none is known.", directives=[TENANTS])
    def next_due_on(self) -> date | None:
        return self.balance.next_due_on

    @strawberry.field(
        description="Online payments accepted but not yet in the ledger.", directives=[TENANTS, FINANCIAL]
    )
    def pending_payments(self) -> Money:
        return shown(self.balance.pending)

    @strawberry.field(
        description="What would remain once those are posted: what the tenant should pay now.",
        directives=[TENANTS, FINANCIAL],
    )
    def due_after_pending(self) -> Money:
        return shown(self.balance.due_after_pending)

    @strawberry.field(
        description="How the amount is made up, line by line; the lines and `unexplainedDifference` together add up to "
        "`due`.",
        directives=[TENANTS, sized(12)],
    )
    def composition(self) -> list[BalanceLine]:
        return [BalanceLine(line=line, scope=self.scope, books=self.books) for line in self.balance.composition]

    @strawberry.field(
        description="Total given by the source less the sum of its entries; null when they agree. Never hidden in "
        "another line.",
        directives=[TENANTS, FINANCIAL],
    )
    def unexplained_difference(self) -> Money | None:
        return shown_or_none(self.balance.unexplained_difference)

    @strawberry.field(description="The same in two or three plain sentences.", directives=[TENANTS])
    def explanation(self, info: Info) -> str:
        return info.context.wording.balance(self.balance)

    def shown_issues(self) -> tuple[DataQualityIssue, ...]:
        return self.balance.issues

    def exhibit(self) -> Mapping[str, str]:
        difference = self.balance.unexplained_difference
        return {
            "due": self.balance.due.decimal,
            "state": self.balance.state.value,
            "on": self.balance.on.isoformat(),
            "unexplainedDifference": difference.decimal if difference else "",
        }


async def balance_of(
    info: Info, scope: AccountScope, on: date | None, *, opened_on: date | None
) -> AccountBalance | None:
    """The balance at the end of `on`, today's when None; None when the ERP knows no such account.

    Also None before `opened_on`, as long as nothing was booked: that is no balance, and not one of zero.

    Raises InvalidArgumentError for a day to come, UpstreamError when a figure cannot be had or read exactly.
    """
    today = info.context.today
    if on is not None and on > today:
        raise InvalidArgumentError("on", "a balance cannot be struck on a day to come")
    if on is not None and on < today:
        return await _past_balance(info, scope, on, opened_on=opened_on)
    return await _present_balance(info, scope, today)


async def _present_balance(info: Info, scope: AccountScope, today: date) -> AccountBalance | None:
    loaders = info.context.loaders
    books = loaders.entries(composition_since(today))
    books.prefetch(scope)  # both questions leave together
    stored = await loaders.balances.need(scope)
    extract = await books.need(scope)
    if stored is None or extract is None:
        return None
    # No online payment can be pending: payments are not offered yet.
    struck = strike(stored.value, extract.value, as_of=stored.origin.as_of, on=today, pending=ZERO)
    return AccountBalance(origin=stored.origin, balance=struck, scope=scope, books=extract)


async def _past_balance(info: Info, scope: AccountScope, on: date, *, opened_on: date | None) -> AccountBalance | None:
    extract = await info.context.loaders.entries(composition_since(on), on).need(scope)
    if extract is None:
        return None
    is_empty = extract.value.opening == ZERO and not extract.value.entries
    if is_empty and opened_on is not None and on < opened_on:
        return None
    struck = strike_at(extract.value, on=on)
    return AccountBalance(origin=extract.origin, balance=struck, scope=scope, books=extract)
