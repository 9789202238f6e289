"""What happens in the dwelling: water meters with their readings, works with what was told about them."""

from gateway.demo.erp.formats import day_number, minute_text, volume_text
from gateway.demo.erp.store.blemishes import Blemishes
from gateway.demo.erp.store.homes import account_id, lease_ids
from gateway.demo.erp.store.rows import Rows
from gateway.demo.world.model import Household, Works

_FLUIDS = {"FROIDE": "EF", "CHAUDE": "EC"}
_ORIGINS = {"TELERELEVE": "T", "MANUEL": "M", "AUTORELEVE": "A", "ESTIME": "E", "DEPOSE": "D", "POSE": "P"}
_STATES = {"ANNONCE": "AN", "EN_COURS": "EC", "SUSPENDU": "SU", "TERMINE": "TE", "ANNULE": "AB"}
_SCOPES = {"LOGEMENT": "L", "COMMUN": "C", "RESIDENCE": "R"}
_ROWS_KEPT = 10
"""Meters, and works, of one household."""


def add_meters(rows: Rows, household: Household, blemishes: Blemishes) -> None:
    """The household's meters and every reading of them."""
    leases = lease_ids(household)
    for rank, meter in enumerate(household.meters):
        identity = account_id(household) * _ROWS_KEPT + rank
        rows.add(
            "compteur",
            identity,
            leases[meter.lease_number],
            meter.serial_number,
            _FLUIDS[meter.kind],
            meter.location,
            "O" if meter.remotely_read else "N",
            meter.digits,
            day_number(meter.installed_on),
            blemishes.end(meter.removed_on),
        )
        for place, reading in enumerate(meter.readings):
            day, index = day_number(reading.on), volume_text(reading.litres)
            rows.add("releve", identity, day, place, index, _ORIGINS[reading.origin])


def add_works(rows: Rows, household: Household, blemishes: Blemishes) -> None:
    """The works that concern the household's leases."""
    leases = lease_ids(household)
    for rank, works in enumerate(household.works):
        identity = account_id(household) * _ROWS_KEPT + rank
        _add_works(rows, works, identity=identity, blemishes=blemishes)
        for number in works.lease_numbers:
            rows.add("intervention_contrat", leases[number], identity)
        for place, update in enumerate(works.updates):
            happened, recorded = minute_text(update.at), minute_text(update.recorded_at)
            rows.add("suivi", identity, place, happened, recorded, update.message)


def _add_works(rows: Rows, works: Works, *, identity: int, blemishes: Blemishes) -> None:
    rows.add(
        "intervention",
        identity,
        works.number,
        works.title,
        works.description or "",
        _STATES[works.state],
        _SCOPES[works.scope],
        ";".join(works.impacts),
        day_number(works.starts_on),
        blemishes.end(works.expected_end_on),
        day_number(works.ended_on),
        works.contractor or "",
        works.contractor_phone or "",
        "O" if works.access_required else "N",
    )
