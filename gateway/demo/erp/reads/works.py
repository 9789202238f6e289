"""LireInterventions: works with what was told about them."""

from typing import Any

import msgspec

from gateway.demo.erp.call import Call
from gateway.demo.erp.xml import DAY, TEXT, Record, code

_WORKS = Record(
    "Intervention",
    {
        "NUM_INTERV": code(12),
        "TITRE": TEXT,
        "DESCRIPTIF": TEXT,
        "ETAT": code(2),
        "PORTEE": code(1),
        "IMPACTS": TEXT,
        "DAT_DEB": DAY,
        "DAT_FIN_PREVUE": DAY,
        "DAT_FIN_REELLE": DAY,
        "ENTREPRISE": TEXT,
        "TEL_ENTREPRISE": TEXT,
        "ACCES": TEXT,
    },
)
_LEASE = "<NUM_CONTRAT>%-12s</NUM_CONTRAT>"
_UPDATE = Record("Suivi", {"DAT_FAIT": TEXT, "DAT_SAISIE": TEXT, "TEXTE": TEXT})
_SELECT = """
    SELECT i.id, json_group_array(c.numero), i.numero, titre, descriptif, i.etat, portee, impacts, dat_deb,
        dat_fin_prevue, dat_fin_reelle, entreprise, tel_entreprise, acces
    FROM intervention i JOIN intervention_contrat ic ON ic.intervention = i.id JOIN contrat c ON c.id = ic.contrat
    WHERE c.numero IN (SELECT value FROM json_each(?)) GROUP BY i.id ORDER BY i.id
"""
_UPDATES = "SELECT dat_fait, dat_saisie, texte FROM suivi WHERE intervention = ? ORDER BY rang"


def read_works(call: Call) -> str:
    """The works that concern these leases."""
    return "".join(_works(call, *row) for row in call.rows(_SELECT, call.request.keys("NumContrat")))


def _works(call: Call, works: int, leases: str, *row: Any) -> str:
    concerned = "".join(_LEASE % number for number in msgspec.json.decode(leases))
    updates = "".join(map(_UPDATE.render, call.database.execute(_UPDATES, (works,))))
    return _WORKS.render(row, content=concerned + updates)
