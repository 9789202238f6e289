"""LireConseillers, LireAgences and LireInformations: who helps, where, when, and what there is to know."""

from typing import Any

import msgspec

from gateway.demo.erp.call import Call
from gateway.demo.erp.xml import DAY, TEXT, Record, code

_ADVISOR = {
    "CODE_CONSEILLER": code(6),
    "NOM": TEXT,
    "PRENOM": TEXT,
    "FONCTION": TEXT,
    "TEL": TEXT,
    "CODE_AGENCE": code(5),
    "DAT_FIN_ABSENCE": DAY,
}
_IN_CHARGE, _STAND_IN = Record("Conseiller", _ADVISOR), Record("Remplacant", _ADVISOR)
_CONTACT = Record("ContactUtile", dict.fromkeys(("TYPE", "NOM", "TEL", "OBJET", "DISPONIBILITE"), TEXT))
_LEASE = Record("ConseillerContrat", {"NUM_CONTRAT": code(12)})
_OFFICE = Record(
    "Agence",
    {
        "CODE_AGENCE": code(5),
        "NOM": TEXT,
        "ADR_1": TEXT,
        "ADR_2": TEXT,
        "VOIE": TEXT,
        "CODE_POSTAL": TEXT,
        "VILLE": TEXT,
        "INSEE": TEXT,
        "TEL": TEXT,
        "HORAIRES": TEXT,
        "CONDITIONS": TEXT,
        "ACCES_PMR": TEXT,
    },
)
_SPECIAL = Record("HoraireSpecial", {"DAT_DEB": DAY, "DAT_FIN": DAY, "LIB": TEXT, "HORAIRES": TEXT})
_NEWS = Record(
    "Information",
    {"NUM_INFO": code(10), "TITRE": TEXT, "TEXTE": TEXT, "GRAVITE": TEXT, "DAT_DEB": TEXT, "DAT_FIN": TEXT},
)
_ADVICE = Record("Conseil", {"NUM_CONSEIL": code(10), "TITRE": TEXT, "TEXTE": TEXT, "THEME": TEXT})

_LEASES = """
    SELECT numero, conseiller, agence, contacts FROM contrat
    WHERE numero IN (SELECT value FROM json_each(?)) ORDER BY id
"""
_ADVISORS = """
    SELECT remplacant, code, nom, prenom, fonction, tel, agence, dat_fin_absence FROM conseiller WHERE code = ?
"""
_ALL_OFFICES = "SELECT code FROM agence ORDER BY code"
_OFFICES = """
    SELECT code, nom, adr_1, adr_2, voie, code_postal, ville, insee, tel, horaires, conditions, acces_pmr
    FROM agence WHERE code = ?
"""
_SPECIALS = "SELECT dat_deb, dat_fin, lib, horaires FROM horaire_special WHERE agence = ? ORDER BY rang"


def read_advisors(call: Call) -> str:
    """Who looks after these leases, where, and who else can help."""
    return "".join(_lease(call, row) for row in call.rows(_LEASES, call.request.keys("NumContrat")))


def read_offices(call: Call) -> str:
    """The offices with these codes; all of them when no code is given."""
    codes = call.request.keys("CodeAgence") or [row[0] for row in call.database.execute(_ALL_OFFICES)]
    return "".join(_office(call, code) for code in codes)


def read_news(call: Call) -> str:
    """Announcements, then advice for daily life."""
    news = call.database.execute("SELECT numero, titre, texte, gravite, dat_deb, dat_fin FROM information")
    advice = call.database.execute("SELECT numero, titre, texte, theme FROM conseil")
    return "".join(map(_NEWS.render, news)) + "".join(map(_ADVICE.render, advice))


def _lease(call: Call, row: Any) -> str:
    number, advisor, office, contacts = row
    others = "".join(map(_CONTACT.render, msgspec.json.decode(contacts)))
    return _LEASE.render((number,), content=_advisors(call, advisor) + _office(call, office) + others)


def _advisors(call: Call, code: str) -> str:
    stand_in, *advisor = call.database.execute(_ADVISORS, (code,)).fetchone()
    if not stand_in:
        return _IN_CHARGE.render(advisor)
    _, *colleague = call.database.execute(_ADVISORS, (stand_in,)).fetchone()
    return _IN_CHARGE.render(advisor) + _STAND_IN.render(colleague)


def _office(call: Call, code: str) -> str:
    row: Any = call.database.execute(_OFFICES, (code,)).fetchone()
    if row is None:
        return ""
    specials = call.database.execute(_SPECIALS, (code,))
    return _OFFICE.render(row, content="".join(map(_SPECIAL.render, specials)))
