"""The books as they are, for audits: no padding, no sentinel, no lag. Amounts are signed cents, debit positive."""

import sqlite3
from collections.abc import Mapping

TABLES: Mapping[str, str] = {
    "comptes": """
        SELECT numero, cas, (SELECT coalesce(sum(cents), 0) FROM ecriture WHERE compte = c.id) AS lignes,
            solde_stocke, ecart, (SELECT coalesce(sum(cents), 0) FROM mouvement
                WHERE compte = c.id AND compte_general = '416000') AS contentieux
        FROM compte c WHERE :key IS NULL OR numero = :key ORDER BY c.id""",
    "contrats": """
        SELECT c.numero, a.numero AS compte, c.etat, c.dat_effet, c.dat_resil, c.nature, p.rang, p.role, p.locataire
        FROM contrat c JOIN compte a ON a.id = c.compte JOIN partie p ON p.contrat = c.id
        WHERE :key IS NULL OR c.numero = :key ORDER BY c.id, p.rang""",
    "locataires": "SELECT * FROM locataire WHERE :key IS NULL OR numero = :key",
    "ecritures": """
        SELECT e.*, a.numero AS numero_compte FROM compte a JOIN ecriture e ON e.compte = a.id
        WHERE :key IS NULL OR a.numero = :key ORDER BY a.id, e.dat_valeur, e.numero""",
    "avis": """
        SELECT n.*, CAST(n.lignes AS TEXT) AS lignes, a.numero AS numero_compte
        FROM compte a JOIN avis n ON n.compte = a.id
        WHERE :key IS NULL OR a.numero = :key ORDER BY a.id, n.periode, n.numero""",
    "encaissements": """
        SELECT e.id, reference, etat, piece, a.numero AS compte, cents, dat_valeur, mode, saisie
        FROM encaissement e JOIN compte a ON a.id = e.compte
        WHERE :key IS NULL OR reference = :key ORDER BY e.id""",
    "balance": """
        SELECT compte_general, sum(cents) AS cents FROM (
            SELECT '411000' AS compte_general, cents FROM ecriture
            UNION ALL SELECT compte_general, cents FROM mouvement
        ) WHERE :key IS NULL OR compte_general = :key GROUP BY compte_general ORDER BY compte_general""",
    "desequilibres": """
        SELECT piece, sum(cents) AS cents FROM (
            SELECT piece, cents FROM ecriture UNION ALL SELECT piece, cents FROM mouvement
        ) WHERE :key IS NULL OR piece = :key GROUP BY piece HAVING sum(cents) <> 0 ORDER BY piece""",
}
"""Queries by the name of what they show; `key` narrows them. `desequilibres` must always be empty."""


def truth(database: sqlite3.Connection, table: str, *, key: str | None) -> list[dict[str, object]]:
    """The rows of one of the TABLES; all of them without `key`."""
    cursor = database.execute(TABLES[table], {"key": key})
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]
