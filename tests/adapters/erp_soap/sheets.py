"""Answers of IMMO-GEST written by hand, after its interface note: padded, in capitals, in windows-1252."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from gateway.adapters.erp_soap.client import Credentials, ErpClient
from gateway.adapters.upstream import Upstream
from gateway.domain.source import Origin, SourceSystem
from gateway.ports.deadline import Deadline
from tests.support.chaos import Answer, Chaos, chaos, http, say

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
NAMESPACE = "urn:immo-gest:services:3"
FETCHED_AT = datetime(2026, 3, 14, 9, 0, 5, tzinfo=UTC)
AS_OF = datetime(2026, 3, 14, 9, 0, 0, tzinfo=UTC)
STAMP = "20260314100000"

LOCATAIRE = {
    "NUM_LOC": "P0123451  ",
    "LIB_NOM": "MME DUPONT-LE GALL MARIE CLAIRE",
    "LIB_PRENOM": "MARIE CLAIRE",
    "DAT_NAISS": "19800229",
    "TEL_1": "06.39.98.12.34 (fils)",
    "TEL_2": "",
    "TEL_3": "",
    "MEL": "marie@example.org",
}
CONTRAT = {
    "NUM_CONTRAT": "012345/01   ",
    "NUM_COMPTE": "0012345    ",
    "NUM_LOC": "P0123451  ",
    "LIB_NOM": "MME KLEIN LEA",
    "LIB_PRENOM": "LEA",
    "ROLE": "TITULAIRE   ",
    "DAT_DEB": "20190901",
    "DAT_FIN": "00000000",
    "ETAT": "EC",
    "DAT_EFFET": "20190901",
    "DAT_RESIL": "00000000",
    "DAT_PREAVIS": "00000000",
    "TERME": "E",
    "NUM_LOGEMENT": "U01234501   ",
    "NATURE": "LOG",
    "TYPOLOGIE": "T3",
    "SURFACE": "006520",
    "ETAGE": "2e étage",
    "RESIDENCE": "Résidence du Parc",
    "ADR_1": "Bâtiment B",
    "ADR_2": "",
    "VOIE": "12 rue aux Arènes",
    "CODE_POSTAL": "57000",
    "VILLE": "Metz",
    "INSEE": "57463",
    "CODE_CONSEILLER": "CH001 ",
    "CODE_AGENCE": "AG01 ",
}
SOLDE = {
    "NUM_COMPTE": "0012345    ",
    "SOLDE_STOCKE": "0000041237",
    "SENS_STOCKE": "D",
    "SOLDE_EXIGIBLE": "0000010000",
    "SENS_EXIGIBLE": "D",
    "DAT_ECHEANCE": "20260410",
    "CONTENTIEUX": "0000000000",
    "DAT_ARRETE": "20260314090000",
}
ECRITURE = {
    "NUM_ECR": "01234500001  ",
    "DAT_VALEUR": "20260228",
    "HORODATAGE_SAISIE": "20260228083000",
    "SENS": "D",
    "MONTANT": "0000041237",
    "CODE": "LOY",
    "LIB": "Loyer février 2026",
    "PERIODE": "202602",
    "NUM_CONTRAT": "012345/01   ",
    "MODE": "     ",
    "NUM_ECR_ANNULEE": "             ",
}
COMPTE_ECRITURES = {
    "NUM_COMPTE": "0012345    ",
    "SOLDE_OUVERTURE": "0000000000",
    "SENS_OUVERTURE": "D",
    "SOLDE_CLOTURE": "0000041237",
    "SENS_CLOTURE": "D",
    "SUITE": "N",
}
LIGNE = {
    "CODE": "LOY",
    "LIB": "Loyer",
    "SENS": "D",
    "MONTANT": "0000041237",
    "NUM_CONTRAT": "012345/01   ",
    "QUANTITE": "",
    "PRIX_UNITAIRE": "          ",
}
AVIS = {
    "NUM_AVIS": "AE000345260201",
    "PERIODE": "202602",
    "DAT_EMISSION": "20260225",
    "DAT_ECHEANCE": "20260310",
    "ETAT": "E",
    "NUM_AVIS_REMPLACANT": "              ",
    "SOLDE_ANTERIEUR": "0000001000",
    "SENS_ANTERIEUR": "C",
    "TOTAL_MOIS": "0000041237",
    "SENS_TOTAL": "D",
    "NET_A_PAYER": "0000040237",
    "SENS_NET": "D",
    "DAT_PRELEVEMENT": "00000000",
}
COMPTEUR = {
    "NUM_CONTRAT": "012345/01   ",
    "NUM_COMPTEUR": "FR570123451   ",
    "FLUIDE": "EF",
    "EMPLACEMENT": "Cuisine",
    "TELERELEVE": "O",
    "NB_CHIFFRES": "5",
    "DAT_POSE": "20190901",
    "DAT_DEPOSE": "00000000",
}
RELEVE = {"DAT_RELEVE": "20260228", "INDEX": "00812,345", "ORIGINE": "T"}
INTERVENTION = {
    "NUM_INTERV": "OT0123451   ",
    "NUM_CONTRAT": "012345/01   ",
    "TITRE": "Remplacement des fenêtres",
    "DESCRIPTIF": "",
    "ETAT": "EC",
    "PORTEE": "L",
    "IMPACTS": "BRUIT;EAU",
    "DAT_DEB": "20260302",
    "DAT_FIN_PREVUE": "20260420",
    "DAT_FIN_REELLE": "00000000",
    "ENTREPRISE": "Menuiserie Exemple",
    "TEL_ENTREPRISE": "03 5301 4217",
    "ACCES": "O",
}
SUIVI = {"DAT_FAIT": "2026-03-02 08:00", "DAT_SAISIE": "2026-03-09 17:30", "TEXTE": "Début du chantier"}
AGENCE = {
    "CODE_AGENCE": "AG01 ",
    "NOM": "Accueil de Metz",
    "ADR_1": "",
    "ADR_2": "",
    "VOIE": "12 rue aux Arènes",
    "CODE_POSTAL": "57000",
    "VILLE": "Metz",
    "INSEE": "57463",
    "TEL": "03 53 01 10 01",
    "HORAIRES": "1:0830-1200/1330-1700;5:0830-1200",
    "CONDITIONS": "Sur rendez-vous l’après-midi",
    "ACCES_PMR": "O",
}
HORAIRE_SPECIAL = {"DAT_DEB": "20260715", "DAT_FIN": "20260820", "LIB": "Horaires d’été", "HORAIRES": "0900-1200"}
CONSEILLER = {
    "CODE_CONSEILLER": "CH001 ",
    "NOM": "L'HOTE",
    "PRENOM": "Solène",
    "FONCTION": "Conseillère habitat",
    "TEL": "03 5301 4217",
    "CODE_AGENCE": "AG01 ",
    "DAT_FIN_ABSENCE": "00000000",
}
CONTACT_UTILE = {"TYPE": "GAR", "NOM": "Loge B", "TEL": "06 39 98 00 01", "OBJET": "Propreté", "DISPONIBILITE": ""}
INFORMATION = {
    "NUM_INFO": "INF001    ",
    "TITRE": "Coupure d’eau",
    "TEXTE": "Mardi de 9 h à 11 h.",
    "GRAVITE": "A",
    "DAT_DEB": "2026-03-10 08:00",
    "DAT_FIN": "9999-12-31 23:59",
}
CONSEIL = {"NUM_CONSEIL": "C001      ", "TITRE": "Aérer", "TEXTE": "Dix minutes par jour.", "THEME": "Air"}


def record(tag: str, fields: dict[str, str], *inner: str, **changes: str) -> str:
    """One record with some fields changed; a change to `-` leaves the field out."""
    values = {**fields, **changes}
    cells = "".join(f"<{name}>{value}</{name}>" for name, value in values.items() if value != "-")
    return f"<{tag}>{cells}{''.join(inner)}</{tag}>"


def answer(operation: str, *records: str, code: str = "OK", stamp: str = STAMP) -> bytes:
    """The bytes of a whole answer."""
    head = f"<CodeRetour>{code}</CodeRetour><LibErreur></LibErreur><Horodatage>{stamp}</Horodatage>"
    name = f"{operation}Reponse"
    body = f'<{name} xmlns="{NAMESPACE}">{head}{"".join(records)}</{name}>'
    return envelope(body)


def envelope(body: str) -> bytes:
    """`body` in an envelope of IMMO-GEST."""
    declaration = '<?xml version="1.0" encoding="windows-1252"?>'
    return f'{declaration}<s:Envelope xmlns:s="{SOAP}"><s:Body>{body}</s:Body></s:Envelope>'.encode("cp1252")


def session(number: int = 1) -> bytes:
    """The answer to a request for a session, `J1` for number 1."""
    return answer("OuvrirSession", f"<Jeton>J{number}</Jeton><DureeMinutes>20</DureeMinutes>")


@asynccontextmanager
async def erp_saying(*answers: bytes) -> AsyncIterator[tuple[ErpClient, Chaos]]:
    """A client of an IMMO-GEST that opens a session and then gives `answers` in order, the last for ever."""
    async with erp_doing(say(http(session())), *(say(http(body)) for body in answers)) as started:
        yield started


@asynccontextmanager
async def erp_doing(*behaviours: Answer) -> AsyncIterator[tuple[ErpClient, Chaos]]:
    """A client of an IMMO-GEST that behaves like this, the last behaviour for ever."""
    with chaos(*behaviours) as server:
        upstream = Upstream(server.url)
        try:
            yield ErpClient(upstream, credentials=Credentials("PASSERELLE", "<&>"), now=lambda: FETCHED_AT), server
        finally:
            await upstream.aclose()


def soon() -> Deadline:
    """Time enough for a server that answers at once."""
    return Deadline.after(5)


def origin(system: SourceSystem, as_of: datetime | None = AS_OF) -> Origin:
    """Where the values of these answers come from."""
    return Origin(system, as_of=as_of, fetched_at=FETCHED_AT)


def sent(server: Chaos) -> Iterable[str]:
    """The bodies of the requests after the first one, which opened the session."""
    return [request.partition(b"\r\n\r\n")[2].decode() for request in server.requests[1:]]
