"""LireLocataires: the files of people."""

from gateway.demo.erp.call import Call
from gateway.demo.erp.xml import DAY, TEXT, Record, code

_TENANT = Record(
    "Locataire",
    {
        "NUM_LOC": code(10),
        "LIB_NOM": code(60),
        "LIB_PRENOM": code(30),
        "DAT_NAISS": DAY,
        "TEL_1": TEXT,
        "TEL_2": TEXT,
        "TEL_3": TEXT,
        "MEL": TEXT,
    },
)
_SELECT = """
    SELECT numero, lib_nom, lib_prenom, dat_naiss, tel_1, tel_2, tel_3, mel
    FROM locataire WHERE numero IN (SELECT value FROM json_each(?)) ORDER BY numero
"""


def read_tenants(call: Call) -> str:
    """The files with these numbers."""
    return "".join(map(_TENANT.render, call.rows(_SELECT, call.request.keys("NumLocataire"))))
