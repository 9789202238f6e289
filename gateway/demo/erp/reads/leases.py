"""LireContrats: leases, one row for each party."""

from gateway.demo.erp.call import Call
from gateway.demo.erp.refusal import RefusalError
from gateway.demo.erp.xml import DAY, TEXT, Record, code

_LEASE = Record(
    "Contrat",
    {
        "NUM_CONTRAT": code(12),
        "NUM_COMPTE": code(11),
        "NUM_LOC": code(10),
        "LIB_NOM": code(60),
        "LIB_PRENOM": code(30),
        "ROLE": code(12),
        "DAT_DEB": DAY,
        "DAT_FIN": DAY,
        "ETAT": code(2),
        "DAT_EFFET": DAY,
        "DAT_RESIL": DAY,
        "DAT_PREAVIS": DAY,
        "TERME": code(1),
        "NUM_LOGEMENT": code(12),
        "NATURE": code(3),
        "TYPOLOGIE": code(2),
        "SURFACE": code(6),
        "ETAGE": TEXT,
        "RESIDENCE": TEXT,
        "ADR_1": TEXT,
        "ADR_2": TEXT,
        "VOIE": TEXT,
        "CODE_POSTAL": TEXT,
        "VILLE": TEXT,
        "INSEE": TEXT,
        "CODE_CONSEILLER": code(6),
        "CODE_AGENCE": code(5),
    },
)
_SELECT = """
    SELECT c.numero_affiche, c.compte_affiche, l.numero, l.lib_nom, l.lib_prenom, p.role, p.dat_deb, p.dat_fin,
        c.etat, c.dat_effet, c.dat_resil, c.dat_preavis, c.terme, c.num_logement, c.nature, c.typologie, c.surface,
        c.etage, c.residence, c.adr_1, c.adr_2, c.voie, c.code_postal, c.ville, c.insee, c.conseiller, c.agence
    FROM contrat c JOIN partie p ON p.contrat = c.id JOIN locataire l ON l.numero = p.locataire
    WHERE c.id IN (SELECT value FROM json_each(?)) ORDER BY c.id, p.rang
"""
_CHOSEN_BY = {
    "NumLocataire": "SELECT DISTINCT contrat FROM partie WHERE locataire IN (SELECT value FROM json_each(?))",
    "NumContrat": "SELECT id FROM contrat WHERE numero IN (SELECT value FROM json_each(?))",
    "NumCompte": """
        SELECT contrat.id FROM contrat JOIN compte ON compte.id = contrat.compte
        WHERE compte.numero IN (SELECT value FROM json_each(?))""",
}


def read_leases(call: Call) -> str:
    """The leases of these people, with these numbers, or charged to these accounts."""
    given = {name: keys for name in _CHOSEN_BY if (keys := call.request.keys(name))}
    if len(given) != 1:
        raise RefusalError("PARAMETRE_INVALIDE", f"une liste parmi {', '.join(_CHOSEN_BY)} attendue")
    ((name, keys),) = given.items()
    leases = [row[0] for row in call.rows(_CHOSEN_BY[name], keys)]
    return "".join(map(_LEASE.render, call.rows(_SELECT, leases)))
