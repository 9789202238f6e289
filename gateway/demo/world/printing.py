"""One household as text, for people who look at the demo's data."""

from collections.abc import Iterator

from gateway.demo.world.model import Entry, Household, Meter, Notice

_LATEST = 3


def lines(household: Household) -> Iterator[str]:
    """The household in some twenty lines: people, leases, latest notices and entries, meters, works."""
    balance = sum(entry.cents if entry.direction == "D" else -entry.cents for entry in household.entries)
    yield f"{household.index} · {household.case} · compte {household.account_number}"
    yield f"solde {euros(balance)}"
    for lease in household.leases:
        unit = lease.unit
        yield f"bail {lease.number} {lease.state_code} depuis {lease.starts_on} · {unit.kind} {unit.typology or ''}"
        yield f"  {unit.address.street}, {unit.address.postal_code} {unit.address.city}"
    for party in household.leases[0].parties:
        person = party.person
        yield f"  {party.role} {person.civility} {person.first_name} {person.last_name} {person.phones}"
    yield from map(_notice, household.notices[-_LATEST:])
    yield from map(_entry, household.entries[-_LATEST:])
    yield from map(_meter, household.meters)
    for works in household.works:
        yield f"travaux {works.number} {works.state} {works.title}"


def euros(cents: int) -> str:
    """`1 234,56 €`, with no-break spaces."""
    whole, rest = divmod(abs(cents), 100)
    sign = "-" if cents < 0 else ""
    return f"{sign}{whole:,}".replace(",", "\N{NO-BREAK SPACE}") + f",{rest:02d}\N{NO-BREAK SPACE}€"


def _notice(notice: Notice) -> str:
    before, due = euros(notice.brought_forward_cents), euros(notice.amount_due_cents)
    head = f"avis {notice.number} {notice.period} {notice.state} (PDF {notice.pdf})"
    return f"{head} · antérieur {before} · mois {euros(notice.period_total_cents)} · net {due}"


def _entry(entry: Entry) -> str:
    amount = f"{entry.direction} {euros(entry.cents)}"
    return f"écriture {entry.number} {entry.value_on} {amount} {entry.code} {entry.label}"


def _meter(meter: Meter) -> str:
    last = meter.readings[-1]
    index = f"{last.litres // 1000},{last.litres % 1000:03d} m³"
    return f"compteur {meter.serial_number} {meter.kind} · {index} le {last.on} ({last.origin})"
