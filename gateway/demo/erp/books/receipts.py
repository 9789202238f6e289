"""Receipts (encaissements): provisional, then validated or given up. Nothing here is idempotent."""

import re
from dataclasses import dataclass

import msgspec

from gateway.demo.erp.books.posting import Leg, post
from gateway.demo.erp.books.receipt import Receipt, read_receipt, refuse_closed_period, refuse_unbalanced
from gateway.demo.erp.call import Call
from gateway.demo.erp.refusal import RefusalError
from gateway.demo.erp.store.transaction import transaction
from gateway.demo.erp.xml import CENTS, DAY, STAMP, TEXT, Record, code

_RECEIPT = Record(
    "Encaissement",
    {
        "REFERENCE": TEXT,
        "NUM_PIECE_PROVISOIRE": code(13),
        "NUM_PIECE": code(13),
        "ETAT": TEXT,
        "NUM_COMPTE": code(11),
        "MONTANT": CENTS,
        "DAT_VALEUR": DAY,
        "MODE": code(5),
        "HORODATAGE_SAISIE": STAMP,
    },
)
_PROVISIONAL = re.compile(r"P([0-9]{10})")
_INSERT = """
    INSERT INTO encaissement (reference, etat, compte, cents, dat_valeur, mode, saisie, lignes)
    VALUES (?, 'P', ?, ?, ?, ?, ?, ?)
"""
_BY_ID = "SELECT * FROM encaissement WHERE id = ?"
_BY_REFERENCE = """
    SELECT reference, printf('P%010d', e.id), iif(piece, printf('%011d', piece), ''), etat, numero, cents,
        dat_valeur, mode, saisie
    FROM encaissement e JOIN compte ON compte.id = e.compte
    WHERE reference IN (SELECT value FROM json_each(?)) ORDER BY e.id
"""


@dataclass(frozen=True, slots=True)
class _Kept:
    """A voucher on file: P provisional, V validated, X cancelled."""

    id: int
    state: str
    piece: int
    receipt: Receipt


def create_receipt(call: Call) -> str:
    """CreerEncaissement: keep a provisional voucher, without any effect."""
    receipt = read_receipt(call)
    refuse_unbalanced(receipt)
    refuse_closed_period(receipt, call)
    legs = msgspec.json.encode([[leg.general, leg.cents] for leg in receipt.legs])
    head = (receipt.reference, receipt.account, receipt.cents, receipt.value_on, receipt.method)
    created = call.database.execute(_INSERT, (*head, call.stamp, legs)).lastrowid
    return f"<NumPieceProvisoire>P{created:010d}</NumPieceProvisoire>"


def validate_receipt(call: Call) -> str:
    """ValiderEncaissement: the voucher enters the books."""
    kept = _asked(call)
    if kept.state == "V":
        raise RefusalError("PIECE_DEJA_VALIDEE", "Pièce déjà validée", extra=_piece(kept.piece))
    _refuse_cancelled(kept)
    refuse_closed_period(kept.receipt, call)
    with transaction(call.database):
        piece = post(call.database, kept.receipt.voucher(), stamp=call.stamp)
        call.database.execute("UPDATE encaissement SET etat = 'V', piece = ? WHERE id = ?", (piece, kept.id))
    return _piece(piece)


def cancel_receipt(call: Call) -> str:
    """AnnulerEncaissement: a provisional voucher is given up."""
    kept = _asked(call)
    if kept.state == "V":
        raise RefusalError("PIECE_DEJA_VALIDEE", "Pièce déjà validée")
    _refuse_cancelled(kept)
    call.database.execute("UPDATE encaissement SET etat = 'X' WHERE id = ?", (kept.id,))
    return ""


def find_receipts(call: Call) -> str:
    """RechercherEncaissement: every voucher with these references."""
    return "".join(map(_RECEIPT.render, call.rows(_BY_REFERENCE, call.request.keys("Reference"))))


def _asked(call: Call) -> _Kept:
    """The voucher named by the request."""
    named = _PROVISIONAL.fullmatch(call.request.required("NumPieceProvisoire"))
    found = named and call.named_row(_BY_ID, int(named[1]))
    if not found:
        raise RefusalError("PIECE_INCONNUE", "Aucune pièce provisoire de ce numéro")
    legs = tuple(Leg(general, cents) for general, cents in msgspec.json.decode(found["lignes"]))
    receipt = Receipt(
        reference=found["reference"],
        account=found["compte"],
        cents=found["cents"],
        value_on=found["dat_valeur"],
        method=found["mode"],
        legs=legs,
    )
    return _Kept(found["id"], found["etat"], found["piece"], receipt)


def _refuse_cancelled(kept: _Kept) -> None:
    if kept.state == "X":
        raise RefusalError("PIECE_ANNULEE", "Pièce annulée")


def _piece(piece: int) -> str:
    return f"<NumPiece>{piece:011d}</NumPiece>"
