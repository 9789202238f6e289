"""Leases, the people who are party to them, and their useful contacts."""

from collections.abc import Iterable, Iterator
from functools import cache

import msgspec

from gateway.demo.erp.formats import capitals, day_number
from gateway.demo.erp.store.blemishes import Blemishes
from gateway.demo.erp.store.directory import address_columns
from gateway.demo.erp.store.rows import Row, Rows
from gateway.demo.world.model import Household, Lease, Party, Person, Unit, UsefulContact

_LEASES_KEPT = 10
"""Ranks of leases within one household."""

_KINDS = {"LOGEMENT": "LOG", "STATIONNEMENT": "GAR", "ANNEXE": "ANX"}
_CIVILITIES = {"M": "MR", "MME": "MME"}
_CONTACTS = {
    "GARDIEN": "GAR",
    "ASTREINTE": "AST",
    "ENTREPRISE": "ENT",
    "ASSOCIATION": "ASS",
    "SOCIAL": "SOC",
    "AUTRE": "AUT",
}


def account_id(household: Household) -> int:
    """The row of the household's account."""
    return household.index + 1


def lease_ids(household: Household) -> dict[str, int]:
    """The rows of the household's leases by their printed numbers."""
    first = account_id(household) * _LEASES_KEPT
    return {lease.number: first + rank for rank, lease in enumerate(household.leases)}


def add_homes(rows: Rows, household: Household, blemishes: Blemishes) -> None:
    """The household's leases with everybody who is party to them."""
    holder = household.leases[0].parties[0].person
    shared = blemishes.one_file(household.leases[0].parties)
    for lease, identity in zip(household.leases, lease_ids(household).values(), strict=True):
        rows.add("contrat", identity, *_lease(lease, account=account_id(household), blemishes=blemishes))
        for place, party in enumerate(_on_file(lease.parties, shared=shared)):
            since, until = day_number(party.since), blemishes.end(party.until)
            rows.add("partie", identity, place, party.person.number, party.role, since, until)
    for person in _people(household, shared=shared):
        rows.add("locataire", *_file(person, shared=shared and person == holder))


def _on_file(parties: tuple[Party, ...], *, shared: bool) -> Iterator[Party]:
    """The parties that have a file of their own: not the second of a couple on one file."""
    return (party for party in parties if not (shared and party.role == "COTITULAIRE"))


def _people(household: Household, *, shared: bool) -> Iterable[Person]:
    everybody = (party.person for lease in household.leases for party in _on_file(lease.parties, shared=shared))
    return dict.fromkeys(everybody)


def _file(person: Person, *, shared: bool) -> Row:
    """A person's file; a shared one names the couple and nobody's first name."""
    last_name, first_name = capitals(person.last_name), capitals(person.first_name).replace("-", " ")
    name = f"{_CIVILITIES[person.civility]} {last_name} {first_name}"
    phones = (*person.phones, "", "", "")[:3]
    return (
        person.number,
        f"MR ET MME {last_name}" if shared else name,
        "" if shared else first_name,
        day_number(person.birth_date),
        *phones,
        person.email or "",
    )


def _lease(lease: Lease, *, account: int, blemishes: Blemishes) -> Row:
    return (
        lease.number,
        account,
        blemishes.key(lease.number),
        blemishes.key(lease.account_number),
        lease.state_code,
        day_number(lease.starts_on),
        blemishes.end(lease.ends_on),
        day_number(lease.notice_received_on),
        "A" if lease.in_advance else "E",
        *_unit(lease.unit),
        lease.advisor_code,
        lease.office_code,
        _contacts(lease.contacts),
    )


def _unit(unit: Unit) -> Row:
    surface = "" if unit.surface_dm2 is None else f"{unit.surface_dm2:06d}"
    place = (unit.floor or "", unit.estate or "")
    kind = (unit.number, _KINDS[unit.kind], unit.typology or "", surface)
    return (*kind, *place, *address_columns(unit.address))


@cache
def _contacts(contacts: tuple[UsefulContact, ...]) -> bytes:
    """Kept, because neighbours have the same."""
    return msgspec.json.encode([_contact(one) for one in contacts])


def _contact(contact: UsefulContact) -> list[str]:
    reach = (contact.phone, contact.purpose or "", contact.availability or "")
    return [_CONTACTS[contact.kind], contact.name, *reach]
