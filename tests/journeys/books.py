"""What the landlord's own books say, to compare with what the gateway shows."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from gateway.demo.world import landlord
from gateway.demo.world.model import Advisor, Entry, Household, Meter, Notice
from tests.support.gateway import RunningGateway, household_of, world

MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
NO_BREAK = "\u00a0"
"""What stands before the sign of the euro."""


def cents(money: Mapping[str, str]) -> int:
    """A GraphQL `Money` in cents; it must be exact to the cent."""
    whole = Decimal(money["amount"]) * 100
    assert whole == int(whole), money
    return int(whole)


def litres(volume: str) -> int:
    """A GraphQL volume in litres; it must be exact to the litre."""
    whole = Decimal(volume) * 1000
    assert whole == int(whole), volume
    return int(whole)


def account_in_erp(gateway: RunningGateway, case: str) -> Mapping[str, Any]:
    """The account's row in the ERP: `solde_stocke`, `lignes` and `ecart` in signed cents."""
    (row,) = gateway.systems.erp.get(f"truth/comptes?key={household_of(case).account_number}")
    assert isinstance(row, dict)
    return row


def signed(entry: Entry) -> int:
    """The entry's amount in cents, positive when it is owed by the tenant."""
    return entry.cents if entry.direction == "D" else -entry.cents


def newest_first(household: Household) -> list[Entry]:
    """The entries of the account as a statement lists them."""
    return sorted(household.entries, key=lambda entry: (entry.value_on, entry.number), reverse=True)


def in_force(household: Household) -> list[Notice]:
    """The notices that stand, the latest month first."""
    return [notice for notice in reversed(household.notices) if notice.state == "EMIS"]


def titled(notice: Notice, *, corrected: bool = False) -> str:
    """The title of a notice."""
    year, month = notice.period.split("-")
    name = MONTHS[int(month) - 1]
    elided = "d'" if name[0] in "ao" else "de "
    return f"Avis {elided}{name} {year}" + (" (rectifié)" if corrected else "")


def without_accents(name: str) -> str:
    """A first name as the ERP gives it back: neither accents nor hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return plain.replace("-", " ")


def advisor_of(household: Household) -> Advisor:
    """Who looks after the household."""
    advisors = landlord(world().today, dwellings=world().households).advisors
    return next(one for one in advisors if one.code == household.leases[0].advisor_code)


def flowed(meters: Iterable[Meter], *, from_: date, to: date) -> float:
    """Litres through `meters` on the days from `from_` to `to`: what their readings say, evenly from one to the next.

    Readings are taken at the end of their day. Meters neither went back nor rolled over.
    """
    return sum(_index(meter, to) - _index(meter, from_ - timedelta(days=1)) for meter in meters)


def _index(meter: Meter, day: date) -> float:
    for before, after in pairwise(meter.readings):
        if before.on <= day <= after.on:
            share = (day - before.on).days / ((after.on - before.on).days or 1)
            return before.litres + share * (after.litres - before.litres)
    return float(meter.readings[0 if day < meter.readings[0].on else -1].litres)


def explained(composition: Sequence[Mapping[str, Any]]) -> int:
    """What the lines of a balance add up to, in cents; each is the sum of its own entries."""
    for line in composition:
        entries = sum(
            cents(entry["amount"]) * (1 if entry["direction"] == "DEBIT" else -1) for entry in line["entries"]
        )
        assert line["kind"] == "BROUGHT_FORWARD" or cents(line["amount"]) == entries, line
    return sum(cents(line["amount"]) for line in composition)
