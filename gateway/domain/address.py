"""Postal addresses as French envelopes write them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """Postal address. `complement` are the lines above the street: building, staircase, floor, door."""

    complement: tuple[str, ...]
    street: str | None
    postal_code: str
    city: str
    insee_code: str | None = None

    @property
    def lines(self) -> tuple[str, ...]:
        """The whole address, one entry for each line of an envelope, the town in capitals."""
        street = (self.street,) if self.street else ()
        return (*self.complement, *street, f"{self.postal_code} {self.city.upper()}".strip())
