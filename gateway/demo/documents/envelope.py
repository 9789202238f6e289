"""The store's JSON: its refusals, always with status 200, and the entries of its index."""

import msgspec
from starlette.responses import Response

CONTENT_TYPE = "application/json"

LABELS = {
    "ACCES_REFUSE": "Clé d’accès absente ou inconnue.",
    "REQUETE_ILLISIBLE": "Le corps de la requête n’est pas celui attendu.",
    "TROP_DE_REFERENCES": "Cent références au plus par appel.",
}


class Entry(msgspec.Struct, frozen=True):
    """One document as the index tells it; formats in INTERFACE.md §2."""

    reference: str
    identifiant: str
    libelle: str
    type: str
    date: str
    taille: str
    empreinte: str
    statut: str


class Listing(msgspec.Struct, frozen=True):
    """The answer of the index."""

    horodatage: str
    documents: list[Entry]


def refusal(code: str, *, label: str | None = None) -> bytes:
    """The error envelope."""
    return msgspec.json.encode({"erreur": {"code": code, "libelle": LABELS.get(code, "") if label is None else label}})


def refused(code: str) -> Response:
    """The error envelope as an answer."""
    return Response(refusal(code), media_type=CONTENT_TYPE)
