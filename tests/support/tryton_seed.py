"""Fills an empty Tryton with the landlord's set-up and the tenants of `tryton_world`, through Tryton's own door."""

from collections.abc import Iterator

from tests.support.tryton_bookings import Bookings
from tests.support.tryton_files import content_of
from tests.support.tryton_landlord import Landlord
from tests.support.tryton_rpc import TrytonRpc, Values
from tests.support.tryton_world import (
    BARE_COUNT,
    PRINCIPAL,
    TENANTS,
    Lease,
    Notice,
    Tenant,
    bare_code,
    bare_lease,
    notices_in_order,
)

CHUNK = 250
"""Records created by one call."""


def fill(rpc: TrytonRpc) -> None:
    """Make the landlord, then everything its tenants owe, paid and received; takes half a minute."""
    Landlord(rpc).set_up()
    _add_tenants(rpc)
    _add_bare_parties(rpc)
    bookings, notices = Bookings(rpc), notices_in_order()
    for (_, notice), invoice in zip(notices, bookings.issue(notices), strict=True):
        if notice.cancelled:
            bookings.cancel(invoice)
        rpc.create("ir.attachment", _files(notice, invoice))
    bookings.receive([(tenant, receipt) for tenant in TENANTS for receipt in tenant.receipts])
    for tenant in TENANTS:
        if tenant.doubtful:
            bookings.hold_doubtful(tenant)


def _add_tenants(rpc: TrytonRpc) -> None:
    """Parties first: an identifier refers to the address of its party."""
    roles = rpc.ids_by("party.category", "name")
    parties = rpc.create("party.party", [_party(tenant, roles=roles) for tenant in TENANTS])
    for tenant, party in zip(TENANTS, parties, strict=True):
        of_party = ["party", "=", party]
        addresses = rpc.find("party.address", of_party)
        rpc.create("party.identifier", list(_identifiers(tenant, party, addresses)))
        left = rpc.find("party.identifier", of_party, ["code", "in", tenant.left])
        rpc.call("model.party.identifier.write", left, {"active": False})
        if any(lease.ended for lease in tenant.leases):
            rpc.call("model.party.address.write", addresses, {"active": False})


def _party(tenant: Tenant, *, roles: dict[str, int]) -> Values:
    contacts = [{"type": kind, "value": value} for kind, value in tenant.contacts]
    return {
        "name": tenant.name,
        "code": tenant.code,
        "categories": [["add", [roles[tenant.role]]]] if tenant.role else None,
        "addresses": [["create", [_address(lease) for lease in tenant.leases]]],
        "contact_mechanisms": [["create", contacts]],
    }


def _address(lease: Lease) -> Values:
    postal_code, city = lease.town
    place: Values = {"postal_code": postal_code, "city": city}
    if "\n" in lease.street:
        return place | {"street_unstructured": lease.street}
    number, _, street = lease.street.partition(" ")
    return place | {
        "street_name": street,
        "building_number": number,
        "building_name": lease.building,
        "unit_number": lease.let,
    }


def _identifiers(tenant: Tenant, party: int, addresses: list[int]) -> Iterator[Values]:
    for lease, address in zip(tenant.leases, addresses, strict=True):
        yield {"party": party, "code": lease.reference, "address": address}
    for reference in (*tenant.left, *tenant.other_numbers):
        yield {"party": party, "code": reference}


def _files(notice: Notice, invoice: int) -> list[Values]:
    data = content_of(notice)
    name, resource = f"avis-2026-{notice.month:02d}.pdf", f"account.invoice,{invoice}"
    return [] if data is None else [{"name": name, "data": data, "resource": resource}]


def _add_bare_parties(rpc: TrytonRpc) -> None:
    role = rpc.ids_by("party.category", "name")[PRINCIPAL]
    parties = [
        {
            "name": f"Locataire {number}",
            "code": bare_code(number),
            "categories": [["add", [role]]],
            "identifiers": [["create", [{"code": bare_lease(number)}]]],
        }
        for number in range(1, BARE_COUNT + 1)
    ]
    for start in range(0, len(parties), CHUNK):
        rpc.create("party.party", parties[start : start + CHUNK])
