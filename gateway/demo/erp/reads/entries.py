"""LireEcritures: the lines of accounts, newest first, silently capped."""

from dataclasses import dataclass

from gateway.demo.erp.call import Call
from gateway.demo.erp.formats import NO_END, read_day, side
from gateway.demo.erp.refusal import RefusalError
from gateway.demo.erp.xml import CENTS, DAY, PERIOD, STAMP, TEXT, Record, code

_MAX_LINES = 500

_LINE = Record(
    "Ecriture",
    {
        "NUM_ECR": "%011d  ",
        "DAT_VALEUR": DAY,
        "HORODATAGE_SAISIE": STAMP,
        "SENS": TEXT,
        "MONTANT": CENTS,
        "CODE": code(3),
        "LIB": TEXT,
        "PERIODE": PERIOD,
        "NUM_CONTRAT": code(12),
        "MODE": code(5),
        "NUM_ECR_ANNULEE": code(13),
    },
)
_ACCOUNT = Record(
    "CompteEcritures",
    {
        "NUM_COMPTE": code(11),
        "SOLDE_OUVERTURE": CENTS,
        "SENS_OUVERTURE": TEXT,
        "SOLDE_CLOTURE": CENTS,
        "SENS_CLOTURE": TEXT,
        "SUITE": TEXT,
    },
)
_ACCOUNTS = "SELECT id, numero FROM compte WHERE numero IN (SELECT value FROM json_each(?)) ORDER BY id"
_BALANCE = "SELECT coalesce(sum(cents), 0) FROM ecriture WHERE compte = ? AND dat_valeur <= ?"
_SELECT = """
    SELECT numero, dat_valeur, saisie, iif(cents < 0, 'C', 'D'), abs(cents), code, lib, periode, contrat, mode, annule
    FROM ecriture WHERE compte = ? AND dat_valeur BETWEEN ? AND ?
    ORDER BY dat_valeur DESC, numero DESC LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class _Range:
    first_day: int
    last_day: int
    lines: int


def read_entries(call: Call) -> str:
    """The lines of these accounts in a range of value dates."""
    keys, wanted = call.request.keys("NumCompte"), _wanted(call)
    return "".join(_account(call, account, number, wanted) for account, number in call.rows(_ACCOUNTS, keys))


def _wanted(call: Call) -> _Range:
    first, last, most = (call.request.text(name) for name in ("DateDebut", "DateFin", "NbMax"))
    lines = _MAX_LINES if most is None else int(most)
    if lines < 1:
        raise RefusalError("PARAMETRE_INVALIDE", "NbMax : 1 au moins")
    return _Range(
        0 if first is None else read_day(first, field="DateDebut"),
        NO_END if last is None else read_day(last, field="DateFin"),
        min(lines, _MAX_LINES),
    )


def _account(call: Call, account: int, number: str, wanted: _Range) -> str:
    (opening,) = call.database.execute(_BALANCE, (account, wanted.first_day - 1)).fetchone()
    (closing,) = call.database.execute(_BALANCE, (account, wanted.last_day)).fetchone()
    bounds = (account, wanted.first_day, wanted.last_day, wanted.lines + 1)
    rows = call.database.execute(_SELECT, bounds).fetchall()
    more = "O" if len(rows) > wanted.lines else "N"
    balances = (abs(opening), side(opening), abs(closing), side(closing))
    lines = "".join(map(_LINE.render, rows[: wanted.lines]))
    return _ACCOUNT.render((number, *balances, more), content=lines)
