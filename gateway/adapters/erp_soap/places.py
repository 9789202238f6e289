"""Addresses, as leases and offices both carry them."""

from gateway.adapters.erp_soap.record import Record
from gateway.domain.address import PostalAddress


def read_address(record: Record) -> PostalAddress:
    """The address in a record's fields `ADR_1` to `INSEE`."""
    above = (record.text("ADR_1", "address"), record.text("ADR_2", "address"))
    return PostalAddress(
        complement=tuple(line for line in above if line),
        street=record.optional_text("VOIE", "address"),
        postal_code=record.code("CODE_POSTAL"),
        city=record.text("VILLE", "address"),
        insee_code=record.code("INSEE") or None,
    )
