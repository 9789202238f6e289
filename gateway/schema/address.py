"""Postal addresses."""

import strawberry

from gateway.domain import address as domain
from gateway.schema.directives import EVERYONE, sized


@strawberry.type(description="Postal address.")
class PostalAddress:
    """GraphQL face of `gateway.domain.address.PostalAddress`."""

    complement: list[str] = strawberry.field(
        description="Lines above the street: building, staircase, floor, door.", directives=[EVERYONE, sized(4)]
    )
    street: str | None = strawberry.field(description="Number and street.", directives=[EVERYONE])
    postal_code: str = strawberry.field(description="Postal code.", directives=[EVERYONE])
    city: str = strawberry.field(description="Town.", directives=[EVERYONE])
    insee_code: str | None = strawberry.field(description="INSEE code of the commune.", directives=[EVERYONE])
    lines: list[str] = strawberry.field(
        description="Whole address, one entry for each line of an envelope.", directives=[EVERYONE, sized(6)]
    )

    @classmethod
    def from_domain(cls, address: domain.PostalAddress) -> "PostalAddress":
        return cls(
            complement=list(address.complement),
            street=address.street,
            postal_code=address.postal_code,
            city=address.city,
            insee_code=address.insee_code,
            lines=list(address.lines),
        )
