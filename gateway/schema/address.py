"""Postal addresses."""

import strawberry

from gateway.domain import address as domain


@strawberry.type(description="Postal address.")
class PostalAddress:
    """GraphQL face of `gateway.domain.address.PostalAddress`."""

    complement: list[str] = strawberry.field(description="Lines above the street: building, staircase, floor, door.")
    street: str | None = strawberry.field(description="Number and street.")
    postal_code: str = strawberry.field(description="Postal code.")
    city: str = strawberry.field(description="Town.")
    insee_code: str | None = strawberry.field(description="INSEE code of the commune.")
    lines: list[str] = strawberry.field(description="Whole address, one entry for each line of an envelope.")

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
