"""Money as clients see it."""

from enum import StrEnum

import strawberry

from gateway.domain.money import Money as Amount
from gateway.schema.context import Info
from gateway.schema.directives import TENANTS
from gateway.schema.enums import described
from gateway.schema.scalars import DecimalText


class CurrencyCode(StrEnum):
    """Currencies."""

    EUR = "EUR"


described(CurrencyCode, "CurrencyCode", "Currencies.", {"EUR": "Euro."})


@strawberry.type(description="Exact amount of money.")
class Money:
    """GraphQL face of `gateway.domain.money.Money`."""

    value: strawberry.Private[Amount]

    @strawberry.field(description="Amount with two decimals.", directives=[TENANTS])
    def amount(self) -> DecimalText:
        return DecimalText(self.value.decimal)

    @strawberry.field(description="Currency.", directives=[TENANTS])
    def currency(self) -> CurrencyCode:
        return CurrencyCode.EUR

    @strawberry.field(
        description="Amount as shown in the viewer's language, for example « 432,10 € ».", directives=[TENANTS]
    )
    def display(self, info: Info) -> str:
        return info.context.wording.money(self.value)


def shown(amount: Amount) -> Money:
    """The GraphQL object for `amount`."""
    return Money(value=amount)


def shown_or_none(amount: Amount | None) -> Money | None:
    """The GraphQL object for `amount`, None for None."""
    return None if amount is None else Money(value=amount)
