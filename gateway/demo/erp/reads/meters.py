"""LireConsommations: water meters and their readings."""

from typing import Any

from gateway.demo.erp.call import Call
from gateway.demo.erp.formats import read_day
from gateway.demo.erp.xml import DAY, TEXT, Record, code

_METER = Record(
    "Compteur",
    {
        "NUM_CONTRAT": code(12),
        "NUM_COMPTEUR": code(14),
        "FLUIDE": code(2),
        "EMPLACEMENT": TEXT,
        "TELERELEVE": TEXT,
        "NB_CHIFFRES": "%d",
        "DAT_POSE": DAY,
        "DAT_DEPOSE": DAY,
    },
)
_READING = Record("Releve", {"DAT_RELEVE": DAY, "INDEX": TEXT, "ORIGINE": TEXT})
_METERS = """
    SELECT m.id, c.numero, m.numero, fluide, emplacement, telereleve, nb_chiffres, dat_pose, dat_depose
    FROM compteur m JOIN contrat c ON c.id = m.contrat
    WHERE c.numero IN (SELECT value FROM json_each(?)) ORDER BY m.id
"""
_READINGS = """
    SELECT dat_releve, indice, origine FROM releve WHERE compteur = ? AND dat_releve >= ? ORDER BY dat_releve, rang
"""


def read_meters(call: Call) -> str:
    """The meters of these leases with their readings since a day."""
    keys = call.request.keys("NumContrat")
    since = read_day(call.request.required("DepuisLe"), field="DepuisLe")
    meters = [row for row in call.rows(_METERS, keys).fetchall() if not 0 < row[-1] < since]
    return "".join(_meter(call, *row, since=since) for row in meters)


def _meter(call: Call, meter: int, *row: Any, since: int) -> str:
    readings = call.database.execute(_READINGS, (meter, since))
    return _METER.render(row, content="".join(map(_READING.render, readings)))
