"""LireAvis: the notices of the latest months, in every state."""

from typing import Any

import msgspec

from gateway.demo.erp.call import Call
from gateway.demo.erp.formats import side
from gateway.demo.erp.refusal import RefusalError
from gateway.demo.erp.xml import CENTS, DAY, PERIOD, TEXT, Record, code

_MOST_MONTHS = 60

_NOTICE = Record(
    "Avis",
    {
        "NUM_AVIS": code(14),
        "PERIODE": PERIOD,
        "DAT_EMISSION": DAY,
        "DAT_ECHEANCE": DAY,
        "ETAT": code(1),
        "NUM_AVIS_REMPLACANT": code(14),
        "SOLDE_ANTERIEUR": CENTS,
        "SENS_ANTERIEUR": TEXT,
        "TOTAL_MOIS": CENTS,
        "SENS_TOTAL": TEXT,
        "NET_A_PAYER": CENTS,
        "SENS_NET": TEXT,
        "DAT_PRELEVEMENT": DAY,
    },
)
_LINE = Record(
    "Ligne",
    {
        "CODE": code(3),
        "LIB": TEXT,
        "SENS": TEXT,
        "MONTANT": CENTS,
        "NUM_CONTRAT": code(12),
        "QUANTITE": TEXT,
        "PRIX_UNITAIRE": code(10),
    },
)
_ACCOUNT = Record("CompteAvis", {"NUM_COMPTE": code(11)})
_ACCOUNTS = "SELECT id, numero FROM compte WHERE numero IN (SELECT value FROM json_each(?)) ORDER BY id"
_SELECT = """
    SELECT numero, periode, dat_emission, dat_echeance, etat, remplacant, solde_anterieur, total_mois, net_a_payer,
        dat_prelevement, lignes
    FROM avis WHERE compte = :account AND periode IN (
        SELECT DISTINCT periode FROM avis WHERE compte = :account ORDER BY periode DESC LIMIT :months
    ) ORDER BY periode DESC, numero DESC
"""


def read_notices(call: Call) -> str:
    """The notices of these accounts' latest periods."""
    keys, months = call.request.keys("NumCompte"), int(call.request.required("NbMois"))
    if not 1 <= months <= _MOST_MONTHS:
        raise RefusalError("PARAMETRE_INVALIDE", f"NbMois : de 1 à {_MOST_MONTHS}")
    return "".join(_account(call, account, number, months) for account, number in call.rows(_ACCOUNTS, keys))


def _account(call: Call, account: int, number: str, months: int) -> str:
    rows = call.database.execute(_SELECT, {"account": account, "months": months})
    return _ACCOUNT.render((number,), content="".join(_notice(*row) for row in rows))


def _notice(*row: Any) -> str:
    *head, before, total, net, collection, lines = row
    amounts = (abs(before), side(before), abs(total), side(total), abs(net), side(net))
    return _NOTICE.render((*head, *amounts, collection), content="".join(map(_line, msgspec.json.decode(lines))))


def _line(line: list[Any]) -> str:
    kind, label, cents, *rest = line
    return _LINE.render((kind, label, side(cents), abs(cents), *rest))
