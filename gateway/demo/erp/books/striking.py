"""The arrêté: at every full hour the stored balances catch up with the lines written before it."""

import sqlite3
from datetime import datetime

from gateway.demo.erp.formats import stamp_number
from gateway.demo.erp.store.database import parameter, set_parameter
from gateway.demo.erp.store.transaction import transaction

_STRIKE = """
    UPDATE compte SET solde_stocke = ecart + (
        SELECT coalesce(sum(cents), 0) FROM ecriture WHERE ecriture.compte = compte.id AND saisie <= :stamp
    ) WHERE id IN (SELECT compte FROM a_arreter WHERE saisie <= :stamp)
"""


def strike_if_due(database: sqlite3.Connection, *, now: datetime) -> int:
    """Strike the balances at the last full hour unless that was done; the moment they are true at."""
    hour = stamp_number(now) // 10_000 * 10_000
    struck = int(parameter(database, "arrete"))
    if hour <= struck:
        return struck
    strike(database, stamp=hour)
    return hour


def strike(database: sqlite3.Connection, *, stamp: int) -> None:
    """Strike the balances at `stamp` (AAAAMMJJHHMMSS): they count the lines entered until then."""
    with transaction(database):
        database.execute(_STRIKE, {"stamp": stamp})
        database.execute("DELETE FROM a_arreter WHERE saisie <= ?", (stamp,))
        set_parameter(database, "arrete", stamp)
