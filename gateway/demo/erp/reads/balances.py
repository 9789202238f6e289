"""LireSoldes: balances as they were stored by the last arrêté."""

from typing import Any

import msgspec

from gateway.demo.erp.books.chart import DISPUTED
from gateway.demo.erp.books.striking import strike_if_due
from gateway.demo.erp.call import Call
from gateway.demo.erp.formats import side
from gateway.demo.erp.xml import CENTS, DAY, STAMP, Record, code

_BALANCE = Record(
    "Solde",
    {
        "NUM_COMPTE": code(11),
        "SOLDE_STOCKE": code(10),
        "SENS_STOCKE": code(1),
        "SOLDE_EXIGIBLE": CENTS,
        "SENS_EXIGIBLE": code(1),
        "DAT_ECHEANCE": DAY,
        "CONTENTIEUX": CENTS,
        "DAT_ARRETE": STAMP,
    },
)
_SELECT = """
    WITH pending AS (
        SELECT compte, sum(cents) AS cents, min(exigible) AS next
        FROM ecriture
        WHERE compte IN (SELECT id FROM compte WHERE numero IN (SELECT value FROM json_each(:keys)))
            AND exigible >= :today AND saisie <= :struck
        GROUP BY compte
    ), disputed AS (
        SELECT compte, sum(cents) AS cents FROM mouvement
        WHERE compte IN (SELECT id FROM compte WHERE numero IN (SELECT value FROM json_each(:keys)))
            AND compte_general = :disputed
        GROUP BY compte
    )
    SELECT numero, solde_stocke, montant_illisible, coalesce(pending.cents, 0), coalesce(pending.next, 0),
        coalesce(disputed.cents, 0)
    FROM compte LEFT JOIN pending ON pending.compte = id LEFT JOIN disputed ON disputed.compte = id
    WHERE numero IN (SELECT value FROM json_each(:keys)) ORDER BY id
"""


def read_balances(call: Call) -> str:
    """The balances of these accounts."""
    keys = call.request.keys("NumCompte")
    struck = strike_if_due(call.database, now=call.now)
    parameters = {
        "keys": msgspec.json.encode(keys),
        "today": call.today,
        "struck": struck,
        "disputed": DISPUTED,
    }
    rows = call.database.execute(_SELECT, parameters)
    return "".join(_rendered(*row, struck=struck) for row in rows)


def _rendered(*row: Any, struck: int) -> str:
    number, stored, unreadable, not_due, next_due, disputed = row
    due = stored - not_due
    shown = unreadable or f"{abs(stored):010d}"
    falls_due = next_due if stored > 0 else 0
    return _BALANCE.render((number, shown, side(stored), abs(due), side(due), falls_due, disputed, struck))
